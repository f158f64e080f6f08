"""Drives dbt over a database of its own, one extract after another, as the weekly run does."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager

from tests.rules.brute_force import (
    ARBEIDSGIVER_TOPIC,
    TOPIC,
    Bevegelse,
    Cell,
    Counts,
    EtterTiltak,
    Kapasitet,
    KapasitetCell,
    KapasitetEnhet,
    KapasitetEnhetCell,
    Kobling,
    PublishedRow,
    Revisjon,
    Sammenligning,
    SammenligningCell,
    TotalCell,
    UkeAntall,
    UkeAntallAvdeling,
    VenteCell,
    Ventetid,
    VentetTotal,
    Venting,
    World,
    pseudonym,
    read_uttrekk,
)
from tests.rules.small_worlds import UttrekkRows, write_uttrekk

ROOT = Path(__file__).resolve().parents[2]
KEY = "en hemmelig nøkkel"
# Which run did what: they differ between two databases that are otherwise the same.
RUN_LOGS = (
    *("kjoring", "kjoring_avvik", "kjoring_telling", "uke_beregnet", "stg_drift__kjoring", "stg_drift__uke_beregnet"),
    "int_venteliste_beregningsuke",
)
# The histories hold what the snapshots' sources do, under these names.
HISTORIES = {
    "oppfolgingsbruker": ("int_oppfolgingsbruker_historikk", "person_id", ["enhetsnummer", "kvalifiseringsgruppe"]),
    "siste_tilordnet_veileder": ("int_tilordnet_veileder_historikk", "person_id", []),
    "veiledergruppe": ("int_veiledergruppe_historikk", "veiledergruppe_id", ["enhetsnummer", "filter_navn"]),
}


@contextmanager
def real_run(folder: Path) -> Iterator[Path]:
    """Stand in the project's folder with the environment of a real run, which writes everything to `folder`."""
    environment = {
        "UTTREKK_MAPPE": str(folder / "uttrekk"),
        "PSEUDONYM_NOKKEL": KEY,
        "TILTAK_DUCKDB": str(folder / "tiltak.duckdb"),
        "TILTAK_SPARK": str(folder / "spark"),
        "TILTAK_EKSPORT": str(folder / "eksport"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        for name, value in environment.items():
            patch.setenv(name, value)
        yield folder


@contextmanager
def silence() -> Iterator[None]:
    """Let dbt make no event that nothing shows: to make and clean them takes a sixth of a small build."""
    fire = EventManager.fire_event

    def fire_shown(manager: EventManager, event: BaseEvent, level: EventLevel | None = None, **more: Any) -> None:
        if (level or event.level_tag()) not in (EventLevel.DEBUG, EventLevel.INFO):
            fire(manager, event, level, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EventManager, "fire_event", fire_shown)
        yield


def parse(aapne_tall: bool, **variables: Any) -> Manifest:
    """Return the parsed project, with or without the open numbers."""
    result = dbtRunner().invoke(["--quiet", "parse", "--vars", json.dumps({"aapne_tall": aapne_tall, **variables})])
    assert isinstance(result.result, Manifest), result.exception
    return result.result


class Warehouse:
    """A database file, and the extract that UTTREKK_MAPPE names for it.

    Args:
        folder: an empty folder for the database, the extracts and what dbt writes.
        manifest: the parsed project. Every warehouse reads `folder.parent / "uttrekk"`, a link to its current extract,
            so that one manifest serves them all.
        fra_uke_dato: the dbt var, None for the project's own.
    """

    def __init__(self, folder: Path, manifest: Manifest, fra_uke_dato: date | None = None) -> None:
        """Make the folder."""
        self.folder = folder
        self.manifest = manifest
        self.vars: dict[str, Any] = {} if fra_uke_dato is None else {"fra_uke_dato": str(fra_uke_dato)}
        self.path = folder / "tiltak.duckdb"
        self.log_path = folder / "logs"
        self.export = folder / "eksport"
        self.leaves_traces = False
        self.extracts = 0
        folder.mkdir(parents=True)

    def write(self, rows: UttrekkRows, fmt: Any = "csv", gzip: bool = False) -> Path:
        """Write an extract into a folder of its own and return it."""
        folder = self.folder / f"uttrekk_{self.extracts}"
        self.extracts += 1
        write_uttrekk(rows, folder, fmt, gzip)
        return folder

    def dbt(self, uttrekk: Path, *arguments: str) -> dbtRunnerResult:
        """Run a dbt command on an extract and return dbt's result, whatever it is."""
        link = self.folder.parent / "uttrekk"
        link.unlink(missing_ok=True)
        link.symlink_to(uttrekk)
        os.environ["TILTAK_DUCKDB"] = str(self.path)
        os.environ["TILTAK_EKSPORT"] = str(self.export)
        os.environ["DBT_LOG_PATH"] = str(self.log_path)
        # dbt's own log and JSON files take a fifth of a small build, and few tests look at them.
        traces = [] if self.leaves_traces else ["--log-level-file", "none", "--no-write-json"]
        try:
            return dbtRunner(manifest=self.manifest).invoke(["--quiet", *traces, *arguments, *self.variables()])
        finally:
            # A run has the database file to itself until its process ends. Here the process goes on.
            DuckDBConnectionManager.env().close()  # type: ignore[no-untyped-call]
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]

    def variables(self) -> list[str]:
        """Return dbt's argument with the vars."""
        return ["--vars", json.dumps(self.vars)] if self.vars else []

    def copied_to(self, folder: Path) -> Warehouse:
        """Return a copy of the warehouse, with all that it has written, in an empty folder."""
        other = Warehouse(folder, self.manifest)
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        other.vars = dict(self.vars)
        other.extracts, other.leaves_traces = self.extracts, self.leaves_traces
        return other

    def build(self, uttrekk: Path, *arguments: str, tests: bool = False) -> None:
        """Build everything from an extract; without `tests`, only the relations.

        Unit tests are about the code alone: `dbt build` in CI runs them.

        Raises:
            AssertionError: dbt did not succeed.
        """
        leave_out = ["unit_test"] if tests else ["unit_test", "test"]
        leave_out = [word for kind in leave_out for word in ("--exclude-resource-type", kind)]
        if self.leaves_traces:
            result = self.dbt(uttrekk, "build", *leave_out, *arguments)
        else:
            with silence():
                result = self.dbt(uttrekk, "--log-level", "none", "build", *leave_out, *arguments)
        nodes: list[Any] = list(result.result) if isinstance(result.result, RunExecutionResult) else []
        failed = [f"{node.node.name}: {node.message}" for node in nodes if node.status in ("error", "fail")]
        assert result.success, result.exception or failed

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def execute(self, sql: str) -> None:
        """Change the database behind dbt's back."""
        with duckdb.connect(str(self.path)) as connection:
            connection.execute(sql)

    def fact(self) -> dict[Cell, Counts]:
        """Return fak_tiltaksdeltakelse_uke by cell."""
        found = self.rows(
            f"select {', '.join(Cell._fields)}, {', '.join(Counts._fields)} from fak_tiltaksdeltakelse_uke"
        )
        return {Cell(*row[:-2]): Counts(*row[-2:]) for row in found}

    def published(self, where: str = "true") -> list[PublishedRow]:
        """Return rows of fak_tiltaksdeltakelse_uke_publisert."""
        found = self.rows(
            f"select {', '.join(Cell._fields)}, {', '.join(Counts._fields)}, publisert_fom_tid, publisert_til_tid "
            f"from fak_tiltaksdeltakelse_uke_publisert where {where}"
        )
        return [PublishedRow(Cell(*row[:-4]), Counts(*row[-4:-2]), *row[-2:]) for row in found]

    def computed(self) -> dict[date, str]:
        """Return the weeks that the latest run computed, and why."""
        return dict(
            self.rows(
                "select uke_start_dato, aarsak_kode from drift.uke_beregnet "
                "where relasjon_navn = 'fak_tiltaksdeltakelse_uke' and enhetsnummer = '' "
                "and kjoring_id = (select arg_max(kjoring_id, startet_tid) from kjoring)"
            )
        )

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return the rows of every table and view of the project, but not the logs of its runs."""
        return {name: self.rows(f"select * from {name}") for name in self.relations()}

    def contents(self) -> dict[str, tuple[int, int]]:
        """Return what is the same for the same rows in another order, for the relations of `everything`: many rows."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return {
                name: connection.execute(f"select count(*), sum(hash(relation)) from {name} as relation").fetchall()[0]
                for name in self.relations()
            }

    def relations(self) -> list[str]:
        """Return the names of the project's tables and views, but not the logs of its runs."""
        found = self.rows(
            "select table_schema || '.' || table_name from information_schema.tables "
            f"where table_catalog = current_database() and table_name not in {RUN_LOGS} order by 1"
        )
        return [name for (name,) in found]


def history(warehouse: Warehouse, kilde: str) -> set[tuple[Any, ...]]:
    """Return the versions a warehouse has of a source: key, start, end and the content both readings can name."""
    model, key, content = HISTORIES[kilde]
    names = {"kvalifiseringsgruppe": "kvalifiseringsgruppe_kode", "filter_navn": "veiledergruppe_navn"}
    columns = ", ".join([key, "gyldig_fom_tid", "gyldig_til_tid", *(names.get(name, name) for name in content)])
    return set(warehouse.rows(f"select {columns} from intermediate.{model}"))


def expected_history(world: World, kilde: str) -> set[tuple[Any, ...]]:
    """Return the same of the brute-force reading."""
    _, _, content = HISTORIES[kilde]
    return {
        (row.key, row.gyldig_fom_tid, row.gyldig_til_tid, *(dict(row.content)[name] for name in content))
        for row in world.histories()[kilde]
    }


def assert_measures(
    warehouse: Warehouse,
    relation: str,
    key: tuple[str, ...],
    measures: tuple[str, ...],
    expected: Mapping[Any, tuple[Any, ...]],
    decimals: int | None = None,
) -> None:
    """Compare a relation with the brute-force reading: its keys, each of them once, and its numbers to 1e-6.

    Args:
        warehouse: the database.
        relation: the relation in it.
        key: the columns of its grain.
        measures: the columns of its numbers.
        expected: the numbers of each key.
        decimals: how many the relation shows; None for all.

    Raises:
        AssertionError: a key is missing, there without reason or there twice, or a number differs.
    """
    rows = warehouse.rows(f"select {', '.join((*key, *measures))} from {relation}")
    found = {row[: len(key)]: row[len(key) :] for row in rows}
    assert len(found) == len(rows), relation
    assert set(found) == set(expected), relation
    different = {
        cell: (dict(zip(measures, numbers, strict=True)), tuple(map(str, expected[cell])))
        for cell, numbers in found.items()
        if not all(same_number(one, other, decimals) for one, other in zip(numbers, expected[cell], strict=True))
    }
    assert different == {}, relation


def same_number(one: Any, other: Any, decimals: int | None = None) -> bool:
    """Whether two numbers are the same to 1e-6, the one perhaps rounded to some decimals, or both null."""
    if one is None or other is None:
        return one is other
    if decimals is None:
        return abs(float(one) - float(other)) <= 1e-6
    return round(float(one), decimals) == float(one) and abs(float(one) - float(other)) <= 0.5 * 10**-decimals + 1e-6


def assert_equal(warehouse: Warehouse, world: World) -> None:
    """Compare a warehouse with the brute-force reading of the same extracts, cell by cell.

    Raises:
        AssertionError: the fact, what was published, another mart, a dense view, the weeks, the avvik, what
            becomes of a message or a history differs.
    """
    assert warehouse.fact() == world.fact()
    published = warehouse.published()
    assert len(published) == len(set(published))
    assert set(published) == world.published()
    for time in world.publications:
        shown = warehouse.published(f"publisert_fom_tid <= '{time}' and coalesce(publisert_til_tid > '{time}', true)")
        assert {row.cell: row.counts for row in shown} == world.published_as_of(time)
    revisjon = warehouse.rows(f"select uke_start_dato, enhetsnummer, {', '.join(Revisjon._fields)} from uke_revisjon")
    assert {(row[0], row[1]): Revisjon(*row[2:]) for row in revisjon} == world.uke_revisjon()
    assert [week for (week,) in warehouse.rows("select uke_start_dato from dim_uke order by 1")] == world.weeks()
    dense = warehouse.rows(
        'select "år", uke, enhetsnummer, tiltaksnavn, innsatsgruppe, avdeling, antall from uke_antall'
    )
    assert {UkeAntall(*row[:-1]): row[-1] for row in dense} == world.uke_antall()
    dense = warehouse.rows('select "år", uke, enhetsnummer, tiltaksnavn, avdeling, antall from uke_antall_avdeling')
    assert {UkeAntallAvdeling(*row[:-1]): row[-1] for row in dense} == world.uke_antall_avdeling()
    assert_measures(
        warehouse,
        "kobling_gjennomforing_enhet",
        Kobling._fields,
        ("plass_andel",),
        {kobling: (andel,) for kobling, andel in world.koblinger().items()},
    )
    assert_measures(warehouse, "fak_kapasitet_uke", KapasitetCell._fields, Kapasitet._fields, world.kapasitet())
    of_units = world.kapasitet_enhet()
    assert_measures(
        warehouse, "obt_kapasitet_uke", KapasitetEnhetCell._fields, KapasitetEnhet._fields, of_units, decimals=6
    )
    assert_measures(warehouse, "fak_venteliste_uke", VenteCell._fields, Venting._fields, world.venteliste())
    waited = world.venteliste_totaler()
    assert_measures(warehouse, "obt_venteliste_uke", TotalCell._fields, VentetTotal._fields, waited)
    assert_measures(warehouse, "obt_deltakelse_uke_totaler", TotalCell._fields, Counts._fields, world.totaler())
    assert_measures(
        warehouse, "uke_sammenligning", SammenligningCell._fields, Sammenligning._fields, world.sammenligning()
    )
    assert_measures(warehouse, "obt_bevegelse_uke", SammenligningCell._fields, Bevegelse._fields, world.bevegelser())
    assert_measures(
        warehouse, "obt_ventetid_maaned", ("maaned_dato", "tiltakskode"), Ventetid._fields, world.ventetider()
    )
    after = {cell: (people,) for cell, people in world.etter_tiltak().items()}
    assert_measures(warehouse, "obt_etter_tiltak_uke", EtterTiltak._fields, ("person_antall",), after)
    # What an extract has lost is the loader's own to count (tests/load/test_compared.py).
    steg = warehouse.rows("select steg_kode, antall from avstemming where regnskap_kode not like '%_NOKKEL'")
    assert len(dict(steg)) == len(steg)
    assert dict(steg) == world.avstemming()
    utfall = warehouse.rows("select kilde, deltakelse_id, utfall_kode from intermediate.int_tiltak_deltakelse")
    assert len(utfall) == len(world.utfall())
    assert {(kilde, key): kode for kilde, key, kode in utfall} == world.utfall()
    places = " or ".join(f"objekt_id like '{topic}%:%'" for topic in (TOPIC, ARBEIDSGIVER_TOPIC))
    lines_without_key = f"objekt_id = '(uten nøkkel)' or {places}"
    avvik = warehouse.rows(f"select kilde, objekt_id, avvikstype_kode from avvik where not ({lines_without_key})")
    assert set(avvik) == world.avvik()
    for kilde in HISTORIES:
        assert history(warehouse, kilde) == expected_history(world, kilde), kilde


def load(world: World, folder: Path) -> None:
    """Give an extract to the brute-force reading."""
    world.load(read_uttrekk(folder))


__all__ = ["HISTORIES", "KEY", "ROOT", "RUN_LOGS", "Warehouse", "assert_equal", "load", "pseudonym"]
