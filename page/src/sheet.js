// The table as a list: a row for each number of the figure. Also what is exported, and how rows are sorted.

import { MEASURES } from "./measures.js";
import { DIMENSIONS, REFERENCES, changeFrom, isTime, leastChange, signs } from "./query.js";
import { DOT, collator, number, percent, signed } from "./text.js";

/** The numbers of a cell: { label, value(cell), format, isCrossed (whether the cross table has it) }. */
export function valuesOf(result, state, data) {
  const per = result.averaged ? " (gjennomsnitt per uke)" : "";
  const plain = (value) => number(value, result.decimals);
  const found = [
    {
      label: `${MEASURES[state.maal].unit}${per}`,
      value: (cell) => cell.value ?? cell.sign,
      format: plain,
      isCrossed: true,
    },
  ];
  if (result.inPercent)
    found.push({
      label: "Andel i prosent",
      value: (cell) => (cell.share === null ? DOT : cell.share * 100),
      format: (value) => percent(value / 100),
      isCrossed: true,
    });
  for (const kind of result.references) {
    const before = (cell) => cell.references[kind] && (cell.references[kind].value ?? cell.references[kind].sign);
    found.push({ label: REFERENCES[kind], value: before, format: plain });
    found.push({
      label: `Endring fra ${REFERENCES[kind].toLowerCase()}`,
      value: (cell) => changeFrom(kind, cell, data),
      format: (value) => signed(value, result.decimals),
      isCrossed: true,
    });
  }
  if (result.averaged)
    found.push({ label: "Antall uker", value: (cell) => cell.weeks.length, format: (value) => number(value) });
  return found;
}

/**
 * Columns and rows. A value is a number, text, a sign of what is not shown, or null where there is nothing to show.
 *
 * @returns { columns: [{ label, numeric, format }], rows: [[value]] }
 */
export function sheet(result, state, data) {
  const columns = [];
  const add = (label, value, order) => columns.push({ label, value, numeric: false, format: String, ...order });
  // Time is sorted as time, not as words: members come with a key that is in order.
  const inOrder = (dimension, role) => {
    if (!isTime(dimension)) return {};
    const keys = new Map(result.cells.map((cell) => [cell[role].label, cell[role].key]));
    return { isTime: true, order: (a, b) => collator.compare(keys.get(a), keys.get(b)) };
  };
  if (result.panels.length > 1) {
    const names = result.panels.map((panel) => panel.name);
    add("Periode", (cell, panel) => panel.name, { order: (a, b) => names.indexOf(a) - names.indexOf(b) });
  }
  add(DIMENSIONS[state.x], (cell) => cell.x.label, inOrder(state.x, "x"));
  if (state.del) add(DIMENSIONS[state.del], (cell) => cell.part.label, inOrder(state.del, "part"));
  columns.push(...valuesOf(result, state, data).map((value) => ({ ...value, numeric: true })));
  if (result.cells.some((cell) => cell.provisional)) add("Foreløpig", (cell) => (cell.provisional ? "Ja" : "Nei"));
  const newestFirst = (list, dimension) => (isTime(dimension) ? list.toReversed() : list);
  const rows = result.panels.flatMap((panel) =>
    newestFirst(panel.cells, state.x)
      .flatMap((cells) => newestFirst(cells, state.del))
      .map((cell) => columns.map((column) => column.value(cell, panel))),
  );
  return { columns, rows, wholes: 0 };
}

/**
 * Rows in the order of a column, written `number:opp` or `number:ned`. A row without a number is last, and wholes are
 * first whatever the order.
 */
export function sorted({ columns, rows, wholes }, order) {
  const [at, direction] = order.split(":");
  if (!columns[at]) return rows;
  const sign = direction === "ned" ? -1 : 1;
  const has = (value) => !columns[at].numeric || typeof value === "number";
  const parts = rows.slice(wholes).sort(({ [at]: a }, { [at]: b }) => {
    if (!has(a) || !has(b)) return has(b) - has(a);
    return sign * (columns[at].numeric ? a - b : (columns[at].order ?? collator.compare)(a, b));
  });
  return [...rows.slice(0, wholes), ...parts];
}

/** Explains each sign in the table's rows, and what they say of small differences. */
export function explained({ rows }, data) {
  const found = new Set(rows.flat());
  const least = leastChange(data);
  return [
    ...Object.entries(signs(data))
      .filter(([sign]) => found.has(sign))
      .map(([sign, [text]]) => [sign, text]),
    ...(least && found.has(`under ${number(least)}`)
      ? [[`under ${number(least)}`, "Så små endringer kan være tilfeldige"]]
      : []),
  ];
}
