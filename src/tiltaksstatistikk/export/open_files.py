"""Writes the open relations as open files for machines, beside their Parquet files.

    aapen_*.csv                    each Parquet file as CSV
    ukeAntall/<enhetsnummer>.json  each week at an office, in the shape of the earlier backend's answer
    ukeAntall.schema.json          JSON Schema of these
    ordbok.json, ordbok.csv        the data dictionary

Only the open relations are read, so that nothing else can be told.
"""

import csv
import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb

WEEKS = "ukeAntall"
SCHEMA = f"{WEEKS}.schema.json"
# dbt's own database has the rest of the machine.
MEMORY = "1GB"
# So many numbers at a time: all weeks of an office or some.
BATCH = 1_000_000

CELLS = "create view celle as from aapen_deltakelse_uke where enhet_nivaa_kode = 'KONTOR'"

# Each office, and what occurs there in any week, in the order of its files.
OFFICES = """
    create temp table kontor as
    with

    forekomst as (
        select
            enhetsnummer,
            list(distinct {'navn': tiltakstype_navn, 'kode': tiltakskode})
                filter (contains(gruppering_kode, 'TILTAKSTYPE')) as tiltakstyper,
            list(distinct {'nummer': sortering_nummer, 'kode': innsatsgruppe_kode, 'navn': innsatsgruppe_navn})
                filter (contains(gruppering_kode, 'INNSATSGRUPPE')) as innsatsgrupper,
            list(distinct avdeling_navn) filter (contains(gruppering_kode, 'AVDELING')) as avdelinger
        from celle
        left join aapen_tiltakstype using (tiltakskode)
        left join aapen_innsatsgruppe using (innsatsgruppe_kode)
        group by enhetsnummer
    )

    select
        enhetsnummer,
        coalesce(list_sort(tiltakstyper), []) as tiltakstyper,
        coalesce(list_sort(avdelinger), []) as avdelinger,
        list_sort(flatten([
            [{'avdeling': a, 'innsatsgruppe': i} for i in coalesce(innsatsgrupper, [])]
            for a in coalesce(avdelinger, [])
        ])) as rader
    from aapen_enhet
    left join forekomst using (enhetsnummer)
    where enhet_nivaa_kode = 'KONTOR'
"""

# Each number that an office's files have.
PLACES = """
    create temp table plass as
    with

    rad as (
        select
            enhetsnummer,
            'TILTAKSTYPE_INNSATSGRUPPE_AVDELING' as gruppering_kode,
            rad.avdeling as avdeling_navn,
            rad.innsatsgruppe as innsatsgruppe
        from (select enhetsnummer, unnest(rader) as rad from kontor)
        union all
        select enhetsnummer, 'TILTAKSTYPE_AVDELING', unnest(avdelinger), null from kontor
    ),

    tiltakstype as (
        select enhetsnummer, unnest(tiltakstyper) as tiltakstype from kontor
    )

    select
        enhetsnummer,
        gruppering_kode,
        avdeling_navn,
        coalesce(innsatsgruppe.kode, 'ALLE') as innsatsgruppe_kode,
        tiltakstype.kode as tiltakskode,
        row_number() over (partition by enhetsnummer order by avdeling_navn, innsatsgruppe, tiltakstype) as plass_nummer
    from rad
    inner join tiltakstype using (enhetsnummer)
"""

# The weeks of some offices. A number that is not there is 0 where one that it is part of is, and else not known
# (with noise it is 0 in any case). All the numbers of a file are one list, which is cut into rows: a list for each row
# takes ten times as long.
FILES = """
    with

    plassene as (
        from plass where enhetsnummer between $first and $last
    ),

    cellene as materialized (
        from celle where enhetsnummer between $first and $last
    ),

    tall as (
        select
            uke.uke_start_dato,
            plass.enhetsnummer,
            plass.gruppering_kode,
            plass.plass_nummer,
            case
                when egen.enhetsnummer is not null then egen.person_antall
                when avdelingens.enhetsnummer is null or innsatsgruppens.enhetsnummer is null then 0
                -- Where exact numbers are suppressed, the three are not shown together.
                when (select metode_kode != 'PRIKKING' from aapen_om_tallene) then 0
            end as antall
        from plassene as plass
        cross join aapen_uke as uke
        left join cellene as egen
            using (uke_start_dato, enhetsnummer, gruppering_kode, tiltakskode, innsatsgruppe_kode, avdeling_navn)
        left join cellene as avdelingens
            on uke.uke_start_dato = avdelingens.uke_start_dato
            and plass.enhetsnummer = avdelingens.enhetsnummer
            and avdelingens.gruppering_kode = 'TILTAKSTYPE_AVDELING'
            and plass.tiltakskode = avdelingens.tiltakskode
            and plass.avdeling_navn = avdelingens.avdeling_navn
        left join cellene as innsatsgruppens
            on uke.uke_start_dato = innsatsgruppens.uke_start_dato
            and plass.enhetsnummer = innsatsgruppens.enhetsnummer
            and innsatsgruppens.gruppering_kode = 'INNSATSGRUPPE'
            and plass.innsatsgruppe_kode = innsatsgruppens.innsatsgruppe_kode
    ),

    verdier as (
        select
            uke_start_dato,
            enhetsnummer,
            list(antall order by plass_nummer) filter (gruppering_kode = 'TILTAKSTYPE_INNSATSGRUPPE_AVDELING') as data,
            list(antall order by plass_nummer) filter (gruppering_kode = 'TILTAKSTYPE_AVDELING') as avdelingens_data
        from tall
        group by uke_start_dato, enhetsnummer
    ),

    fil as (
        select *, len(tiltakstyper) as bredde
        from aapen_uke
        cross join (from kontor where enhetsnummer between $first and $last) as kontor
        left join verdier using (uke_start_dato, enhetsnummer)
    )

    select
        enhetsnummer,
        string_agg(to_json({
            'aar': aar,
            'uke': uke,
            'headers': [t.navn for t in tiltakstyper],
            'data': [
                {
                    'avdeling': r.avdeling,
                    'innsatsgruppe': r.innsatsgruppe.navn,
                    'verdier': data[(i - 1) * bredde + 1:i * bredde]
                } for r, i in rader
            ],
            'dataAvdeling': [
                {'avdeling': a, 'verdier': avdelingens_data[(i - 1) * bredde + 1:i * bredde]} for a, i in avdelinger
            ]
        }), e',\n' order by uke_start_dato)
    from fil
    group by enhetsnummer
"""


def write_open_files(folder: Path, dictionary: list[dict[str, Any]]) -> None:
    """Write all of them.

    Args:
        folder: the folder with `aapen_*.parquet`, where the rest is written.
        dictionary: for each relation its `relasjon`, `beskrivelse`, `granularitet`, `historikk` and `kolonner`, each of
            these with `navn`, `type` and `beskrivelse`.

    Raises:
        OSError: the disk is full.
        duckdb.Error: an open relation is missing or cannot be read.
    """
    with duckdb.connect(config={"memory_limit": MEMORY}) as connection:
        for path in sorted(folder.glob("aapen_*.parquet")):
            connection.read_parquet(str(path)).create_view(path.stem)
            write_csv(connection, path.stem, path.with_suffix(".csv"))
        write_weeks(connection, folder / WEEKS)
    shutil.copyfile(Path(__file__).with_name(SCHEMA), folder / SCHEMA)
    write_dictionary(folder, dictionary)


def write_csv(connection: duckdb.DuckDBPyConnection, relation: str, path: Path) -> None:
    """Write a relation as CSV by RFC 4180, in UTF-8. A number that is suppressed is empty: its flag says why."""
    connection.execute(
        f"copy {relation} to $path (format csv, header, new_line '\\r\\n', timestampformat '%Y-%m-%dT%H:%M:%S')",
        {"path": str(path)},
    )


def write_weeks(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the weeks of each office, a few offices at a time so that a country takes no more memory than an office.

    Args:
        connection: where the open relations are views.
        folder: where to write them.
    """
    folder.mkdir()
    for statement in (CELLS, OFFICES, PLACES):
        connection.execute(statement)
    # Offices one after the other until they have BATCH numbers.
    batches = connection.execute(
        """
        with

        talt as (
            select
                kontor.enhetsnummer,
                sum(count(plass.plass_nummer)) over (order by kontor.enhetsnummer)
                    * (select count(*) from aapen_uke) // $batch as bunke_nummer
            from kontor
            left join plass using (enhetsnummer)
            group by kontor.enhetsnummer
        )

        select min(enhetsnummer), max(enhetsnummer) from talt group by bunke_nummer order by 1
        """,
        {"batch": BATCH},
    )
    for first, last in batches.fetchall():
        found = connection.execute(FILES, {"first": first, "last": last})
        for office, weeks in found.fetchall():
            (folder / f"{quote(office, safe='')}.json").write_text(f"[\n{weeks}\n]\n", encoding="utf-8")


def write_dictionary(folder: Path, dictionary: list[dict[str, Any]]) -> None:
    """Write the data dictionary as JSON, and as CSV with one row for each column of a relation."""
    text = json.dumps(dictionary, ensure_ascii=False, indent=2) + "\n"
    (folder / "ordbok.json").write_text(text, encoding="utf-8")
    write_dictionary_csv(folder, dictionary)


def write_dictionary_csv(folder: Path, dictionary: list[dict[str, Any]]) -> None:
    """Write the data dictionary as CSV."""
    with (folder / "ordbok.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["relasjon", "relasjon_beskrivelse", "granularitet", "historikk", "kolonne", "type", "kolonne_beskrivelse"]
        )
        for relation in dictionary:
            whole = [relation[key] for key in ("relasjon", "beskrivelse", "granularitet", "historikk")]
            for column in relation["kolonner"]:
                writer.writerow([*whole, column["navn"], column["type"], column["beskrivelse"]])
