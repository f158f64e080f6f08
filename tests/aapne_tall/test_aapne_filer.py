"""The open files, against a plain reading of the published relations that they are made of."""

from __future__ import annotations

import csv
import itertools
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import jsonschema
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult

from tests.rules.warehouse import ROOT
from tiltaksstatistikk.export import open_files as aapne_filer
from tiltaksstatistikk.export.open_files import write_open_files

# The last of these is a week in which nobody was there, and two of them are on each side of New Year.
WEEKS = [date(2020, 12, 21) + timedelta(weeks=number) for number in range(4)]
TYPES = {
    "ARBFORB": 'Forberedende, "kort" opplæring',
    "MENTOR": "Mentor <b>&</b>",
    "VASV": "Varig\ntilrettelagt",
    "VASV2": "Varig\ntilrettelagt",
    "AFT": "Ærlig arbeid, ’nok’ \\ \t{}",
    "BARE_REGION": "Finnes ikke på kontorene",
}
GROUPS = {"UKJENT": ("Ukjent", 9), "TIL": ("Til\n«prøve»", 1), "LIK": ('Lik "1"', 2)}
DEPARTMENTS = ["Alle", "ALLE", 'Ung, <"voksen">', "To\r\nlinjer", "Ødegård; 'vest'", "Ufordelt"]
OFFICES = ["0219", "0300", "UKJENT"]
# What a register calls an office is not always a number, and must not lead out of the folder.
EMPTY_OFFICE = "../0999"
GROUPINGS = {
    "INGEN": (),
    "TILTAKSTYPE": ("tiltakskode",),
    "INNSATSGRUPPE": ("innsatsgruppe_kode",),
    "AVDELING": ("avdeling_navn",),
    "TILTAKSTYPE_AVDELING": ("tiltakskode", "avdeling_navn"),
    "TILTAKSTYPE_INNSATSGRUPPE": ("tiltakskode", "innsatsgruppe_kode"),
    "INNSATSGRUPPE_AVDELING": ("innsatsgruppe_kode", "avdeling_navn"),
    "TILTAKSTYPE_INNSATSGRUPPE_AVDELING": ("tiltakskode", "innsatsgruppe_kode", "avdeling_navn"),
}
FINEST = "TILTAKSTYPE_INNSATSGRUPPE_AVDELING"
# What is published for an office, with suppression.
COARSE = ("INGEN", "TILTAKSTYPE", "INNSATSGRUPPE", "AVDELING", "TILTAKSTYPE_AVDELING")
DICTIONARY = [
    {
        "relasjon": "aapen_uke",
        "beskrivelse": 'Ukene, "alle".',
        "granularitet": "en rad per uke",
        "historikk": "ingen",
        "kolonner": [
            {"navn": "aar", "type": "integer", "beskrivelse": "ISO-året,\nikke kalenderåret."},
            {"navn": "uke", "type": "integer", "beskrivelse": "ISO-uken."},
        ],
    }
]


class Cell(NamedTuple):
    """The keys of aapen_deltakelse_uke."""

    uke_start_dato: date
    enhet_nivaa_kode: str
    enhetsnummer: str
    gruppering_kode: str
    tiltakskode: str = "ALLE"
    innsatsgruppe_kode: str = "ALLE"
    avdeling_navn: str = "Alle"


class Published(NamedTuple):
    """A folder of published relations, its cells with their numbers, and how many people there really were in each."""

    folder: Path
    cells: dict[Cell, int | None]
    people: Counter[Cell]


def write(folder: Path, relation: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write a relation as Parquet."""
    with duckdb.connect() as connection:
        connection.execute(f"create table relation ({columns})")
        values = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"insert into relation select {', '.join(['unnest(?)'] * len(values))}", values)
        connection.execute("copy relation to $path (format parquet)", {"path": str(folder / f"{relation}.parquet")})


def publish(folder: Path, seed: int, method: str = "PRIKKING") -> Published:
    """Publish some people of one's own."""
    rng = random.Random(seed)
    people: Counter[Cell] = Counter()
    some = rng.sample(list(itertools.product(WEEKS[:3], OFFICES, list(TYPES)[:-1], GROUPS, DEPARTMENTS)), 120)
    for week, office, *keys in some:
        count = rng.randint(1, 7)
        of_person = dict(zip(("tiltakskode", "innsatsgruppe_kode", "avdeling_navn"), keys, strict=True))
        for grouping, columns in GROUPINGS.items():
            cell = Cell(week, "KONTOR", office, grouping, **{column: of_person[column] for column in columns})
            people[cell] += count
    kept = {cell: count for cell, count in people.items() if cell.gruppering_kode in COARSE}
    cells = {cell: None if count < 5 or rng.random() < 0.1 else count for cell, count in kept.items()}
    # A region has the number of one of its offices, and a tiltakstype that none of them has.
    for week in WEEKS:
        cells[Cell(week, "REGION", "0300", "INGEN")] = 4000
        cells[Cell(week, "REGION", "0300", "TILTAKSTYPE", tiltakskode="BARE_REGION")] = 4000
        cells[Cell(week, "REGION", "0300", "TILTAKSTYPE_INNSATSGRUPPE", "MENTOR", "TIL")] = 3000
    folder.mkdir()
    write(
        folder,
        "aapen_deltakelse_uke",
        "uke_start_dato date, enhet_nivaa_kode varchar, enhetsnummer varchar, gruppering_kode varchar, "
        "tiltakskode varchar, innsatsgruppe_kode varchar, avdeling_navn varchar, person_antall bigint, "
        "deltakelse_antall bigint, prikket_flagg boolean",
        [(*cell, count, None if count is None else count + 1, count is None) for cell, count in cells.items()],
    )
    write(
        folder,
        "aapen_uke",
        "uke_start_dato date, uke_slutt_dato date, aar integer, uke integer, forelopig_flagg boolean",
        [(week, week + timedelta(days=6), *week.isocalendar()[:2], week == WEEKS[-1]) for week in WEEKS],
    )
    write(
        folder,
        "aapen_enhet",
        "enhet_nivaa_kode varchar, enhetsnummer varchar, enhet_navn varchar, overordnet_enhetsnummer varchar",
        [
            ("LAND", "ALLE", "Hele landet", None),
            ("REGION", "0300", "Nav, regionen", None),
            *(("KONTOR", office, f"Nav {office}", "0300") for office in [*OFFICES, EMPTY_OFFICE]),
        ],
    )
    write(folder, "aapen_tiltakstype", "tiltakskode varchar, tiltakstype_navn varchar", TYPES.items())
    write(
        folder,
        "aapen_innsatsgruppe",
        "innsatsgruppe_kode varchar, innsatsgruppe_navn varchar, sortering_nummer integer",
        [(code, *rest) for code, rest in GROUPS.items()],
    )
    write(
        folder,
        "aapen_om_tallene",
        "uttrekk_tid timestamp, publisert_tid timestamp, metode_kode varchar, prikkegrense integer",
        [("2021-01-18 05:30:00", "2021-01-18 06:10:00", method, 5)],
    )
    return Published(folder, cells, people)


def expected(published: Published, week: date, office: str) -> dict[str, Any]:
    """Return what an office's file should say of a week."""
    cells, mine = published.cells, [c for c in published.cells if (c[1], c[2]) == ("KONTOR", office)]

    def occurring(column: str) -> list[str]:
        return list({getattr(cell, column) for cell in mine if column in GROUPINGS[cell.gruppering_kode]})

    def number(kode: str, department: str) -> int | None:
        return cells.get(Cell(week, "KONTOR", office, "TILTAKSTYPE_AVDELING", kode, "ALLE", department), 0)

    def finest(kode: str, group: str, department: str) -> int | None:
        needed = [
            Cell(week, "KONTOR", office, "TILTAKSTYPE", tiltakskode=kode),
            Cell(week, "KONTOR", office, "INNSATSGRUPPE", innsatsgruppe_kode=group),
            Cell(week, "KONTOR", office, "AVDELING", avdeling_navn=department),
            Cell(week, "KONTOR", office, "TILTAKSTYPE_AVDELING", tiltakskode=kode, avdeling_navn=department),
        ]
        return None if all(cell in cells for cell in needed) else 0

    types = sorted(occurring("tiltakskode"), key=lambda code: (TYPES[code], code))
    groups = sorted(occurring("innsatsgruppe_kode"), key=lambda code: GROUPS[code][1])
    departments = sorted(occurring("avdeling_navn"))
    return {
        "aar": week.isocalendar().year,
        "uke": week.isocalendar().week,
        "headers": [TYPES[code] for code in types],
        "data": [
            {
                "avdeling": department,
                "innsatsgruppe": GROUPS[group][0],
                "verdier": [finest(code, group, department) for code in types],
            }
            for department in departments
            for group in groups
        ],
        "dataAvdeling": [
            {"avdeling": department, "verdier": [number(code, department) for code in types]}
            for department in departments
        ],
    }


def office_file(folder: Path, office: str) -> Path:
    """Return where the file of an office is."""
    return folder / "ukeAntall" / f"{office.replace('/', '%2F')}.json"


@pytest.mark.parametrize("batch", [1, 700, 1_000_000])
def test_each_office_has_a_file_of_all_weeks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    """With the numbers that are published for it, whatever things are called and however many offices go at a time."""
    monkeypatch.setattr(aapne_filer, "BATCH", batch)
    published = publish(tmp_path / "aapent", batch)
    write_open_files(published.folder, DICTIONARY)
    files = {
        office_file(published.folder, office): [expected(published, week, office) for week in WEEKS]
        for office in [*OFFICES, EMPTY_OFFICE]
    }
    written = (published.folder / "ukeAntall").iterdir()
    assert {path: json.loads(path.read_text(encoding="utf-8")) for path in written} == files


def test_what_is_not_published_is_never_told(tmp_path: Path) -> None:
    """With suppression, a number by avdeling and innsatsgruppe is 0 where nobody was, and else null."""
    published = publish(tmp_path / "aapent", 4)
    write_open_files(published.folder, DICTIONARY)
    groups = {name: code for code, (name, _) in GROUPS.items()}
    told = Counter[int | None]()
    for office in OFFICES:
        weeks = json.loads(office_file(published.folder, office).read_text(encoding="utf-8"))
        for week, found, row in ((week, of, row) for week, of in zip(WEEKS, weeks, strict=True) for row in of["data"]):
            for name, value in zip(found["headers"], row["verdier"], strict=True):
                told[value] += 1
                people = [
                    published.people[
                        Cell(week, "KONTOR", office, FINEST, code, groups[row["innsatsgruppe"]], row["avdeling"])
                    ]
                    for code in TYPES
                    if TYPES[code] == name
                ]
                assert value is None or 0 in people
    assert set(told) == {0, None}


def test_with_noise_what_is_not_there_is_0(tmp_path: Path) -> None:
    """Every grouping of an office is shown, so that a number that is missing is no secret."""
    published = publish(tmp_path / "aapent", 4, "STOY")
    write_open_files(published.folder, DICTIONARY)
    told = {
        value
        for path in (published.folder / "ukeAntall").iterdir()
        for week in json.loads(path.read_text(encoding="utf-8"))
        for row in week["data"]
        for value in row["verdier"]
    }
    assert told == {0}


def test_the_files_follow_their_schema(tmp_path: Path) -> None:
    """All of them do, and what is not of that shape does not."""
    published = publish(tmp_path / "aapent", 5)
    write_open_files(published.folder, DICTIONARY)
    schema = json.loads((published.folder / "ukeAntall.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in (published.folder / "ukeAntall").iterdir():
        validator.validate(json.loads(path.read_text(encoding="utf-8")))
    right = json.loads(office_file(published.folder, OFFICES[0]).read_text(encoding="utf-8"))[0]
    row = right["dataAvdeling"][0]
    for wrong in (
        right | {"uke": 54},
        right | {"enhetsnummer": "0219"},
        right | {"headers": [None]},
        right | {"data": [row]},
        right | {"dataAvdeling": [row | {"verdier": [-1]}]},
        right | {"dataAvdeling": [row | {"verdier": ["1"]}]},
        {key: value for key, value in right.items() if key != "data"},
    ):
        assert not validator.is_valid([right, wrong])
    assert not validator.is_valid(right)


def as_text(value: Any) -> str:
    """Return a value as it stands in CSV."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def test_each_relation_is_also_csv(tmp_path: Path) -> None:
    """By RFC 4180, with the same rows in the same order; a suppressed number is empty."""
    published = publish(tmp_path / "aapent", 6)
    write_open_files(published.folder, DICTIONARY)
    relations = [path.stem for path in published.folder.glob("aapen_*.parquet")]
    assert len(relations) == 6
    for relation in relations:
        with (published.folder / f"{relation}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file, strict=True)
        stored = duckdb.read_parquet(str(published.folder / f"{relation}.parquet"))
        assert header == stored.columns
        assert rows == [[as_text(value) for value in row] for row in stored.fetchall()]
        assert duckdb.read_csv(str(published.folder / f"{relation}.csv")).columns == header
    first = (published.folder / "aapen_om_tallene.csv").read_bytes()
    assert first == (
        b"uttrekk_tid,publisert_tid,metode_kode,prikkegrense\r\n2021-01-18T05:30:00,2021-01-18T06:10:00,PRIKKING,5\r\n"
    )


def test_the_data_dictionary_is_json_and_csv(tmp_path: Path) -> None:
    """The JSON is what was given, and the CSV has a row for each column."""
    published = publish(tmp_path / "aapent", 7)
    write_open_files(published.folder, DICTIONARY)
    assert json.loads((published.folder / "ordbok.json").read_text(encoding="utf-8")) == DICTIONARY
    with (published.folder / "ordbok.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    of_relation = {
        "relasjon": "aapen_uke",
        "relasjon_beskrivelse": 'Ukene, "alle".',
        "granularitet": "en rad per uke",
        "historikk": "ingen",
    }
    assert rows == [
        of_relation | {"kolonne": "aar", "type": "integer", "kolonne_beskrivelse": "ISO-året,\nikke kalenderåret."},
        of_relation | {"kolonne": "uke", "type": "integer", "kolonne_beskrivelse": "ISO-uken."},
    ]


def test_a_relation_that_is_missing_is_a_fault(tmp_path: Path) -> None:
    """Nothing is made up for it."""
    published = publish(tmp_path / "aapent", 8)
    (published.folder / "aapen_uke.parquet").unlink()
    with pytest.raises(duckdb.Error, match="aapen_uke"):
        write_open_files(published.folder, DICTIONARY)


def test_a_hook_writes_them_with_what_dbt_knows(
    tmp_path: Path, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end of a run, the dictionary is made of the graph, and what cannot be written stops the run."""
    published = publish(tmp_path / "aapent", 9)
    project = tmp_path / "prosjekt"
    (project / "models").mkdir(parents=True)
    shutil.copytree(ROOT / "macros", project / "macros")
    hook = (
        "{%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') -%}"
        "{%- if execute -%}{%- do ask_export('export_open_files(' ~ sql_text(export_folder()) ~ ', ' "
        "~ sql_text(tojson(dictionary_of(models))) ~ ')') -%}{%- endif -%}"
    )
    output = {"type": "duckdb", "plugins": [{"module": "tiltaksstatistikk.dbt.eksport"}]}
    column = {"name": "aar", "data_type": "integer", "description": "ISO-året, 'ikke' \"kalenderåret\".\n"}
    model = {
        "name": "aapen_uke",
        "description": "Ukene.\n",
        "config": {"meta": {"grain": "en rad per uke", "historikk": "ingen"}},
        "columns": [column],
    }
    for path, content in {
        "dbt_project.yml": {"name": "prosjekt", "profile": "prosjekt", "on-run-end": [hook]},
        "profiles.yml": {"prosjekt": {"target": "duckdb", "outputs": {"duckdb": output}}},
        "models/_models.yml": {"models": [model]},
    }.items():
        (project / path).write_text(json.dumps(content), encoding="utf-8")
    (project / "models" / "aapen_uke.sql").write_text("select 2025 as aar", encoding="utf-8")

    def run() -> dbtRunnerResult:
        try:
            where = ["--project-dir", str(project), "--profiles-dir", str(project)]
            return dbtRunner().invoke(["--quiet", "run", *where, "--target-path", str(project / "target")])
        finally:
            DuckDBConnectionManager.env().close()  # type: ignore[no-untyped-call]
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]

    monkeypatch.setenv("TILTAK_EKSPORT", str(published.folder))
    assert run().success
    assert json.loads((published.folder / "ordbok.json").read_text(encoding="utf-8")) == [
        {
            "relasjon": "aapen_uke",
            "beskrivelse": "Ukene.",
            "granularitet": "en rad per uke",
            "historikk": "ingen",
            "kolonner": [{"navn": "aar", "type": "integer", "beskrivelse": column["description"].strip()}],
        }
    ]
    assert office_file(published.folder, OFFICES[0]).is_file()
    monkeypatch.setenv("TILTAK_EKSPORT", str(tmp_path / "ingen"))
    assert not run().success
