// The cross table: one dimension down and one across, wholes first, and the newest week first.

import { type Data, KEYS } from "./data.ts";
import {
  type Along,
  type Cell,
  cellMaker,
  DIMENSIONS,
  inOrder,
  isTime,
  type Member,
  members,
  type Panel,
  problem,
  type Result,
  weeksFor,
} from "./query.ts";
import { type CellValue, type Column, type Sheet, valuesOf } from "./sheet.ts";
import { type Dimension, type State, unitNumber } from "./state.ts";
import { isOneOf } from "./typed.ts";

const ALL: Member = { key: "", label: "I alt", choose: {} };

/** A row or a column of members; of time, with the period that it is in. */
interface Line {
  member: Member;
  label: string;
  panel?: Panel;
}
type Crossed = CellValue & Column & { entry: Line };
type Way = Pick<State, "x" | "del" | "ned">;

/** The dimension that is down, and the one that is across, if any. */
export const layout = ({ x, del, ned }: State): [down: Dimension, across: Along] =>
  ned === "del" && del ? [del, x] : [x, del];

/**
 * The choices that lay the table out so. The figure is of the same numbers: it stays as it is if it can, and is turned
 * or drawn as bars if it cannot.
 */
export function laidOut(down: Dimension, across: Along, state: State, data: Data): Partial<State> {
  const ways: Way[] = across
    ? [
        { x: down, del: across, ned: "x" },
        { x: across, del: down, ned: "del" },
      ]
    : [{ x: down, del: "", ned: "x" }];
  const kept = (way: Way) => 2 * Number(way.x === state.x) + Number(way.del === state.del);
  ways.sort((a, b) => kept(b) - kept(a));
  const fits = (way: Partial<State>) => !problem({ ...state, ...way }, data);
  const way = [...ways, ...ways.map((one) => ({ ...one, figur: "soyle" as const }))].find(fits) ?? ways[0];
  return { ...way, ...weeksFor([down, across], state) };
}

/** Whether there is a number of the whole along a dimension: one that is shown by itself, and never a sum of parts. */
function hasWhole(dimension: Along, other: Along, state: State, data: Data) {
  if (!dimension || isTime(dimension) || dimension === "bruk") return false;
  if (isOneOf(KEYS, dimension) && state[dimension] !== null) return false;
  return !problem({ ...state, x: other || "uke", del: "", figur: "soyle" }, data);
}

/**
 * The members of a dimension that is not time, in the chosen order. If they have wholes, these tell how large they are,
 * and whether anybody is there: with noise a whole may be shown where each of its parts is 0.
 */
function ordered(dimension: Along, other: Along, result: Result, state: State, data: Data) {
  const role = dimension === state.x ? "xs" : "parts";
  const shown = result.panels[0][role];
  if (!dimension || dimension === "bruk" || !hasWhole(other, dimension, state, data)) return shown;
  const make = cellMaker(state, data);
  const isThere = new Set(shown.map(({ key }) => key));
  const found = members(dimension, state, data, unitNumber(data, state.enhet), [])
    .map((member) => {
      const [x, part] = role === "xs" ? [member, ALL] : [ALL, member];
      return { member, wholes: result.panels.map(({ weeks }) => make(x, part, weeks).value) };
    })
    .filter(({ member, wholes }) => isThere.has(member.key) || wholes.some((value) => value !== 0));
  // A number that is not shown is more than 0.
  return inOrder(found, dimension, state.sorter, ({ wholes: [first] }) => first ?? 0.5).map(({ member }) => member);
}

/** The rows or columns of a dimension, each with a label, and if it is time with the period that it is in. */
function entries(dimension: Along, other: Along, result: Result, state: State, data: Data): Line[] {
  if (!isTime(dimension)) {
    const found = ordered(dimension, other, result, state, data).map((member) => ({ member, label: member.label }));
    return hasWhole(dimension, other, state, data) ? [{ member: ALL, label: ALL.label }, ...found] : found;
  }
  const role = dimension === state.x ? "xs" : "parts";
  const isSame = dimension === "uke" || result.panels.length === 1;
  const found = result.panels.flatMap((panel) =>
    panel[role].toReversed().map((member) => {
      const marks = [
        !isSame && panel.name,
        member.choose.weeks?.some((week) => data.uker[week][4]) && "foreløpig",
      ].filter(Boolean);
      return { member, panel, label: member.label + (marks.length ? ` (${marks.join(", ")})` : "") };
    }),
  );
  return [...new Map(found.map((entry) => [entry.label, entry])).values()];
}

/** The table's columns and rows, as `sheet` has them. */
export function cross(result: Result, state: State, data: Data): Sheet {
  const [down, across] = layout(state);
  const rows = entries(down, across, result, state, data);
  const values = valuesOf(result, state, data).filter((value) => value.isCrossed);
  const columns = columnsOf(entries(across, down, result, state, data), values, result, [down, across].some(isTime));
  const cellOf = finder(result, state, data);
  const order = new Map(rows.map(({ label }, at) => [label, at]));
  const first: Column = {
    label: DIMENSIONS[down],
    numeric: false,
    format: String,
    members: { dimension: down, byLabel: new Map(rows.map(({ label, member }) => [label, member])) },
  };
  if (isTime(down)) {
    first.isTime = true;
    first.order = (a, b) => (order.get(b) ?? 0) - (order.get(a) ?? 0);
  }
  return {
    isCrossed: true,
    wholes: Number(rows[0]?.member === ALL),
    perGroup: values.length,
    across,
    columns: [first, ...columns],
    rows: rows.map((row) => [row.label, ...columns.map((column) => column.value(cellOf(row, column.entry)))]),
  };
}

/** A column for each value of what is across, in each period unless time is one of the two. */
function columnsOf(found: Line[], values: CellValue[], result: Result, isByTime: boolean): Crossed[] {
  const periods = isByTime || result.panels.length === 1 ? [null] : result.panels;
  return periods.flatMap((panel) =>
    found.flatMap((entry) =>
      values.map((value) => {
        const names = [panel?.name ?? "", entry.label].filter(Boolean);
        if (values.length > 1 || !names.length) names.push(value.label);
        return {
          ...value,
          numeric: true,
          isWhole: entry.member === ALL,
          entry: panel ? { ...entry, panel } : entry,
          member: entry.member,
          label: names.join(", "),
          leaf: names[names.length - 1],
          group: names.slice(0, -1).join(", "),
        };
      }),
    ),
  );
}

/** A function that finds the cell of a row and a column: what the figure has, or the number of a whole. */
function finder(result: Result, state: State, data: Data) {
  const make = cellMaker(state, data);
  const isTurned = layout(state)[0] !== state.x;
  const name = (x: Member, part: Member) => `${x.key}\n${part.key}`;
  const known = new Map(
    result.panels.map((panel) => [panel, new Map(panel.cells.flat().map((cell) => [name(cell.x, cell.part), cell]))]),
  );
  return (row: Line, column: Line): Cell => {
    const panel = row.panel ?? column.panel ?? result.panels[0];
    const [x, part] = isTurned ? [column.member, row.member] : [row.member, column.member];
    const isWhole = x === ALL || part === ALL;
    return (!isWhole && known.get(panel)?.get(name(x, part))) || make(x, part, panel.weeks);
  };
}
