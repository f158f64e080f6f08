"""Tables from an emulator of BigQuery, with the service's types, and the clean tables sent back to it in one run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

from tests.engines.secrets import idents_of
from tests.fetch.conftest import World
from tests.fetch.servers import from_files, rows_of
from tests.fetch.test_hent import date_as
from tests.rules.warehouse import KEY
from tiltaksstatistikk.engines.bigquery_emulator import emulator
from tiltaksstatistikk.fetch import hent
from tiltaksstatistikk.load.loader import load

TABLES = (
    "gjennomforing_view",
    "vent_person_periode_v",
    "oppfolgingsbruker",
    "veiledergruppe",
    "siste_tilordnet_veileder",
)
# As the service has them: instants, an array, an ident as the bytes of its hash.
TYPED = {
    "gjennomforing_view": "select * replace (cast(opprettet_tidspunkt as timestamp) as opprettet_tidspunkt)",
    "vent_person_periode_v": "select * replace (sha256(person_ident) as person_ident)",
}
DROPPED = ("rad_nummer", "melding_id", "rad_id", "linje_id", "uttrekk_tidspunkt")


class Service:
    """The emulator, and what is in it.

    Args:
        address: where it is.
    """

    def __init__(self, address: str) -> None:
        """Connect."""
        nobody = AnonymousCredentials()  # type: ignore[no-untyped-call, unused-ignore]
        self.client = bigquery.Client("lokal", nobody, client_options=ClientOptions(api_endpoint=address))
        self.client.create_dataset("kilder", exists_ok=True)

    def put(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Make a table of texts, with a column that nobody asked for, and a view of it with the service's types."""
        columns = list(rows[0])
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerows([*(row[column] for column in columns), "Kari Nordmann"] for row in rows)
        config = bigquery.LoadJobConfig(
            schema=[bigquery.SchemaField(column, "STRING") for column in [*columns, "navn_paa_person"]]
        )
        content = io.BytesIO(text.getvalue().encode())
        self.client.load_table_from_file(content, f"lokal.kilder.{name}_tekst", job_config=config).result()
        typed = TYPED.get(name, "select *")
        self.client.query(
            f"create or replace table `lokal.kilder.{name}` as {typed} from `lokal.kilder.{name}_tekst`"
        ).result()


@pytest.fixture(scope="module")
def service(world: World) -> Iterator[Service]:
    """Start an emulator that has five tables of the world, and stop it."""
    with emulator(world.folder / "emulator.log") as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TILTAK_BIGQUERY_EMULATOR", address)
        patch.setenv("TILTAK_BIGQUERY_PROSJEKT", "lokal")
        patch.setenv("TILTAK_BIGQUERY_DATASETT", "tiltak")
        patch.setenv("TILTAK_LASTET", str(world.folder / "lastet.duckdb"))
        patch.setenv("TILTAK_EKSPORT", str(world.folder / "eksport"))
        found = Service(address)
        for name in TABLES:
            found.put(name, rows_of(world.raw, name))
        yield found


def clean(folder: Path, patch: pytest.MonkeyPatch) -> dict[str, list[tuple[Any, ...]]]:
    """Return the clean tables of an extract, without what is known by its line or row."""
    patch.setenv("UTTREKK_MAPPE", str(folder))
    with duckdb.connect() as connection:
        load(connection, "memory")
        found = {}
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'uttrekk'"
        ).fetchall():
            columns = [row[0] for row in connection.execute(f"describe uttrekk.{name}").fetchall()]
            kept = ", ".join(column for column in columns if column not in DROPPED)
            # The hash of what is no ident has the form of one.
            hashed = "where kilde != 'vent_person_periode_v'" if name == "feil" else ""
            found[name] = sorted(connection.execute(f"select {kept} from uttrekk.{name} {hashed}").fetchall(), key=repr)
    return found


def test_fetched_loaded_and_sent(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One command: the clean tables are the raw extract's, BigQuery has them, and the bytes each way are told."""
    changed: dict[str, dict[str, Any]] = {name: {"bigquery": f"lokal.kilder.{name}"} for name in TABLES}
    changed["siste_tilordnet_veileder"] = {"sporring": "select * from `lokal.kilder.siste_tilordnet_veileder`"}
    kilder = world.write("kilder_bq.yml", **changed)
    place = world.folder / "bq"
    assert hent.main([str(place), "--kilder", str(kilder), "--target", "bigquery"]) == 0
    said = re.sub(r"\s+", " ", capsys.readouterr().err)
    assert re.search(r"MB came in, [\d.]+ MB were written\. .*[\d.]+ MB of clean tables were sent\.", said), said
    date_as(world.raw, place)
    expected = clean(world.raw, monkeypatch)
    assert clean(place, monkeypatch) == expected
    for name in ("oppfolgingsbruker", "amt_deltaker_ekstern_v1"):
        rows = list(service.client.query(f"select count(*) from `lokal.tiltak_uttrekk.{name}`").result())
        assert rows[0][0] == len(expected[name]) > 0
    words = idents_of(world.weeks[0]) | {KEY, "Nordmann", "navn_paa_person"}
    for path in place.glob("*.parquet"):
        with duckdb.connect() as connection:
            text = path.read_bytes().decode("latin-1") + repr(connection.read_parquet(str(path)).fetchall())
        assert [word for word in words if word in text] == []


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ({"bigquery": "lokal.kilder.borte"}, "there is no table or view lokal.kilder.borte in BigQuery"),
        (
            {"bigquery": "lokal.kilder.veiledergruppe"},
            "The column person_ident is missing. The column kvalifiseringsgr",
        ),
        (
            {"bigquery": "lokal.kilder.oppfolgingsbruker", "kolonner": {"enhetsnummer": "enhet"}},
            "The column enhetsnummer (called enhet) is missing.",
        ),
        (
            {"sporring": "select * replace (219 as enhetsnummer) from `lokal.kilder.oppfolgingsbruker`"},
            "The column enhetsnummer in the sporring source is numbers (BIGINT), which have no leading zeros",
        ),
        ({"sporring": "select noe from `lokal.kilder.oppfolgingsbruker`"}, "could not be fetched: 4"),
    ],
)
def test_what_is_not_as_the_contract_has_it(
    world: World, service: Service, source: dict[str, Any], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table and the columns are named."""
    place = world.folder / "feil"
    kilder = world.write("kilder_feil.yml", **{**from_files(world.raw), "oppfolgingsbruker": source})
    assert hent.main([str(place), "--kilder", str(kilder)]) == 1
    error = capsys.readouterr().err
    assert says in error, error
    assert not place.exists()


def test_a_table_without_rows(world: World, service: Service) -> None:
    """It is a table all the same."""
    query = "select * from `lokal.kilder.vent_person_periode_v` where false"
    kilder = world.write("kilder_tom.yml", **{**from_files(world.raw), "vent_person_periode_v": {"sporring": query}})
    assert hent.main([str(world.folder / "tom"), "--kilder", str(kilder)]) == 0
