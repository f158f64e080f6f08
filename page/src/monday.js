// Monday's table: how many there are now of each kind, how it has changed, a year as a line, and others beside it.

import { h } from "./dom.js";
import { DIMENSIONS, changeFrom, compute, problem, unitName, unitsAbove, unitsUnder } from "./query.js";
import { explained } from "./sheet.js";
import { defaults, serialise, unitNumber } from "./state.js";
import { told } from "./table.js";
import { number, signed } from "./text.js";

export const SPLITS = ["tiltak", "avdeling", "innsats"];
const NOBODY = { value: 0 };

/** The units whose numbers are beside a unit's: an office's region, a region's offices, the country's regions. */
function beside(data, unit) {
  const [level] = data.enheter[unit];
  if (level === "KONTOR") return unitsAbove(data, unit).filter((at) => data.enheter[at][0] === "REGION");
  const regions = level === "LAND" ? unitsUnder(data, unit, "region") : [];
  return regions.length > 1 ? regions : unitsUnder(data, unit, "kontor").filter(data.isOffered);
}

/** The kinds that a unit has numbers by. */
export const splitsOf = (state, data) =>
  SPLITS.filter((x) => !problem({ ...defaults(data), enhet: state.enhet, x }, data));

/**
 * The table's rows, the whole unit first: { label, code, cell, year (a cell for each of 52 weeks), others (cells) }.
 *
 * @param week the period of the week that is shown, and `year` the one of the 52 weeks that end with it
 */
export function rows(split, state, data, { week, year }) {
  const view = (changes) => ({ ...defaults(data), enhet: state.enhet, x: split, perioder: [week], ...changes });
  const sorter = split === "innsats" ? "fast" : "storrelse";
  const byKey = (cells) => new Map(cells.map((cell) => [cell.x.key, cell]));
  const whole = (changes) => compute(view({ x: "uke", ...changes }), data).cells;
  const units = beside(data, unitNumber(data, state.enhet))
    .map((at) => ({ at, enhet: data.enheter[at].slice(0, 2).join(":") }))
    .filter(({ enhet }) => !problem(view({ enhet }), data))
    .map(({ at, enhet }) => ({
      name: unitName(data, at),
      whole: whole({ enhet })[0],
      cells: byKey(compute(view({ enhet }), data).cells),
    }));
  const { parts, panels } = compute(view({ x: "uke", del: split, perioder: [year] }), data);
  const weeks = (key) => {
    const at = parts.findIndex((part) => part.key === key);
    return panels[0].cells.map((row) => row[at] ?? NOBODY);
  };
  const mot = ["uke", "aar"];
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
export function monday(split, state, data, periods) {
  const found = rows(split, state, data, periods);
  const shown = ({ value, sign }) => value ?? sign;
  const column = (label) => h("th", { scope: "col", class: "number" }, label);
  const cell = (value, format) =>
    h("td", { class: "number" }, value === null ? "–" : typeof value === "string" ? told(value, data) : format(value));
  const link = ({ label, code }) => {
    const chosen = { x: "uke", figur: "linje", perioder: [periods.year], mot: ["aar"] };
    const view = { ...defaults(data), vis: "utforsk", enhet: state.enhet, ...chosen, ...(code && { [split]: [code] }) };
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
function line(cells) {
  const [width, height] = [110, 26];
  const known = cells.map(({ value }) => value).filter((value) => value !== null);
  const top = Math.max(1, ...known);
  const x = (at) => 2 + (at * (width - 4)) / Math.max(1, cells.length - 1);
  const y = (value) => height - 2 - (value * (height - 4)) / top;
  let path = "";
  cells.forEach(({ value }, at) => {
    if (value === null) return;
    // A week alone between two that are not shown is a short line of its own.
    const begins = at === 0 || cells[at - 1].value === null;
    path += begins ? `M${x(at) - 0.5} ${y(value)}L${x(at)} ${y(value)}` : `L${x(at)} ${y(value)}`;
  });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, class: "line" }))
    svg.setAttribute(name, value);
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  const words = known.length
    ? `Lavest ${number(Math.min(...known))}, høyest ${number(Math.max(...known))}`
    : "Ingen av ukene vises";
  return [svg, h("span", { class: "unseen" }, words)];
}
