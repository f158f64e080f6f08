// The table of exactly what the figure shows, crossed or as a list: how it is laid out, drawn and turned.

import { toggleGroup } from "./choosing.ts";
import { cross, laidOut, layout } from "./cross.ts";
import type { Data } from "./data.ts";
import { fill, h, type Option } from "./dom.ts";
import { type Along, DIMENSIONS, problem, type Result, signs } from "./query.ts";
import { type Column, explained, type Sheet, sheet, sorted, type Value } from "./sheet.ts";
import { CHOICES, type Dimension, type State } from "./state.ts";
import { DOT, number } from "./text.ts";
import { entriesOf } from "./typed.ts";

type Change = (changes: Partial<State>) => void;

const FORMS: Record<State["form"], string> = { kryss: "Krysstabell", lang: "Liste" };
// Rows of the list; cells of the cross table, and its most rows; columns of numbers across a sheet of paper.
const PAGE = 25;
const CELLS = 2500;
const MOST_ROWS = 100;
const PAPER = 8;

/** The columns and rows of the table, in the form that is chosen. */
export const contentOf = (result: Result, state: State, data: Data) =>
  (state.form === "lang" ? sheet : cross)(result, state, data);

/** Signs or words in the place of a number; a dot is read aloud as what it means. */
export const told = (text: string, data: Data) =>
  text
    .split(DOT)
    .flatMap((part, at) => [
      at > 0 && h("span", { "aria-hidden": "true" }, DOT),
      at > 0 && h("span", { class: "unseen" }, signs(data)[DOT][1]),
      part,
    ]);

/** The table with its layout and paging, or on paper all of it. `change` is told what the reader chooses. */
export function table(content: Sheet, state: State, data: Data, caption: string, change: Change, onPaper: boolean) {
  const perPage = onPaper ? Infinity : rowsPerPage(content);
  const all = sorted(content, state.tabell);
  const [wholes, parts] = [all.slice(0, content.wholes), all.slice(content.wholes)];
  const pages = Math.max(1, Math.ceil(parts.length / perPage));
  const page = Math.min(state.side, pages);
  const first = page > 1 ? (page - 1) * perPage : 0;
  const rows = [...wholes, ...parts.slice(first, first + perPage)];
  const drawn = (columns: Column[], at: number) =>
    h(
      "table",
      { "aria-labelledby": "tabelltittel", class: content.isCrossed && "crossed" },
      h("thead", {}, head(content, columns, state, change, at)),
      h(
        "tbody",
        {},
        rows.map((row, at) => line(row, columns, content, data, at < content.wholes)),
      ),
    );
  return h(
    "div",
    { id: "tabell" },
    h("h3", { id: "tabelltittel" }, caption),
    layoutControls(state, data, change),
    h(
      "div",
      { class: "scroll", role: "region", "aria-label": "Tabell", tabindex: "0" },
      (onPaper ? sheets(content) : [content.columns]).map(drawn),
    ),
    (pages > 1 || !content.isCrossed) && paging(page, pages, parts.length, change),
    h(
      "div",
      { class: "note", id: "tegn" },
      explained(content, data).map(([sign, text]) => h("p", {}, `${sign}: ${text}.`)),
      (content.wholes > 0 || content.columns.some((column) => column.isWhole)) &&
        h("p", {}, "«I alt» er et tall for seg, og ikke summen av radene eller kolonnene."),
    ),
  );
}

const rowsPerPage = ({ isCrossed, columns }: Sheet) =>
  isCrossed ? Math.max(10, Math.min(MOST_ROWS, Math.floor(CELLS / columns.length))) : PAGE;

/** The columns of each sheet of paper, the first column on all of them. */
function sheets({ isCrossed, perGroup, columns: [first, ...others] }: Sheet): Column[][] {
  if (!isCrossed) return [[first, ...others]];
  const most = Math.max(1, Math.floor(PAPER / perGroup)) * perGroup;
  return Array.from({ length: Math.ceil(others.length / most) }, (_, at) => [
    first,
    ...others.slice(at * most, (at + 1) * most),
  ]);
}

/** A header that sorts by its column. */
function sorter(
  column: Column,
  { columns }: Sheet,
  state: State,
  change: Change,
  rowspan: number | null = null,
  isRepeated = false,
) {
  const [chosen, direction] = state.tabell.split(":");
  const at = columns.indexOf(column);
  const isChosen = String(at) === chosen;
  const next = isChosen ? (direction === "ned" ? "opp" : "ned") : column.numeric ? "ned" : "opp";
  return h(
    "th",
    {
      scope: "col",
      rowspan,
      class: column.numeric && (column.isWhole ? "number whole" : "number"),
      "aria-sort": isChosen ? (direction === "ned" ? "descending" : "ascending") : "none",
    },
    h(
      "button",
      {
        type: "button",
        id: isRepeated ? null : `sorter-${at}`,
        onclick: () => change({ tabell: `${at}:${next}`, side: 1 }),
      },
      column.leaf ?? column.label,
      h("span", { "aria-hidden": "true" }, isChosen ? (direction === "ned" ? " ↓" : " ↑") : " ↕"),
    ),
  );
}

/** The rows of headers: groups of columns, if any, and the columns. The first is on each sheet of paper. */
function head(content: Sheet, [first, ...others]: Column[], state: State, change: Change, sheetNumber: number) {
  const isGrouped = others.some(({ group }) => group);
  const corner = sorter(first, content, state, change, isGrouped ? 2 : null, sheetNumber > 0);
  const leaves = others.map((column) => sorter(column, content, state, change));
  if (!isGrouped) return h("tr", {}, corner, leaves);
  const groups: { group: string; size: number }[] = [];
  for (const { group = "" } of others) {
    const last = groups.at(-1);
    if (last?.group === group) last.size++;
    else groups.push({ group, size: 1 });
  }
  const over = groups.map(({ group, size }) => h("th", { scope: "colgroup", colspan: size }, group));
  return [h("tr", {}, corner, over), h("tr", {}, leaves)];
}

const format = (column: Column, value: Value) =>
  value === null ? "–" : typeof value === "string" ? value : column.format(value);

function line(row: Value[], columns: Column[], content: Sheet, data: Data, isWhole: boolean) {
  return h(
    "tr",
    { class: isWhole && "whole" },
    columns.map((column, place) => {
      const value = row[content.columns.indexOf(column)];
      if (!column.numeric)
        return h(place ? "td" : "th", { scope: place ? null : "row", class: column.isTime && "short" }, String(value));
      return h("td", { class: column.isWhole ? "number whole" : "number" }, told(format(column, value), data));
    }),
  );
}

function paging(page: number, pages: number, count: number, change: Change) {
  const turn = (label: string, to: number, id: string) =>
    h(
      "button",
      {
        type: "button",
        class: "secondary",
        id,
        "aria-disabled": to < 1 || to > pages ? "true" : null,
        onclick: () => to >= 1 && to <= pages && change({ side: to }),
      },
      label,
    );
  return h(
    "div",
    { class: "paging" },
    turn("Forrige side", page - 1, "forrige"),
    h("span", {}, `Side ${page} av ${pages} · ${number(count)} rader`),
    turn("Neste side", page + 1, "neste"),
  );
}

/** The form of the table, and of the cross table what is down and what is across. */
function layoutControls(state: State, data: Data, change: Change) {
  return h(
    "div",
    { class: "toolbar layout" },
    toggleGroup("Tabellens form", "form", entriesOf(FORMS), state.form, (form) => change({ form })),
    ...(state.form === "kryss" ? downAndAcross(state, data, change) : []),
  );
}

const named = (along: Along) => (along ? DIMENSIONS[along] : "Ingenting");

function downAndAcross(state: State, data: Data, change: Change) {
  const [down, across] = layout(state);
  const turned = across ? laidOut(across, down, state, data) : {};
  // A dimension that is chosen in both places changes places.
  const lay = (itsDown: Dimension, itsAcross: Along) =>
    itsDown === itsAcross ? turned : laidOut(itsDown, itsAcross, state, data);
  const select = <Value extends Along>(
    id: string,
    label: string,
    values: readonly Value[],
    chosen: Value,
    changes: (value: Value) => Partial<State>,
  ) => {
    const node: HTMLSelectElement = h("select", { id, onchange: () => change(changes(node.value as Value)) });
    const option = (value: Value): Option => {
      const trouble = problem({ ...state, ...changes(value) }, data);
      return [value, named(value) + (trouble ? ` – ${trouble.short}` : "")];
    };
    fill(node, values.map(option), chosen);
    return h("div", { class: "field" }, h("label", { for: id }, label), node);
  };
  // With nothing across there is nothing to change places with.
  const others = CHOICES.del.filter((value) => across || value !== down);
  return [
    select("nedover", "Nedover", CHOICES.x, down, (value) => lay(value, across)),
    select("bortover", "Bortover", others, across, (value) => lay(down, value)),
    h(
      "button",
      {
        type: "button",
        class: "secondary",
        id: "bytt",
        "aria-disabled": across ? null : "true",
        "aria-describedby": across ? null : "bytt-hint",
        onclick: () => across && change(turned),
      },
      "Bytt om",
    ),
    !across && h("p", { class: "hint", id: "bytt-hint" }, "Velg noe bortover for å kunne bytte om."),
  ];
}
