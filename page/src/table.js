// The table of exactly what the figure shows: also what is exported.

import { h } from "./dom.js";
import { MEASURES } from "./measures.js";
import { DIMENSIONS, REFERENCES, changeFrom, isTime, leastChange, signs } from "./query.js";
import { DOT, collator, number, percent, signed } from "./text.js";

const PAGE = 25;

/**
 * Columns and rows. A value is a number, text, a sign of what is not shown, or null where there is nothing to show.
 *
 * @returns { columns: [{ label, numeric, format }], rows: [[value]] }
 */
export function sheet(result, state, data) {
  const per = result.averaged ? " (gjennomsnitt per uke)" : "";
  const decimals = result.decimals;
  const columns = [];
  const add = (label, value, format, order) =>
    columns.push({ label, value, numeric: Boolean(format), format: format ?? String, ...order });
  // Time is sorted as time, not as words: members come with a key that is in order.
  const inOrder = (dimension, role) => {
    if (!isTime(dimension)) return {};
    const keys = new Map(result.cells.map((cell) => [cell[role].label, cell[role].key]));
    return { isTime: true, order: (a, b) => collator.compare(keys.get(a), keys.get(b)) };
  };
  if (result.panels.length > 1) {
    const names = result.panels.map((panel) => panel.name);
    add("Periode", (cell, panel) => panel.name, null, { order: (a, b) => names.indexOf(a) - names.indexOf(b) });
  }
  add(DIMENSIONS[state.x], (cell) => cell.x.label, null, inOrder(state.x, "x"));
  if (state.del) add(DIMENSIONS[state.del], (cell) => cell.part.label, null, inOrder(state.del, "part"));
  add(
    `${MEASURES[state.maal].unit}${per}`,
    (cell) => cell.value ?? cell.sign,
    (value) => number(value, decimals),
  );
  if (result.inPercent)
    add(
      "Andel i prosent",
      (cell) => (cell.share === null ? DOT : cell.share * 100),
      (value) => percent(value / 100),
    );
  for (const kind of result.references) {
    const before = (cell) => cell.references[kind] && (cell.references[kind].value ?? cell.references[kind].sign);
    add(REFERENCES[kind], before, (value) => number(value, decimals));
    add(
      `Endring fra ${REFERENCES[kind].toLowerCase()}`,
      (cell) => changeFrom(kind, cell, data),
      (value) => signed(value, decimals),
    );
  }
  if (result.averaged)
    add(
      "Antall uker",
      (cell) => cell.weeks.length,
      (value) => number(value),
    );
  if (result.cells.some((cell) => cell.provisional)) add("Foreløpig", (cell) => (cell.provisional ? "Ja" : "Nei"));
  const rows = result.panels.flatMap((panel) =>
    panel.cells.flat().map((cell) => columns.map((column) => column.value(cell, panel))),
  );
  return { columns, rows };
}

/** Rows in the order of a column, written `number:opp` or `number:ned`; what has no number is last. */
export function sorted({ columns, rows }, order) {
  const [at, direction] = order.split(":");
  if (!columns[at]) return rows;
  const sign = direction === "ned" ? -1 : 1;
  const has = (value) => !columns[at].numeric || typeof value === "number";
  return [...rows].sort(({ [at]: a }, { [at]: b }) => {
    if (!has(a) || !has(b)) return has(b) - has(a);
    return sign * (columns[at].numeric ? a - b : (columns[at].order ?? collator.compare)(a, b));
  });
}

const format = (column, value) =>
  value === null ? "–" : column.numeric && typeof value === "string" ? value : column.format(value);

/** A sign or words in the place of a number; a dot is read aloud as what it means. */
export const told = (text, data) =>
  text === DOT
    ? [h("span", { "aria-hidden": "true" }, DOT), h("span", { class: "unseen" }, signs(data)[DOT][1])]
    : text;

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

/** The table with its paging, or on paper all of it. `change` is told what the reader chooses. */
export function table(content, state, data, caption, change, onPaper) {
  const perPage = onPaper ? Infinity : PAGE;
  const pages = Math.max(1, Math.ceil(content.rows.length / perPage));
  const page = Math.min(state.side, pages);
  const first = page > 1 ? (page - 1) * perPage : 0;
  const rows = sorted(content, state.tabell).slice(first, first + perPage);
  const [chosen, direction] = state.tabell.split(":");
  const head = content.columns.map((column, at) => {
    const isChosen = String(at) === chosen;
    const next = isChosen ? (direction === "ned" ? "opp" : "ned") : column.numeric ? "ned" : "opp";
    return h(
      "th",
      {
        scope: "col",
        class: column.numeric && "number",
        "aria-sort": isChosen ? (direction === "ned" ? "descending" : "ascending") : "none",
      },
      h(
        "button",
        { type: "button", id: `sorter-${at}`, onclick: () => change({ tabell: `${at}:${next}`, side: 1 }) },
        column.label,
        h("span", { "aria-hidden": "true" }, isChosen ? (direction === "ned" ? " ↓" : " ↑") : " ↕"),
      ),
    );
  });
  const body = rows.map((row) =>
    h(
      "tr",
      {},
      row.map((value, at) => {
        const column = content.columns[at];
        return h(
          "td",
          { class: column.numeric ? "number" : column.isTime && "short" },
          column.numeric ? told(format(column, value), data) : format(column, value),
        );
      }),
    ),
  );
  const turn = (label, to, id) =>
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
    { id: "tabell" },
    h("h3", { id: "tabelltittel" }, caption),
    h(
      "div",
      { class: "scroll", role: "region", "aria-label": "Tabell", tabindex: "0" },
      h("table", { "aria-labelledby": "tabelltittel" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, body)),
    ),
    h(
      "div",
      { class: "paging" },
      turn("Forrige side", page - 1, "forrige"),
      h("span", {}, `Side ${page} av ${pages} · ${number(content.rows.length)} rader`),
      turn("Neste side", page + 1, "neste"),
    ),
    h(
      "div",
      { class: "note", id: "tegn" },
      explained(content, data).map(([sign, text]) => h("p", {}, `${sign}: ${text}.`)),
    ),
  );
}
