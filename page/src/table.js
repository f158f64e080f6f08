// The table of exactly what the figure shows: also what is exported.

import { h } from "./dom.js";
import { MEASURES } from "./measures.js";
import { DIMENSIONS, REFERENCES, isTime } from "./query.js";
import { DOT, collator, number, percent, signed } from "./text.js";

const PAGE = 25;

/**
 * Columns and rows. A value is a number, text, the dot of what is suppressed, or null where there is nothing to show.
 *
 * @returns { columns: [{ label, numeric, format }], rows: [[value]] }
 */
export function sheet(result, state) {
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
    (cell) => cell.value ?? DOT,
    (value) => number(value, decimals),
  );
  if (result.inPercent)
    add(
      "Andel i prosent",
      (cell) => (cell.share === null ? DOT : cell.share * 100),
      (value) => percent(value / 100),
    );
  for (const kind of result.references) {
    const before = (cell) => cell.references[kind] && (cell.references[kind].value ?? DOT);
    add(REFERENCES[kind], before, (value) => number(value, decimals));
    add(
      `Endring fra ${REFERENCES[kind].toLowerCase()}`,
      (cell) =>
        before(cell) === null ? null : before(cell) === DOT || cell.value === null ? DOT : cell.value - before(cell),
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

export const format = (column, value) => (value === null ? "–" : value === DOT ? DOT : column.format(value));

/** The table with its paging, or on paper all of it. `change` is told what the reader chooses. */
export function table(data, state, caption, change, onPaper) {
  const perPage = onPaper ? Infinity : PAGE;
  const pages = Math.max(1, Math.ceil(data.rows.length / perPage));
  const page = Math.min(state.side, pages);
  const first = page > 1 ? (page - 1) * perPage : 0;
  const rows = sorted(data, state.tabell).slice(first, first + perPage);
  const [chosen, direction] = state.tabell.split(":");
  const head = data.columns.map((column, at) => {
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
        const column = data.columns[at];
        const hidden = value === DOT && column.numeric;
        return h(
          "td",
          { class: column.numeric ? "number" : column.isTime && "short" },
          hidden
            ? [h("span", { "aria-hidden": "true" }, DOT), h("span", { class: "unseen" }, "prikket")]
            : format(column, value),
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
      h("span", {}, `Side ${page} av ${pages} · ${number(data.rows.length)} rader`),
      turn("Neste side", page + 1, "neste"),
    ),
    data.rows.some((row) => row.includes(DOT)) &&
      h("p", { class: "note" }, `${DOT} betyr at tallet er prikket: det vises ikke, av hensyn til personvernet.`),
  );
}
