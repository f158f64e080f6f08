"""What holds in every small world, by the brute-force reading: its invariants, and that the form of files is no matter.

Examples of the single rules are the models' unit tests.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import integers

from tests.rules.brute_force import (
    ARBEIDSGIVER_TOPIC,
    IDENT_HISTORIKK,
    KOMET_VIEW,
    OWN_TIMESTAMP,
    TOPIC,
    UTFALL,
    SammenligningCell,
    World,
    read_uttrekk,
)
from tests.rules.small_worlds import SmallWorld, UttrekkRows, small_world, small_worlds, with_changes, write_uttrekk


def balances(world: World) -> dict[str, int]:
    """Check that what went in came out, and return the steps."""
    steg = world.avstemming()
    for system in ("KOMET", "ARBEIDSGIVER"):
        parts = ("UTEN_PLASS", "ERSTATTET", "SLETTET", "SLETTET_PERSON", *UTFALL)
        assert steg[f"{system}_LEST"] == sum(steg[f"{system}_{part}"] for part in parts)
    assert steg["KOMET_TELLES"] + steg["ARBEIDSGIVER_TELLES"] == steg["DELTAKELSE_TELLES"]
    assert steg["DELTAKELSE_TELLES"] == steg["DELTAKELSE_I_UKENE"] + steg["DELTAKELSE_UTENFOR_UKENE"]
    assert steg["DELTAKELSEUKE_ETTER_DATO"] == steg["DELTAKELSEUKE_I_FAKTA"]
    assert steg["KAPASITETSUKE_I_FAKTA"] == steg["KAPASITETSUKE_I_KAPASITET"] == steg["DELTAKELSEUKE_I_FAKTA"]
    assert steg["VENTEUKE_ETTER_DATO"] == steg["VENTEUKE_I_FAKTA"]
    in_several = steg["PERSONUKE_FLERE_TILTAKSTYPER"] + steg["PERSONUKE_FLERE_ENHETER"]
    assert steg["PERSONUKE"] + in_several == steg["PERSONUKE_I_FAKTA"]
    return steg


def flows_add_up(world: World) -> None:
    """Check that each cell has those of the week before, with those who came and without those who went."""
    people: Counter[SammenligningCell] = Counter()
    for cell, counts in world.fact().items():
        rest = (cell.enhetsnummer, cell.avdeling_navn, cell.tiltakskode, cell.innsatsgruppe_kode)
        people[SammenligningCell(cell.uke_start_dato, *rest)] += counts.person_antall
    flows = world.bevegelser()
    assert {cell for cell in people if cell.uke_start_dato > world.fra_uke_dato} <= set(flows)
    for there, flow in flows.items():
        before = there._replace(uke_start_dato=there.uke_start_dato - timedelta(days=7))
        assert (people[before], people[there]) == (flow.forrige_uke_person_antall, flow.person_antall)
        came = flow.begynte_antall + flow.inn_kontor_antall + flow.inn_avdeling_antall + flow.inn_innsatsgruppe_antall
        went = flow.sluttet_antall + flow.ut_kontor_antall + flow.ut_avdeling_antall + flow.ut_innsatsgruppe_antall
        assert flow.person_antall == flow.forrige_uke_person_antall + came - went


def replay(world: SmallWorld, folder: Path, parquet: bool, after_each: Callable[[World], None] | None = None) -> World:
    """Load a small world's extracts in their order."""
    replayed = World(world.fra_uke_dato, "nokkel")
    for number, uttrekk in enumerate(world.uttrekk):
        path = folder / str(number)
        write_uttrekk(uttrekk, path, "parquet" if parquet else "csv", gzip=parquet)
        replayed.load(read_uttrekk(path))
        if after_each:
            after_each(replayed)
    return replayed


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=small_worlds())
def test_small_worlds_hold_the_invariants(world: SmallWorld, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Small worlds hold the invariants (specification 2-4)."""
    replayed = replay(world, tmp_path_factory.mktemp("verden"), parquet=False)
    for history in replayed.history.values():
        for versions in history.versions.values():
            assert all(v.gyldig_til_tid is None or v.gyldig_fom_tid < v.gyldig_til_tid for v in versions)
            assert all(
                v.gyldig_til_tid is not None and v.gyldig_til_tid <= following.gyldig_fom_tid
                for v, following in pairwise(versions)
            )
    fact = replayed.fact()
    assert all(0 < counts.person_antall <= counts.deltakelse_antall for counts in fact.values())
    people = sum(counts.person_antall for counts in fact.values())
    assert sum(replayed.uke_antall().values()) == people
    assert sum(replayed.uke_antall_avdeling().values()) == people
    for taken in replayed.publications:
        shown = [
            row
            for row in replayed.published()
            if row.publisert_fom_tid <= taken and (row.publisert_til_tid is None or taken < row.publisert_til_tid)
        ]
        assert len({row.cell for row in shown}) == len(shown)
        assert {row.cell: row.counts for row in shown} == replayed.published_as_of(taken)
    assert replayed.published_as_of(max(replayed.publications)) == fact
    revisjoner = replayed.uke_revisjon().values()
    assert sum(revisjon.person_antall for revisjon in revisjoner) == people
    assert all(abs(r.person_antall - r.forste_person_antall) <= r.person_avstand_antall for r in revisjoner)
    balances(replayed)
    andeler: dict[str, Fraction] = {}
    for kobling, andel in replayed.koblinger().items():
        andeler[kobling.gjennomforing_id] = andeler.get(kobling.gjennomforing_id, Fraction()) + andel
    assert set(andeler.values()) <= {Fraction(1)}
    split = [counts for cell, counts in replayed.totaler().items() if cell.enhet_nivaa_kode == "KONTOR"]
    assert sum(counts.deltakelse_antall for counts in split) == 12 * sum(c.deltakelse_antall for c in fact.values())
    now = sum(antall.person_antall for antall in replayed.sammenligning().values())
    assert now == people
    flows_add_up(replayed)


@pytest.mark.parametrize("seed", range(2))
def test_csv_and_parquet_are_the_same(seed: int, tmp_path: Path) -> None:
    """Csv and parquet are the same (specification 2-4)."""
    world = small_world(seed)
    from_csv = replay(world, tmp_path / "csv", parquet=False)
    from_parquet = replay(world, tmp_path / "parquet", parquet=True)
    assert from_csv.fact() == from_parquet.fact()
    assert from_csv.avvik() == from_parquet.avvik()
    assert from_csv.histories() == from_parquet.histories()
    assert from_csv.kapasitet_enhet() == from_parquet.kapasitet_enhet()
    assert from_csv.venteliste() == from_parquet.venteliste()
    assert from_csv.avstemming() == from_parquet.avstemming()


def test_some_extracts_are_corrected_without_a_new_time() -> None:
    """Some extracts are corrected without a new time, and then no history source is touched (specification 4 and 5)."""
    corrections = 0
    for seed in range(30):
        for before, after in pairwise(small_world(seed).uttrekk):
            if before is not after and before.tables["uttrekk"] == after.tables["uttrekk"]:
                corrections += 1
                assert all(before.tables[kilde] == after.tables[kilde] for kilde in OWN_TIMESTAMP)
                assert (KOMET_VIEW in before.tables) == (KOMET_VIEW in after.tables)
                assert bool(before.arbeidsgiver) == bool(after.arbeidsgiver)
                assert before != after
    assert corrections > 0


def test_small_worlds_hold_each_kind_now_and_then() -> None:
    """Each kind of thing that the specification treats specially is in some of the worlds (specification 2)."""
    found: set[str] = set()
    for seed in range(60):
        for rows in small_world(seed).uttrekk:
            lines = [line for files in (rows.topic, rows.arbeidsgiver) for file in files for line in file]
            norg = [row["enhetsnummer"] for row in rows.tables["nav_enhet"]]
            kinds = {
                "bom": rows.bom,
                "blank lines": any(not line.strip() for line in lines),
                "kcat": any('"payload"' in line for line in lines),
                "new idents": IDENT_HISTORIKK in rows.tables,
                "norg twice": len(norg) > len(set(norg)),
                "upper case": any("-ABCD-" in line for line in lines),
                "other spaces": any("\u00a0" in (row["filter_navn"] or "") for row in rows.tables["veiledergruppe"]),
                "letters in parts": any("A\u030a" in str(row["filter_navn"]) for row in rows.tables["veiledergruppe"]),
                "milliseconds": any(
                    str(row["sist_endret_tidspunkt"]).isdigit() for row in rows.tables["oppfolgingsbruker"]
                ),
                "14a": any(
                    row["kvalifiseringsgruppe"] == "STANDARD_INNSATS" for row in rows.tables["oppfolgingsbruker"]
                ),
                "office of the veileder": any("navVeileder" in line for line in lines),
                "unknown aarsak": any("HELT_NY_AARSAK" in line for line in lines),
            }
            found |= {kind for kind, there in kinds.items() if there}
    assert found == set(kinds)


def told(world: World) -> tuple[Any, ...]:
    """Return what a world says, but for how many lines it took."""
    by_lines = ("_LEST", "_UTEN_PLASS", "_ERSTATTET", "_SLETTET")
    steg = {kode: antall for kode, antall in balances(world).items() if not kode.endswith(by_lines)}
    # Where a key has been is only known of the lines that are there.
    avvik = {one for one in world.avvik() if one[2] != "NOKKEL_I_FLERE_PARTISJONER"}
    histories = world.histories()
    marts = (world.fact(), world.kapasitet(), world.venteliste(), world.koblinger(), world.totaler())
    return (world.utfall(), avvik, histories, *marts, world.published(), world.computed(), steg)


def assert_same_as_whole(world: SmallWorld, changes: SmallWorld, folder: Path) -> None:
    """Check that a world says the same after each extract, whether the topics are whole or some only what is new."""
    expected: list[tuple[Any, ...]] = []
    found: list[tuple[Any, ...]] = []
    replay(world, folder / "hele", False, lambda replayed: expected.append(told(replayed)))
    replay(changes, folder / "endringer", False, lambda replayed: found.append(told(replayed)))
    assert found == expected


@pytest.mark.parametrize("seed", range(5))
def test_what_is_new_says_the_same_as_the_whole(seed: int, tmp_path: Path) -> None:
    """The same world, with whole topics and with what is new of them, gives the same after each extract."""
    world = small_world(seed)
    assert_same_as_whole(world, with_changes(world, random.Random(seed).randint), tmp_path)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(world=small_worlds(), seed=integers(0, 1000))
def test_what_is_new_in_worlds_drawn_by_hypothesis(
    world: SmallWorld, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The same of worlds that Hypothesis draws, and shrinks when one fails."""
    assert_same_as_whole(world, with_changes(world, random.Random(seed).randint), tmp_path_factory.mktemp("verden"))


def endring_of(rows: UttrekkRows) -> set[str]:
    """Return the topics of which an extract has only what is new."""
    return {str(row["kilde"]) for row in rows.tables["uttrekk"] if row.get("omfang") == "endring"}


def test_no_offset_is_ever_two_messages() -> None:
    """A partition's offset is one line; also from extract to extract, until a whole topic is made anew."""
    twice = changed = corrected = 0
    for seed in range(60):
        for world in (small_world(seed), small_world(seed, changes=True)):
            for topic in (TOPIC, ARBEIDSGIVER_TOPIC):
                known: dict[tuple[int, int], str] = {}
                for rows in world.uttrekk:
                    files = rows.topic if topic == TOPIC else rows.arbeidsgiver
                    lines = [
                        line
                        for file in files
                        for line in file
                        if '"key"' in line and '"offset"' in line and ('"value"' in line or '"payload"' in line)
                    ]
                    by_place: dict[tuple[int, int], set[str]] = {}
                    for line in lines:
                        parsed = json.loads(line)
                        by_place.setdefault((parsed["partition"], parsed["offset"]), set()).add(line)
                    assert all(len(texts) == 1 for texts in by_place.values())
                    twice += len(lines) - len(by_place)
                    places = {place: text for place, (text,) in by_place.items()}
                    if topic in endring_of(rows):
                        changed += 1
                        assert all(known.get(place, text) == text for place, text in places.items())
                        known |= places
                    else:
                        known = places
            for before, after in pairwise(world.uttrekk):
                same_time = earliest(before) == earliest(after)
                corrected += bool(before is not after and same_time and endring_of(before) and endring_of(after))
    assert min(twice, changed) > 10
    assert corrected > 0


def earliest(rows: UttrekkRows) -> str:
    """Return when an extract's first table is from, as text."""
    return str(rows.tables["uttrekk"][0]["uttrekk_tidspunkt"])
