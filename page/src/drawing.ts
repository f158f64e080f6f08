// What all kinds of figures share: texts that are measured, the frame, and where bars, signs and marks are.
// Along the axis each category has the interval [i, i + 1]; bars lie down for categories, and stand up for time.

import * as Plot from "@observablehq/plot";
import { max } from "d3";
import type { Colours } from "./colours.ts";
import { svg } from "./dom.ts";
import { MEASURES } from "./measures.ts";
import { type Cell, type Member, type Panel, REFERENCES, type Result, shown } from "./query.ts";
import type { Reference, State } from "./state.ts";
import { DOT, number } from "./text.ts";
import { entriesOf, namesOf } from "./typed.ts";
import { hundred, sign, written } from "./words.ts";

export const FONT = '"Source Sans 3", "Source Sans Pro", Arial, sans-serif';
/** As large as the text of the page's tables and hints, also if the reader has chosen another size. */
export const SIZE = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
export const LINE = Math.round(SIZE * 1.25);

/** How a part is drawn: its fill, its line, and the hatch of what is not shown of it. */
export interface Look {
  colour: string;
  fill: string;
  dashes: string;
  hatch: string;
}
/** How a panel is drawn: its width, the look of a part, the scale's ends, and the figure's name in ids. */
export interface Drawing {
  width: number;
  colours: Colours;
  look: (part: Member) => Look;
  start: number;
  top: number;
  id: string;
  /** Whether the panel is one of many, each of one part. */
  isSmall: boolean;
}
/** A bar, or the rest of a stack. */
interface Bar {
  a1: number;
  a2: number;
  v1: number;
  v2: number;
  title: string;
}
export interface NumberBar extends Bar {
  end: number;
  part: Member;
  value: number;
}
export interface Hidden {
  a1: number;
  a2: number;
  i: number;
  at: number;
  part: Member;
  sign: string;
  title: string;
}
interface Mark {
  a1: number;
  a2: number;
  v: number;
  kind: Reference;
  title: string;
}
/** The end of a stack, and the number that is published of the whole, if one is. */
interface Total {
  i: number;
  v: number;
  whole: number | null;
}

// How what is compared with is drawn: as marks at bars, and as lines beside lines.
export const KINDS = namesOf(REFERENCES);
export const MARKS = { uke: { width: 1.5, dashes: "" }, aar: { width: 2.5, dashes: "4 2" } };
export const LINES = { uke: { width: 1.2, dashes: "1 2" }, aar: { width: 1.2, dashes: "4 3" } };

export const tick = (result: Result) => (value: number) =>
  result.inPercent ? `${number(value * 100)} %` : number(value, !Number.isInteger(value));
/** Ticks of a scale: as many as there is room for, and of counts only whole ones. */
export const ticks = ({ start, top }: Pick<Drawing, "start" | "top">, most: number, result: Result) =>
  result.inPercent || top - start > most
    ? most
    : Array.from({ length: Math.floor(top - start) + 1 }, (_, at) => start + at);

const canvas = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
const measured = new Map<string, number>();
/** How many pixels wide a text is. Panels beside each other have the same texts, so it is remembered. */
export function measure(text: string, size = SIZE, weight = "normal") {
  const name = `${weight} ${size} ${text}`;
  const known = measured.get(name);
  if (known !== undefined) return known;
  canvas.font = `${weight} ${size}px ${FONT}`;
  const { width } = canvas.measureText(text);
  measured.set(name, width);
  return width;
}
export const widest = (texts: string[], size?: number) => max(texts, (text) => measure(text, size)) ?? 0;

/** A text that is cut to a width, but keeps a number or a parenthesis at its end: that is what tells it apart. */
export function cut(text: string, width: number, weight?: string): string {
  const wide = (part: string) => measure(part, SIZE, weight);
  if (wide(text) <= width) return text;
  const tail = /.( \S*\d\S*| \([^()]*\))$/.exec(text)?.[1] ?? "";
  const room = width - wide(`…${tail}`);
  if (tail && room < 3 * SIZE) return cut(text.slice(0, -tail.length), width, weight);
  let kept = text.length - tail.length;
  while (kept > 1 && wide(text.slice(0, kept)) > room) kept--;
  return `${text.slice(0, kept).trimEnd()}…${tail}`;
}

export function wrap(text: string, width: number, size = SIZE, weight?: string) {
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines.at(-1) && measure(`${lines.at(-1)} ${word}`, size, weight) > width) lines.push("");
    lines.push(`${lines.pop()} ${word}`.trim());
  }
  return lines;
}

/** A name in so many lines at most; the last is cut if there is more. */
export function inLines(text: string, width: number, most: number, weight?: string) {
  const lines = wrap(text, width, SIZE, weight);
  return [...lines.slice(0, most - 1), lines.slice(most - 1).join(" ")]
    .filter(Boolean)
    .map((line) => cut(line, width, weight));
}

/** Lines of text in a drawing, from y down. */
export function textIn(lines: string[], x: number, y: number, attributes: Record<string, string | number> = {}) {
  const node = svg("text", { "text-anchor": "start", ...attributes });
  node.append(...lines.map((line, at) => svg("tspan", { x, y: y + at * LINE }, line)));
  return node;
}

/** How far a stack reaches when all of its parts are known; null when that is suppressed, or only some are chosen. */
export const end = ({ whole }: Cell, result: Result) =>
  result.isSubset ? null : result.inPercent && whole ? 1 : whole;

/** A cell in words, for the pointer. */
export const told = (cell: Cell, result: Result, ...more: string[]) =>
  `${[cell.x.label, cell.part.label, ...more].filter(Boolean).join(", ")}: ${written(cell, result)}`;

/** The same of what it is compared with. */
export const toldOf = (kind: Reference, cell: Cell, value: number, result: Result) =>
  told({ ...cell, value }, result, REFERENCES[kind].toLowerCase());

/** What a cell is compared with, of the numbers that are shown. */
const marksOf = (cell: Cell, result: Result) =>
  entriesOf(cell.references).flatMap(([kind, reference]) => {
    if (typeof reference?.value !== "number") return [];
    return [{ v: reference.value, kind, title: toldOf(kind, cell, reference.value, result) }];
  });

/**
 * Where bars, signs and marks are: along the axis (a) and by number (v). A cell that is not shown has no number.
 * `room` is the part of each interval that bars may use.
 */
export function layout(panel: Panel, result: Result, room: [from: number, to: number]) {
  const bars: NumberBar[] = [];
  const rests: Bar[] = [];
  const hidden: Hidden[] = [];
  const references: Mark[] = [];
  const totals: Total[] = [];
  panel.cells.forEach((row, i) => {
    if (result.isStacked) {
      const stack = stacked(row, i, result, room);
      bars.push(...stack.bars);
      rests.push(...stack.rests);
      hidden.push(...stack.hidden);
      totals.push(stack.total);
      return;
    }
    row.forEach((cell, at) => {
      const value = shown(cell, result);
      const size = (room[1] - room[0]) / row.length;
      const a1 = i + room[0] + at * size;
      const place = { a1, a2: a1 + size, part: cell.part, title: told(cell, result) };
      const most = Math.max(value ?? 0, ...Object.values(cell.references).map((reference) => reference?.value ?? 0));
      if (value === null) hidden.push({ ...place, i, at, sign: sign(cell, result) });
      else bars.push({ ...place, v1: 0, v2: value, end: most, value });
      references.push(...marksOf(cell, result).map((mark) => ({ ...mark, a1, a2: a1 + size })));
    });
  });
  return { bars, rests, hidden, references, totals };
}
export type Laid = ReturnType<typeof layout>;

/** The bars of a stack, on top of each other, and what is missing up to the whole. */
function stacked(row: Cell[], i: number, result: Result, room: [from: number, to: number]) {
  const place = { a1: i + room[0], a2: i + room[1] };
  let sum = 0;
  const bars = row.flatMap((cell): NumberBar[] => {
    const value = shown(cell, result);
    if (value === null) return [];
    sum += value;
    const title = told(cell, result);
    return [{ ...place, v1: sum - value, v2: sum, end: sum, part: cell.part, value, title }];
  });
  const [first] = row;
  const total = { i, v: sum, whole: result.isSubset ? null : (first?.whole ?? null) };
  if (!first || bars.length === row.length) return { bars, rests: [], hidden: [], total };
  const top = Math.max(sum, end(first, result) || 0);
  const title = `${first.x.label}: ufullstendig`;
  const rests = top > sum ? [{ ...place, v1: sum, v2: top, title }] : [];
  return {
    bars,
    rests,
    hidden: [{ ...place, i, at: 0, part: first.part, sign: DOT, title }],
    total: { ...total, v: top },
  };
}

export const referenceStyle = (kind: Reference, colours: Colours) => ({
  stroke: colours.text,
  strokeWidth: MARKS[kind].width,
  strokeDasharray: MARKS[kind].dashes,
  title: "title",
});

type Margins = [top: number, right: number, bottom: number, left: number];
export const frame = (width: number, height: number, [top, right, bottom, left]: Margins, colours: Colours) => ({
  width,
  height,
  marginTop: top,
  marginRight: right,
  marginBottom: bottom,
  marginLeft: left,
  style: { color: colours.text, background: "none", fontFamily: FONT, fontSize: `${SIZE}px`, overflow: "visible" },
});

/** The scale of the numbers. Its name is written beside it, since it may need more lines than one. */
export const scale = (result: Result, { start, top }: Drawing, marked: number | number[]) => ({
  domain: [start, top],
  ticks: marked,
  tickFormat: tick(result),
  label: null,
  tickSize: 0,
});

/** The name of the scale. */
export const scaleName = (result: Result, state: State) =>
  result.inPercent ? hundred(state) : MEASURES[state.maal].unit;

/** A text that can be read on top of anything. */
export const halo = (strokeWidth: number, colours: Colours) => ({
  fill: colours.text,
  stroke: colours.background,
  strokeWidth,
});

/** The hatch of what is not shown: of a stack it is of no part. */
export const hatched = ({ part }: Hidden, result: Result, { look, id }: Drawing) =>
  result.isStacked ? `url(#${id}-skjult)` : look(part).hatch;

/** A sample of a part's bars, beside its name. */
export const swatch = (x: number, y: number, { fill }: Look) =>
  svg("rect", { x, y: y - 6, width: 12, height: 12, fill });

/** Plot, as the drawing that it gives when nothing is beside it. */
export const plotted = (options: Plot.PlotOptions) => Plot.plot(options) as SVGSVGElement;
