// The cross table: one dimension down and one across, wholes first, and the newest week first.

import { DIMENSIONS, cellMaker, isTime, members, problem } from "./query.js";
import { valuesOf } from "./sheet.js";
import { unitNumber } from "./state.js";
import { collator } from "./text.js";

const ALL = { key: null, label: "I alt", choose: {} };

/** The dimension that is down, and the one that is across, if any. */
export const layout = ({ x, del, ned }) => (ned === "del" && del ? [del, x] : [x, del]);

/**
 * The choices that lay the table out so. The figure is of the same numbers: it stays as it is if it can, and is turned
 * or drawn as bars if it cannot.
 */
export function laidOut(down, across, state, data) {
  const ways = across
    ? [
        { x: down, del: across, ned: "x" },
        { x: across, del: down, ned: "del" },
      ]
    : [{ x: down, del: "", ned: "x" }];
  const kept = (way) => 2 * (way.x === state.x) + (way.del === state.del);
  ways.sort((a, b) => kept(b) - kept(a));
  const fits = (way) => !problem({ ...state, ...way }, data);
  const way = [...ways, ...ways.map((one) => ({ ...one, figur: "soyle" }))].find(fits) ?? ways[0];
  const needsWeeks = [down, across].some(isTime) && state.perioder.join() === "siste";
  return { ...way, ...(needsWeeks && { perioder: ["siste52"] }) };
}

/** Whether there is a number of the whole along a dimension: one that is shown by itself, and never a sum of parts. */
function hasWhole(dimension, other, state, data) {
  if (!dimension || isTime(dimension) || dimension === "bruk" || (state[dimension] ?? null) !== null) return false;
  return !problem({ ...state, x: other || "uke", del: "", figur: "soyle" }, data);
}

/**
 * The members of a dimension that is not time, in the chosen order. If they have wholes, these tell how large they are,
 * and whether anybody is there: with noise a whole may be shown where each of its parts is 0.
 */
function inOrder(dimension, other, result, state, data) {
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
  const byName = (a, b) => collator.compare(a.member.label, b.member.label);
  // A number that is not shown is more than 0.
  const size = ({ wholes: [first] }) => first ?? 0.5;
  if (state.sorter === "storrelse") found.sort((a, b) => size(b) - size(a) || byName(a, b));
  if (state.sorter === "navn") found.sort(byName);
  return found.map(({ member }) => member);
}

/** The rows or columns of a dimension, each with a label, and if it is time with the period that it is in. */
function entries(dimension, other, result, state, data) {
  if (!isTime(dimension)) {
    const found = inOrder(dimension, other, result, state, data).map((member) => ({ member, label: member.label }));
    return hasWhole(dimension, other, state, data) ? [{ member: ALL, label: ALL.label }, ...found] : found;
  }
  const role = dimension === state.x ? "xs" : "parts";
  const isSame = dimension === "uke" || result.panels.length === 1;
  const found = result.panels.flatMap((panel) =>
    panel[role].toReversed().map((member) => {
      const marks = [
        !isSame && panel.name,
        member.choose.weeks.some((week) => data.uker[week][4]) && "foreløpig",
      ].filter(Boolean);
      return { member, panel, label: member.label + (marks.length ? ` (${marks.join(", ")})` : "") };
    }),
  );
  return [...new Map(found.map((entry) => [entry.label, entry])).values()];
}

/** The table's columns and rows, as `sheet` has them; `wholes` is how many rows are first in any order. */
export function cross(result, state, data) {
  const [down, across] = layout(state);
  const rows = entries(down, across, result, state, data);
  const values = valuesOf(result, state, data).filter((value) => value.isCrossed);
  const columns = columnsOf(entries(across, down, result, state, data), values, result, [down, across].some(isTime));
  const cellOf = finder(result, state, data);
  const order = new Map(rows.map(({ label }, at) => [label, at]));
  const first = { label: DIMENSIONS[down], numeric: false, format: String };
  if (isTime(down)) Object.assign(first, { isTime: true, order: (a, b) => order.get(b) - order.get(a) });
  return {
    isCrossed: true,
    wholes: Number(rows[0]?.member === ALL),
    perGroup: values.length,
    columns: [first, ...columns],
    rows: rows.map((row) => [row.label, ...columns.map((column) => column.value(cellOf(row, column.entry)))]),
  };
}

/** A column for each value of what is across, in each period unless time is one of the two. */
function columnsOf(found, values, result, isByTime) {
  const periods = isByTime || result.panels.length === 1 ? [null] : result.panels;
  return periods.flatMap((panel) =>
    found.flatMap((entry) =>
      values.map((value) => {
        const names = [panel?.name, entry.label].filter(Boolean);
        if (values.length > 1 || !names.length) names.push(value.label);
        return {
          ...value,
          numeric: true,
          isWhole: entry.member === ALL,
          entry: panel ? { ...entry, panel } : entry,
          label: names.join(", "),
          leaf: names.pop(),
          group: names.join(", "),
        };
      }),
    ),
  );
}

/** A function that finds the cell of a row and a column: what the figure has, or the number of a whole. */
function finder(result, state, data) {
  const make = cellMaker(state, data);
  const isTurned = layout(state)[0] !== state.x;
  const name = (x, part) => `${x.key}\n${part.key}`;
  const known = new Map(
    result.panels.map((panel) => [panel, new Map(panel.cells.flat().map((cell) => [name(cell.x, cell.part), cell]))]),
  );
  return (row, column) => {
    const panel = row.panel ?? column.panel ?? result.panels[0];
    const [x, part] = isTurned ? [column.member, row.member] : [row.member, column.member];
    return known.get(panel).get(name(x, part)) ?? make(x, part, panel.weeks);
  };
}
