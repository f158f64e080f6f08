"""The same extract on another machine: no result depends on its clock, names, user or language (specification 2)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
import yaml
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.environments.local import LocalEnvironment

from tests.conftest import NewWarehouse
from tests.rules.rows import KARI, OLA, avtale, bruker, gruppe, message, uttrekk_rows
from tests.rules.warehouse import ROOT, Warehouse

MONDAY = date(2024, 12, 30)


def an_extract(warehouse: Warehouse) -> Path:
    """Write an extract in Parquet with instants around midnight in Oslo, at the ends of weeks."""
    rows = uttrekk_rows(
        "2025-01-26T23:30:00Z",
        [
            message("d1", 1, startDato="2025-01-12T23:00:00Z", registrertTidspunkt="2025-01-05T23:30:00Z"),
            message("d2", 2, personIdent=OLA, startDato="2024-12-30"),
        ],
        oppfolgingsbruker=[bruker(KARI, at="2025-01-05T22:59:59Z"), bruker(OLA, at="2025-01-05T23:00:00Z")],
        siste_tilordnet_veileder=[
            {"person_ident": OLA, "veileder_ident": "Z1", "tilordnet_tidspunkt": "2025-01-12T23:30:00Z"}
        ],
        veiledergruppe=[gruppe("1", "Ung", '["Z1"]', "2025-01-01T00:00:00Z")],
        veiledergruppe_avdeling=[{"enhetsnummer": "0219", "filter_navn": "Ung", "avdeling": "Nord"}],
    )
    rows.arbeidsgiver = [[avtale("a1", 1, startDato="2025-01-19T23:00:00Z")]]
    folder = warehouse.write(rows)
    for name, column in [
        ("oppfolgingsbruker", "sist_endret_tidspunkt"),
        ("siste_tilordnet_veileder", "tilordnet_tidspunkt"),
        ("veiledergruppe", "sist_endret_tidspunkt"),
        ("uttrekk", "uttrekk_tidspunkt"),
    ]:
        path = folder / f"{name}.csv"
        duckdb.sql(
            f"copy (select * replace (cast({column} as timestamptz) as {column}) "
            f"from read_csv('{path}', all_varchar = true)) to '{path.with_suffix('.parquet')}'"
        )
        path.unlink()
    return folder


@pytest.fixture(scope="module")
def here(new_warehouse: NewWarehouse) -> tuple[Warehouse, Path]:
    """Give a warehouse that has built the extract on this machine as it is."""
    warehouse = new_warehouse(MONDAY)
    folder = an_extract(warehouse)
    warehouse.build(folder)
    return warehouse, folder


@pytest.fixture
def changed_machine(here: tuple[Warehouse, Path]) -> Iterator[None]:
    """Leave the machine as it was, after what a test has changed."""
    zone, mask = os.environ.get("TZ"), os.umask(0)
    os.umask(mask)
    yield
    os.umask(mask)
    os.environ.pop("TZ", None)
    if zone is not None:
        os.environ["TZ"] = zone
    time.tzset()


@pytest.mark.usefixtures("changed_machine")
@pytest.mark.parametrize(
    ("zone", "mask", "folder_name", "file_name"),
    [
        ("Pacific/Kiritimati", 0o077, "enhetsnummer=9999", "main.duckdb"),
        pytest.param("America/St_Johns", 0o022, "person_ident=x y", "temp.b.duckdb", marks=pytest.mark.long),
    ],
)
def test_another_machine(
    here: tuple[Warehouse, Path],
    new_warehouse: NewWarehouse,
    zone: str,
    mask: int,
    folder_name: str,
    file_name: str,
) -> None:
    """Another zone and umask, a folder that DuckDB could take for a column, a file with a name that it keeps."""
    expected, folder = here
    os.environ["TZ"] = zone
    time.tzset()
    os.umask(mask)
    warehouse = new_warehouse(MONDAY)
    moved = warehouse.folder / folder_name / "uttrekk"
    shutil.copytree(folder, moved)
    real = warehouse.folder / file_name
    warehouse.path = warehouse.folder / "lenke"
    warehouse.path.symlink_to(real)
    warehouse.build(moved)
    warehouse.path = real
    assert same(warehouse, expected)
    assert warehouse.rows("select distinct avdeling_navn from fak_tiltaksdeltakelse_uke order by 1") == [
        ("Nord",),
        ("Ukjent",),
    ]


def test_from_another_folder_in_another_language(here: tuple[Warehouse, Path], new_warehouse: NewWarehouse) -> None:
    """As a command of its own, of a user without a home."""
    expected, folder = here
    warehouse = new_warehouse(MONDAY)
    environment = {
        **os.environ,
        "UTTREKK_MAPPE": str(folder),
        "TILTAK_DUCKDB": str(warehouse.path),
        "TILTAK_EKSPORT": str(warehouse.export),
        "DBT_TARGET_PATH": str(warehouse.folder / "target"),
        "LC_ALL": "C",
        "TZ": "Asia/Kathmandu",
        "HOME": "/",
        "USER": "noen",
    }
    dbt = Path(sys.executable).with_name("dbt")
    arguments = ["--quiet", "build", "--project-dir", str(ROOT), "--profiles-dir", str(ROOT)]
    leave_out = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    variables = ["--vars", f'{{fra_uke_dato: "{MONDAY}", aapne_tall: false}}']
    done = subprocess.run(
        [str(dbt), *arguments, *leave_out, *variables],
        cwd=warehouse.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "On tiltak in the week of" in done.stdout
    assert same(warehouse, expected)


def same(warehouse: Warehouse, other: Warehouse) -> bool:
    """Whether two databases hold the same rows."""
    return warehouse.contents() == other.contents()


def test_what_has_no_room_in_memory_is_put_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the database file, and the connections that are opened after that work as those before."""
    monkeypatch.setenv("TILTAK_DUCKDB", str(tmp_path / "tiltak.duckdb"))
    text = (ROOT / "profiles.yml").read_text(encoding="utf-8").split("    spark:\n")[0]
    profile = yaml.safe_load(jinja2.Template(text).render(env_var=os.environ.get))
    outputs = profile["tiltaksstatistikk"]["outputs"]
    environment: Any = LocalEnvironment(DuckDBCredentials.from_dict(outputs["duckdb"]))
    sorting = environment.handle().cursor()
    sorting.execute("set memory_limit = '60MB'")
    sorting.execute("create table stor as select md5(range::varchar) as tekst from range(3000000) order by 1")
    assert (tmp_path / "tiltak.duckdb.tmp").is_dir()
    environment.handle().cursor().execute("select count(*) from stor")
    environment.close()
