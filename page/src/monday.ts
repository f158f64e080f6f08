// Monday's table: how many there are now of each kind, how it has changed, a year as a line, and others beside it.

import { type Data, SUPPRESSED } from "./data.ts";
import { h, svg } from "./dom.ts";
import type { Key, Column as Numbers } from "./packed.ts";
import {
  type Cell,
  changeFrom,
  compute,
  DIMENSIONS,
  type Member,
  problem,
  type Shown,
  unitKey,
  unitName,
  unitsAbove,
  unitsUnder,
} from "./query.ts";
import { type Column, explained, type Sheet, signedPattern, type Value } from "./sheet.ts";
import { CHOICES, defaults, type Periods, REFERENCES, type State, serialise, unitNumber } from "./state.ts";
import { told } from "./table.ts";
import { number, signed } from "./text.ts";

// Columns of other units on the first sheet of paper, beside the unit's own columns, and on each that follows.
const FIRST_SHEET = 3;
const SHEET = 8;
const NOBODY: Shown = { value: 0, sign: "" };

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
  CHOICES.etter
    .filter((split) => split !== "")
    .filter((x) => !problem({ ...defaults(data), enhet: state.enhet, x }, data));

/** A view of the front: one unit, in the week that is shown. */
const viewOf = (state: State, data: Data, changes: Partial<State>): State => ({
  ...defaults(data),
  enhet: state.enhet,
  ...changes,
});

/** The chosen one of the splits, or the one whose shown numbers are largest together: many small ones are hidden. */
export function splitOf(splits: Key[], state: State, data: Data, { week }: Periods) {
  const chosen = splits.find((split) => split === state.etter);
  if (chosen) return chosen;
  const sizes = splits.map((x) => {
    const { cells } = compute(viewOf(state, data, { x, perioder: [week] }), data);
    return cells.reduce((sum, { value }) => sum + (value ?? 0), 0);
  });
  return splits[sizes.indexOf(Math.max(...sizes))];
}

interface Found {
  /** The names of the units beside, and they as members of what is across. */
  units: string[];
  members: Member[];
  rows: Row[];
}

/** The units beside, and the table's rows, the whole unit first. */
export function rows(split: Key, state: State, data: Data, { week, year }: Periods): Found {
  const computed = (changes: Partial<State>) =>
    compute(viewOf(state, data, { x: split, perioder: [week], ...changes }), data);
  const whole = (changes: Partial<State>) => computed({ x: "uke", ...changes }).cells;
  const units = beside(data, unitNumber(data, state.enhet))
    .map((at) => ({ at, enhet: unitKey(data, at) }))
    .filter(({ enhet }) => !problem(viewOf(state, data, { x: split, perioder: [week], enhet }), data))
    .map(({ at, enhet }) => ({
      member: { key: enhet, label: unitName(data, at), choose: { unit: at } },
      whole: whole({ enhet })[0],
      cells: new Map(computed({ enhet }).cells.map((cell) => [cell.x.key, cell])),
    }));
  const { parts, panels } = computed({ x: "uke", del: split, perioder: [year] });
  const weeks = (key: string) => {
    const at = parts.findIndex((part) => part.key === key);
    return panels[0].cells.map((row) => row[at] ?? NOBODY);
  };
  const mot = [...REFERENCES];
  const all: Row = {
    label: "I alt",
    code: null,
    cell: whole({ mot })[0],
    year: whole({ perioder: [year] }),
    others: units.map((unit) => unit.whole),
  };
  const kinds = computed({ mot, sorter: split === "innsats" ? "fast" : "storrelse" }).cells.map((cell) => ({
    label: cell.x.label,
    code: cell.x.key,
    cell,
    year: weeks(cell.x.key),
    others: units.map(({ cells }) => cells.get(cell.x.key) ?? NOBODY),
  }));
  const members = units.map(({ member }) => member);
  return { units: members.map(({ label }) => label), members, rows: [all, ...kinds] };
}

const PEOPLE = { numeric: true, format: (value: number) => number(value), pattern: "#,##0" };
const CHANGED = { numeric: true, format: (value: number) => signed(value), pattern: signedPattern() };

/** The table without its lines, as files have it. */
export function mondaySheet(split: Key, { members, rows }: Found, data: Data): Sheet {
  const shown = ({ value, sign }: Shown) => value ?? sign;
  const byLabel = new Map(rows.map(({ label, cell }) => [label, cell.x]));
  byLabel.delete("I alt");
  const columns: Column[] = [
    { label: DIMENSIONS[split], numeric: false, format: String, members: { dimension: split, byLabel } },
    { label: "Personer", ...PEOPLE },
    { label: "Fra uken før", ...CHANGED },
    { label: "Fra året før", ...CHANGED },
    ...members.map((member): Column => ({ label: member.label, member, ...PEOPLE })),
  ];
  return {
    columns,
    rows: rows.map(({ label, cell, others }) => [
      label,
      shown(cell),
      changeFrom("uke", cell, data),
      changeFrom("aar", cell, data),
      ...others.map(shown),
    ]),
    wholes: 1,
    isCrossed: true,
    perGroup: 1,
    across: members[0]?.key.startsWith("KONTOR:") ? "kontor" : members.length ? "region" : "",
  };
}

/** A number of days that people have waited, or null where it is not shown. */
function daysOf(column: Numbers, unit: number, week: number, data: Data) {
  const code = data.series("venteliste", column, unit, {})?.[week] ?? 0;
  return code > SUPPRESSED ? code - 1 : null;
}

/** In words: how long half of those who wait have waited, and the one who has waited longest. */
export function waited(unit: number, week: number, data: Data): string[] {
  const [half, longest] = (["ventedager_median", "ventedager_maks"] as const).map((column) =>
    daysOf(column, unit, week, data),
  );
  // With noise or suppression it is in whole weeks.
  const time = (days: number) =>
    data.omTallene.metode === "INTERN"
      ? `${number(days)} ${days === 1 ? "dag" : "dager"}`
      : `${number(days / 7)} ${days === 7 ? "uke" : "uker"}`;
  return [
    ...(half === null ? [] : [`Halvparten har ventet minst ${time(half)}`]),
    ...(longest === null ? [] : [`Den som har ventet lengst, har ventet ${time(longest)}`]),
  ];
}

/** The weeks that are not as they were first shown, the newest first: how many more people, and how much changed. */
export const revised = (unit: number, data: Data) =>
  data.revisjon
    .filter(([its, , , , moved]) => its === unit && moved > 0)
    .map(([, week, first, now, moved]) => ({ week: data.uker[week], change: now - first, moved }))
    .reverse();

/** The places of the other units in each table: one, or on paper as many as are needed. */
function sheets(count: number, onPaper: boolean): number[][] {
  const all = Array.from({ length: count }, (_, at) => at);
  if (!onPaper) return [all];
  const more = Array.from({ length: Math.ceil((count - FIRST_SHEET) / SHEET) }, (_, at) => FIRST_SHEET + at * SHEET);
  return [all.slice(0, FIRST_SHEET), ...more.map((from) => all.slice(from, from + SHEET))];
}

/** The table, with its numbers, and what its signs mean. */
export function monday(split: Key, state: State, data: Data, periods: Periods, onPaper: boolean) {
  const found = rows(split, state, data, periods);
  const values = mondaySheet(split, found, data).rows.map(([, ...numbers]) => numbers);
  const table = (places: number[], sheet: number) => {
    const line = (row: Row, at: number) =>
      drawn(row, values[at], linkOf(row, split, state, data, periods), data, places, sheet === 0);
    return h(
      "table",
      { class: "monday" },
      h("caption", { class: "unseen" }, `Personer på tiltak etter ${DIMENSIONS[split].toLowerCase()}`),
      h(
        "thead",
        {},
        head(
          split,
          places.map((place) => found.units[place]),
          sheet === 0,
        ),
      ),
      h("tbody", {}, found.rows.map(line)),
    );
  };
  return h(
    "div",
    { id: "mandag" },
    h(
      "div",
      { class: "scroll", role: "region", "aria-label": "Tabell: personer på tiltak", tabindex: "0" },
      sheets(found.units.length, onPaper).map(table),
    ),
    h(
      "div",
      { class: "note" },
      explained({ rows: values }, data).map(([sign, text]) => h("p", {}, `${sign}: ${text}.`)),
    ),
  );
}

function head(split: Key, units: string[], hasOwn: boolean) {
  const column = (label: string) => h("th", { scope: "col", class: "number" }, label);
  return h(
    "tr",
    {},
    h("th", { scope: "col" }, DIMENSIONS[split]),
    hasOwn && [
      column("Personer"),
      column("Fra uken før"),
      column("Fra året før"),
      h("th", { scope: "col" }, "52 uker"),
    ],
    units.map(column),
  );
}

/** A row's name, which leads to its 52 weeks. */
function linkOf({ label, code }: Row, split: Key, state: State, data: Data, { year }: Periods) {
  const over: Partial<State> = { vis: "utforsk", x: "uke", figur: "linje", perioder: [year], mot: ["aar"] };
  const only = code ? { [split]: [code] } : {};
  return h("a", { href: serialise(viewOf(state, data, { ...over, ...only }), data) }, label);
}

/** A row of one table: its name, the unit's own columns if they are there, and the other units at some places. */
function drawn(
  { year }: Row,
  [now, week, before, ...others]: Value[],
  link: HTMLElement,
  data: Data,
  places: number[],
  hasOwn: boolean,
) {
  const cell = (value: Value, format: (value: number) => string) =>
    h("td", { class: "number" }, value === null ? "–" : typeof value === "string" ? told(value, data) : format(value));
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, link),
    hasOwn && [cell(now, number), cell(week, signed), cell(before, signed), h("td", {}, line(year))],
    places.map((place) => cell(others[place], number)),
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
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  const drawn = svg("svg", { ...size, class: "line", "aria-hidden": "true" }, svg("path", { d: path }));
  const words = known.length
    ? `Lavest ${number(Math.min(...known))}, høyest ${number(Math.max(...known))}`
    : "Ingen av ukene vises";
  return [drawn, h("span", { class: "unseen" }, words)];
}
