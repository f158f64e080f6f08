"""Measure how large the page is, and how long a change takes, for one office and for all of Norway.

    uv run --group page python -m tests.page.measure

prints each against its limit: 1 MB for one office over four years, 8 MB for all of Norway, and one second for a change.
Norway takes some minutes to invent; `--folder` keeps it for the next time.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.page.browser import Opened, launch
from tests.page.published import WORLDS, World, make
from tiltaksstatistikk.export.page import write_page

SIZES = {
    "one office": (WORLDS["ett_kontor"], 1e6),
    "Norway": (World(offices=340, regions=15, weeks=190, types=25, avdelinger=8, people=250), 8e6),
}
CHANGES = {
    "one office": [
        "x=tiltak&del=avdeling",
        "x=uke&del=tiltak&figur=stablet&periode=alt",
        "x=tiltak&del=avdeling&figur=prosent&periode=siste52",
        "x=maaned&del=tiltak&figur=varme&periode=alt",
    ],
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
            target = published / "side.html"
            size = write_page(published, target)
            print(f"{name}: {size / 1e6:.2f} MB, {size / limit:.2f} of the limit")
            opened = Opened(browser, target)
            unit = opened.page.input_value("#enhet")
            opened.page.evaluate(TIMED, "vis=utforsk")
            for change in CHANGES[name]:
                view = f"vis=utforsk&enhet={unit}&{change}" if change else ""
                times = []
                for _ in range(3):
                    opened.page.evaluate(TIMED, "vis=utforsk&x=aar")
                    times.append(opened.page.evaluate(TIMED, view))
                print(f"    {statistics.median(times) / 1000:.2f} of a second: {change or 'the front view'}")
                worst = max(worst, size / limit, statistics.median(times) / 1000)
            opened.close()
        browser.close()
    return int(worst > 1)


if __name__ == "__main__":
    sys.exit(main())
