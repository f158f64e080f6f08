"""Say in one sentence what is not well with the statistics, and nothing when all is well.

    uv run -q --no-dev python scripts/sjekk_kjoring.py

For cron, which mails what is printed. It reads what the last run has exported (TILTAK_EKSPORT, default eksport), and
neither the database nor an extract. Exit codes: 0 all is well, 1 something is not, 2 there is no export to read.
"""

from __future__ import annotations

import argparse
import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tiltaksstatistikk.export.run_summary import SUMMARY
from tiltaksstatistikk.export.sets import MANIFEST

OSLO = ZoneInfo("Europe/Oslo")


def faults(folder: Path, now: datetime, days: int, percent: float, new_faults: int) -> list[str]:
    """Return what is not well, each as a clause.

    Args:
        folder: where sets are exported.
        now: the time, in Oslo, without a zone.
        days: how old the last run, and each file of its extract, may be.
        percent: how much the number of people may have changed between the last two runs in the same week.
        new_faults: how many more avvik of the severity FEIL there may be, of one kind in one source.

    Returns:
        The clauses; none when all is well.

    Raises:
        OSError: there is no export, or it is of a version without a summary.
        ValueError: a file of it is not JSON.
    """
    manifest, summary = (json.loads((folder / name).read_text(encoding="utf-8")) for name in (MANIFEST, SUMMARY))
    return [
        *missed_run(summary, now, days),
        *stale_files(manifest, now, days),
        *volume(summary, percent),
        *more_faults(summary, new_faults),
    ]


def missed_run(summary: dict[str, Any], now: datetime, days: int) -> list[str]:
    """Say when the last run was, if it is too long ago."""
    ran = datetime.fromisoformat(summary["startet_tid"])
    return [f"the last run was on {ran:%Y-%m-%d}"] if now - ran > timedelta(days=days) else []


def stale_files(manifest: dict[str, Any], now: datetime, days: int) -> list[str]:
    """Say which files of the extract were old already when the run read them, or are now."""
    old = [
        f"{kilde} ({taken:%Y-%m-%d})"
        for kilde, taken in ((kilde, datetime.fromisoformat(time)) for kilde, time in manifest["kilder"].items())
        if now - taken > timedelta(days=days)
    ]
    return [f"the extract is old: {', '.join(old)}"] if old else []


def volume(summary: dict[str, Any], percent: float) -> list[str]:
    """Say how many people there were then and now, if the run before said quite another number of the same week."""
    compared = summary["sammenlignet_uke"]
    before, now = compared["forrige_person_antall"], compared["person_antall"]
    if before is None or abs(now - before) <= max(before * percent / 100, 5):
        return []
    return [f"in the week of {compared['uke_start_dato']} {before} people became {now}"]


def more_faults(summary: dict[str, Any], allowed: int) -> list[str]:
    """Say which grave avvik there are more of than in the run before, and who owns the source."""
    if summary["sammenlignet_uke"]["forrige_person_antall"] is None:
        return []
    return [
        f"{fault['endring_antall']} more {fault['avvikstype_kode']} in {fault['kilde']} ({fault['eier_navn']})"
        for fault in summary["avvik"]
        if fault["alvorlighet_kode"] == "FEIL" and fault["endring_antall"] > allowed
    ]


def main(arguments: list[str] | None = None) -> int:
    """Print one sentence if something is not well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=7, help="how old a run and its files may be (default 7)")
    parser.add_argument(
        "--percent",
        type=float,
        default=5,
        help="how much a week's people may change, if it is more than five (default 5)",
    )
    parser.add_argument("--avvik", type=int, default=0, help="how many more grave avvik of a kind (default 0)")
    options = parser.parse_args(arguments)
    folder = Path(os.environ.get("TILTAK_EKSPORT") or "eksport")
    try:
        found = faults(folder, datetime.now(OSLO).replace(tzinfo=None), options.days, options.percent, options.avvik)
    except (OSError, ValueError) as error:
        print(f"The export in {folder} cannot be read. Run dbt build, and look at what it says: {error}")
        return 2
    if found:
        print(f"The statistics are not well: {'; '.join(found)}.")
    return 1 if found else 0
