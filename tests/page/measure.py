"""Measure how large the page is, and how long a change takes, for one office and for all of Norway.

    uv run --group page python -m tests.page.measure

prints each against its limit: 1 MB for one office over four years, 8 MB for all of Norway, and one second for a change.
Where Norway is in parts, they are the one of the country and the largest one of a region.
Norway takes some minutes to invent; `--folder` keeps it for the next time.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.page.browser import Opened, launch
from tests.page.published import WORLDS, World, make
from tiltaksstatistikk.export.page import LARGEST, write_pages

NORWAY = World(offices=340, regions=15, weeks=190, types=25, avdelinger=8, people=250)
SIZES = {
    "one office": (WORLDS["ett_kontor"], 1e6),
    "Norway": (NORWAY, LARGEST),
    "one office, internal": (replace(WORLDS["ett_kontor"], method="INTERN"), 1e6),
    "Norway, noise": (replace(NORWAY, method="STOY"), LARGEST),
    "Norway, internal": (replace(NORWAY, method="INTERN"), LARGEST),
}
OF_REGIONS = [
    "",
    "x=tiltak&del=innsats&mot=uke,aar",
    "x=uke&del=region&figur=linje&periode=alt",
    "x=region&del=tiltak&figur=varme&periode=siste52",
]
OF_OFFICES = [
    "",
    "x=kontor&periode=alt&maal=deltakelser",
    "x=kontor&del=tiltak&figur=varme&periode=siste52",
    "x=kontor&del=uke&figur=varme&periode=siste52",
]
OF_OFFICE = [
    "x=tiltak&del=avdeling",
    "x=uke&del=tiltak&figur=stablet&periode=alt",
    "x=tiltak&del=avdeling&figur=prosent&periode=siste52",
    "x=maaned&del=tiltak&figur=varme&periode=alt",
]
CHANGES = {
    "one office, internal": OF_OFFICE,
    "one office": OF_OFFICE,
    "Norway": [
        "",
        "x=tiltak&del=innsats&mot=uke,aar",
        "x=kontor",
        "x=kontor&periode=alt&maal=deltakelser",
        "x=uke&del=region&figur=linje&periode=alt",
        "x=uke&del=tiltak&figur=stablet&periode=alt",
        "x=kontor&del=innsats&figur=prosent",
        "x=kontor&del=tiltak&figur=varme",
        "x=kontor&del=tiltak&figur=varme&periode=siste52",
        "x=kontor&del=uke&figur=varme&periode=siste52",
    ],
}
# From the change of the address until the browser has drawn it.
TIMED = """view => new Promise(done => {
    const start = performance.now();
    history.pushState(null, "", "#" + view);
    dispatchEvent(new PopStateEvent("popstate"));
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""


def pages(published: Path) -> dict[str, Path]:
    """Make the page of invented relations; if it is in parts the first, and the largest of the others."""
    start = time.process_time()
    names = write_pages(published)
    print(f"{len(names)} pages in {time.process_time() - start:.0f} seconds of a processor")
    first, *others = [published / name for name in names]
    if not others:
        return {"": first}
    print(f"    {sum(path.stat().st_size for path in others) / 1e6:.2f} MB in all for the regions")
    return {" 1": first, " 2": max(others, key=lambda path: path.stat().st_size)}


def timed(browser: Browser, target: Path, changes: list[str]) -> float:
    """Return how many seconds the slowest of some changes takes, and print each."""
    opened = Opened(browser, target)
    unit = opened.unit()
    opened.page.evaluate(TIMED, "vis=utforsk")
    slowest = 0.0
    for change in changes:
        view = f"vis=utforsk&enhet={unit}&{change}" if change else ""
        times = []
        for _ in range(3):
            opened.page.evaluate(TIMED, "vis=utforsk&x=aar")
            times.append(opened.page.evaluate(TIMED, view))
        print(f"    {statistics.median(times) / 1000:.2f} of a second: {change or 'the front view'}", flush=True)
        slowest = max(slowest, statistics.median(times) / 1000)
    opened.close()
    return slowest


def main() -> int:
    """Measure, and print.

    Returns:
        The exit code: 1 when something is larger or slower than it may be.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where the invented relations are kept")
    folder = parser.parse_args().folder or Path(tempfile.mkdtemp())
    worst = 0.0
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, (world, limit) in SIZES.items():
            published = folder / name.replace(" ", "_")
            if not published.exists():
                make(published, world)
            for page, target in pages(published).items():
                size = target.stat().st_size
                print(f"{name}{page}: {size / 1e6:.2f} MB, {size / limit:.2f} of the limit", flush=True)
                changes = {" 1": OF_REGIONS, " 2": OF_OFFICES}.get(page) or CHANGES.get(name, CHANGES["Norway"])
                slowest = timed(browser, target, changes)
                worst = max(worst, size / limit, slowest)
        browser.close()
    return int(worst > 1)


if __name__ == "__main__":
    sys.exit(main())
