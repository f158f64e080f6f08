// Monday's table: how many there are now of each kind, how it has changed, a year as a line, and others beside it.

import type { Data } from "./data.ts";
import { h } from "./dom.ts";
import type { Key } from "./packed.ts";
import {
  type Cell,
  changeFrom,
  compute,
  DIMENSIONS,
  problem,
  type Shown,
  unitKey,
  unitName,
  unitsAbove,
  unitsUnder,
} from "./query.ts";
import { explained, type Value } from "./sheet.ts";
import { CHOICES, defaults, REFERENCES, type State, serialise, unitNumber } from "./state.ts";
import { told } from "./table.ts";
import { number, signed } from "./text.ts";

const NOBODY: Shown = { value: 0, sign: "" };

/** The period of the week that is shown, and the one of the 52 weeks that end with it. */
export interface Periods {
  week: string;
  year: string;
}

interface Row {
  label: string;
  /** None of the whole unit. */
  code: string | null;
  cell: Cell;
  /** A cell for each of the 52 weeks. */
  year: Shown[];
  /** The same of the units beside. */
  others: Shown[];
}

/** The units whose numbers are beside a unit's: an office's region, a region's offices, the country's regions. */
function beside(data: Data, unit: number) {
  const [level] = data.enheter[unit];
  if (level === "KONTOR") return unitsAbove(data, unit).filter((at) => data.enheter[at][0] === "REGION");
  const regions = level === "LAND" ? unitsUnder(data, unit, "region") : [];
  return regions.length > 1 ? regions : unitsUnder(data, unit, "kontor").filter(data.isOffered);
}

/** The kinds that a unit has numbers by. */
export const splitsOf = (state: State, data: Data) =>
  CHOICES.etter.filter((x) => !problem({ ...defaults(data), enhet: state.enhet, x }, data));

/** The names of the units beside, and the table's rows, the whole unit first. */
export function rows(split: Key, state: State, data: Data, { week, year }: Periods): { units: string[]; rows: Row[] } {
  const view = (changes: Partial<State>): State => ({
    ...defaults(data),
    enhet: state.enhet,
    x: split,
    perioder: [week],
    ...changes,
  });
  const sorter = split === "innsats" ? "fast" : "storrelse";
  const byKey = (cells: Cell[]) => new Map(cells.map((cell) => [cell.x.key, cell]));
  const whole = (changes: Partial<State>) => compute(view({ x: "uke", ...changes }), data).cells;
  const units = beside(data, unitNumber(data, state.enhet))
    .map((at) => ({ at, enhet: unitKey(data, at) }))
    .filter(({ enhet }) => !problem(view({ enhet }), data))
    .map(({ at, enhet }) => ({
      name: unitName(data, at),
      whole: whole({ enhet })[0],
      cells: byKey(compute(view({ enhet }), data).cells),
    }));
  const { parts, panels } = compute(view({ x: "uke", del: split, perioder: [year] }), data);
  const weeks = (key: string) => {
    const at = parts.findIndex((part) => part.key === key);
    return panels[0].cells.map((row) => row[at] ?? NOBODY);
  };
  const mot = [...REFERENCES];
  return {
    units: units.map(({ name }) => name),
    rows: [
      {
        label: "I alt",
        code: null,
        cell: whole({ mot })[0],
        year: whole({ perioder: [year] }),
        others: units.map((unit) => unit.whole),
      },
      ...compute(view({ mot, sorter }), data).cells.map((cell) => ({
        label: cell.x.label,
        code: cell.x.key,
        cell,
        year: weeks(cell.x.key),
        others: units.map(({ cells }) => cells.get(cell.x.key) ?? NOBODY),
      })),
    ],
  };
}

/** The table, with its numbers, and what its signs mean. */
export function monday(split: Key, state: State, data: Data, periods: Periods) {
  const found = rows(split, state, data, periods);
  const shown = ({ value, sign }: Shown) => value ?? sign;
  const column = (label: string) => h("th", { scope: "col", class: "number" }, label);
  const cell = (value: Value, format: (value: number) => string) =>
    h("td", { class: "number" }, value === null ? "–" : typeof value === "string" ? told(value, data) : format(value));
  const link = ({ label, code }: Row) => {
    const view: State = {
      ...defaults(data),
      vis: "utforsk",
      enhet: state.enhet,
      x: "uke",
      figur: "linje",
      perioder: [periods.year],
      mot: ["aar"],
    };
    if (code) view[split] = [code];
    return h("a", { href: serialise(view, data) }, label);
  };
  const values = found.rows.map(({ cell: its, others }) => [
    shown(its),
    changeFrom("uke", its, data),
    changeFrom("aar", its, data),
    ...others.map(shown),
  ]);
  return h(
    "div",
    { id: "mandag" },
    h(
      "div",
      { class: "scroll", role: "region", "aria-label": "Tabell: personer på tiltak", tabindex: "0" },
      h(
        "table",
        { class: "monday" },
        h("caption", { class: "unseen" }, `Personer på tiltak etter ${DIMENSIONS[split].toLowerCase()}`),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, DIMENSIONS[split]),
            column("Personer"),
            column("Fra uken før"),
            column("Fra året før"),
            h("th", { scope: "col" }, "52 uker"),
            found.units.map(column),
          ),
        ),
        h(
          "tbody",
          {},
          found.rows.map((row, at) => {
            const [now, week, year, ...others] = values[at];
            return h(
              "tr",
              {},
              h("th", { scope: "row" }, link(row)),
              cell(now, number),
              cell(week, signed),
              cell(year, signed),
              h("td", {}, line(row.year)),
              others.map((value) => cell(value, number)),
            );
          }),
        ),
      ),
    ),
    h(
      "div",
      { class: "note" },
      explained({ rows: values }, data).map(([sign, text]) => h("p", {}, `${sign}: ${text}.`)),
    ),
  );
}

/** A year as a line from 0, with a gap where a week is not shown. */
function line(cells: Shown[]) {
  const [width, height] = [110, 26];
  const known = cells.map(({ value }) => value).filter((value) => value !== null);
  const top = Math.max(1, ...known);
  const x = (at: number) => 2 + (at * (width - 4)) / Math.max(1, cells.length - 1);
  const y = (value: number) => height - 2 - (value * (height - 4)) / top;
  let path = "";
  cells.forEach(({ value }, at) => {
    if (value === null) return;
    // A week alone between two that are not shown is a short line of its own.
    const begins = at === 0 || cells[at - 1].value === null;
    path += begins ? `M${x(at) - 0.5} ${y(value)}L${x(at)} ${y(value)}` : `L${x(at)} ${y(value)}`;
  });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, class: "line" }))
    svg.setAttribute(name, String(value));
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  const words = known.length
    ? `Lavest ${number(Math.min(...known))}, høyest ${number(Math.max(...known))}`
    : "Ingen av ukene vises";
  return [svg, h("span", { class: "unseen" }, words)];
}
