"""The extracts that `scripts/make_uttrekk.py` makes: the contract and what they must exercise."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.rules import brute_force
from tests.rules.brute_force import COLUMNS
from tiltaksstatistikk.generator import country, make_uttrekk, next_topics, registers
from tiltaksstatistikk.generator.employers import plain
from tiltaksstatistikk.generator.files import (
    EMPLOYERS_TOPIC,
    IDENT_HISTORIKK,
    KOMET_VIEW,
    TOPIC,
    read_csv,
    read_topic,
)
from tiltaksstatistikk.generator.people import DRAFT, WAITING

ROOT = Path(__file__).resolve().parents[2]

Row = dict[str, str]
Uttrekk = dict[str, list[Row]]
Messages = list[dict[str, Any]]


def make(folder: Path, *arguments: str) -> Path:
    """Run the command as a user would, in this process."""
    assert make_uttrekk.main([str(folder), *arguments]) == 0
    return folder


def tables(folder: Path) -> Uttrekk:
    """Read every table of an extract in CSV."""
    found = {}
    for name in COLUMNS:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            found[name] = list(csv.DictReader(stream))
    return found


def messages(folder: Path, topic: str = TOPIC) -> Messages:
    """Read a topic's messages that can be read, in the order of the files."""
    found = []
    for line in read_topic(folder, topic):
        try:
            content = json.loads(line)
        except ValueError:
            continue
        if isinstance(content, dict):
            found.append(content)
    return found


def values(folder: Path, topic: str = TOPIC) -> list[Any]:
    """Return the values of a topic's messages, but tombstones."""
    return [message["value"] for message in messages(folder, topic) if message["value"] is not None]


def latest(found: Messages) -> dict[str, dict[str, Any]]:
    """Return the message with the highest offset of each key."""
    newest: dict[str, dict[str, Any]] = {}
    for message in sorted(found, key=lambda message: message["offset"]):
        newest[message["key"]] = message
    return newest


def split_keys(found: Messages) -> set[str]:
    """Return the keys whose messages are in several partitions."""
    partitions: dict[str, set[int]] = defaultdict(set)
    for message in found:
        partitions[message["key"]].add(message["partition"])
    return {key for key, of_one in partitions.items() if len(of_one) > 1}


def standing(folder: Path, topic: str = TOPIC) -> list[dict[str, Any]]:
    """Return the values that stand of a topic without faults."""
    return [message["value"] for message in latest(messages(folder, topic)).values() if message["value"]]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an extract with the defaults."""
    return make(tmp_path_factory.mktemp("base") / "uttrekk", "--seed", "7")


@pytest.fixture(scope="session")
def after(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the extract of the week after."""
    return make(tmp_path_factory.mktemp("after") / "uttrekk", "--seed", "7", "--previous", str(base))


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an extract with every fault."""
    folder = tmp_path_factory.mktemp("faulty") / "uttrekk"
    return make(folder, "--seed", "7", "--faults", "--participations", "200")


# ----------------------------------------------------------------------------------------------- the contract


def test_files_and_columns_are_those_of_the_contract(base: Path) -> None:
    """Every file of section 2 is there, with its columns in order, and nothing else."""
    assert {path.name for path in base.iterdir()} == {
        *(f"{topic}.jsonl" for topic in (TOPIC, EMPLOYERS_TOPIC)),
        *(f"{name}.csv" for name in COLUMNS),
    }
    for name, columns in COLUMNS.items():
        header = (base / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert header == ",".join(columns), name
    for topic in (TOPIC, EMPLOYERS_TOPIC):
        assert {frozenset(message) for message in messages(base, topic)} == {
            frozenset(("partition", "offset", "timestamp", "key", "value"))
        }


def test_uttrekk_has_one_row_for_each_file(base: Path) -> None:
    """`kilde` is the file's stem; the times differ a little, and are never before the extract's."""
    rows = tables(base)["uttrekk"]
    kilder = [row["kilde"] for row in rows]
    assert sorted(kilder) == sorted([TOPIC, EMPLOYERS_TOPIC, *(set(COLUMNS) - {"uttrekk"})])
    times = [datetime.fromisoformat(row["uttrekk_tidspunkt"]) for row in rows]
    assert len(set(times)) == len(times)
    assert min(times) == datetime(2025, 8, 4, 6)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--faults", "--gzip", "--files", "3", "--format", "parquet"),
        ("--komet", "view", "--faults"),
        ("--as-seeds", "--offices", "0602"),
    ],
)
def test_same_arguments_give_same_bytes(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Two runs give the same files, compressed and as Parquet too, and another seed gives others."""
    common = ("--participations", "150", *arguments)
    first = make(tmp_path / "first", "--seed", "1", *common)
    second = make(tmp_path / "second", "--seed", "1", *common)
    other = make(tmp_path / "other", "--seed", "2", *common)
    names = sorted(path.name for path in first.iterdir())
    assert names == sorted(path.name for path in second.iterdir())
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    person = next(name for name in names if name.startswith("oppfolgingsbruker"))
    assert (first / person).read_bytes() != (other / person).read_bytes()


def test_parquet_and_split_topic_hold_the_same(tmp_path: Path) -> None:
    """The format changes how an extract is written, not what it says."""
    common = ("--seed", "3", "--participations", "300")
    unpacked = make(tmp_path / "plain", *common)
    packed = make(tmp_path / "packed", *common, "--format", "parquet", "--gzip", "--files", "3")
    for topic in (TOPIC, EMPLOYERS_TOPIC):
        assert len(list(packed.glob(f"{topic}*.jsonl.gz"))) == 3
        assert sorted(read_topic(packed, topic)) == sorted(read_topic(unpacked, topic))
    for name, rows in tables(unpacked).items():
        relation = duckdb.read_parquet(str(packed / f"{name}.parquet"))
        found = [["" if value is None else value for value in row] for row in relation.fetchall()]
        assert relation.columns == list(COLUMNS[name])
        assert found == [list(row.values()) for row in rows], name


def test_refuses_to_overwrite(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with something in it is left as it is, and the user is told."""
    before = {path.name: path.stat().st_mtime_ns for path in base.iterdir()}
    assert make_uttrekk.main([str(base), "--seed", "8"]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert {path.name: path.stat().st_mtime_ns for path in base.iterdir()} == before


def test_a_failed_run_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The extract is put in place only when it is whole."""
    assert make_uttrekk.main([str(tmp_path / "new"), "--seed", "8", "--offices", "4242"]) == 1
    assert "4242 is not a local office" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


# ---------------------------------------------------------------------------------- what it must exercise


def test_idents_are_synthetic(faulty: Path, after: Path) -> None:
    """A person's month is 81 to 92, and a veileder is a letter and six digits; other numbers are nobody's.

    Those that have another form by a fault are a digit short.
    """
    for folder in (faulty, after):
        found = tables(folder)
        people = {
            row["person_ident"]
            for name in ("oppfolgingsbruker", "siste_tilordnet_veileder", "vent_person_periode_v")
            for row in found[name]
        }
        people |= {
            message["value"]["personIdent"]
            for message in messages(folder)
            if message["value"] and "personIdent" in message["value"]
        }
        agreements = [value for value in values(folder, EMPLOYERS_TOPIC) if isinstance(value, dict)]
        people |= {value[name] for value in agreements for name in ("deltakerFnr", "mentorFnr") if value.get(name)}
        people |= {ident for row in read_csv(folder / f"{IDENT_HISTORIKK}.csv") for ident in row.values()}
        assert all(re.fullmatch(r"\d\d(8[1-9]|9[0-2])\d{6,7}", ident) for ident in people)
        assert {len(ident) for ident in people} == ({10, 11} if folder == faulty else {11})
        veiledere = {value["veilederNavIdent"] for value in agreements}
        veiledere |= {row["veileder_ident"] for row in found["siste_tilordnet_veileder"]} - {""}
        for row in found["veiledergruppe"]:
            veiledere |= set(json.loads(row["veileder_identer"]))
        named = [value["navVeileder"] for value in values(folder) if isinstance(value, dict) and "navVeileder" in value]
        veiledere |= {veileder["navIdent"] for veileder in named}
        assert all(re.fullmatch(r"[A-Z]99\d{4}", ident) for ident in veiledere)
        assert all(re.fullmatch(r"3\d{8}", value["bedriftNr"]) for value in agreements)
        telephones = {value.get(name, "0") for value in agreements for name in ("deltakerTlf", "mentorTlf")}
        assert all(number.startswith("0") for number in telephones)


def test_waits_can_be_dated(base: Path) -> None:
    """Who waits, or waited, was registered and has a status with a time, some long before the start."""
    found = standing(base)
    assert all(date.fromisoformat(value["registrertTidspunkt"][:10]) for value in found)
    assert all(value["status"]["opprettetTidspunkt"] for value in found)
    waits = [
        (date.fromisoformat(value["startDato"]) - date.fromisoformat(value["registrertTidspunkt"][:10])).days
        for value in found
        if value["startDato"]
    ]
    assert max(waits) > 40


def waiting(found: Messages, day: date) -> int:
    """Return how many participations somebody waited for on a day, as the last messages tell."""
    count = 0
    for value in found:
        status = value["status"]["type"]
        ended = value["startDato"]
        if status == "IKKE_AKTUELL":
            ended = value["status"]["opprettetTidspunkt"][:10]
        elif status in ("FEILREGISTRERT", "AVBRUTT_UTKAST", DRAFT) or not (ended or status in WAITING):
            continue
        count += value["registrertTidspunkt"][:10] <= day.isoformat() and (not ended or ended > day.isoformat())
    return count


def test_as_many_wait_as_a_year_before(base: Path) -> None:
    """Waits begin through the year, so that the last month is no time when everybody began to wait."""
    found = standing(base)
    now = waiting(found, date(2025, 8, 3))
    for weeks in (4, 13, 52):
        assert 0.5 < now / waiting(found, date(2025, 8, 3) - timedelta(weeks=weeks)) < 2
    today = [value for value in found if value["status"]["type"] in WAITING]
    months = Counter(value["registrertTidspunkt"][:7] for value in today)
    assert max(months.values()) < len(today) / 3


def test_no_local_time_is_in_the_hour_that_summer_time_takes(base: Path) -> None:
    """Between 02 and 03 a time may not exist, or exist twice."""
    found = tables(base)
    times = [row["sist_endret_tidspunkt"] for row in found["oppfolgingsbruker"]]
    times += [row["tilordnet_tidspunkt"] for row in found["siste_tilordnet_veileder"]]
    times += [row["sist_endret_tidspunkt"] for row in found["veiledergruppe"]]
    times += [message["value"]["endretTidspunkt"] for message in messages(base) if message["value"]]
    assert 2 not in {datetime.fromisoformat(written).hour for written in times}
    assert {"T", " "} <= {written[10] for written in times}


# --------------------------------------------------------------------------------------------- the week after


@pytest.mark.parametrize("topic", [TOPIC, EMPLOYERS_TOPIC])
def test_the_week_after_is_a_valid_continuation(base: Path, after: Path, topic: str) -> None:
    """A week later; offsets grow, a key stays in its partition, and what is new is sent in that week."""
    times = [tables(folder)["uttrekk"][0]["uttrekk_tidspunkt"] for folder in (base, after)]
    assert times == ["2025-08-04T06:00:00", "2025-08-11T06:00:00"]
    old, new = messages(base, topic), messages(after, topic)
    partition = {message["key"]: message["partition"] for message in old}
    highest = Counter[int]()
    for message in old:
        highest[message["partition"]] = max(highest[message["partition"]], message["offset"])
    known = {(message["partition"], message["offset"]): message for message in old}
    for message in new:
        assert partition.get(message["key"], message["partition"]) == message["partition"]
        place = (message["partition"], message["offset"])
        if place in known:
            assert known[place] == message
        else:
            assert message["offset"] > highest[message["partition"]]
            sent = datetime.fromtimestamp(message["timestamp"] / 1000)
            assert date(2025, 8, 4) <= sent.date() <= date(2025, 8, 11)


def test_the_week_after_touches_a_small_share(base: Path, after: Path) -> None:
    """One to three per cent of the participations and people, of every kind of change that a week brings."""
    old, new = latest(messages(base)), latest(messages(after))
    changed = {key for key in new if key in old and new[key] != old[key]}
    assert 0.005 < len(changed) / len(old) < 0.03
    assert 3 <= len(set(new) - set(old)) < len(old) / 40
    before, now = tables(base), tables(after)
    for name, low, high in (
        ("oppfolgingsbruker", 0.005, 0.04),
        ("siste_tilordnet_veileder", 0.005, 0.04),
        ("gjennomforing_view", 0.001, 0.04),
        ("veiledergruppe", 0.01, 0.4),
    ):
        rows = [{tuple(row.items()) for row in of_one[name]} for of_one in (before, now)]
        assert low < len(rows[1] - rows[0]) / len(rows[0]) < high, name
    agreements = [latest(messages(folder, EMPLOYERS_TOPIC)) for folder in (base, after)]
    assert len(set(agreements[1]) - set(agreements[0])) >= 2
    assert 0.005 < sum(agreements[1].get(key) != agreements[0][key] for key in agreements[0]) / len(agreements[0]) < 0.1
    registered = [new[key]["value"] for key in set(new) - set(old) if new[key]["value"]]
    assert any((value["startDato"] or "9") < "2025-07-01" for value in registered)


def people_of(folder: Path) -> dict[str, set[str]]:
    """Return the idents of each source, of a topic those of the messages that stand."""
    found = tables(folder)
    by_source = {
        name: {row["person_ident"] for row in found[name]}
        for name in ("oppfolgingsbruker", "siste_tilordnet_veileder", "vent_person_periode_v")
    }
    for topic, name in ((TOPIC, "personIdent"), (EMPLOYERS_TOPIC, "deltakerFnr")):
        by_source[topic] = {value[name] for value in standing(folder, topic)}
    return by_source


def test_a_handful_get_a_new_ident_in_every_source(base: Path, after: Path, tmp_path: Path) -> None:
    """A fødselsnummer for a D-number; the file has all since the first week, and `uttrekk` a row for it."""
    assert not (base / f"{IDENT_HISTORIKK}.csv").exists()
    told: dict[str, str] = {}
    seen_both = in_topics = 0
    weeks = [base, after]
    for week in range(2):
        weeks.append(make(tmp_path / f"{week}", "--seed", "7", "--previous", str(weeks[-1])))
    for before, folder in pairwise(weeks):
        now = {
            row["person_ident"]: row["gjeldende_person_ident"] for row in read_csv(folder / f"{IDENT_HISTORIKK}.csv")
        }
        assert told.items() <= now.items()
        new = now.keys() - told.keys()
        assert 1 <= len(new) <= 15
        assert all(ident[0] in "4567" or ident in told.values() for ident in new)
        assert IDENT_HISTORIKK in {row["kilde"] for row in tables(folder)["uttrekk"]}
        sources, earlier = people_of(folder), people_of(before)
        for name, people in sources.items():
            left = people & now.keys()
            assert name == "siste_tilordnet_veileder" or not left, name
            # One that has both has them for a week.
            assert left <= new
            seen_both += len(left)
        for old in new:
            assert any(now[old] in people for people in sources.values())
            in_topics += old in earlier[TOPIC] and now[old] in sources[TOPIC]
        told = now
    assert seen_both and in_topics


def test_a_week_is_not_much_smaller_than_the_one_before(base: Path, after: Path, tmp_path: Path, faulty: Path) -> None:
    """No table loses a tenth of its rows, and no topic a tenth of its keys without a tombstone."""
    after_faulty = make(tmp_path / "after", "--seed", "7", "--previous", str(faulty))
    for before, folder in ((base, after), (faulty, after_faulty)):
        rows = [{name: len(found) for name, found in tables(one).items()} for one in (before, folder)]
        assert all(rows[1][name] > 0.9 * rows[0][name] for name in rows[0])
        for topic in (TOPIC, EMPLOYERS_TOPIC):
            old, new = latest(messages(before, topic)), latest(messages(folder, topic))
            stood = {key for key, message in old.items() if message["value"]}
            assert len(stood - new.keys()) < 0.1 * len(stood)


def test_over_some_weeks_everything_happens(base: Path, tmp_path: Path) -> None:
    """Keys are deleted, vanish and return; people vanish and return; groups are renamed, made and deleted."""
    seen: set[str] = set()
    before, gone_people, gone_keys = base, set[str](), set[str]()
    for week in range(10):
        folder = make(tmp_path / f"{week}", "--seed", "7", "--previous", str(before))
        old, new = latest(messages(before)), latest(messages(folder))
        for key in set(old) | set(new):
            was = old[key]["value"] if key in old else None
            now = new[key]["value"] if key in new else None
            if key not in new and was:
                seen.add("key vanished")
            elif key in new and was and not now:
                seen.add("key deleted")
            elif key in old and now and not was:
                seen.add("key returned")
            elif was and now and was["sluttDato"] != now["sluttDato"]:
                seen.add("end changed")
        gone_keys |= set(old) - set(new)
        seen |= employers_changes(before, folder)
        first, second = tables(before), tables(folder)
        both = (first, second)
        people = [{row["person_ident"]: row for row in of_one["oppfolgingsbruker"]} for of_one in both]
        if gone_people & set(people[1]):
            seen.add("person returned")
        gone_people |= set(people[0]) - set(people[1])
        for ident in set(people[0]) & set(people[1]):
            was, now = people[0][ident], people[1][ident]
            if was["enhetsnummer"] != now["enhetsnummer"]:
                seen.add("person moved")
                if now["sist_endret_tidspunkt"] == was["sist_endret_tidspunkt"]:
                    seen.add("moved with the same timestamp")
        groups = [{row["filter_id"]: row for row in of_one["veiledergruppe"]} for of_one in (first, second)]
        seen |= {"group deleted"} if set(groups[0]) - set(groups[1]) else set()
        seen |= {"group made"} if set(groups[1]) - set(groups[0]) else set()
        for group in set(groups[0]) & set(groups[1]):
            for column in ("filter_navn", "veileder_identer"):
                if groups[0][group][column] != groups[1][group][column]:
                    seen.add(f"{column} changed")
        if first["veiledergruppe_avdeling"] != second["veiledergruppe_avdeling"]:
            seen.add("avdeling registered anew")
        statuses = [{row["id"]: row for row in of_one["gjennomforing_view"]} for of_one in (first, second)]
        for found_id, row in statuses[0].items():
            if row["status"] == "GJENNOMFORES":
                seen.add(f"gjennomføring {statuses[1][found_id]['status']}")
        before = folder
    assert seen >= {
        "key vanished",
        "key deleted",
        "key returned",
        "end changed",
        "person moved",
        "person returned",
        "moved with the same timestamp",
        "group deleted",
        "group made",
        "filter_navn changed",
        "veileder_identer changed",
        "avdeling registered anew",
        "gjennomføring AVBRUTT",
        "gjennomføring AVSLUTTET",
        "agreement new",
        "agreement vanished",
        "agreement deleted",
        "agreement returned",
        "agreement KLAR_FOR_OPPSTART to GJENNOMFORES",
        "agreement GJENNOMFORES to AVSLUTTET",
        "agreement GJENNOMFORES to AVBRUTT",
        "agreement KLAR_FOR_OPPSTART to ANNULLERT",
        "agreement has another startDato",
        "agreement has another sluttDato",
        "agreement has another stillingprosent",
        "agreement has another feilregistrert",
    }


def employers_changes(before: Path, after: Path) -> set[str]:
    """Return what happened to employers' participations between two extracts."""
    old, new = (latest(messages(folder, EMPLOYERS_TOPIC)) for folder in (before, after))
    seen = {"agreement new"} if set(new) - set(old) else set()
    for key, message in old.items():
        was, now = message["value"], new[key]["value"] if key in new else None
        if was and now:
            statuses = [plain(value["avtaleStatus"]) for value in (was, now)]
            if statuses[0] != statuses[1]:
                seen.add(f"agreement {statuses[0]} to {statuses[1]}")
            seen |= {f"agreement has another {name}" for name in was if was[name] != now[name]}
        elif was:
            seen.add("agreement deleted" if key in new else "agreement vanished")
        elif now:
            seen.add("agreement returned")
    return seen


# ---------------------------------------------------------------------------------------------- the country

COUNTRY = ("--seed", "4", "--country", "--participations", "6000")
#: On these days of the ten years people are counted.
MONTHS = [date(year, month, 15) for year in range(2015, 2026) for month in range(1, 13)][7:-5]
COUNTING = ("DELTAR", "HAR_SLUTTET", "FULLFORT", "AVBRUTT")


@pytest.fixture(scope="session")
def few_courses() -> Iterator[None]:
    """Make the country's courses fewer, as most of the time of a small extract is theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registers, "COUNTRY_COURSE_GAP", 2000)
        patch.setattr(country, "PART", 1500)
        yield


@pytest.fixture(scope="session")
def norway(few_courses: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small extract of the country."""
    return make(tmp_path_factory.mktemp("norway") / "uttrekk", *COUNTRY, "--processes", "2")


def test_norway_has_all_offices_and_what_is_at_each(norway: Path) -> None:
    """Every local office; about 59 veiledere and 12 groups at each, and five participations a person."""
    found = tables(norway)
    offices = {row["enhetsnummer"] for row in found["veiledergruppe"]}
    assert offices == {
        row["enhetsnummer"] for row in found["nav_enhet"] if row["type"] == "LOKAL" and row["status"] == "Aktiv"
    }
    assert 330 < len(offices) < 345
    assert 11 < len(found["veiledergruppe"]) / len(offices) < 13
    veiledere = {veileder for row in found["veiledergruppe"] for veileder in json.loads(row["veileder_identer"])}
    assert 55 < len(veiledere) / len(offices) < 63
    people = Counter(value["personIdent"] for value in standing(norway))
    assert 4.5 < sum(people.values()) / len(people) < 5.5
    assert len(latest(messages(norway))) == 6_000


def test_as_many_take_part_at_a_time_as_in_the_national_figures(norway: Path) -> None:
    """Of five millions 85 000, in all ten years alike, and fewest in July; of six thousand a hundred, roughly."""
    spans: dict[date, set[str]] = {day: set() for day in MONTHS}
    for value in standing(norway):
        if value["status"]["type"] in COUNTING and value["startDato"]:
            start, slutt = value["startDato"], value["sluttDato"] or "9"
            for day in MONTHS:
                if start <= day.isoformat() <= slutt:
                    spans[day].add(value["personIdent"])
    counts = {day: len(people) * 5_000_000 / 6_000 for day, people in spans.items()}
    assert all(50_000 < count < 120_000 for count in counts.values())
    for year in range(2016, 2025):
        of_year = [count for day, count in counts.items() if day.year == year]
        assert 65_000 < sum(of_year) / 12 < 95_000, year

    def mean(month: int) -> float:
        of_month = [count for day, count in counts.items() if day.month == month]
        return sum(of_month) / len(of_month)

    assert mean(7) == min(mean(month) for month in range(1, 13))
    assert mean(7) < 0.93 * mean(4)


def test_the_number_of_processes_changes_nothing(few_courses: None, tmp_path: Path) -> None:
    """Parts are joined in order; keys stay in a partition, and no offset is used twice."""
    arguments = ("--seed", "5", "--country", "--participations", "2000", "--gzip", "--files", "2", "--faults")
    folders = [make(tmp_path / number, *arguments, "--processes", number) for number in ("1", "2")]
    names = sorted(path.name for path in folders[0].iterdir())
    assert names == sorted(path.name for path in folders[1].iterdir())
    assert {f"{TOPIC}-1.jsonl.gz", f"{TOPIC}-2.jsonl.gz"} <= set(names)
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name
    for topic in (TOPIC, EMPLOYERS_TOPIC):
        lines = set(read_topic(folders[0], topic))
        found = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        assert len({(message["partition"], message["offset"]) for message in found}) == len(found)
        assert len(split_keys(found)) == (3 if topic == TOPIC else 1)
    assert max(Counter(row["person_ident"] for row in tables(folders[0])["vent_person_periode_v"]).values()) < 9


# ------------------------------------------------------------------------------------------- only the changes


def applied(before: Path, changes: Path, topic: str) -> list[dict[str, Any]]:
    """Return what stands of a topic when the changes are added to what was there, in order of key."""
    both = latest(messages(before, topic) + messages(changes, topic))
    return [message for _, message in sorted(both.items()) if message["value"]]


def test_only_changes_say_the_same_as_the_whole(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what was there before, the new messages give the same participations; one that is gone, a tombstone."""
    # Enough happens for keys to vanish from both topics.
    for week in (next_topics.KometWeek, next_topics.EmployersWeek):
        monkeypatch.setattr(week, "changed_share", 0.3)
    arguments = ("--seed", "7", "--previous", str(base))
    whole = make(tmp_path / "whole", *arguments)
    changes = make(tmp_path / "changes", *arguments, "--only-changes", "--gzip", "--files", "2")
    for topic in (TOPIC, EMPLOYERS_TOPIC):
        old, new = latest(messages(base, topic)), latest(messages(whole, topic))
        stands = [message for _, message in sorted(new.items()) if message["value"]]
        assert applied(base, changes, topic) == stands
        known = {(message["partition"], message["offset"]) for message in messages(base, topic)}
        sent = messages(changes, topic)
        assert not known & {(message["partition"], message["offset"]) for message in sent}
        assert len(sent) < len(known)
        gone = {key for key, message in old.items() if message["value"]} - new.keys()
        assert gone
        assert gone <= {message["key"] for message in sent if message["value"] is None}
    for name in set(COLUMNS) - {"uttrekk"}:
        assert (whole / f"{name}.csv").read_bytes() == (changes / f"{name}.csv").read_bytes(), name


# ----------------------------------------------------------------------------------------------- Komet's view


def view_of(folder: Path) -> list[Row]:
    """Return the rows that Komet's view should have, from the topic, in order of id; without bruker_id."""
    return [
        {
            "person_ident": hashlib.sha256(value["personIdent"].encode()).hexdigest(),
            "id": key,
            "gjennomforing_id": value["gjennomforingId"],
            "start_dato": value["startDato"] or "",
            "slutt_dato": value["sluttDato"] or "",
            "status": value["status"]["type"],
        }
        for key, message in sorted(latest(messages(folder)).items())
        if (value := message["value"])
    ]


def read_view(rows: list[Row]) -> list[Row]:
    """Check the view's columns and that bruker_id is the person's; returns its rows without that."""
    assert {tuple(row) for row in rows} == {brute_force.KOMET_VIEW_COLUMNS}
    bruker = {(row["person_ident"], row["bruker_id"]) for row in rows}
    assert len(bruker) == len({ident for ident, _ in bruker}) == len({bruker_id for _, bruker_id in bruker})
    return [{column: row[column] for column in row if column != "bruker_id"} for row in rows]


def test_komets_view_has_the_participants_of_the_topic(base: Path, tmp_path: Path) -> None:
    """`--komet view` writes the standing participations in the topic's place, and all else as it is without."""
    folder = make(tmp_path / "uttrekk", "--seed", "7", "--komet", "view")
    assert read_view(list(read_csv(folder / f"{KOMET_VIEW}.csv"))) == view_of(base)
    names = {path.name for path in folder.iterdir()}
    assert names == {path.name for path in base.iterdir()} - {f"{TOPIC}.jsonl"} | {f"{KOMET_VIEW}.csv"}
    for name in names - {f"{KOMET_VIEW}.csv", "uttrekk.csv"}:
        assert (folder / name).read_bytes() == (base / name).read_bytes(), name
    uttrekk = (base / "uttrekk.csv").read_text(encoding="utf-8").replace(TOPIC, KOMET_VIEW)
    assert (folder / "uttrekk.csv").read_text(encoding="utf-8") == uttrekk


def test_nothing_is_made_from_komets_view(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its idents are hashed; the user is told to name an extract with the topic."""
    folder = make(tmp_path / "view", "--seed", "7", "--participations", "50", "--komet", "view")
    for komet in ("view", "topic"):
        arguments = ["--seed", "7", "--previous", str(folder), "--komet", komet]
        assert make_uttrekk.main([str(tmp_path / "next"), *arguments]) == 1
        assert "has Komet's view, whose idents are hashed" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        make_uttrekk.main([str(tmp_path / "seeds"), "--seed", "7", "--as-seeds", "--komet", "view"])
    assert [path.name for path in tmp_path.iterdir()] == ["view"]


# ------------------------------------------------------------------------------------------------------ seeds


def seeds_command() -> list[str]:
    """Return the arguments of the documented command that makes the seeds."""
    command = re.search(r"make_uttrekk\.py seeds/uttrekk (.*)", make_uttrekk.__doc__ or "")
    assert command
    assert command.group(1).endswith("--as-seeds")
    return command.group(1).split()


def test_the_seeds_are_what_the_documented_command_makes(tmp_path: Path) -> None:
    """The docstring of the module names the command; what it makes is what is in the repo, and small."""
    folder = make(tmp_path / "seeds", *seeds_command())
    seeds = ROOT / "seeds" / "uttrekk"
    assert {path.name for path in folder.iterdir()} == {path.name for path in seeds.glob("*.csv")}
    for path in folder.iterdir():
        assert path.read_bytes() == (seeds / path.name).read_bytes(), path.name
    assert sum(path.stat().st_size for path in folder.iterdir()) < 2_000_000


def test_the_first_office_has_the_cells_of_the_prototype(tmp_path: Path) -> None:
    """The seeds' dense table has 8 tiltak, 6 innsatsgrupper and 5 avdelinger for 0219, in every week."""
    folder = make(tmp_path / "plain", *seeds_command()[:-1])
    world = brute_force.World(fra_uke_dato=date(2022, 1, 3), key="nøkkel")
    world.load(brute_force.read_uttrekk(folder))
    counts = {cell: antall for cell, antall in world.uke_antall().items() if cell.enhetsnummer == "0219"}
    per_week = Counter((cell.aar, cell.uke) for cell in counts)
    assert len(counts) == 44_880
    assert len(per_week) == 187
    assert set(per_week.values()) == {240}
    avdelinger = {cell.avdeling for cell in counts}
    assert avdelinger > {"Ufordelt", "Ukjent"}
    unknown = sum(antall for cell, antall in counts.items() if cell.avdeling == "Ukjent")
    assert unknown < 0.22 * sum(counts.values())


def test_no_employers_participant_of_the_seeds_is_of_the_first_office() -> None:
    """By no source at any time: its 8 tiltak are those of the prototype (README)."""
    seeds = ROOT / "seeds" / "uttrekk"
    of_first = {
        row["person_ident"]
        for name, column in (("oppfolgingsbruker", "enhetsnummer"), ("vent_person_periode_v", "nav_kontor"))
        for row in read_csv(seeds / f"{name}.csv")
        if row[column] == "0219"
    }
    found = values(seeds, EMPLOYERS_TOPIC)
    assert of_first and found
    assert not {value["deltakerFnr"] for value in found} & of_first
    assert "0219" not in {value["enhetOppfolging"] for value in found}
