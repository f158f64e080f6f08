"""kilder.yml: everything that is wrong or missing is told at once, before anything is fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fetch.servers import write_kilder
from tests.rules.warehouse import ROOT
from tiltaksstatistikk.fetch.kilder import KAFKA_FILES, read_kilder
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.objects import OBJECTS, UTTREKK

EXAMPLE = ROOT / "kilder.example.yml"


def example() -> dict[str, dict[str, Any]]:
    """Return the sources of the example, with the file that it names being this one."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))["kilder"]
    return found


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a path for kilder.yml beside a file of the offices, and an environment with everything."""
    for name in (*KAFKA_FILES, "NORG2_AUTHORIZATION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PSEUDONYM_NOKKEL", "k")
    monkeypatch.setenv("KAFKA_BROKERS", "b:1")
    monkeypatch.setenv("NORG2_AUTHORIZATION", "Bearer hemmelig")
    (tmp_path / "kontor.csv").touch()
    return tmp_path / "kilder.yml"


def said(file: Path, kilder: dict[str, Any]) -> list[str]:
    """Return the lines that say what is wrong."""
    with pytest.raises(Refused) as refused:
        read_kilder(write_kilder(file, kilder))
    return str(refused.value).splitlines()[1:]


def test_the_example(file: Path) -> None:
    """It names every file that an extract must have, and can be used when the office's file is there."""
    kilder = example()
    kilder["veiledergruppe_avdeling"] = {"fil": str(file.parent / "kontor.csv")}
    found = {kilde.source.file: kilde for kilde in read_kilder(write_kilder(file, kilder))}
    assert {source.file for source in OBJECTS if not source.optional and source is not UTTREKK} <= set(found)
    assert found["nav_enhet"].headers == {"Authorization": "Bearer hemmelig"}
    assert found["nav_enhet"].columns["enhetsnummer"] == "enhetNr"
    assert found["vent_person_periode_v"].columns["periode"] == "periode"


def test_everything_that_is_missing_is_told_at_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources, files, columns, and what is not in the environment."""
    for name in ("PSEUDONYM_NOKKEL", "KAFKA_BROKERS", "NORG2_AUTHORIZATION"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("KAFKA_CA_PATH", str(file.parent / "ca.pem"))
    kilder = example()
    del kilder["avtale_view"], kilder["amt.deltaker-ekstern-v1"]
    kilder["nav_enheter"] = {"fil": "x.csv"}
    kilder["vent_person_periode_v"]["kolonner"] = {"fnr": "person_ident"}
    kilder["tiltakstype_view"] = {"kafka": "tema"}
    kilder["veiledergruppe"] = {"fil": str(file.parent / "kontor*")}
    (file.parent / "kontor.txt").touch()
    text = "\n".join(said(file, kilder))
    for part in (
        "nav_enheter: there is no such file. The files are gjennomforing_view,",
        "avtale_view: it has no source.",
        "amt_tiltak_datastream_amttiltak_deltaker_siste_status_view: neither has a source",
        "vent_person_periode_v: kolonner names fnr, which the file does not have.",
        "tiltakstype_view: it is a table, which comes by bigquery, sporring, http or fil, and not by kafka.",
        f"veiledergruppe: {file.parent}/kontor* is 2 files. A table is one.",
        f"veiledergruppe: {file.parent}/kontor.txt is not called .csv or .parquet.",
        "veiledergruppe_avdeling: there is no file /data/kontor/veiledergruppe_avdeling.csv.",
        "PSEUDONYM_NOKKEL: it is not set.",
        "KAFKA_BROKERS: it is not set.",
        "KAFKA_CA_PATH: there is no such file.",
        "KAFKA_CERTIFICATE_PATH: it is not set, and KAFKA_CA_PATH is.",
        "NORG2_AUTHORIZATION: it is not set. nav_enhet is asked for with it, in the header Authorization.",
    ):
        assert part in text, text


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ({}, "kilder.nav_enhet: give exactly one of bigquery, sporring, kafka, http, fil."),
        ({"fil": "a.csv", "http": "http://a"}, "kilder.nav_enhet: give exactly one of"),
        ({"fil": "a.csv", "passord": "hemmelig"}, "kilder.nav_enhet: passord is not known."),
        ({"bigquery": "bare_et_navn"}, "kilder.nav_enhet.bigquery: it does not have the form"),
        (
            {"http": "http://a", "hoder": {"A": "Bearer hemmelig"}},
            "kilder.nav_enhet.hoder.A: it does not have the form",
        ),
        ({"fil": "a.csv", "rader": "$"}, "kilder.nav_enhet: http is missing."),
    ],
)
def test_the_form_is_the_schemas(file: Path, source: dict[str, Any], says: str) -> None:
    """What is wrong is named, and nothing that may be a secret is quoted."""
    text = "\n".join(said(file, {**example(), "nav_enhet": source}))
    assert says in text
    assert "hemmelig" not in text


@pytest.mark.parametrize("content", ["a: [", "", "kilder: 1", "- x"])
def test_what_is_no_kilder_yml(file: Path, content: str) -> None:
    """It is refused in a sentence."""
    file.write_text(content, encoding="utf-8")
    with pytest.raises(Refused):
        read_kilder(file)
    with pytest.raises(Refused, match="cannot be read: No such file"):
        read_kilder(file.with_name("borte.yml"))
