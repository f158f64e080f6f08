"""Mangled extracts: each is refused, or loaded as the standard library reads it, or its faults are named.

A good extract is loaded, its files are mangled, and the mangled one is loaded into a copy of the database, of the same
time or a week later. One of three things must come of it:

1. it is refused: nothing in the database has moved, and no ident of the extract is in the sentence;
2. where the mangling changes nothing that is said (`mangling.HARMLESS`), it is loaded;
3. whatever was loaded is what `plain_reading` finds in the files, and what cannot be read is named in `uttrekk.feil`.

In every case no ident is in a table, and the only exception is `Refused`. A few examples are run with every test; the
environment variable FUZZ_EKSEMPLER gives another number of them. Of what was loaded, a few are built whole (FUZZ_BYGG).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from dbt.artifacts.schemas.run import RunExecutionResult
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Copy, NewWarehouse
from tests.load import mangling
from tests.load.door import KEY
from tests.load.mangling import Files
from tests.load.plain_reading import clean_tables, differences
from tests.rules.brute_force import KOMET_VIEW, TOPIC
from tests.rules.rows import (
    KARI,
    OLA,
    avtale,
    bruker,
    gjennomforing,
    gruppe,
    message,
    tombstone,
    uttrekk_rows,
    view_row,
)
from tests.rules.small_worlds import Row, UttrekkRows, small_world, write_uttrekk
from tests.rules.warehouse import Warehouse
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.loader import load

EXAMPLES = os.environ.get("FUZZ_EKSEMPLER")
BUILDS = os.environ.get("FUZZ_BYGG")
TAKEN = datetime(2025, 2, 3, 6)
FIRST_WEEK = date(2024, 12, 30)
SMALL_WORLDS = [3, 11, 12]
HAND_MADE = ["csv", "parquet", "gz", "view"]
CONTENTS = "select schema_name || '.' || table_name from duckdb_tables() where not temporary order by 1"


def by_hand(form: str) -> UttrekkRows:
    """Return an extract of thirty participations of twelve people, as the topic or as Komet's view."""
    people = [f"{day:02d}8{1 + day % 9}8510{day:03d}" for day in range(1, 13)]
    keys = [f"6f9f1b52-0000-4000-8000-{number:012x}" for number in range(30)]
    statuses = ["DELTAR", "HAR_SLUTTET", "VENTELISTE", "IKKE_AKTUELL", "AVBRUTT"]
    lines, view = [], []
    for number, key in enumerate(keys):
        person = people[number % 12]
        status = statuses[number % 5]
        slutt = "2025-06-01" if number % 3 else None
        mengder = [
            {"deltakelsesprosent": 50.5, "gyldigFraDato": "2025-01-06", "opprettetTidspunkt": "2025-01-01T12:00"}
        ]
        lines.append(
            message(
                key, 10 + number, personIdent=person, status=status, sluttDato=slutt,
                registrertTidspunkt="2024-12-01T12:00:00.123456", deltakelsesmengder=mengder if number % 4 == 0 else [],
                navn="Bjørn Ærlig",
            )
        )  # fmt: skip
        view.append(view_row(key, person_ident=person, status=status, slutt_dato=slutt))
    lines += [message(keys[0], 1), tombstone("6f9f1b52-0000-4000-8000-0000000000ff", 2)]
    vent: list[Row] = [
        {"person_ident": person, "periode": "202501", "innsatsgruppe": "BATT", "nav_kontor": "0219"}
        for person in people[:4]
    ]
    tilordnet: list[Row] = [
        {"person_ident": person, "veileder_ident": f"Z99000{number % 4}", "tilordnet_tidspunkt": "2025-01-02T08:00:00"}
        for number, person in enumerate(people)
    ]
    names = ["Ungdom, øst", "Team A", 'Team "B"']
    groups = [
        gruppe(str(number), navn, '["Z990000", "Z990001"]', "2025-01-01T08:00:00+01:00")
        for number, navn in enumerate(names, 1)
    ]
    rows = uttrekk_rows(
        TAKEN.isoformat(),
        lines,
        oppfolgingsbruker=[bruker(person, at="2025-01-02T08:00:00") for person in people],
        siste_tilordnet_veileder=tilordnet,
        vent_person_periode_v=vent,
        veiledergruppe=groups,
        veiledergruppe_avdeling=[
            {"enhetsnummer": "0219", "filter_navn": navn, "avdeling": "Avdeling Å"} for navn in names
        ],
        gjennomforing_view=[gjennomforing(start_dato="2024-01-01", oppdatert_tidspunkt="2024-01-01T12:00:00")],
        gjennomforing_nav_enhet_view=[{"gjennomforing_id": "g1", "enhetsnummer": "0219"}],
        avtale_view=[{"id": "a1", "tiltakstype_id": "t1", "start_dato": "2024-01-01", "status": "AKTIV"}],
        person_ident_historikk=[{"person_ident": people[0], "gjeldende_person_ident": people[1]}],
    )
    rows.arbeidsgiver = [[avtale(f"a{number}", number, deltakerFnr=people[number]) for number in range(1, 6)]]
    if form == "view":
        rows.topic.clear()
        rows.tables[KOMET_VIEW] = view
    return rows


@dataclass
class Base:
    """A good extract, as it is and a week later, and a database that has loaded it."""

    now: Files
    later: Files
    database: Path
    contents: dict[str, list[tuple[object, ...]]]
    idents: set[str]


class Fuzz:
    """Good extracts, and what comes of mangled ones."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        """Make nothing yet."""
        self.folder = folder
        self.patch = patch
        self.bases: dict[str, Base] = {}
        self.counts = {"refused": 0, "loaded": 0}
        patch.setenv("PSEUDONYM_NOKKEL", KEY)

    def base(self, name: str) -> Base:
        """Return a good extract: a small world's seed, or the form of one made by hand."""
        if name not in self.bases:
            seed = name.isdigit()
            rows = small_world(int(name)).uttrekk[0] if seed else by_hand(name)
            files = []
            for weeks in (0, 1):
                folder = self.folder / f"{name}_{weeks}"
                write_uttrekk(_moved(rows, weeks), folder, "parquet" if name == "parquet" else "csv", name == "gz")
                files.append({path.name: path.read_bytes() for path in folder.iterdir()})
            database = self.folder / name / "fuzz.duckdb"
            database.parent.mkdir(exist_ok=True)
            database.unlink(missing_ok=True)
            with duckdb.connect(str(database)) as connection:
                self.load(connection, self.folder / f"{name}_0")
                contents = _contents(connection)
                found = differences(self.folder / f"{name}_0", clean_tables(contents, _columns(connection)), KEY)
                assert found == [], f"the plain reading of {name} is another: {found}"
            text = b"\n".join(files[0].values()).decode("utf-8", "replace")
            idents = set(re.findall(r"(?<![\w-])(?:\d{13}|\d{11})(?!\w)", text)) | set(re.findall(r"\bZ\d{6}\b", text))
            # Milliseconds since 1970 are no idents.
            idents = {ident for ident in idents if not re.fullmatch(r"1[5-9]\d{11}", ident)}
            hashed = {hashlib.sha256(ident.encode()).digest() for ident in idents}
            idents |= {one.hex() for one in hashed} | {b64encode(one).decode() for one in hashed}
            self.bases[name] = Base(files[0], files[1], database, contents, idents)
        return self.bases[name]

    def load(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        """Load an extract into a database called fuzz."""
        self.patch.setenv("UTTREKK_MAPPE", str(folder))
        load(connection, "fuzz")

    def faults(self, base: Base, files: Files, must_load: bool) -> list[str]:
        """Load mangled files into a copy of the database, and return what is wrong with what came of it."""
        folder, database = self.folder / "mangled", self.folder / "copy" / "fuzz.duckdb"
        for path in (folder, database.parent):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
        shutil.copy(base.database, database)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        with duckdb.connect(str(database), config={"threads": 1}) as connection:
            try:
                self.load(connection, folder)
            except Refused as refused:
                self.counts["refused"] += 1
                said = str(refused).replace(str(self.folder), "")
                found = [f"refused: {said}"] if must_load else []
                if named := [ident for ident in base.idents if ident.lower() in said.lower()]:
                    found.append(f"refused with an ident: {named}")
                if re.search(r"\d{11}|[0-9a-f]{64}", said):
                    found.append(f"refused with what may be an ident: {said}")
                if _contents(connection) != base.contents:
                    found.append(f"refused, but something has moved: {said}")
                return found
            except Exception as error:
                found = [f"{type(error).__module__}.{type(error).__name__}: {error}"[:600]]
                if _contents(connection) != base.contents:
                    found.append("stopped, but something has moved")
                return found
            self.counts["loaded"] += 1
            contents = _contents(connection)
            found = differences(folder, clean_tables(contents, _columns(connection)), KEY)
            text = repr(contents)
            if named := [ident for ident in base.idents if ident in text]:
                places = [name for name, rows in contents.items() if any(one in repr(rows) for one in named)]
                found.append(f"idents in tables {places}: {named}")
            return found

    def example(self, seed: int) -> tuple[list[str], list[str]]:
        """Run the example of a seed, and return what was done to the files, and what is wrong with what came of it."""
        steps, base, files, must_load = self.mangled(seed)
        return steps, self.faults(base, files, must_load)

    def mangled(self, seed: int) -> tuple[list[str], Base, Files, bool]:
        """Return what was done to the files of a seed, their good extract, the files, and whether they must load."""
        rng = random.Random(seed)
        base = self.base(str(rng.choice([*SMALL_WORLDS, *HAND_MADE])))
        files = dict(base.later if rng.random() < 0.5 else base.now)
        must_load = rng.random() < 0.15
        steps = [f"base {base.database.parent.name}{', a week later' if files == base.later else ''}"]
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            try:
                steps.append(
                    rng.choice(mangling.HARMLESS if must_load else [*mangling.MANGLINGS, *mangling.HARMLESS])(
                        rng, files
                    )
                )
            except Exception:
                # A step before has left nothing to do this to.
                steps.append("nothing")
        return steps, base, files, must_load


def _moved(rows: UttrekkRows, weeks: int) -> UttrekkRows:
    """Return an extract that was taken some weeks later."""
    if not weeks:
        return rows
    times: list[Row] = [
        {**row, "uttrekk_tidspunkt": _later(row["uttrekk_tidspunkt"] or "")} for row in rows.tables["uttrekk"]
    ]
    return UttrekkRows({**rows.tables, "uttrekk": times}, rows.topic, rows.arbeidsgiver, rows.bom)


def _later(text: str) -> str:
    day = re.match(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)", text)
    if re.fullmatch(r"\d{13}", text):
        return str(int(text) + 7 * 86_400_000)
    assert day, text
    new = datetime(int(day[1]), int(day[2]), int(day[3])) + timedelta(days=7)
    return new.strftime("%Y-%m-%d" if "-" in day[0] else "%Y%m%d") + text[day.end() :]


def _contents(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    names = [name for (name,) in connection.execute(CONTENTS).fetchall()]
    return {name: sorted(connection.execute(f"from {name}").fetchall(), key=repr) for name in names}


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = "schema_name || '.' || table_name"
    sql = f"select {name}, column_name from duckdb_columns() where not internal order by 1, column_index"
    for table, column in connection.execute(sql).fetchall():
        found.setdefault(table, []).append(column)
    return found


@pytest.fixture(scope="module")
def fuzz(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzz]:
    """Give the good extracts."""
    with pytest.MonkeyPatch.context() as patch:
        yield Fuzz(tmp_path_factory.mktemp("fuzz"), patch)


def in_file(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    """Return a change of the first place of some bytes in a file."""

    def change(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


def with_merknad(line_end: bytes) -> Callable[[Files], None]:
    """Return a change that gives the units a column whose name, in quotes, has a line end in it."""

    def change(files: Files) -> None:
        head, *rows = files["nav_enhet.csv"].removesuffix(b"\r\n").split(b"\r\n")
        rows = [head + b',"til' + line_end + b'merknad"', *(row + b",x" for row in rows)]
        files["nav_enhet.csv"] = b"".join(row + b"\r\n" for row in rows)

    return change


def after(name: str, *lines: bytes) -> Callable[[Files], None]:
    """Return a change that adds lines to the end of a topic."""

    def change(files: Files) -> None:
        files[name] += b"".join(line + b"\n" for line in lines)

    return change


def first(name: str, *lines: bytes) -> Callable[[Files], None]:
    """Return a change that adds lines to the beginning of a topic."""

    def change(files: Files) -> None:
        files[name] = b"".join(line + b"\n" for line in lines) + files[name]

    return change


def twice(extra: bytes) -> Callable[[Files], None]:
    """Return a change that adds a message with two personIdent, and something else."""
    line = message("to", 900).encode()
    one = f'"personIdent": "{KARI}", '.encode()
    assert line.count(one) == 1
    return after(f"{TOPIC}.jsonl", line.replace(one, one + one.replace(KARI.encode(), OLA.encode()) + extra))


def in_kcat(line: str, old: str = "", new: str = "") -> bytes:
    """Return a message as kcat writes it, with a text in its payload replaced."""
    read = json.loads(line)
    payload = json.dumps(read.pop("value"))
    assert old in payload
    return json.dumps({**read, "topic": "t", "payload": payload.replace(old, new, 1)}).encode()


def in_parquet(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    """Return a change of the first place of some bytes in a table, which then is Parquet."""

    def change(files: Files) -> None:
        in_file(f"{name}.csv", old, new)(files)
        with tempfile.TemporaryDirectory() as folder:
            source, path = Path(folder) / "t.csv", Path(folder) / "t.parquet"
            source.write_bytes(files.pop(f"{name}.csv"))
            duckdb.sql(f"copy (from read_csv('{source}', all_varchar = true)) to '{path}'")
            files[f"{name}.parquet"] = path.read_bytes()

    return change


def without_a_time(kilde: bytes) -> Callable[[Files], None]:
    """Return a change after which `uttrekk` does not say when a file was taken."""
    return in_file("uttrekk.csv", kilde + b",2025-02-03T06:00:00\r\n", b"")


BRUKER = b"2025-01-02T08:00:00"
LAST = message("sist", 901).encode()
OTHER = message("annen", 903).encode()
LONG = message("lang", 902, x="G").replace('"partition": 0', f'"partition": {"9" * 4400}')
KCAT = json.dumps({**json.loads(message("kcat", 904)), "topic": TOPIC, "payload": "{}"}).encode()
KCAT = re.sub(rb'"value": .*, "topic"', b'"topic"', KCAT)


@pytest.mark.parametrize(
    ("change", "harmless"),
    [
        pytest.param(with_merknad(b"\r\n"), False, id="crlf in the name of a column"),
        pytest.param(with_merknad(b"\n"), False, id="lf in the name of a column"),
        pytest.param(in_file("nav_enhet.csv", b"enhetsnummer", b'""enhetsnummer'), False, id="quotes before a name"),
        pytest.param(after(f"{TOPIC}.jsonl", b" ", message()[:-9].encode(), LAST), True, id="cut after a blank"),
        pytest.param(after(f"{TOPIC}.jsonl", b"\x0c", message()[:-9].encode(), LAST), True, id="cut after a form feed"),
        pytest.param(after(f"{TOPIC}.jsonl", b"\x0b", b'{"key": "x"}', LAST), True, id="faulty after a vertical tab"),
        pytest.param(
            after(f"{TOPIC}.jsonl", LAST, b'{"partition": 0, "offset": 902, "key": "sist"}', OTHER),
            True,
            id="nothing in the place of a value",
        ),
        pytest.param(
            after(f"{TOPIC}.jsonl", LAST, b'{"topic": "t", "partition": 0, "offset": 902, "key": "sist"}', OTHER),
            True,
            id="nothing in the place of a payload",
        ),
        pytest.param(
            first(f"{TOPIC}.jsonl", KCAT, LAST, b'{"partition": 0, "offset": 902, "key": "sist"}'),
            True,
            id="nothing in the place of a value, after a line of kcat",
        ),
        pytest.param(twice(b""), False, id="two idents in a message"),
        pytest.param(twice(b'"x": "\\ud83d", '), False, id="two idents in a message with half a pair"),
        pytest.param(
            after(f"{TOPIC}.jsonl", *(message("K", 900).replace("K", key).encode() for key in ("\\ud83d", "?"))),
            False,
            id="keys with half a pair",
        ),
        pytest.param(
            after(f"{TOPIC}.jsonl", message("o", 900).replace("900", "900.5").encode()), False, id="half an offset"
        ),
        pytest.param(
            after(f"{TOPIC}.jsonl", message("a b", 900).encode(), message("a\u00a0b", 901).encode()),
            False,
            id="a key with an unbreakable space",
        ),
        pytest.param(
            after(f"{TOPIC}.jsonl", message("g", 900, gjennomforingId="g\u00a0 1").encode()),
            False,
            id="an id with an unbreakable space",
        ),
        pytest.param(after(f"{TOPIC}.jsonl", message("Z990001", 900).encode()), False, id="a Nav ident as a key"),
        pytest.param(in_file("veiledergruppe.csv", b"\r\n1,", b"\r\nZ990001,"), False, id="a Nav ident as an id"),
        pytest.param(in_file("oppfolgingsbruker.csv", b"false", b"kanskje"), False, id="a flag that is none"),
        pytest.param(in_file("oppfolgingsbruker.csv", BRUKER, b"9999-12-31T23:59:59Z"), False, id="the year 10000"),
        pytest.param(in_file("oppfolgingsbruker.csv", BRUKER, BRUKER + b"+25:00"), False, id="no offset"),
        pytest.param(
            in_file("veiledergruppe.csv", b'""Z990000""', b'[""Z990000""]'), False, id="a list in a list of veiledere"
        ),
        pytest.param(without_a_time(b"nav_enhet"), False, id="a table without a time"),
        pytest.param(after(f"{TOPIC}.jsonl", LONG.encode()), False, id="a partition of very many digits"),
        pytest.param(
            after(f"{TOPIC}.jsonl", LONG.replace("G", "\\ud83d").encode()),
            False,
            id="a partition of very many digits and half a pair",
        ),
        pytest.param(
            in_parquet("uttrekk", TAKEN.isoformat().encode(), b"20250203T060000"),
            True,
            id="a time in another form, in a dictionary of Parquet",
        ),
        pytest.param(
            after(f"{TOPIC}.jsonl", in_kcat(message("to", 900), '"personIdent"', '"personIdent": "X", "personIdent"')),
            False,
            id="two idents in a payload",
        ),
        pytest.param(
            after(f"{TOPIC}.jsonl", in_kcat(message("komma", 900), "}}", "},}")), False, id="a last comma in a payload"
        ),
        pytest.param(in_file("oppfolgingsbruker.csv", BRUKER, BRUKER[:-1]), False, id="a time without its last digit"),
        pytest.param(in_file("oppfolgingsbruker.csv", BRUKER, BRUKER[:-4]), False, id="a time cut in its minutes"),
        pytest.param(
            in_file("gjennomforing_nav_enhet_view.csv", b"g1,", "00000002-abcd-800a\u030a0-000000000000,".encode()),
            False,
            id="an id with digits and a letter that is not composed",
        ),
        pytest.param(
            in_file("gjennomforing_nav_enhet_view.csv", b"g1,", "0000\u00a0-000000000000,".encode()),
            False,
            id="an id with digits and an unbreakable space",
        ),
        pytest.param(
            in_file("siste_tilordnet_veileder.csv", b"Z990000", "a\u030a\u00a01".encode()),
            False,
            id="another form of a veileder_ident, not composed",
        ),
        pytest.param(
            in_file("oppfolgingsbruker.csv", b"\r\n0", b"\r\nz990001,0219,BATT,,false,\r\n0"),
            False,
            id="a Nav ident in lower case as a person",
        ),
        pytest.param(
            in_file("veiledergruppe.csv", b'"[', '"\u00a0['.encode()), True, id="an unbreakable space before a list"
        ),
    ],
)
def test_what_the_fuzzer_has_found(fuzz: Fuzz, change: Callable[[Files], None], harmless: bool) -> None:
    """Each alone, in an extract made by hand."""
    base = fuzz.base("csv")
    files = dict(base.now)
    change(files)
    assert fuzz.faults(base, files, harmless) == []


@pytest.mark.parametrize("at", [5, 8, 20, 23])
def test_a_parquet_file_without_one_byte_is_refused(fuzz: Fuzz, at: int) -> None:
    """The sentence names it, whatever DuckDB says of it."""
    base, name = fuzz.base("parquet"), "person_ident_historikk.parquet"
    whole = base.now[name]
    assert fuzz.faults(base, {**base.now, name: whole[:at] + whole[at + 1 :]}, False) == []


def test_a_file_whose_name_is_no_text_is_refused(fuzz: Fuzz, tmp_path: Path) -> None:
    """Or left alone; it is no reason for another exception."""
    for name, content in fuzz.base("csv").now.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / os.fsdecode(f"{TOPIC}-".encode() + b"\xff.jsonl")).write_bytes(LAST)
    with duckdb.connect() as connection, contextlib.suppress(Refused):
        connection.execute("attach ':memory:' as fuzz")
        connection.execute("use fuzz")
        fuzz.load(connection, tmp_path)


def test_a_mangled_extract_is_refused_or_read_as_it_is(fuzz: Fuzz) -> None:
    """What comes of a mangled extract has a cause in its files, or a name; all examples are run before it fails."""
    wrong: list[str] = []

    @settings(
        max_examples=int(EXAMPLES or 12), deadline=None, database=None, derandomize=EXAMPLES is None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.integers(0, 2**62))
    def run(seed: int) -> None:
        steps, faults = fuzz.example(seed)
        if faults:
            wrong.append(f"seed {seed}: {'; '.join(steps)}\n    " + "\n    ".join(faults[:3]))

    run()
    counts = ", ".join(f"{count} {what}" for what, count in fuzz.counts.items())
    assert not wrong, f"{len(wrong)} examples ({counts}):\n" + "\n".join(wrong[:50])


@pytest.mark.long
def test_what_is_loaded_of_a_mangled_extract_is_built(fuzz: Fuzz, new_warehouse: NewWarehouse, copy: Copy) -> None:
    """A week after the good one, with every account of who went where. FUZZ_BYGG gives another number of builds."""
    built: dict[str, Warehouse] = {}
    wrong: list[str] = []
    seed = 0 if BUILDS is None else random.randrange(2**62)
    left = int(BUILDS or 3)
    while left:
        seed += 1
        steps, base, files, must_load = fuzz.mangled(seed)
        before = fuzz.counts["loaded"]
        if fuzz.faults(base, files, must_load) or fuzz.counts["loaded"] == before:
            continue
        left -= 1
        name = base.database.parent.name
        if name not in built:
            built[name] = new_warehouse(small_world(int(name)).fra_uke_dato if name.isdigit() else FIRST_WEEK)
            fuzz.patch.setenv("UTTREKK_MAPPE", str(fuzz.folder / f"{name}_0"))
            built[name].build(fuzz.folder / f"{name}_0")
            fuzz.patch.setenv("UTTREKK_MAPPE", str(fuzz.folder / "mangled"))
        warehouse = copy(built[name])
        result = warehouse.dbt(
            fuzz.folder / "mangled", "build", "--exclude-resource-type", "unit_test", "--exclude", "test_type:generic"
        )
        if not result.success:
            nodes = result.result if isinstance(result.result, RunExecutionResult) else ()
            failed = [f"{node.node.name}: {node.message}" for node in nodes if node.status in ("error", "fail")]
            wrong.append(f"seed {seed}: {'; '.join(steps)}\n    {str(result.exception or failed)[:1000]}")
        shutil.rmtree(warehouse.folder)
    assert not wrong, f"{len(wrong)} builds:\n" + "\n".join(wrong[:50])
