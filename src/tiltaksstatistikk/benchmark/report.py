"""Shows measurements as text, JSON and a chart."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import duckdb

from tiltaksstatistikk.benchmark.processes import Measured
from tiltaksstatistikk.benchmark.result import Size

GIB = 2**30
PANEL_WIDTH, PANEL_HEIGHT, MARGIN, LEGEND_WIDTH = 330, 300, 56, 170
# Told apart by those who do not see colours alike (Okabe and Ito).
COLOURS = {
    "first build": "#d55e00",
    "weekly run": "#0072b2",
    "weekly run on changes": "#56b4e9",
    "pandas": "#cc79a7",
    "empty project": "#999999",
    "floor": "#009e73",
}
Point = tuple[float, float]


@dataclass(frozen=True)
class Case:
    """One extract and one first week: what the first build stored, and what each of them took."""

    participations: int
    size: Size
    floor: Measured
    first_build: Measured
    weekly_run: Measured
    weekly_run_on_changes: Measured | None
    pandas: Measured | None

    def runs(self) -> dict[str, Measured]:
        """Return what was run, by name."""
        found = {
            "first build": self.first_build,
            "weekly run": self.weekly_run,
            "weekly run on changes": self.weekly_run_on_changes,
            "pandas": self.pandas,
            "floor": self.floor,
        }
        return {name: run for name, run in found.items() if run}


@dataclass(frozen=True)
class EmptyProject:
    """dbt's own floor: the number of nodes of each kind, and what the first and the second build took."""

    nodes: Mapping[str, int]
    first_build: Measured
    second_build: Measured


@dataclass(frozen=True)
class Report:
    """Everything that was measured in one run."""

    cases: tuple[Case, ...] = ()
    empty_project: EmptyProject | None = None

    def ratios(self, case: Case) -> dict[str, float | None]:
        """Return how many times the one took what the other did, None where one of them was not run to its end."""
        first, weekly, changes = case.first_build, case.weekly_run, case.weekly_run_on_changes
        empty = self.empty_project
        empty_first, empty_second = (empty.first_build, empty.second_build) if empty else (None, None)
        return {
            "first build / floor": ratio(first, case.floor),
            "weekly run / floor": ratio(weekly, case.floor),
            "weekly run / first build": ratio(weekly, first),
            "changes / first build": ratio(changes, first),
            "first build / empty": ratio(first, empty_first),
            "weekly run / empty": ratio(weekly, empty_second),
            "changes / empty": ratio(changes, empty_second),
            "first build / pandas": ratio(first, case.pandas),
            "weekly run / pandas": ratio(weekly, case.pandas),
        }


def ratio(one: Measured | None, other: Measured | None) -> float | None:
    """Return how many times the seconds of another one took."""
    if one is None or other is None or not (one.finished and other.finished):
        return None
    return one.seconds / other.seconds


def as_text(report: Report) -> str:
    """Return tables for people to read."""
    names = [name for name in COLOURS if any(name in case.runs() for case in report.cases)]
    ratios = [
        name for name in report.ratios(report.cases[0]) if any(report.ratios(case)[name] for case in report.cases)
    ]
    tables = [
        table("Seconds", report.cases, names, lambda case: [shown_run(case.runs().get(name)) for name in names]),
        table("Ratios of seconds", report.cases, ratios, lambda case: [shown(report.ratios(case)[n]) for n in ratios]),
        table(
            "Seconds of the processors",
            report.cases,
            names,
            lambda case: [shown(run.cpu_seconds if (run := case.runs().get(name)) else None) for name in names],
        ),
        table(
            "Peak memory, GiB",
            report.cases,
            names,
            lambda case: [shown(run.peak_gib if (run := case.runs().get(name)) else None) for name in names],
        ),
        table(
            "Stored by the first build",
            report.cases,
            ["database GiB", "rows", "person-weeks", "dense rows", "dense / stored"],
            lambda case: [
                shown(case.size.database_bytes / GIB),
                f"{case.size.rows:,}",
                f"{case.size.person_weeks:,}",
                f"{case.size.dense_rows:,}",
                shown(case.size.dense_rows / case.size.rows if case.size.rows else None),
            ],
        ),
    ]
    if empty := report.empty_project:
        nodes = ", ".join(f"{number} {kind}" for kind, number in empty.nodes.items())
        tables.append(
            f"An empty dbt project ({nodes}): first build {shown(empty.first_build.seconds)} s, "
            f"second build {shown(empty.second_build.seconds)} s, {shown(empty.second_build.peak_gib)} GiB"
        )
    return "\n\n".join(tables)


def table(title: str, cases: Iterable[Case], names: Sequence[str], values: Callable[[Case], list[str]]) -> str:
    """Return a table with a row for each case, every column aligned to the right."""
    rows = [["participations", "weeks", *names]]
    rows += [[f"{case.participations:,}", str(case.size.weeks), *values(case)] for case in cases]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([title, *lines])


def shown_run(run: Measured | None) -> str:
    """Return the seconds of a run, `> ` before those of one that was stopped."""
    return "-" if run is None else ("" if run.finished else "> ") + shown(run.seconds)


def shown(number: float | None) -> str:
    """Return a number with three digits that matter, a dash for none."""
    if number is None:
        return "-"
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def as_json(report: Report) -> str:
    """Return all numbers."""
    return json.dumps(
        {
            "duckdb": duckdb.__version__,
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "empty_project": report.empty_project and asdict(report.empty_project),
            "cases": [{**asdict(case), "ratios": report.ratios(case)} for case in report.cases],
        },
        indent=2,
    )


def as_chart(report: Report) -> str:
    """Return an SVG of the seconds and the memory by size, and of the seconds by weeks of history, on log scales."""
    weeks = report.cases[0].size.weeks
    by_size = [case for case in report.cases if case.size.weeks == weeks]
    times = lines_of(by_size, lambda case: case.participations, lambda run: run.seconds)
    if report.empty_project:
        seconds = report.empty_project.second_build.seconds
        times["empty project"] = [(case.participations, seconds) for case in by_size]
    memory = lines_of(by_size, lambda case: case.participations, lambda run: run.peak_gib)
    panels = [
        panel(f"Seconds by participations, {weeks} weeks", times, 0),
        panel(f"Peak GiB by participations, {weeks} weeks", memory, 1),
    ]
    size = max((case.participations for case in report.cases if case.size.weeks != weeks), default=None)
    if size is not None:
        by_weeks = sorted((c for c in report.cases if c.participations == size), key=lambda case: case.size.weeks)
        lines = lines_of(by_weeks, lambda case: case.size.weeks, lambda run: run.seconds)
        panels.append(panel(f"Seconds by weeks, {size:,} participations", lines, 2))
    left = len(panels) * PANEL_WIDTH + 10
    legend = [
        f'<text x="{left}" y="{MARGIN + 18 * number}" fill="{colour}">● {name}</text>'
        for number, (name, colour) in enumerate(COLOURS.items())
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + LEGEND_WIDTH}" height="{PANEL_HEIGHT}" '
            'font-family="sans-serif" font-size="11">',
            '<rect width="100%" height="100%" fill="white"/>',
            *panels,
            *legend,
            "</svg>\n",
        ]
    )


def lines_of(
    cases: Iterable[Case], x: Callable[[Case], float], y: Callable[[Measured], float]
) -> dict[str, list[Point]]:
    """Return the points of each kind of run that was run to its end."""
    lines: dict[str, list[Point]] = {}
    for case in cases:
        for name, run in case.runs().items():
            if run.finished:
                lines.setdefault(name, []).append((x(case), y(run)))
    return lines


def panel(title: str, lines: Mapping[str, Sequence[Point]], place: int) -> str:
    """Draw one panel of lines on log scales, `place` panels from the left."""
    points = [point for line in lines.values() for point in line]
    xs, ys = sorted({x for x, _ in points}), [y for _, y in points]
    right, bottom = PANEL_WIDTH - 20, PANEL_HEIGHT - 40
    decades = range(math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys))) + 1)

    def at_x(x: float) -> float:
        return between(math.log10(x), math.log10(xs[0]), math.log10(xs[-1]), MARGIN + 10, right)

    def at_y(y: float) -> float:
        return between(math.log10(y), decades[0], decades[-1], bottom, MARGIN)

    drawn = [f'<text x="{MARGIN}" y="24" font-weight="bold">{title}</text>']
    for decade in decades:
        height = at_y(10.0**decade)
        drawn.append(f'<line x1="{MARGIN}" x2="{right}" y1="{height:.1f}" y2="{height:.1f}" stroke="#ddd"/>')
        drawn.append(f'<text x="{MARGIN - 6}" y="{height + 4:.1f}" text-anchor="end">{10.0**decade:g}</text>')
    for x in xs:
        drawn.append(f'<text x="{at_x(x):.1f}" y="{bottom + 18}" text-anchor="middle">{short(x)}</text>')
    for name, line in lines.items():
        path = " ".join(f"{at_x(x):.1f},{at_y(y):.1f}" for x, y in line)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"/>')
        drawn += [f'<circle cx="{at_x(x):.1f}" cy="{at_y(y):.1f}" r="3" fill="{COLOURS[name]}"/>' for x, y in line]
    return f'<g transform="translate({place * PANEL_WIDTH})">' + "\n".join(drawn) + "</g>"


def between(value: float, low: float, high: float, start: float, end: float) -> float:
    """Return where a value is from `start` to `end`, as it is from `low` to `high`; the middle when those are one."""
    return (start + end) / 2 if low == high else start + (end - start) * (value - low) / (high - low)


def short(number: float) -> str:
    """Return a number in thousands or millions."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number / size:.3g}{unit}"
    return f"{number:g}"
