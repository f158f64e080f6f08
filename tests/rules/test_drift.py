"""The run as those meet it who operate it: what it says, what readers get, and what is asked before it starts."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from dbt.cli.main import dbtRunnerResult

from tests.conftest import Copy, NewWarehouse
from tests.rules.brute_force import World, read_uttrekk
from tests.rules.rows import MONDAY, message, uttrekk_rows
from tests.rules.small_worlds import small_world
from tests.rules.warehouse import KEY, RUN_LOGS, Warehouse, assert_equal, load
from tiltaksstatistikk.export.sets import publish, start
from tiltaksstatistikk.generator.make_uttrekk import main as make_uttrekk


@pytest.fixture(scope="module")
def built(new_warehouse: NewWarehouse) -> Warehouse:
    """Build two extracts, of which the second changed some weeks and added one."""
    warehouse = new_warehouse(MONDAY)
    warehouse.leaves_traces = True
    kari = message("d1", sluttDato="2024-01-10")
    late = message("d2", 2, startDato="2024-01-16", sluttDato="2024-01-17", personIdent="02862012346")
    warehouse.build(warehouse.write(uttrekk_rows("2024-01-29T06:00:00", [kari])))
    warehouse.build(warehouse.write(uttrekk_rows("2024-02-05T06:00:00", [kari, late])))
    return warehouse


@pytest.fixture
def two_runs(built: Warehouse, copy: Copy) -> Warehouse:
    """Give a copy of the warehouse that has loaded two extracts."""
    return copy(built)


def test_a_run_says_which_weeks_it_computed_and_why(two_runs: Warehouse) -> None:
    """In its log, and as a row that a person can read (specification 5)."""
    columns = (
        "uttrekk_tid, publisert_tid, beregnet_uke_antall, ny_uke_liste, endret_uke_liste, rad_antall, fullfort_flagg"
    )
    first, second = datetime(2024, 1, 29, 6), datetime(2024, 2, 5, 6)
    assert two_runs.rows(f"select {columns} from kjoring order by startet_tid") == [
        (first, first, 4, "2024-W01 til 2024-W04", "", 2, True),
        (second, second, 2, "2024-W05", "2024-W03", 1, True),
    ]
    assert two_runs.rows("select count(*) from kjoring where sekund_antall > 0") == [(2,)]
    log = (two_runs.log_path / "dbt.log").read_text(encoding="utf-8")
    assert "Extract of 2024-02-05 06:00:00: computed 2 weeks (new: 2024-W05; changed: 2024-W03), wrote 1 rows" in log


def test_what_was_shown_is_asked_with_one_condition(two_runs: Warehouse) -> None:
    """The macro shown_on gives back the fact of any moment, and says so when nothing had been shown."""

    def shown(moment: str) -> dbtRunnerResult:
        question = f"select count(*) as antall from {{{{ shown_on('fak_tiltaksdeltakelse_uke', '{moment}') }}}}"
        # A question that fails stays in the project that was parsed.
        two_runs.manifest.nodes.pop("sql_operation.tiltaksstatistikk.inline_query", None)
        return two_runs.dbt(two_runs.folder / "uttrekk_1", "show", "--inline", question)

    found = []
    for moment in ("2024-01-29 06:00:00", "2024-02-04", "2024-02-05 06:00:00", "2030-01-01"):
        result = shown(moment)
        assert result.success
        found.append(result.result.results[0].agate_table.columns["antall"][0])  # type: ignore[union-attr]
    assert found == [2, 2, 3, 3]
    assert "had been shown on 2024-01-28. First shown: 2024-01-29 06:00:00" in str(shown("2024-01-28").exception)
    assert "'for lenge siden' is no time" in str(shown("for lenge siden").exception)
    assert shown("2030-01-01").success


def read_set(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Read an exported set as a reader should: resolve `siste` once, and check what the manifest says of each file."""
    latest = (folder / "siste").resolve()
    manifest = json.loads((latest / "manifest.json").read_text(encoding="utf-8"))
    rows = {}
    for relation in manifest["relasjoner"]:
        path = latest / relation["fil"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == relation["sha256"]
        assert path.stat().st_size == relation["byte_antall"]
        rows[relation["navn"]] = duckdb.read_parquet(str(path)).fetchall()
        assert len(rows[relation["navn"]]) == relation["rad_antall"]
    return rows


def test_every_mart_is_exported_as_it_is(two_runs: Warehouse) -> None:
    """The export holds the marts' rows, and the manifest tells the extract, its files and the weeks."""
    exported = read_set(two_runs.export)
    marts = two_runs.rows("select table_name from information_schema.tables where table_schema = 'main'")
    assert set(exported) == {name for (name,) in marts}
    for name, rows in exported.items():
        assert sorted(rows, key=repr) == sorted(two_runs.rows(f"select * from {name}"), key=repr), name
        assert duckdb.read_parquet(str(two_runs.export / "intern" / f"{name}.parquet")).fetchall() == rows
    assert {path.name for path in two_runs.export.iterdir()} == {
        *("intern", "manifest.json", "kjoring.json", "kjoring.md", "siste", "sett")
    }
    # Without open numbers there is no page either.
    assert {path.name for path in (two_runs.export / "intern").iterdir()} == (
        {f"{name}.parquet" for name in exported}
        | {"KUN_INTERN_BRUK.txt", "manifest.json", "ordbok.csv", "visninger.sql"}
    )
    manifest = json.loads((two_runs.export / "manifest.json").read_text(encoding="utf-8"))
    own = json.loads((two_runs.export / "intern" / "manifest.json").read_text(encoding="utf-8"))
    assert own["kjoring_id"] == manifest["kjoring_id"]
    assert {relation["fil"] for relation in own["relasjoner"]} == {f"{name}.parquet" for name in exported}
    assert manifest["uttrekk_tid"] == "2024-02-05T06:00:00"
    assert manifest["kilder"]["oppfolgingsbruker"] == "2024-02-05T06:00:00"
    assert manifest["uker"] == {"forste_uke_dato": "2024-01-01", "siste_uke_dato": "2024-01-29", "antall": 5}
    assert manifest["kjoring_id"] == two_runs.rows("select arg_max(kjoring_id, startet_tid) from kjoring")[0][0]


def assert_described(folder: Path) -> None:
    """Look for each column in the dictionary of a folder, and in its file's metadata.

    Raises:
        AssertionError: one is not there, or says nothing, or not the same.
    """
    with (folder / "ordbok.csv").open(encoding="utf-8", newline="") as file:
        words = list(csv.DictReader(file, strict=True))
    said = {(word["relasjon"], word["kolonne"]): word["kolonne_beskrivelse"] for word in words}
    assert all(word["type"] and word["relasjon_beskrivelse"] for word in words)
    columns = set()
    for path in folder.glob("*.parquet"):
        found = duckdb.execute("select key, value from parquet_kv_metadata(?)", [str(path)]).fetchall()
        metadata = {key.decode(): value.decode() for key, value in found}
        assert metadata["beskrivelse"] in {word["relasjon_beskrivelse"] for word in words}
        for column in duckdb.read_parquet(str(path)).columns:
            columns.add((path.stem, column))
            assert said[path.stem, column].strip(), (path.stem, column)
            assert metadata[f"kolonne.{column}"] == said[path.stem, column]
    assert columns == set(said)


def test_every_column_is_described_beside_the_marts_and_in_their_files(two_runs: Warehouse) -> None:
    """Whoever has only the file has the words of dbt docs. Of what views are made of, where they are left out, too."""
    assert_described(two_runs.export / "intern")
    two_runs.vars["eksport_visninger_til_rader"] = 2
    two_runs.build(two_runs.folder / "uttrekk_1")
    assert not (two_runs.export / "intern" / "uke_antall.parquet").exists()
    assert_described(two_runs.export / "intern")


def test_the_set_before_stays_without_what_is_about_persons(two_runs: Warehouse) -> None:
    """Two sets are kept. A third run removes the first, and leftovers of interrupted ones."""
    sets = set((two_runs.export / "sett").iterdir())
    latest = (two_runs.export / "siste").resolve()
    (before,) = sets - {latest}
    files = [{str(path.relative_to(folder)) for path in folder.rglob("*")} for folder in (latest, before)]
    assert files[0] - files[1] == {"intern/avvik.parquet", "intern/deltakelse_utfall.parquet"}
    assert files[1] <= files[0]
    (two_runs.export / "sett" / ".uferdig_rest").mkdir()
    two_runs.build(two_runs.folder / "uttrekk_1")
    assert set((two_runs.export / "sett").iterdir()) == {latest, (two_runs.export / "siste").resolve()}


def test_a_partial_or_failed_run_exports_nothing(two_runs: Warehouse) -> None:
    """Only a run that built every mart, and succeeded in all, is complete. The next one makes up for it."""
    latest = (two_runs.export / "siste").resolve()
    two_runs.build(two_runs.folder / "uttrekk_1", "--select", "dim_uke")
    assert (two_runs.export / "siste").resolve() == latest
    shutil.move(two_runs.export, two_runs.export.with_name("bort"))
    two_runs.export.write_text("a file is in the way", encoding="utf-8")
    result = two_runs.dbt(two_runs.folder / "uttrekk_1", "build", "--exclude-resource-type", "test", "--full-refresh")
    assert not result.success
    assert two_runs.rows("select fullfort_flagg, sekund_antall from kjoring order by startet_tid desc limit 1") == [
        (False, None)
    ]
    two_runs.export.unlink()
    two_runs.build(two_runs.folder / "uttrekk_1")
    assert len(read_set(two_runs.export)["kjoring"]) == 4


@pytest.mark.long
def test_views_of_a_large_fact_are_left_out_of_the_export_and_can_be_made_of_it(two_runs: Warehouse) -> None:
    """They take longer to write than all else. The set has a script that makes every one of them of its files."""
    two_runs.vars["eksport_visninger_til_rader"] = 2
    two_runs.build(two_runs.folder / "uttrekk_1")
    relations = dict(
        two_runs.rows("select table_name, table_type from information_schema.tables where table_schema = 'main'")
    )
    # The views that say which runs are complete and what they found are small, and always there.
    views = {name for name, kind in relations.items() if kind == "VIEW"} - {"kjoring", "kjoring_avvik"}
    assert "uke_antall" in views
    latest = (two_runs.export / "siste").resolve()
    manifest = json.loads((latest / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["utelatte_visninger"]) == views
    written = {relation["navn"]: relation["privat"] for relation in manifest["relasjoner"]}
    assert relations.keys() - views == {name for name, private in written.items() if not private}
    assert {"kjoring", "int_totaler_telt_for_mange", "stg_drift__uke_beregnet"} <= set(written)
    assert not (latest / "intern" / "uke_antall.parquet").exists()
    kept = relations.keys() - {"avvik", "deltakelse_utfall"}
    expected = {name: sorted(two_runs.rows(f"select * from {name}"), key=repr) for name in kept}
    # Whoever is still in the set when the next one is there, has all but what is about persons.
    for again in (False, True):
        if again:
            two_runs.build(two_runs.folder / "uttrekk_1")
            assert (two_runs.export / "siste").resolve() != latest
        with contextlib.chdir(latest / "intern"), duckdb.connect() as reader:
            reader.execute(Path("visninger.sql").read_text(encoding="utf-8"))
            for name, rows in expected.items():
                assert sorted(reader.execute(f"select * from {name}").fetchall(), key=repr) == rows, name
    columns = [
        column
        for relation in manifest["relasjoner"]
        if not relation["personnivaa"]
        for column in duckdb.read_parquet(str(latest / relation["fil"])).columns
    ]
    assert not {"person_id", "deltakelse_id", "objekt_id"} & set(columns)


@pytest.mark.long
def test_what_a_run_computed_is_tested_until_a_run_has_finished(two_runs: Warehouse) -> None:
    """A test that failed fails in the next run too, which computes nothing. What runs before computed, is not read."""
    folder = two_runs.folder / "uttrekk_1"
    wrong = "update fak_tiltaksdeltakelse_uke set innsatsgruppe_kode = '{}' where uke_start_dato = '{}'"
    two_runs.execute(wrong.format("TULL", "2024-01-01"))
    assert two_runs.dbt(folder, "test", "--select", "fak_tiltaksdeltakelse_uke").success
    two_runs.execute(wrong.format("TULL", "2024-01-15"))
    assert not two_runs.dbt(folder, "test", "--select", "fak_tiltaksdeltakelse_uke").success
    two_runs.execute("update drift.kjoring set fullfort_flagg = false where uttrekk_tid = '2024-02-05 06:00:00'")
    part = ["build", "--exclude-resource-type", "unit_test", "--select", "fak_tiltaksdeltakelse_uke"]
    for _ in range(2):
        assert not two_runs.dbt(folder, *part).success
    two_runs.execute(wrong.format("BATT", "2024-01-15"))
    two_runs.build(folder, tests=True)


def test_an_export_with_fewer_relations_leaves_no_link_behind(tmp_path: Path) -> None:
    """Relations were once in the folder itself. Their links are gone with the set; other files are left alone."""
    (tmp_path / "eget").mkdir()
    (tmp_path / "eget" / "manifest.json").touch()
    (tmp_path / "min.parquet").symlink_to("siste/b.parquet")
    (tmp_path / "LES_MEG").write_text("eget", encoding="utf-8")
    for number, (folder, names) in enumerate([("", ["a", "b"]), ("", ["b"]), ("intern", ["b", "c"])]):
        new = start(tmp_path, f"sett_{number}")
        for name in names:
            duckdb.sql(f"copy (select {number} as nummer) to '{new / folder / name}.parquet'")
        publish(new, {"relasjoner": [{"navn": name, "mappe": folder, "personnivaa": False} for name in names]})
        links = {"intern", "min.parquet"} if folder else {"min.parquet", *(f"{name}.parquet" for name in names)}
        assert {path.name for path in tmp_path.iterdir() if path.is_symlink()} == links | {"siste", "manifest.json"}
        assert set(read_set(tmp_path)) == set(names)
    assert {path.name for path in (tmp_path / "sett").iterdir()} == {"sett_1", "sett_2"}
    assert (tmp_path / "eget").is_dir()
    assert (tmp_path / "LES_MEG").is_file()
    (tmp_path / "siste").unlink()
    (tmp_path / "siste").mkdir()
    with pytest.raises(FileExistsError, match="in the way"):
        start(tmp_path, "sett_3")


@pytest.mark.long
def test_weeks_that_were_skipped_are_caught_up_in_one_run(new_warehouse: NewWarehouse) -> None:
    """A run that was away for months computes what is new and what changed, and publishes it once."""
    small = next(w for w in map(small_world, range(100)) if len({str(u.tables["uttrekk"]) for u in w.uttrekk}) == 4)
    warehouse = new_warehouse(small.fra_uke_dato)
    world = World(small.fra_uke_dato, KEY)
    for rows in (small.uttrekk[0], small.uttrekk[-1]):
        folder = warehouse.write(rows)
        warehouse.build(folder)
        load(world, folder)
        assert_equal(warehouse, world)
        assert warehouse.computed() == world.computed()


def test_an_extract_whose_earliest_time_goes_back_is_refused(
    two_runs: Warehouse, capfd: pytest.CaptureFixture[str]
) -> None:
    """Also when no file is older than before, but one is new: published versions cannot go back in time."""
    folder = two_runs.write(uttrekk_rows("2024-02-12T06:00:00", [message()]))
    with (folder / "uttrekk.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("en_ny_kilde,2024-02-01T06:00:00\r\n")
    before = two_runs.contents()
    assert not two_runs.dbt(folder, "build").success
    printed = "".join(capfd.readouterr())
    assert "older than one already loaded" in printed
    assert "2024-02-01T06:00:00" in printed
    assert "2024-02-05T06:00:00" in printed
    assert two_runs.contents() == before


@pytest.mark.parametrize(("age", "success", "said"), [(1, True, None), (7, True, "7 days ago"), (14, False, "14 days")])
def test_an_old_extract_is_a_warning_then_an_error(
    two_runs: Warehouse, age: int, success: bool, said: str | None
) -> None:
    """dbt source freshness measures the files' own times against today."""
    taken = datetime.now() - timedelta(days=age)
    folder = two_runs.write(uttrekk_rows(taken.isoformat(timespec="seconds"), []))
    result = two_runs.dbt(folder, "source", "freshness")
    assert result.success == success
    log = (two_runs.log_path / "dbt.log").read_text(encoding="utf-8")
    assert ("was taken at" in log) == (said is not None)
    assert said is None or f"oppfolgingsbruker was taken at {taken:%Y-%m-%d}" in log
    assert said is None or said in log


@pytest.mark.long
def test_an_encrypted_database_is_the_same_and_tells_nothing(
    tmp_path: Path, new_warehouse: NewWarehouse, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing can be read from the file, which stays closed to another key and to none; the marts are the same."""
    uttrekk = tmp_path / "uttrekk"
    make_uttrekk([str(uttrekk), "--seed", "5", "--participations", "60"])
    plain, secret = new_warehouse(None), new_warehouse(None)
    plain.build(uttrekk)
    key = "bare-til-testen"
    monkeypatch.setenv("DBT_ENV_SECRET_TILTAK_DUCKDB", key)
    secret.leaves_traces = True
    secret.build(uttrekk)
    exported = read_set(secret.export)
    for name, rows in read_set(plain.export).items():
        assert name in RUN_LOGS or exported[name] == rows, name
    enheter = {row["navn"] or "" for row in read_uttrekk(uttrekk).tables["nav_enhet"]}
    assert enheter
    for path in secret.folder.glob("tiltak.duckdb*"):
        assert not any(word.encode() in path.read_bytes() for word in [*enheter, "fak_tiltaksdeltakelse_uke"])
    written = [path for path in secret.folder.rglob("*") if path.is_file() and path.suffix != ".parquet"]
    assert {"dbt.log", "tiltak.duckdb"} <= {path.name for path in written}
    for path in [*written, *Path(os.environ["DBT_TARGET_PATH"]).rglob("*.json")]:
        assert key.encode() not in path.read_bytes(), path
    capfd.readouterr()
    for other in ("en annen", None):
        if other:
            monkeypatch.setenv("DBT_ENV_SECRET_TILTAK_DUCKDB", other)
        else:
            monkeypatch.delenv("DBT_ENV_SECRET_TILTAK_DUCKDB")
        assert not secret.dbt(uttrekk, "build").success
        printed = "".join(capfd.readouterr())
        assert "tiltak.duckdb cannot be opened" in printed
        assert "Traceback" not in printed
        assert key not in printed


def test_the_way_of_a_participation_is_told(two_runs: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    """Why it is counted, its periods and the numbers it is in; of one that is not there, a sentence."""
    ((counted,),) = two_runs.rows("select min(deltakelse_id) from deltakelse_utfall where utfall_kode = 'TELLES'")
    told = {}
    for key in (counted, "finnes ikke"):
        arguments = ("run-operation", "hvorfor", "--args", json.dumps({"deltakelse_id": key}))
        told[key] = two_runs.dbt(two_runs.folder / "uttrekk_1", *arguments)
    assert told[counted].success
    lines = "".join(capsys.readouterr()).splitlines()
    assert "utfall_kode=TELLES" in lines[lines.index("Utfall:") + 1]
    assert "person_antall=" in lines[lines.index("Antallene den er i:") + 1]
    assert not told["finnes ikke"].success
    assert any("No participation is called finnes ikke" in line for line in lines)
