"""Make synthetic extracts (uttrekk): everything a run of the project reads, with invented people.

The contract of an extract is section 2 of the specification: a folder of tables (CSV or Parquet), and two
topics as newline-delimited JSON: Komet's, and that of employers' tiltak (section 9). Nothing in it is real:
idents have 80 added to the month, as in Skatteetaten's Tenor, and veiledere are letters and running numbers.
The shape is taken from the world: code lists (`seeds/kodeverk`), Nav's units and the published
national figures (`data/` beside this file), by which tiltakstyper, months and innsatsgrupper are drawn.

The project's own seeds are made by

    rm -f seeds/uttrekk/*.csv
    uv run python scripts/make_uttrekk.py seeds/uttrekk --seed 2022 --as-seeds

an extract of Norway, which is what a run is measured on, and those of the week after it, whole and with the topics'
changes only, by

    uv run python scripts/make_uttrekk.py uttrekk/uke31 --seed 1 --country --participations 5000000 --format parquet
    uv run python scripts/make_uttrekk.py uttrekk/uke32 --seed 1 --previous uttrekk/uke31 --format parquet
    uv run python scripts/make_uttrekk.py uttrekk/uke32e --seed 1 --previous uttrekk/uke31 --only-changes

Norway is every local office, with about 59 veiledere and 12 groups at each, and ten years of participations (and a
year before these), about five for each person. About as many people take part at any time as in the national
figures when there are five million participations, and in proportion fewer when there are fewer (`shape`).
A week touches about one per cent of them, nearly all of it recent. A handful of people get a fødselsnummer in the
place of their D-number, in every source, and from then on `person_ident_historikk` tells of them.

Komet's participations may be written as the table that stands in the topic's place (`--komet view`). They are
those that the topic has with the same arguments. Its idents are hashed, so that nothing can be made from
it: `--previous` must name an extract with the topic, and a full one.

The same arguments give the same bytes, with however many processes. People are made and written one by one, so
memory grows with the number of offices and gjennomføringer for groups, not with the number of people. To make the
week after, the idents of all and the ids of the gjennomføringer are held, and the messages of those that change.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from tiltaksstatistikk.generator.country import Country, write_country
from tiltaksstatistikk.generator.employers import AgreementMaker, EmployersWriter
from tiltaksstatistikk.generator.faults import write_employer_faults, write_faults
from tiltaksstatistikk.generator.files import (
    EMPLOYERS_TOPIC,
    KOMET_VIEW,
    OMFANG,
    TOPIC,
    Extract,
    Form,
    Progress,
    new_extract,
    read_table,
    read_topic,
)
from tiltaksstatistikk.generator.next_week import NextWeek, is_country
from tiltaksstatistikk.generator.people import Idents, PeopleMaker
from tiltaksstatistikk.generator.registers import RegisterBuilder, Registers
from tiltaksstatistikk.generator.shape import Shape, country_shape
from tiltaksstatistikk.generator.values import Draws, parse_time

DEFAULT_OFFICES = "0219,0220,0602"
DEFAULT_PARTICIPATIONS = 1600
DEFAULT_TAKEN_AT = datetime(2025, 8, 4, 6)


def make_first(args: argparse.Namespace, extract: Extract) -> None:
    """Write an extract from nothing. Raises ValueError for an office that does not exist."""
    seed, wanted = args.seed, args.participations
    registers = Registers(args.taken_at, country_shape(args.taken_at) if args.country else Shape())
    offices = None if args.country else [number.strip() for number in args.offices.split(",")]
    RegisterBuilder(registers, extract, seed, offices).build()
    maker = PeopleMaker(registers)
    if args.country:
        add = partial(add_faults, args, idents=Idents(Draws(seed), 15_000)) if args.faults else None
        form = Form(compress=args.gzip, komet_view=args.komet == "view")
        write_country(Country(maker, extract.folder, form, seed, wanted, add), extract, args.processes)
        return
    idents = Idents(Draws(f"{seed}/ident"), 10_000)
    # The first office of several has the prototype's eight tiltak, and so none with employers.
    agreements = AgreementMaker(maker, registers.offices[1:] or registers.offices)
    employers = EmployersWriter(agreements, extract, seed)
    progress = Progress("participations", wanted)
    done = number = 0
    while done < wanted:
        rng = Draws(f"{seed}/person/{number}")
        participations = min(wanted - done, rng.choices((1, 2, 3, 4), (0.68, 0.22, 0.07, 0.03))[0])
        person = maker.person(rng, idents.next(), participations)
        person.write(extract)
        done += participations
        employers.follow(number, person, done)
        number += 1
        progress.tell(done)
    if args.faults:
        add_faults(args, agreements, extract, Idents(Draws(seed), 15_000))


def make_next(args: argparse.Namespace, extract: Extract, taken_before: datetime) -> None:
    """Write the extract of the week after `--previous`."""
    series = 20_000 + 10 * (args.taken_at.toordinal() // 7 % 7_900)
    shape = Shape(first_start=args.taken_at.date() - timedelta(days=240))
    if is_country(args.previous):
        shape = country_shape(args.taken_at, args.taken_at.date() - timedelta(days=14))
    registers = Registers(args.taken_at, shape)
    week = NextWeek(
        *(registers, extract, args.previous, taken_before, args.seed, Idents(Draws(args.seed), series + 4)),
        only_changes=args.only_changes,
        faults=args.faults,
    )
    week.build(series)
    if args.faults:
        agreements = AgreementMaker(week.maker, registers.offices)
        add_faults(args, agreements, extract, Idents(Draws(args.seed), series + 5))


def add_faults(args: argparse.Namespace, maker: AgreementMaker, extract: Extract, idents: Idents) -> None:
    """Write the faulty objects of every source."""
    scope = f"{args.seed}/faults/{args.taken_at}"
    write_faults(Draws(scope), maker.people, extract, idents)
    write_employer_faults(Draws(f"{scope}/employers"), maker, extract, idents)


def make(args: argparse.Namespace) -> None:
    """Write the extract that the arguments describe.

    Raises FileExistsError when the folder is not empty, FileNotFoundError when `--previous` is no extract,
    and ValueError when it has Komet's view, for an office that does not exist, and for a time that is not after
    the earlier extract's.
    """
    taken_before: datetime | None = None
    if args.previous:
        if any(args.previous.glob(f"{KOMET_VIEW}.*")):
            raise ValueError(f"{args.previous} has Komet's view, whose idents are hashed; name one with {TOPIC}*.jsonl")
        # Better now than when all the tables have been read.
        next(read_topic(args.previous), None)
        taken = list(read_table(args.previous, "uttrekk"))
        if any(row.get(OMFANG) == "endring" for row in taken):
            raise ValueError(f"{args.previous} has only the changes of its week; name an extract that is full")
        times = [parse_time(row["uttrekk_tidspunkt"]) for row in taken]
        taken_before = min(found for found in times if found)
        args.taken_at = args.taken_at or taken_before + timedelta(days=7)
        if args.taken_at <= taken_before:
            raise ValueError(f"the extract must be taken after {taken_before}, when {args.previous} was")
    args.taken_at = args.taken_at or DEFAULT_TAKEN_AT
    form = Form(args.format == "parquet", args.gzip, args.files, args.as_seeds, args.komet == "view", args.only_changes)
    rngs = {
        TOPIC: Draws(f"{args.seed}/topic/{args.taken_at}"),
        EMPLOYERS_TOPIC: Draws(f"{args.seed}/employers topic/{args.taken_at}"),
    }
    with new_extract(args.folder, rngs, form) as extract:
        if taken_before:
            make_next(args, extract, taken_before)
        else:
            make_first(args, extract)
        extract.write_uttrekk(args.taken_at)


def moment_named(text: str) -> datetime:
    """Return a time from ISO 8601, or six in the morning some days ago (`8-days-ago`).

    Raises ValueError when it is neither.
    """
    if days := re.fullmatch(r"(\d{1,5})-days-ago", text):
        today = datetime.now(ZoneInfo("Europe/Oslo")).replace(hour=6, minute=0, second=0, microsecond=0, tzinfo=None)
        return today - timedelta(days=int(days[1]))
    return datetime.fromisoformat(text)


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; exits with a message when it makes no sense."""
    parser = argparse.ArgumentParser(description="Make a synthetic extract (uttrekk).")
    add = parser.add_argument
    add("folder", type=Path, help="where the extract is written; must be empty or not there")
    add("--seed", type=int, required=True, help="number that everything is drawn from")
    taken_at = f"Oslo time of the extract (default {DEFAULT_TAKEN_AT}, or a week after --previous)"
    add("--taken-at", type=moment_named, help=f"{taken_at}; or 8-days-ago, at six in the morning")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--offices", default=DEFAULT_OFFICES, help="enhetsnumre (default %(default)s)")
    where.add_argument("--country", action="store_true", help="every local office, and ten years")
    add("--participations", type=int, default=DEFAULT_PARTICIPATIONS, help="default %(default)s")
    add("--format", choices=("csv", "parquet"), default="csv", help="of the tables (default csv)")
    add("--gzip", action="store_true", help="compress the topics' files")
    add("--files", type=int, default=1, help="number of files each topic is spread over")
    komet = "Komet's participations as the topic's messages, or as a table that stands in its place (default topic)"
    add("--komet", choices=("topic", "view"), default="topic", help=komet)
    add("--faults", action="store_true", help="add objects with every fault that becomes an avvik")
    add("--processes", type=int, default=os.cpu_count() or 1, help="that make the country (default %(default)s)")
    add("--previous", type=Path, help="an extract with Komet's topic; write the one of the week after")
    changes = "write only the messages that are new since --previous, a tombstone for each key that is gone"
    add("--only-changes", action="store_true", help=changes)
    add("--as-seeds", action="store_true", help="write the topics as CSV seeds with a column `melding`")
    args = parser.parse_args(arguments)
    if args.as_seeds and (args.format != "csv" or args.gzip or args.files != 1 or args.komet != "topic"):
        others = "--format parquet, --gzip, --files and --komet view"
        parser.error(f"seeds are CSV, and hold topics: --as-seeds goes with none of {others}")
    if args.only_changes and (not args.previous or args.komet != "topic" or args.as_seeds):
        parser.error("--only-changes goes with --previous, and neither with --komet view nor with --as-seeds")
    if args.as_seeds and args.country:
        parser.error("seeds are small: --as-seeds does not go with --country")
    if min(args.files, args.participations, args.processes) < 1:
        parser.error("--files, --participations and --processes must be at least 1")
    return args


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 1, with a sentence on stderr, when the extract cannot be made."""
    try:
        make(parse_arguments(arguments))
    except (FileExistsError, FileNotFoundError, ValueError) as error:
        print(f"make_uttrekk: {error}", file=sys.stderr)
        return 1
    return 0
