"""Each check that stops a load before it changes anything: its sentence, tried without dbt."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.load.door import NOTHING, Door
from tests.rules.brute_force import ARBEIDSGIVER_TOPIC, KOMET_VIEW, KOMET_VIEW_COLUMNS, TOPIC
from tests.rules.rows import KARI, OLA, avtale, bruker, message, uttrekk_rows, view_row, with_omfang
from tests.rules.small_worlds import UttrekkRows, small_world
from tiltaksstatistikk.dbt.load import answer
from tiltaksstatistikk.load import files, loader
from tiltaksstatistikk.load.checks import Refused, without_times
from tiltaksstatistikk.load.extract import Extract

Change = Callable[[Path], None]
IDENT = "01851012345"


@pytest.fixture
def loaded(door: Door) -> tuple[Door, Path]:
    """Give a door that an extract has been loaded through, and the extract's folder."""
    folder = door.write(small_world(3).uttrekk[0])
    door.load(folder)
    return door, folder


def of(day: int, lines: list[str], **scopes: str | None) -> UttrekkRows:
    """Return an extract of a day in February 2025, which says of each source of `scopes` what it holds."""
    rows = uttrekk_rows(f"2025-02-{day:02d}T06:00:00", lines or NOTHING, oppfolgingsbruker=[bruker(KARI), bruker(OLA)])
    return with_omfang(rows, **scopes) if scopes else rows


def refusal(door: Door, uttrekk: UttrekkRows | Path, **options: object) -> str:
    """Return the sentence that an extract is refused with. Nothing has changed then, and no person is in it.

    Raises:
        AssertionError: something changed, or the sentence has an ident.
    """
    before = door.contents()
    with pytest.raises(Refused) as refused:
        door.load(uttrekk, **options)
    assert door.contents() == before
    assert IDENT not in str(refused.value)
    return str(refused.value)


def changed(folder: Path, tmp_path: Path, change: Change) -> Path:
    """Return a copy of an extract with something done to it."""
    copy = tmp_path / "uttrekk"
    shutil.copytree(folder, copy)
    change(copy)
    return copy


def replace(name: str, old: str, new: str) -> Change:
    """Return a change of the text of one file."""

    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def append(name: str, content: bytes) -> Change:
    """Return a change that adds bytes to the end of one file."""

    def change(folder: Path) -> None:
        with (folder / name).open("ab") as file:
            file.write(content)

    return change


def remove(name: str) -> Change:
    """Return a change that removes the files of a pattern."""

    def change(folder: Path) -> None:
        for path in folder.glob(name):
            path.unlink()

    return change


def cut_in_half(folder: Path) -> None:
    """Compress the topic, and leave out the second half of the file."""
    lines = b"".join(path.read_bytes() for path in sorted(folder.glob(f"{TOPIC}*.jsonl"))) * 50
    remove(f"{TOPIC}*")(folder)
    whole = gzip.compress(lines)
    (folder / f"{TOPIC}.jsonl.gz").write_bytes(whole[: len(whole) // 2])


def cut_in_a_message(folder: Path) -> None:
    """Leave out the end of a message, the last of the file."""
    path = max(folder.glob(f"{TOPIC}*.jsonl"))
    path.write_bytes(path.read_bytes().rstrip() + b'\n{"key": "d1", "offset": 100, "val')


def cut_in_a_message_with_many_digits(folder: Path) -> None:
    """Leave out the end of a message with a number that is too long for Python."""
    path = max(folder.glob(f"{TOPIC}*.jsonl"))
    path.write_bytes(
        path.read_bytes().rstrip() + b'\n{"offset": 100, "partition": ' + b"9" * 5000 + b', "key": "d1", "v'
    )


def parquet_with_bytes_that_are_not_utf8(folder: Path) -> None:
    """Replace a letter in a Parquet file by a byte that is no letter; the ident stands beside it."""
    path = folder / "oppfolgingsbruker.parquet"
    duckdb.sql(
        f"copy (select '{IDENT}Q' as person_ident, * exclude (person_ident) from "
        f"read_csv('{folder}/oppfolgingsbruker.csv', all_varchar = true)) to '{path}' (compression uncompressed)"
    )
    (folder / "oppfolgingsbruker.csv").unlink()
    path.write_bytes(path.read_bytes().replace(f"{IDENT}Q".encode(), f"{IDENT}".encode() + b"\xe5"))


def also_as(name: str, copy: str) -> Change:
    """Return a change that leaves a file there twice."""

    def change(folder: Path) -> None:
        shutil.copy(folder / name, folder / copy)

    return change


def as_parquet(name: str, columns: str) -> Change:
    """Return a change that replaces a CSV file by Parquet with some of its columns."""

    def change(folder: Path) -> None:
        source = folder / f"{name}.csv"
        duckdb.sql(
            f"copy (select {columns} from read_csv('{source}', all_varchar = true)) to '{folder / name}.parquet'"
        )
        source.unlink()

    return change


def with_the_view(folder: Path) -> None:
    """Give the extract Komet's view beside its topic."""
    (folder / f"{KOMET_VIEW}.csv").write_text(",".join(KOMET_VIEW_COLUMNS) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (remove("nav_enhet.csv"), ["nav_enhet.csv", "missing"]),
        (remove(f"{TOPIC}*"), [f"neither {TOPIC}*.jsonl", f"nor {KOMET_VIEW}.csv", "put one of them there"]),
        (also_as("nav_enhet.csv", f"{KOMET_VIEW}.csv"), [f"{KOMET_VIEW}.csv", "column", "missing"]),
        (with_the_view, [f"both {TOPIC}*.jsonl", f"and {KOMET_VIEW}.csv", "remove one of them"]),
        (replace("tiltakstype_view.csv", "tiltakskode", "kode"), ["tiltakstype_view.csv", "column tiltakskode"]),
        (
            as_parquet("oppfolgingsbruker", "* exclude (kvalifiseringsgruppe)"),
            ["oppfolgingsbruker.parquet", "column kvalifiseringsgruppe"],
        ),
        (
            replace("nav_enhet.csv", "enhetsnummer,navn,", "enhetsnummer,navn,navn,"),
            ["nav_enhet.csv", "column navn", "more than once"],
        ),
        (
            append("oppfolgingsbruker.csv", f'{IDENT},"0219,BATT\r\n'.encode()),
            ["oppfolgingsbruker.csv", "Line", "unquoted value"],
        ),
        (
            append("oppfolgingsbruker.csv", f"{IDENT},0219\r\n".encode()),
            ["oppfolgingsbruker.csv", "Line", "missing columns"],
        ),
        (append("nav_enhet.csv", b"0101,\xe5,LOKAL,,\r\n"), ["nav_enhet.csv", "Line", "invalid encoding"]),
        (also_as("nav_enhet.csv", "nav_enhet.parquet"), ["nav_enhet.csv", "nav_enhet.parquet", "both"]),
        (replace("uttrekk.csv", "oppfolgingsbruker", "noe_annet"), ["uttrekk.csv", "kilde", "oppfolgingsbruker"]),
        (
            append("uttrekk.csv", b"veiledergruppe,2030-01-01T00:00:00\r\n"),
            ["uttrekk.csv", "veiledergruppe", "more than one time"],
        ),
        (append("uttrekk.csv", b"avtale_view,i fjor\r\n"), ["uttrekk.csv", "uttrekk_tidspunkt"]),
        (
            as_parquet("uttrekk", "kilde, cast(null as varchar) as uttrekk_tidspunkt"),
            ["uttrekk.parquet", "column uttrekk_tidspunkt", "empty", "one row with the time"],
        ),
        (
            append("nav_enhet.csv", b"0101,Nav,LOKAL,,AKTIV\n0102,Nav,LOKAL,,AKTIV\r\n"),
            ["nav_enhet.csv", "LF or in CRLF"],
        ),
        (cut_in_a_message, [f"{TOPIC}", ".jsonl", "ends in the middle of a message"]),
        (cut_in_a_message_with_many_digits, [f"{TOPIC}", ".jsonl", "ends in the middle of a message"]),
        (cut_in_half, [f"{TOPIC}.jsonl.gz", "cut off"]),
        (append("oppfolgingsbruker.parquet", IDENT.encode()), ["oppfolgingsbruker.csv", "both"]),
        (parquet_with_bytes_that_are_not_utf8, ["oppfolgingsbruker.parquet", "cannot be read"]),
        (remove("*"), ["UTTREKK_MAPPE", "empty"]),
        (append("uttrekk.csv", b",2030-01-01T00:00:00\r\n"), ["uttrekk.csv", "kilde"]),
        (
            append("uttrekk.csv", b"nav_enhet,1999-01-01T00:00:00\r\n"),
            ["uttrekk.csv", "older", "nav_enhet", "1999-01-01"],
        ),
    ],
)
def test_a_faulty_extract_is_refused(
    loaded: tuple[Door, Path], tmp_path: Path, change: Change, named: list[str]
) -> None:
    """The sentence names the file and the column (specification 7)."""
    door, folder = loaded
    said = refusal(door, changed(folder, tmp_path / "endret", change))
    assert [word for word in named if word not in said] == []


@pytest.mark.parametrize(("key", "named"), [("", "PSEUDONYM_NOKKEL is not"), ("en annen", "another PSEUDONYM_NOKKEL")])
def test_a_key_that_is_missing_or_another_is_refused(loaded: tuple[Door, Path], key: str, named: str) -> None:
    """With a new key every person would be a new person (specification 8)."""
    door, folder = loaded
    door.patch.setenv("PSEUDONYM_NOKKEL", key)
    assert named in refusal(door, folder)


def test_an_older_extract_is_refused(door: Door) -> None:
    """It says which one is loaded; also after a full refresh, and for a file alone."""
    door.load(of(10, []))
    door.load(of(10, []), full_refresh=True)
    for older in (of(3, []), of(17, [])):
        older.tables["uttrekk"][0]["uttrekk_tidspunkt"] = "2025-02-03T06:00:00"
        said = refusal(door, older)
        assert "older than one already loaded" in said
        assert "2025-02-03T06:00:00" in said
        assert "2025-02-10T06:00:00" in said
    door.load(of(10, []))


def test_an_extract_older_than_what_was_published_is_refused(door: Door) -> None:
    """Also when no source is older than before, but one is new: published versions cannot go back in time."""
    door.load(of(10, []))
    door.connection.execute(
        "create table drift.kjoring as select timestamp '2025-02-10 06:00:00' as uttrekk_tid, true as fullfort_flagg"
    )
    rows = of(17, [])
    rows.tables["uttrekk"].append({"kilde": "en_ny_kilde", "uttrekk_tidspunkt": "2025-02-04T06:00:00"})
    said = refusal(door, rows)
    assert "the earliest time in" in said
    assert "2025-02-04T06:00:00" in said
    assert "what has been published is of 2025-02-10T06:00:00" in said


@pytest.mark.parametrize(
    ("scopes", "full_refresh", "named"),
    [
        ({TOPIC: "noe annet"}, False, ["uttrekk.csv", "omfang", TOPIC, "full", "endring"]),
        ({"nav_enhet": "endring"}, False, ["uttrekk.csv", "omfang", "nav_enhet", "whole"]),
        ({TOPIC: "endring"}, True, ["omfang", TOPIC, "--full-refresh"]),
        ({ARBEIDSGIVER_TOPIC: "endring"}, False, ["omfang", ARBEIDSGIVER_TOPIC, "had nothing of it"]),
    ],
)
def test_a_scope_that_makes_no_sense_is_refused(
    door: Door, scopes: dict[str, str | None], full_refresh: bool, named: list[str]
) -> None:
    """The sentence names the file, the column and the source."""
    door.load(of(3, [message()]))
    said = refusal(door, of(10, [message("d2", 2)], **scopes), full_refresh=full_refresh)
    assert [word for word in named if word not in said] == []


def test_one_time_in_two_forms_is_one(door: Door) -> None:
    """A source with its own time may stand twice in `uttrekk`, as instants that are the same; not with two times."""
    for other, is_one in (("2024-01-29T05:00:00Z", True), ("2024-01-29T06:00:00Z", False)):
        rows = uttrekk_rows("2024-01-29T06:00:00", [message()])
        rows.tables["uttrekk"].append({"kilde": "oppfolgingsbruker", "uttrekk_tidspunkt": other})
        if is_one:
            door.load(rows)
        else:
            with pytest.raises(Refused, match="oppfolgingsbruker"):
                door.load(rows)


def test_two_scopes_of_one_source_are_refused(door: Door) -> None:
    """A topic in several files says the same of all of them."""
    door.load(of(3, [message()]))
    rows = of(10, [message("d2", 2)], **{TOPIC: "endring"})
    rows.tables["uttrekk"].append({"kilde": TOPIC, "uttrekk_tidspunkt": "2025-02-10T06:00:00", "omfang": "full"})
    assert f"does not say one thing of {TOPIC}" in refusal(door, rows)


def test_what_is_new_needs_something_before_it(door: Door) -> None:
    """Not beside the topic's other form, and not after an extract that had that, or nothing of the topic."""
    door.load(of(3, [message()]))
    view = of(10, [], **{TOPIC: "endring"})
    view.tables[KOMET_VIEW] = [view_row("d1")]
    view.topic.clear()
    assert "in its place" in refusal(door, view)
    door.load(with_omfang(view))
    assert "had nothing of it" in refusal(door, of(17, [message("d4", 9)], **{TOPIC: "endring"}))
    employers = of(17, [])
    employers.arbeidsgiver = [[avtale()]]
    door.load(employers)
    employers = of(24, [], **{ARBEIDSGIVER_TOPIC: "endring"})
    employers.arbeidsgiver = [[avtale("a2", 2)]]
    door.load(employers)
    agreements = "select count(*) from uttrekk.arbeidsgiver_tiltak_avtale_hendelse_compact"
    assert door.column(agreements) == [2]


def test_a_part_of_a_run_needs_a_whole_one_before_it(door: Door) -> None:
    """The extract must have been loaded, and a run finished with it; then nothing is read."""
    first, second = door.write(of(3, [message()])), door.write(of(10, [message("d2", 2)]))
    assert "the run is without dim_uke and 1 others" in refusal(door, first, left_out=["dim_uke", "avvik"])
    door.load(first)
    assert "has not been loaded yet" in refusal(door, first, left_out=["dim_uke"])
    door.connection.execute(
        "create table drift.kjoring as select timestamp '2025-02-03 06:00:00' as uttrekk_tid, true as fullfort_flagg"
    )
    before = door.contents()
    door.load(first, left_out=["dim_uke"])
    assert door.contents() == before
    assert "has not been loaded yet" in refusal(door, second, left_out=["dim_uke"])
    door.load(second)
    assert "has not been loaded yet" in refusal(door, second, left_out=["dim_uke"])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (append("nav_enhet.csv", b"0101,Nav,LOKAL,,AKTIV\r\n"), "nav_enhet.csv"),
        (remove("nav_enhet.csv"), "nav_enhet.csv"),
        (append(f"{TOPIC}-ny.jsonl", b""), f"{TOPIC}-ny.jsonl"),
    ],
)
def test_a_file_that_changes_while_it_is_read_is_refused(
    loaded: tuple[Door, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change, named: str
) -> None:
    """Also one that arrives late. The transaction is rolled back, and the whole extract can then be loaded."""
    door, folder = loaded
    incomplete = changed(folder, tmp_path / "endret", lambda _: None)
    write = loader.write

    def write_and_change(*arguments: object) -> None:
        write(*arguments)  # type: ignore[arg-type]
        change(incomplete)

    monkeypatch.setattr(loader, "write", write_and_change)
    assert f"{incomplete}/{named} was changed while it was being read" in refusal(door, incomplete)
    monkeypatch.setattr(loader, "write", write)
    door.load(folder)


class FullDisk:
    """A cursor of a database on a disk that has no room for what is committed."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take what it is a cursor of."""
        self.real = connection.cursor()

    def cursor(self) -> FullDisk:
        """Stand for the connection too."""
        return self

    def execute(self, sql: str, *arguments: object) -> object:
        """Fail to commit as DuckDB does, which has then rolled back."""
        if sql == "commit":
            self.real.execute("rollback")
            raise duckdb.TransactionException("TransactionContext Error: Failed to commit: No space left on device")
        return self.real.execute(sql, *arguments)

    def __getattr__(self, name: str) -> object:
        """Do everything else as a cursor does it."""
        return getattr(self.real, name)


def test_a_commit_without_room_says_so(loaded: tuple[Door, Path]) -> None:
    """What is wrong is the disk, and not that there is nothing to roll back any more."""
    door, folder = loaded
    before = door.contents()
    said = json.loads(answer(lambda: loader.load(FullDisk(door.connection), "memory")))["fault"]
    assert said.startswith("The extract could not be loaded, and nothing was changed.")
    assert "No space left on device" in said
    assert door.contents() == before
    door.load(folder)


def test_an_error_of_the_database_quotes_nothing() -> None:
    """DuckDB's errors about a value have the value in them; those about a disk say what is missing."""

    def cast() -> None:
        duckdb.sql(f"select cast('{IDENT}' as date)").fetchall()

    def read() -> None:
        duckdb.sql("select * from read_csv('finnes_ikke.csv')").fetchall()

    said = json.loads(answer(cast))["fault"]
    assert "ConversionException" in said
    assert IDENT not in said
    assert "finnes_ikke.csv" in json.loads(answer(read))["fault"]
    assert json.loads(answer(lambda: None)) == {}


def test_nobody_can_tell_when_an_empty_folder_was_taken(tmp_path: Path) -> None:
    """Asked for its age, an extract that is not there says so."""
    assert "does not exist or is empty" in (without_times(Extract(str(tmp_path))) or "")
    (tmp_path / "nav_enhet.csv").touch()
    assert "uttrekk.csv or uttrekk.parquet is missing" in (without_times(Extract(str(tmp_path))) or "")


def test_what_is_cut_while_it_is_checked_has_changed(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file's size and time are those from before it was looked through."""
    folder = door.write(uttrekk_rows("2025-02-03T06:00:00", [message("d1", 1), message("d2", 2)]))
    look = files.look_through

    def cut_after_the_look(path: str) -> files.Look:
        fault = look(path)
        if path.endswith(".jsonl"):
            Path(path).write_text(message("d1", 1) + "\n", encoding="utf-8")
        return fault

    monkeypatch.setattr(files, "look_through", cut_after_the_look)
    with pytest.raises(Refused, match="was changed while it was being read"):
        door.load(folder)


def test_a_folder_called_as_a_column_is_a_folder(door: Door) -> None:
    """DuckDB would take `name=value` in a path for a column."""
    rows = uttrekk_rows("2025-02-03T06:00:00", [message()], oppfolgingsbruker=[bruker(KARI, "0219")])
    folder = door.write(rows)
    door.load(folder.rename(folder.with_name("enhetsnummer=9999")))
    assert door.column("select enhetsnummer from uttrekk.oppfolgingsbruker") == ["0219"]


def test_more_kept_of_a_topic_needs_a_full_refresh(door: Door) -> None:
    """What is known was read without it: the sentence says what to do."""
    folder = door.write(uttrekk_rows("2025-02-03T06:00:00", [message()]))
    door.load(folder)
    door.connection.execute("alter table uttrekk.amt_deltaker_ekstern_v1 drop column aarsak")
    with pytest.raises(Refused, match="--full-refresh once"):
        door.load(folder)
    door.load(folder, full_refresh=True)


@pytest.mark.parametrize("end", ["1" * 5000, "[" * 100_000])
def test_a_last_line_that_python_cannot_read_stops_nothing(door: Door, end: str) -> None:
    """It is a line without a place, as any other that is no message."""
    folder = door.write(uttrekk_rows("2025-02-03T06:00:00", [message()]))
    with (folder / f"{TOPIC}.jsonl").open("a", encoding="utf-8") as file:
        file.write(end)
    door.load(folder)
    assert door.column("select count(*) from uttrekk.amt_deltaker_ekstern_v1 where linje_id is not null") == [1]
