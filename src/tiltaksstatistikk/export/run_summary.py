"""Writes what a run did, for a person in ten seconds (kjoring.md) and for an alarm (kjoring.json).

Both are about exact numbers, so they are as internal as the folder `intern` of the set that they are made of.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb

SUMMARY = "kjoring.json"
TEXT = "kjoring.md"
MOST_OFFICES = 12
MOST_FAULTS = 8

# One run's rows, of the marts in the set that it has written.
QUERIES = {
    "enheter": """
        with uke as (select max(uke_start_dato) as siste from dim_uke),
        kontor as (
            select enhet_nivaa_kode, enhetsnummer, uke_start_dato, person_antall
            from obt_deltakelse_uke_totaler, uke
            where gruppering_kode = 'INGEN' and uke_start_dato > siste - interval 14 day
        )
        select
            enhet_nivaa_kode,
            enhetsnummer,
            coalesce(any_value(enhet.enhet_navn), 'Landet') as enhet_navn,
            coalesce(sum(person_antall) filter (uke_start_dato = uke.siste), 0)::bigint as person_antall,
            coalesce(sum(person_antall) filter (uke_start_dato < uke.siste), 0)::bigint as uken_for_person_antall
        from kontor cross join uke left join dim_nav_enhet as enhet using (enhetsnummer)
        group by enhet_nivaa_kode, enhetsnummer
        order by list_position(['LAND', 'REGION'], enhet_nivaa_kode) nulls last, enhetsnummer
    """,
    "avvik": """
        select kilde, eier_navn, avvikstype_kode, alvorlighet_kode, antall, forrige_antall, endring_antall
        from kjoring_avvik
        where kjoring_id = $kjoring_id
        order by alvorlighet_kode = 'FEIL' desc, abs(endring_antall) desc, kilde, avvikstype_kode
    """,
    "borte": """
        select regnskap_kode, steg_beskrivelse, antall
        from avstemming
        where ends_with(steg_kode, '_NOKKEL_BORTE') and antall > 0
        order by regnskap_kode
    """,
    # Only weeks that were shown before: a new week is no correction. Those that changed most, with how many there are.
    "vist_paa_nytt": """
        with denne as (select publisert_tid from kjoring where kjoring_id = $kjoring_id),
        uke as (
            select
                uke_start_dato,
                enhetsnummer,
                coalesce(sum(person_antall) filter (publisert_til_tid is null), 0)::bigint as person_antall,
                coalesce(sum(person_antall) filter (
                    publisert_fom_tid < publisert_tid and coalesce(publisert_til_tid >= publisert_tid, true)
                ), 0)::bigint as forrige_person_antall,
                bool_or(publisert_fom_tid = publisert_tid or publisert_til_tid = publisert_tid) as endret
            from fak_tiltaksdeltakelse_uke_publisert cross join denne
            where uke_start_dato in (
                select uke_start_dato from fak_tiltaksdeltakelse_uke_publisert, denne
                where publisert_fom_tid < publisert_tid
            )
            group by uke_start_dato, enhetsnummer
        )
        select
            strftime(uke_start_dato, '%G-W%V') as uke,
            enhetsnummer,
            person_antall,
            forrige_person_antall,
            count(distinct uke_start_dato) over () as uke_antall,
            count(distinct enhetsnummer) over () as enhet_antall
        from uke
        where endret
        order by abs(person_antall - forrige_person_antall) desc, uke_start_dato desc, enhetsnummer
        limit 20
    """,
    "kjoring": """
        select
            strftime(startet_tid, '%Y-%m-%dT%H:%M:%S') as startet_tid,
            strftime(uttrekk_tid, '%Y-%m-%dT%H:%M:%S') as uttrekk_tid,
            (select strftime(max(uke_start_dato), '%G-W%V') from dim_uke) as siste_uke,
            beregnet_uke_antall, ny_uke_liste, endret_uke_liste, omregnet_uke_liste, utgaatt_uke_liste,
            rad_antall, sekund_antall
        from kjoring
        where kjoring_id = $kjoring_id
    """,
}


def write_run_summary(folder: Path, kjoring_id: str, database: Path, then_and_now: dict[str, Any]) -> str:
    """Write kjoring.md and kjoring.json into a set.

    Args:
        folder: the set, with the marts in `intern`, and their names in `visninger.sql` there.
        kjoring_id: the run that has written it.
        database: the database file, whose size is told with what is not yet written back to it (`.wal`).
        then_and_now: of the newest week that this run and the one before both have, `uke_start_dato`, `person_antall`
            and `forrige_person_antall` (None in the first run).

    Returns:
        The text of kjoring.md.

    Raises:
        OSError: a relation is missing, or the disk is full.
    """
    found = {name: rows(folder, sql, kjoring_id) for name, sql in QUERIES.items()}
    [run] = found.pop("kjoring")
    summary: dict[str, Any] = {
        "kjoring_id": kjoring_id,
        **run,
        "sammenlignet_uke": then_and_now,
        **found,
        "database_byte_antall": sum(
            path.stat().st_size for path in (database, Path(f"{database}.wal")) if path.exists()
        ),
        "eksport_byte_antall": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        "ledig_byte_antall": shutil.disk_usage(database.resolve().parent).free,
    }
    text = text_of(summary)
    (folder / SUMMARY).write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (folder / TEXT).write_text(text, encoding="utf-8")
    return text


def rows(folder: Path, sql: str, kjoring_id: str) -> list[dict[str, Any]]:
    """Return the rows of a query over the marts of a set, each as a dictionary."""
    intern = folder / "intern"
    with duckdb.connect() as connection:
        connection.execute("set file_search_path = ?", [str(intern)])
        # Of a country, some marts are views that have no file.
        connection.execute((intern / "visninger.sql").read_text(encoding="utf-8"))
        cursor = connection.execute(sql, {"kjoring_id": kjoring_id} if "$kjoring_id" in sql else None)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def text_of(summary: dict[str, Any]) -> str:
    """Return the summary as Markdown."""
    parts = [
        f"# Kjøringen {summary['startet_tid'].replace('T', ' ')}",
        "Kun til intern bruk: nøyaktige tall, også de små.",
        f"Uttrekk {summary['uttrekk_tid'].replace('T', ' ')}. {weeks_text(summary)}",
        people_text(summary),
        faults_text(summary["avvik"]),
        vanished_text(summary),
        corrections_text(summary["vist_paa_nytt"]),
        f"Tid: {number(round(summary['sekund_antall'] or 0))} s. "
        f"Database: {megabytes(summary['database_byte_antall'])}. "
        f"Eksport: {megabytes(summary['eksport_byte_antall'])}. Ledig: {megabytes(summary['ledig_byte_antall'])}.",
    ]
    return "\n\n".join(parts) + "\n"


def weeks_text(summary: dict[str, Any]) -> str:
    """Say how many weeks were computed, and why."""
    reasons = [
        f"{name}: {summary[column]}"
        for name, column in (
            ("nye", "ny_uke_liste"),
            ("endret", "endret_uke_liste"),
            ("uendret, full refresh", "omregnet_uke_liste"),
            ("ute av statistikken", "utgaatt_uke_liste"),
        )
        if summary[column]
    ]
    return f"Beregnet {summary['beregnet_uke_antall']} uker" + (f" ({'; '.join(reasons)})." if reasons else ".")


def people_text(summary: dict[str, Any]) -> str:
    """Say how many people are on tiltak, in the country, the regions and the offices that are few or changed most."""
    units = summary["enheter"]
    above = [unit for unit in units if unit["enhet_nivaa_kode"] != "KONTOR"]
    offices = [unit for unit in units if unit["enhet_nivaa_kode"] == "KONTOR"]
    shown = sorted(offices, key=change, reverse=True)[:MOST_OFFICES] if len(offices) > MOST_OFFICES else offices
    lines = [
        f"## Personer på tiltak i {summary['siste_uke']}",
        "",
        "| enhet | nå | uken før | endring |",
        "|---|--:|--:|--:|",
        *(
            f"| {unit['enhet_navn']} | {number(unit['person_antall'])} | {number(unit['uken_for_person_antall'])} "
            f"| {signed(unit['person_antall'] - unit['uken_for_person_antall'])} |"
            for unit in above + shown
        ),
    ]
    if len(shown) < len(offices):
        lines += ["", f"Av {len(offices)} kontorer står de {len(shown)} som endret seg mest. Resten er i {SUMMARY}."]
    compared = summary["sammenlignet_uke"]
    if compared.get("forrige_person_antall") is not None:
        lines += [
            "",
            f"Uken som begynner {compared['uke_start_dato']}: {number(compared['forrige_person_antall'])} personer i "
            f"forrige kjøring, {number(compared['person_antall'])} nå.",
        ]
    return "\n".join(lines)


def change(unit: dict[str, Any]) -> int:
    """Return how much a unit has changed in a week, whichever way."""
    return abs(int(unit["person_antall"]) - int(unit["uken_for_person_antall"]))


def faults_text(faults: list[dict[str, Any]]) -> str:
    """Say how many avvik there are, and list the kinds of which there are more or fewer."""
    changed = [fault for fault in faults if fault["endring_antall"]]
    more = sum(max(fault["endring_antall"], 0) for fault in faults)
    fewer = sum(max(-fault["endring_antall"], 0) for fault in faults)
    lines = [
        "## Avvik",
        "",
        f"{number(sum(fault['antall'] for fault in faults))} avvik: {number(more)} flere og {number(fewer)} færre enn "
        "i forrige kjøring.",
    ]
    if changed:
        lines += [
            "",
            "| avvik | kilde | eier | antall | endring |",
            "|---|---|---|--:|--:|",
            *(
                f"| {fault['avvikstype_kode']} ({fault['alvorlighet_kode']}) | {fault['kilde']} "
                f"| {fault['eier_navn'] or 'ukjent'} | {number(fault['antall'])} | {signed(fault['endring_antall'])} |"
                for fault in changed[:MOST_FAULTS]
            ),
        ]
    if len(changed) > MOST_FAULTS:
        lines += ["", f"{len(changed) - MOST_FAULTS} typer til har endret seg. De står i {SUMMARY}."]
    return "\n".join(lines)


def vanished_text(summary: dict[str, Any]) -> str:
    """Say which keys are gone without a tombstone, and which offices have nobody any more."""
    lines = [
        f"- {gone['regnskap_kode'].removesuffix('_NOKKEL')}: {number(gone['antall'])} deltakelser er borte uten at "
        "kilden har slettet dem"
        for gone in summary["borte"]
    ] + [
        f"- {unit['enhet_navn']}: ingen på tiltak, {number(unit['uken_for_person_antall'])} uken før"
        for unit in summary["enheter"]
        if unit["person_antall"] == 0
    ]
    return "## Borte siden uttrekket før\n\n" + ("\n".join(lines) if lines else "Ingenting er borte.")


def corrections_text(corrections: list[dict[str, Any]]) -> str:
    """Say which weeks that were shown before are shown anew."""
    if not corrections:
        return "## Vist på nytt\n\nIngen tall som er vist før, er endret."
    most = corrections[0]
    return (
        f"## Vist på nytt\n\nTall som er vist før, er endret (uker: {number(most['uke_antall'])}, kontorer: "
        f"{number(most['enhet_antall'])}). Størst endring i sum: {most['enhetsnummer']} i {most['uke']}, fra "
        f"{number(most['forrige_person_antall'])} til {number(most['person_antall'])}."
    )


def number(value: int) -> str:
    """Return a number as Norwegian writes it, with a space between thousands."""
    return f"{value:,}".replace(",", " ")


def signed(value: int) -> str:
    """Return a change with its sign."""
    return "0" if value == 0 else ("+" if value > 0 else "−") + number(abs(value))


def megabytes(value: int) -> str:
    """Return bytes as MB."""
    return f"{number(round(value / 1e6))} MB"
