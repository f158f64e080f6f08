"""The project as those meet it who inherit it: descriptions, names, and the commands of the README."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import GenericTestNode

from tests.load.door import Door
from tests.rules.rows import message, uttrekk_rows
from tests.rules.warehouse import ROOT, parse
from tiltaksstatistikk.load.objects import OBJECTS, UTTREKK, Table

PROJECT = "tiltaksstatistikk"
# Their names say what is wrong when they fail.
PLAIN_TESTS = ("accepted_values", "not_null", "relationships", "unik_granularitet", "unique", "uten_manglende_verdi")
# Where an adapter's own macros have another text in this project: they are described where they come from.
ADAPTERS = "macros/adapters/"
# What an engine has for a macro that others call.
VARIANT = re.compile("(default|duckdb|spark|bigquery)__")


@pytest.fixture(scope="module")
def manifest(workplace: Path) -> Manifest:
    """Parse the whole project."""
    return parse(aapne_tall=True)


def of_type(manifest: Manifest, *types: str) -> list[Any]:
    """Return the project's nodes of some resource types."""
    return [node for node in manifest.nodes.values() if node.resource_type in types and node.package_name == PROJECT]


def grains_tested(manifest: Manifest, model: Any) -> list[list[str]]:
    """Return the columns of each test of uniqueness that a model has."""
    found = []
    for test in of_type(manifest, "test"):
        if not isinstance(test, GenericTestNode) or test.attached_node != model.unique_id:
            continue
        if test.test_metadata.name in ("unique", "unik_granularitet"):
            arguments = test.test_metadata.kwargs
            found.append(arguments.get("columns") or [arguments["column_name"].strip('"')])
    return found


def test_everything_is_described(manifest: Manifest) -> None:
    """Every model, seed, snapshot, source, exposure and test of its own, and the macros that others call."""
    undescribed = []
    for node in [*of_type(manifest, "model", "seed", "snapshot"), *manifest.sources.values()]:
        columns = {f"{node.name}.{column.name}": column.description for column in node.columns.values()}
        undescribed += [name for name, text in {node.name: node.description, **columns}.items() if not text.strip()]
        if not re.search(r"Granularitet: .*\. Historikk: .*", node.description, re.DOTALL):
            undescribed.append(f"{node.name}: Granularitet, Historikk")
    for macro in manifest.macros.values():
        if macro.package_name == PROJECT and not VARIANT.match(macro.name) and ADAPTERS not in macro.path:
            described = {argument.name: argument.description for argument in macro.arguments}
            source = re.search(
                rf"(?:macro|test) {macro.name.removeprefix('test_')}\((.*?)\)", macro.macro_sql, re.DOTALL
            )
            assert source, macro.name
            named = [word.split("=")[0].strip() for word in source[1].split(",") if word.strip()]
            undescribed += [f"{macro.name}({name})" for name in named if not (described.get(name) or "").strip()]
            undescribed += [macro.name] * (not macro.description.strip()) + [
                name for name in described if name not in named
            ]
    undescribed += [exposure.name for exposure in manifest.exposures.values() if not exposure.description.strip()]
    undescribed += [
        test.name
        for test in of_type(manifest, "test")
        if not test.description and not (isinstance(test, GenericTestNode) and test.test_metadata.name in PLAIN_TESTS)
    ]
    assert undescribed == []


def test_every_described_column_exists(manifest: Manifest) -> None:
    """A seed's columns are those of its file, in its order: loading is by position."""
    for seed in of_type(manifest, "seed"):
        with (ROOT / seed.original_file_path).open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == list(seed.columns) == list(seed.config.column_types), seed.name


def test_the_default_extract_has_the_contracts_columns() -> None:
    """The seeds of the default extract are what an extract must have, with the columns in the contract's order."""
    must = {
        source.name: [name for name, optional in source.file_columns.items() if not optional]
        for source in OBJECTS
        if not (isinstance(source, Table) and source.optional)
    }
    folder = ROOT / "seeds" / "uttrekk"
    for name, columns in must.items():
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == columns, name
    described = yaml.safe_load((folder / "_uttrekk__seeds.yml").read_text(encoding="utf-8"))
    assert {seed["name"] for seed in described["seeds"]} == {path.stem for path in folder.glob("*.csv")} == set(must)


def test_every_source_has_an_owner() -> None:
    """An avvik is shown with the owner of its source, so a source without one would lose its avvik."""
    with (ROOT / "seeds" / "kodeverk" / "kodeverk_kilde.csv").open(encoding="utf-8", newline="") as file:
        known = [row["kilde"] for row in csv.DictReader(file)]
    assert sorted(known) == sorted(source.file for source in OBJECTS if source is not UTTREKK)


def test_the_sources_are_what_the_loader_writes(
    manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every clean table is a source with its columns, in that order, and says which file it is of."""
    door = Door(tmp_path, monkeypatch)
    door.load(uttrekk_rows("2024-01-29T06:00:00", [message()]))
    written: dict[str, list[str]] = {}
    for table, column in door.rows(
        "select table_name, column_name from information_schema.columns where table_schema = 'uttrekk' "
        "order by table_name, ordinal_position"
    ):
        written.setdefault(table, []).append(column)
    sources = {source.name: source for source in manifest.sources.values() if source.source_name != "drift"}
    assert {name: list(source.columns) for name, source in sources.items()} == written
    files = {source.file for source in OBJECTS}
    assert {source.config.meta["fil"] for source in sources.values() if "fil" in source.config.meta} == files


def test_text_meta_and_tests_say_the_same(manifest: Manifest) -> None:
    """A mart's grain and history are said three times: for readers, for programs, and to the database."""
    marts = [model for model in of_type(manifest, "model") if model.original_file_path.startswith("models/marts/")]
    assert marts
    for mart in marts:
        meta = mart.config.meta
        assert mart.description.strip().endswith(f"Granularitet: {meta['grain']}. Historikk: {meta['historikk']}."), (
            mart.name
        )
        assert meta["owner"]
        assert meta["grain_keys"] in grains_tested(manifest, mart), mart.name
        assert set(meta["grain_keys"]) | set(meta["historikk_kolonner"]) <= set(mart.columns), mart.name
        keys = [constraint.columns for constraint in mart.constraints if constraint.type == "primary_key"]
        # An index on the columns of a relation with a row per cell and week costs more than counting them.
        weekly = mart.config.materialized == "incremental" and "uke_start_dato" in mart.columns
        indexed = mart.config.materialized != "view" and not weekly
        assert keys == ([meta["grain_keys"]] if indexed else []), mart.name


def test_tools_are_told_what_they_must_not_add(manifest: Manifest) -> None:
    """Totals beside their parts, and medians: Metabase and Lightdash offer no sum of a column that says so."""
    for model in of_type(manifest, "model"):
        measures = [name for name in model.columns if re.search("_(antall|median|p90|maks)$", name)]
        if model.config.access != "public":
            continue
        for name in measures if "gruppering_kode" in model.columns else [n for n in measures if "_antall" not in n]:
            meta = model.columns[name].config.meta
            assert meta["metabase.semantic_type"] == "type/Category", (model.name, name)
            assert meta["dimension"] == {"hidden": True}, (model.name, name)
            assert meta["metrics"] == {f"{name}_i_raden": {"type": "max"}}, (model.name, name)


def test_every_model_has_its_grain_tested(manifest: Manifest) -> None:
    """Also those that only the project uses; a staging model of distinct rows tests the rows that stand."""
    without = [model.name for model in of_type(manifest, "model", "snapshot") if not grains_tested(manifest, model)]
    # A row for each entry of a message's list has no key: one entry may stand there twice.
    assert sorted(without) == ["int_tiltak_deltakelsesmengde", "stg_komet__deltakelsesmengde"]


def test_lineage_starts_at_sources_and_no_seed_is_loaded_beside_them(manifest: Manifest) -> None:
    """Every clean table is read in staging, and nowhere else; with UTTREKK_MAPPE none of the default extract is."""
    used = set()
    for model in of_type(manifest, "model", "snapshot"):
        found = [name for name in model.depends_on.nodes if name.startswith("source.")]
        assert not found or model.original_file_path.startswith("models/staging/"), model.name
        used |= set(found)
    assert {name for name in manifest.sources if name not in used and ".drift." not in name} == set()
    assert all(seed.original_file_path.startswith("seeds/kodeverk/") for seed in of_type(manifest, "seed"))


def test_what_is_about_persons_is_named_so_that_it_can_be_erased(manifest: Manifest) -> None:
    """slett_person finds rows by these columns, and an old export loses the relations that say so in their meta."""
    personal = {"person_id", "deltakelse_id", "objekt_id"}
    marts = [model for model in of_type(manifest, "model") if model.config.access == "public"]
    assert {mart.name for mart in marts if personal & set(mart.columns)} == {
        mart.name for mart in marts if mart.config.meta.get("personnivaa")
    }


def test_no_name_of_a_tiltak_an_office_or_a_department_is_in_sql() -> None:
    """What is counted comes from the data: names and numbers stand in seeds, and in the tests that show a rule."""
    names = set()
    for path, column in [("nav_enhet", "enhetsnummer"), ("nav_enhet", "navn"), ("tiltakstype_view", "navn"),
                         ("tiltakstype_view", "tiltakskode"), ("veiledergruppe_avdeling", "avdeling")]:  # fmt: skip
        with (ROOT / "seeds" / "uttrekk" / f"{path}.csv").open(encoding="utf-8", newline="") as file:
            names |= {row[column] for row in csv.DictReader(file)}
    sql = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("models", "macros", "snapshots")
        for path in (ROOT / folder).rglob("*.sql")
    )
    assert [name for name in names if re.search(rf"\b{re.escape(name)}\b", sql)] == []


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the files that git has, or would add, as a fresh clone has them."""
    folder = tmp_path_factory.mktemp("clone") / PROJECT
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def run(command: str, folder: Path) -> str:
    """Run bash commands as a newcomer would, with no variable of the project set.

    Raises:
        AssertionError: a command failed.
    """
    mine = (
        "UTTREKK_MAPPE", "PSEUDONYM_NOKKEL", "TILTAK_DUCKDB", "TILTAK_EKSPORT", "DBT_TARGET_PATH", "DBT_LOG_PATH",
        "VIRTUAL_ENV",
    )  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if name not in mine}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


@pytest.mark.long
def test_the_commands_of_the_readme(clone: Path) -> None:
    """Every command of the README in a fresh clone. Those of the seeds are .ci/run's own, which runs them twice."""
    seeds, after, extracts = re.findall(
        r"```bash\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    query, docs = after.splitlines()
    checks = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for command in [*seeds.splitlines(), docs]:
        assert re.sub(r"\s+#.*", "", command) in checks
    printed = re.sub(r"\x1b\[\d*m", "", run(extracts, clone))
    assert printed.count("WARN=0 ERROR=0 SKIP=0") == extracts.count("dbt build")
    run(query.replace("eksport/", "uttrekk/eksport/"), clone)
    before = (clone / "prove.duckdb").stat().st_size
    run("uv run dbt clean", clone)
    assert not (clone / "target").exists()
    assert (clone / "prove.duckdb").stat().st_size == before
