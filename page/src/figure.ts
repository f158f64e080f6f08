// Draws what query.ts found as one SVG: title, explanation of signs, one panel for each period on one scale, notes.
// Where there are many parts, each has a panel of its own.

import { sum } from "d3";
import { type Colours, lookOf, placeOf, THEMES, type Theme } from "./colours.ts";
import type { Data } from "./data.ts";
import { h, svg } from "./dom.ts";
import { type Drawing, end, FONT, LINE, LINES, type Look, MARKS, SIZE, widest, wrap } from "./drawing.ts";
import { isApart, startOf } from "./fitting.ts";
import { heat } from "./heat.ts";
import { lying } from "./lying.ts";
import { MEASURES } from "./measures.ts";
import { describe, isTime, type Member, type Panel, REFERENCES, type Result, shown, signs } from "./query.ts";
import { standing } from "./standing.ts";
import type { State } from "./state.ts";
import { DOT } from "./text.ts";
import { aboutFigure, amount, notes, sign } from "./words.ts";

export const MOST_PARTS = 30;
const DASHES = ["", "7 4", "2 4"];
const ROW = LINE + 6;
const BETWEEN = 16;
/** The least width of a panel beside another: of a period, and of a part. */
const NARROWEST = 26 * SIZE;
const SMALLEST = 18 * SIZE;
/** The least width of a panel that has names beside its numbers. */
const LEAST_BESIDE = 25 * SIZE;

/** Something that is drawn at a width, under its name, beside others of its kind. */
interface Piece {
  name: string;
  panel: Panel;
  number: number;
  plot: (width: number) => SVGSVGElement;
}

/**
 * @param result what `compute` gave
 * @param options width in pixels, `theme` (light, dark), `id`, which no other figure on the page has, and `hasNotes`,
 *   for a figure that is taken out: on the page its notes stand beneath it, as text
 * @returns an svg element that needs nothing outside itself
 */
export function draw(
  result: Result,
  state: State,
  data: Data,
  { width, theme, id = "figur", hasNotes = false }: { width: number; theme: Theme; id?: string; hasNotes?: boolean },
): SVGSVGElement {
  const colours = THEMES[theme];
  const root = svg("svg", {
    width,
    role: "img",
    xmlns: "http://www.w3.org/2000/svg",
    "font-family": FONT,
    "font-size": SIZE,
    fill: colours.text,
  });
  let y = 6;
  const write = (text: string, size = SIZE, weight = "normal", fill = colours.text) => {
    for (const line of wrap(text, width, size, weight)) {
      y += Math.round(size * 1.25);
      root.append(svg("text", { x: 0, y, "font-size": size, "font-weight": weight, fill }, line));
    }
  };
  const { title, unit } = describe(state, data);
  const periods = result.panels.length === 1 ? [result.panels[0].name] : [];
  const about = [unit, ...periods, ...(result.averaged ? ["gjennomsnitt per uke"] : [])].join(" · ");
  write(title, 1.2 * SIZE, "bold");
  write(about, SIZE, "normal", colours.subtle);
  const drawing = drawingOf(root, result, state, data, { width, colours, id });
  for (const line of aboutFigure(result, state, drawing)) write(line);
  y = key(root, entriesOfKey(result, state, data, drawing), width, y + 8);
  y = panels(root, result, state, drawing, y);
  if (hasNotes) for (const note of notesOf(result, state, data, width)) write(note, SIZE, "normal", colours.subtle);
  y += 10;
  root.setAttribute("height", String(y));
  root.setAttribute("viewBox", `0 0 ${width} ${y}`);
  root.prepend(svg("rect", { width, height: y, fill: colours.background }));
  asOneImage(root);
  return root;
}

/** Plot labels groups for screen readers; the figure is one image, and the table beside it is its alternative. */
function asOneImage(root: SVGElement) {
  for (const node of root.querySelectorAll("[aria-label], [aria-hidden], [aria-description]"))
    for (const name of ["aria-label", "aria-hidden", "aria-description"]) node.removeAttribute(name);
}

/** Whether each part has a panel of its own. */
const isInMany = (result: Result, { del, figur, x }: State, width: number) =>
  del !== "" &&
  figur !== "varme" &&
  result.panels.some(({ parts }) => isApart(parts.length, isTime(x) && width < LEAST_BESIDE));

/** What is to be known about a figure that is drawn at a width. */
export const notesOf = (result: Result, state: State, data: Data, width: number) =>
  notes(isInMany(result, state, width) ? { ...result, isStacked: false } : result, state, data);

/** The notes as a list, which stands beneath the figure. */
export const noted = (id: string, lines: string[]) =>
  h(
    "ul",
    { class: "plain note", id },
    lines.map((line) => h("li", {}, line)),
  );

function drawingOf(
  root: SVGElement,
  result: Result,
  state: State,
  data: Data,
  { width, colours, id }: Pick<Drawing, "width" | "colours" | "id">,
): Drawing {
  const isSmall = isInMany(result, state, width);
  const looks = new Map(
    result.parts.map((part, at): [string, Look] => {
      const place = state.del ? placeOf(state.del, part, state, data) : 0;
      const { colour, texture, dashes } = lookOf(place, colours);
      const fill = texture && !isSmall ? `url(#${id}-m${at})` : colour;
      const hatch = result.parts.length === 1 ? `url(#${id}-skjult)` : `url(#${id}-skjult${at})`;
      root.append(patterns(at, texture, colour, id, colours));
      return [part.key, { colour, fill, dashes: isSmall ? "" : DASHES[dashes], hatch }];
    }),
  );
  root.append(ownPatterns(id, colours));
  const ofWhole: Look = { colour: colours.text, fill: colours.text, dashes: "", hatch: `url(#${id}-skjult)` };
  const start = state.figur === "linje" ? startOf(valuesOf(result)) : 0;
  const look = ({ key }: Member) => looks.get(key) ?? ofWhole;
  return { width, colours, look, start, top: highest(result, isSmall), id, isSmall };
}

const valuesOf = (result: Result) =>
  result.cells.flatMap((cell) =>
    [shown(cell, result), ...Object.values(cell.references).map((reference) => reference?.value)].filter(
      (value) => typeof value === "number",
    ),
  );

/** The end of the scale that all panels share. */
function highest(result: Result, isSmall: boolean) {
  if (isSmall || !result.isStacked) return Math.max(result.inPercent ? 0 : 1, ...valuesOf(result)) || 1;
  const rows = result.panels.flatMap(({ cells }) => cells);
  return Math.max(
    1,
    ...rows.map((row) =>
      Math.max(
        sum(row, (cell) => shown(cell, result) ?? 0),
        end(row[0], result) ?? 0,
      ),
    ),
  );
}

/** Panels beside each other where there is room for it, from y down. Returns where they end. */
function panels(root: SVGElement, result: Result, state: State, drawing: Drawing, y: number) {
  const several = result.panels.length > 1;
  const named = (panel: Panel) => (several ? panel.name + (panel.provisional ? " – foreløpig" : "") : "");
  if (!drawing.isSmall) {
    const pieces = result.panels.map((panel, number) => ({
      name: named(panel),
      panel,
      number,
      plot: (width: number) => plotOf(panel, result, state, { ...drawing, width }),
    }));
    return beside(root, pieces, drawing.width, NARROWEST, y);
  }
  let at = y;
  for (const [number, panel] of result.panels.entries()) {
    const small = { ...result, isStacked: false };
    if (several) {
      at += LINE;
      root.append(svg("text", { y: at, "font-weight": "bold", "font-size": 1.1 * SIZE }, named(panel)));
    }
    at = beside(root, whole(panel, number, small, state, drawing), drawing.width, drawing.width, at);
    const pieces = panel.parts.map((part, column) => {
      const one = { ...panel, parts: [part], cells: panel.cells.map((row) => [row[column]]) };
      const plot = (width: number) => plotOf(one, small, state, { ...drawing, width });
      return { name: part.label, panel: one, number, plot };
    });
    at = beside(root, pieces, drawing.width, SMALLEST, at);
  }
  return at;
}

const plotOf = (panel: Panel, result: Result, state: State, drawing: Drawing) =>
  (state.figur === "varme" ? heat : isTime(state.x) ? standing : lying)(panel, result, state, drawing);

/** The published number of the whole, where what would have been a stack is drawn part by part. */
function whole(panel: Panel, number: number, result: Result, state: State, drawing: Drawing): Piece[] {
  if (state.figur !== "stablet" || result.isSubset || !isTime(state.x)) return [];
  const part: Member = { key: "", label: "I alt", choose: {} };
  const cells = panel.cells.map(([first]) => [
    { ...first, part, value: first.whole ?? null, sign: DOT, references: {} },
  ]);
  const values = cells.flatMap(([{ value }]) => value ?? []);
  if (!values.length) return [];
  const one = { ...panel, parts: [part], cells };
  const top = Math.max(1, ...values);
  const plot = (width: number) => plotOf(one, result, state, { ...drawing, width, top });
  return [{ name: `I alt, på egen skala`, panel: one, number, plot }];
}

/** Draws pieces beside and under each other. Returns where they end. */
function beside(root: SVGElement, pieces: Piece[], width: number, narrowest: number, y: number) {
  const room = Math.max(1, Math.floor((width + BETWEEN) / (narrowest + BETWEEN)));
  const columns = Math.max(1, Math.min(pieces.length, room));
  const each = Math.floor((width - BETWEEN * (columns - 1)) / columns);
  for (let first = 0; first < pieces.length; first += columns) {
    const row = pieces.slice(first, first + columns);
    const names = row.map(({ name }) => (name ? wrap(name, each, SIZE, "bold") : []));
    const above = LINE * Math.max(...names.map((lines) => lines.length));
    let height = 0;
    for (const [column, { plot, number }] of row.entries()) {
      const x = column * (each + BETWEEN);
      names[column].forEach((line, at) => {
        root.append(svg("text", { x, y: y + LINE * (at + 1), "font-weight": "bold" }, line));
      });
      const drawn = plot(each);
      for (const [name, value] of Object.entries({ x, y: y + above + 6, "data-panel": number }))
        drawn.setAttribute(name, String(value));
      root.append(drawn);
      height = Math.max(height, above + 6 + Number(drawn.getAttribute("height")));
    }
    y += height + 12;
  }
  return y;
}

function pattern(id: string, size: number, fill: string, ...children: Node[]) {
  const attributes = { id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
  return svg("pattern", attributes, svg("rect", { width: size, height: size, fill }), ...children);
}

/** Stripes or dots of a part, so that colour is not the only difference, and the hatch of what is not shown of it. */
function patterns(at: number, texture: number, colour: string, id: string, { background }: Colours) {
  const stripe = (width: number, height: number, fill: string) => svg("rect", { width, height, fill });
  const dot = svg("circle", { cx: 3.5, cy: 3.5, r: 1.4, fill: background });
  const textures = [
    [],
    [pattern(`${id}-m${at}`, 8, colour, stripe(2, 8, background))],
    [pattern(`${id}-m${at}`, 7, colour, dot)],
  ];
  return svg("defs", {}, ...textures[texture], pattern(`${id}-skjult${at}`, 6, background, stripe(2, 6, colour)));
}

/** The hatch of what is not shown of no part, and the colours of a heat map. */
const ownPatterns = (id: string, { background, subtle, heat: colours }: Colours) =>
  svg(
    "defs",
    {},
    pattern(`${id}-skjult`, 6, background, svg("rect", { width: 1.5, height: 6, fill: subtle })),
    svg(
      "linearGradient",
      { id: `${id}-farge` },
      ...colours.map((colour, at) => svg("stop", { offset: at, "stop-color": colour })),
    ),
  );

type Entry = [sign: SVGElement, label: string];

/** The signs that have no name where they stand: the colours of a heat map, what is compared with, and hatches. */
function entriesOfKey(result: Result, state: State, data: Data, { colours, top, id, isSmall }: Drawing) {
  const entries: Entry[] = [];
  if (state.figur === "varme")
    entries.push([
      svg("rect", { width: 22, height: 14, fill: `url(#${id}-farge)` }),
      `0 til ${amount(top, result)} ${result.inPercent ? "" : MEASURES[state.maal].unit.toLowerCase()}`,
    ]);
  for (const reference of result.references) {
    const { width: stroke, dashes } = (state.figur === "linje" ? LINES : MARKS)[reference];
    const style = { stroke: colours.text, "stroke-width": stroke, "stroke-dasharray": dashes };
    entries.push([svg("line", { x1: 2, x2: 20, y1: 7, y2: 7, ...style }), REFERENCES[reference]]);
  }
  return [...entries, ...entriesOfHidden(isSmall ? { ...result, isStacked: false } : result, data, id)];
}

/** The signs of what is not shown. */
function entriesOfHidden(result: Result, data: Data, id: string): Entry[] {
  const hatch = () => svg("rect", { width: 16, height: 14, fill: `url(#${id}-skjult)` });
  const hidden = result.cells.filter((cell) => shown(cell, result) === null);
  if (!hidden.length || !result.isStacked)
    return Object.entries(signs(data))
      .filter(([its]) => hidden.some((cell) => sign(cell, result) === its))
      .map(([its, [text]]) => [hatch(), `${its}: ${text}`]);
  const dot = svg("text", { x: 6, y: 12, "font-weight": "bold" }, DOT);
  const incomplete: Entry = [dot, "Ufullstendig: en eller flere deler er prikket"];
  const isKnown = hidden.some((cell) => end(cell, result));
  return isKnown ? [[hatch(), "Opp til det hele: deler som er prikket"], incomplete] : [incomplete];
}

/** Puts the entries beside and under each other, from y down. Returns where they end. */
function key(root: SVGElement, entries: Entry[], width: number, y: number) {
  let x = 0;
  for (const [its, label] of entries) {
    const lines = wrap(label, width - 30);
    const needed = 46 + widest(lines);
    if (x && x + needed > width) [x, y] = [0, y + ROW];
    root.append(svg("g", { transform: `translate(${x} ${y + 4})` }, its));
    for (const [at, line] of lines.entries()) root.append(svg("text", { x: x + 27, y: y + SIZE + at * LINE }, line));
    y += LINE * (lines.length - 1);
    x += needed;
  }
  return entries.length ? y + ROW + 6 : y;
}
