// Draws what query.ts found as one SVG: title, explanation of signs, one panel for each period on one scale, notes.
// Along the axis each category has the interval [i, i + 1]; bars lie down for categories, and stand up for time.

import * as Plot from "@observablehq/plot";
import { interpolateRgb, rgb, sum } from "d3";
import type { Data } from "./data.ts";
import { svg } from "./dom.ts";
import { MEASURES } from "./measures.ts";
import {
  type Cell,
  describe,
  isTime,
  type Member,
  type Panel,
  REFERENCES,
  type Result,
  shown,
  signs,
} from "./query.ts";
import type { Reference, State } from "./state.ts";
import { DOT, number } from "./text.ts";
import { entriesOf, namesOf } from "./typed.ts";
import { amount, hundred, notes, sign, written } from "./words.ts";

const FONT = '"Source Sans 3", "Source Sans Pro", Arial, sans-serif';
// Aksel's colours, each with at least 3:1 against the background of its theme.
export const THEMES = {
  light: {
    background: "#ffffff",
    text: "#23262a",
    subtle: "#59616b",
    line: "#cfd3d8",
    shade: "#eceef0",
    heat: ["#e6f0ff", "#00347d"],
    parts: [
      "#0067c5",
      "#c77300",
      "#06893a",
      "#634689",
      "#c30000",
      "#005b82",
      "#7f8900",
      "#368da8",
      "#8f4700",
      "#6a6f77",
    ],
  },
  dark: {
    background: "#0e151f",
    text: "#ececef",
    subtle: "#b9bdc4",
    line: "#4d5560",
    shade: "#212a36",
    heat: ["#1d2b42", "#99c4ff"],
    parts: [
      "#66a5f4",
      "#ffaa33",
      "#66c786",
      "#c0a4e8",
      "#ff8a8a",
      "#4fc3e8",
      "#c1cb33",
      "#9be1f5",
      "#d8a878",
      "#b0b6bd",
    ],
  },
};
export type Theme = keyof typeof THEMES;
type Colours = (typeof THEMES)[Theme];

/** How a panel is drawn: its width, the fill of a part, the end of the scale, and the figure's name in ids. */
interface Drawing {
  width: number;
  colours: Colours;
  paint: (at: number) => string;
  top: number;
  id: string;
}
/** A bar, or the rest of a stack. */
interface Bar {
  a1: number;
  a2: number;
  v1: number;
  v2: number;
  title: string;
}
interface NumberBar extends Bar {
  end: number;
  at: number;
  value: number;
}
interface Hidden {
  a1: number;
  a2: number;
  i: number;
  at: number;
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

export const MOST_PARTS = 30;
const DASHES = ["", "7 4", "2 4"];
// How what is compared with is drawn: as marks at bars, and as lines beside lines.
const KINDS = namesOf(REFERENCES);
const MARKS = { uke: { width: 1.5, dashes: "" }, aar: { width: 2.5, dashes: "4 2" } };
const LINES = { uke: { width: 1.2, dashes: "1 2" }, aar: { width: 1.2, dashes: "4 3" } };
const ROW = 22;
const TICKS = 6;
// A number that is not shown is a hatch of this size, with its sign, outside the axis, where it cannot be read as one.
const HATCH = 14;
const LANE = 11;

const tick = (result: Result) => (value: number) =>
  result.inPercent ? `${number(value * 100)} %` : number(value, !Number.isInteger(value));
/** Ticks of a scale: as many as there is room for, and of counts only whole ones. */
const ticks = (top: number, most: number, result: Result) =>
  result.inPercent || top > most ? most : Array.from({ length: Math.floor(top) + 1 }, (_, at) => at);

const canvas = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
/** How many pixels wide a text is. */
function measure(text: string, size = 12, weight = "normal") {
  canvas.font = `${weight} ${size}px ${FONT}`;
  return canvas.measureText(text).width;
}
const widest = (texts: string[], size?: number) => Math.max(0, ...texts.map((text) => measure(text, size)));

/** A text that is cut to a width, but keeps a number or a parenthesis at its end: that is what tells it apart. */
function cut(text: string, width: number, size = 12): string {
  if (measure(text, size) <= width) return text;
  const tail = /.( \S*\d\S*| \([^()]*\))$/.exec(text)?.[1] ?? "";
  const room = width - measure(`…${tail}`, size);
  if (tail && room < 3 * size) return cut(text.slice(0, -tail.length), width, size);
  let kept = text.length - tail.length;
  while (kept > 1 && measure(text.slice(0, kept), size) > room) kept--;
  return `${text.slice(0, kept).trimEnd()}…${tail}`;
}

/** A name in one line, or two where there is height for them. */
function twoLines(text: string, width: number, height: number) {
  const lines = height < 24 ? [text] : wrap(text, width, 11);
  return [lines[0], lines.slice(1).join(" ")]
    .filter(Boolean)
    .map((line) => cut(line, width, 11))
    .join("\n");
}

function wrap(text: string, width: number, size: number, weight?: string) {
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines.at(-1) && measure(`${lines.at(-1)} ${word}`, size, weight) > width) lines.push("");
    lines.push(`${lines.pop()} ${word}`.trim());
  }
  return lines;
}

/**
 * @param result what `compute` gave
 * @param options width in pixels, `theme` (light, dark), and `id`, which no other figure on the page has
 * @returns an svg element that needs nothing outside itself
 */
export function draw(
  result: Result,
  state: State,
  data: Data,
  { width, theme, id = "figur" }: { width: number; theme: Theme; id?: string },
): SVGSVGElement {
  const colours = THEMES[theme];
  const root = svg("svg", {
    width,
    role: "img",
    xmlns: "http://www.w3.org/2000/svg",
    "font-family": FONT,
    "font-size": 13,
    fill: colours.text,
  });
  root.append(patterns(result, id, colours));
  let y = 6;
  const write = (text: string, size: number, weight = "normal", fill = colours.text) => {
    for (const line of wrap(text, width, size, weight)) {
      y += size + 5;
      root.append(svg("text", { x: 0, y, "font-size": size, "font-weight": weight, fill }, line));
    }
  };
  const { title, unit } = describe(state, data);
  const periods = result.panels.length === 1 ? [result.panels[0].name] : [];
  const about = [unit, ...periods, ...(result.averaged ? ["gjennomsnitt per uke"] : [])].join(" · ");
  write(title, 18, "bold");
  write(about, 14, "normal", colours.subtle);
  y += 8;
  const paint = (at: number) => (at % 3 ? `url(#${id}-m${at})` : colours.parts[at % 10]);
  const drawing = { width, colours, paint, top: highest(result), id };
  y = legend(root, entriesOfLegend(result, state, data, drawing), width, y);

  y = panels(root, result, state, drawing, y);
  for (const note of notes(result, state, data)) write(note, 12, "normal", colours.subtle);
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

/** Panels beside each other where there is room for it, from y down. Returns where they end. */
function panels(root: SVGElement, result: Result, state: State, drawing: Drawing, y: number) {
  const { width } = drawing;
  const columns = Math.max(1, Math.min(result.panels.length, Math.floor(width / 300)));
  const panelWidth = Math.floor((width - 16 * (columns - 1)) / columns);
  const plotted = state.figur === "varme" ? heat : isTime(state.x) ? standing : lying;
  for (let first = 0; first < result.panels.length; first += columns) {
    let height = 0;
    for (const [column, panel] of result.panels.slice(first, first + columns).entries()) {
      const at = column * (panelWidth + 16);
      let below = y;
      if (result.panels.length > 1)
        for (const line of wrap(panel.name + (panel.provisional ? " – foreløpig" : ""), panelWidth, 14, "bold")) {
          below += 18;
          root.append(svg("text", { x: at, y: below, "font-size": 14, "font-weight": "bold" }, line));
        }
      const plot = plotted(panel, result, state, { ...drawing, width: panelWidth });
      plot.setAttribute("x", String(at));
      plot.setAttribute("y", String(below + 4));
      root.append(plot);
      height = Math.max(height, below + 4 + Number(plot.getAttribute("height")) - y);
    }
    y += height + 12;
  }
  return y;
}

/** Stripes and dots, so that colour is not the only difference between parts, and hatching for what is not shown. */
function patterns(result: Result, id: string, colours: Colours) {
  const defs = svg("defs");
  const pattern = (name: string, size: number, fill: string, ...children: Node[]) =>
    defs.append(
      svg(
        "pattern",
        {
          id: `${id}-${name}`,
          width: size,
          height: size,
          patternUnits: "userSpaceOnUse",
          patternTransform: "rotate(45)",
        },
        svg("rect", { width: size, height: size, fill }),
        ...children,
      ),
    );
  result.parts.slice(0, MOST_PARTS).forEach((_, at) => {
    const colour = colours.parts[at % 10];
    if (at % 3 === 1) pattern(`m${at}`, 8, colour, svg("rect", { width: 2, height: 8, fill: colours.background }));
    if (at % 3 === 2)
      pattern(`m${at}`, 7, colour, svg("circle", { cx: 3.5, cy: 3.5, r: 1.4, fill: colours.background }));
    pattern(`skjult${at}`, 6, colours.background, svg("rect", { width: 2, height: 6, fill: colour }));
  });
  defs.append(
    svg(
      "linearGradient",
      { id: `${id}-farge` },
      ...colours.heat.map((colour, at) => svg("stop", { offset: at, "stop-color": colour })),
    ),
  );
  pattern("skjult", 6, colours.background, svg("rect", { width: 1.5, height: 6, fill: colours.subtle }));
  return defs;
}

type Entry = [sign: SVGElement, label: string];

function entriesOfLegend(result: Result, state: State, data: Data, { colours, paint, top, id }: Drawing) {
  const entries: Entry[] = [];
  const swatch = (at: number) =>
    state.figur === "linje"
      ? svg("line", {
          x1: 0,
          x2: 22,
          y1: 7,
          y2: 7,
          stroke: colours.parts[at % 10],
          "stroke-width": 3,
          "stroke-dasharray": DASHES[at % 3],
        })
      : svg("rect", { width: 16, height: 14, fill: paint(at) });
  if (state.del && state.figur !== "varme")
    for (const [at, part] of result.parts.slice(0, MOST_PARTS).entries()) entries.push([swatch(at), part.label]);
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
  return [...entries, ...entriesOfHidden(result, data, id)];
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
function legend(root: SVGElement, entries: Entry[], width: number, y: number) {
  let x = 0;
  for (const [its, label] of entries) {
    const lines = wrap(label, width - 30, 13);
    const needed = 46 + widest(lines, 13);
    if (x && x + needed > width) [x, y] = [0, y + ROW];
    root.append(svg("g", { transform: `translate(${x} ${y + 4})` }, its));
    for (const [at, line] of lines.entries()) root.append(svg("text", { x: x + 27, y: y + 16 + at * 17 }, line));
    y += 17 * (lines.length - 1);
    x += needed;
  }
  return entries.length ? y + ROW + 6 : y;
}

/** How far a stack reaches when all of its parts are known; null when that is suppressed, or only some are chosen. */
const end = ({ whole }: Cell, result: Result) => (result.isSubset ? null : result.inPercent && whole ? 1 : whole);

/** The end of the scale that all panels share. */
function highest(result: Result) {
  const stacks = result.isStacked;
  let top = 0;
  for (const { cells } of result.panels)
    for (const row of cells) {
      const values = row.map((cell) => shown(cell, result) ?? 0);
      const references = row.flatMap((cell) =>
        Object.values(cell.references).map((reference) => reference?.value ?? 0),
      );
      top = Math.max(
        top,
        stacks ? Math.max(sum(values), end(row[0], result) || 0) : Math.max(...values),
        ...(stacks ? [] : references),
      );
    }
  return Math.max(result.inPercent && !stacks ? 0 : 1, top) || 1;
}

/** A cell in words, for the pointer. */
const told = (cell: Cell, result: Result, ...more: string[]) =>
  `${[cell.x.label, cell.part.label, ...more].filter(Boolean).join(", ")}: ${written(cell, result)}`;

/** What a cell is compared with, of the numbers that are shown. */
const marksOf = (cell: Cell, result: Result) =>
  entriesOf(cell.references).flatMap(([kind, reference]) => {
    if (typeof reference?.value !== "number") return [];
    const title = told({ ...cell, value: reference.value }, result, REFERENCES[kind].toLowerCase());
    return [{ v: reference.value, kind, title }];
  });

/**
 * Where bars, signs and lines are: along the axis (a) and by number (v). A cell that is not shown has no number.
 * `room` is the part of each interval that bars may use.
 */
function layout(panel: Panel, result: Result, room: [from: number, to: number]) {
  const order = new Map(result.parts.map((part, at) => [part.key, at]));
  const bars: NumberBar[] = [];
  const rests: Bar[] = [];
  const hidden: Hidden[] = [];
  const references: Mark[] = [];
  const stacks = result.isStacked;
  panel.cells.forEach((row, i) => {
    let sum = 0;
    let incomplete = false;
    row.forEach((cell, part) => {
      const value = shown(cell, result);
      const at = order.get(cell.part.key) ?? 0;
      const size = (room[1] - room[0]) / (stacks ? 1 : row.length);
      const a1 = i + room[0] + (stacks ? 0 : part * size);
      const a2 = a1 + size;
      if (value === null) {
        incomplete = true;
        if (!stacks) hidden.push({ a1, a2, i, at, sign: sign(cell, result), title: told(cell, result) });
      } else {
        const end = Math.max(value, ...Object.values(cell.references).map((reference) => reference?.value ?? 0));
        bars.push({ a1, a2, v1: sum, v2: sum + value, end, at, value, title: told(cell, result) });
        if (stacks) sum += value;
      }
      if (!stacks) references.push(...marksOf(cell, result).map((mark) => ({ ...mark, a1, a2 })));
    });
    if (stacks && incomplete) {
      const top = Math.max(sum, end(row[0], result) || 0);
      const title = `${row[0].x.label}: ufullstendig`;
      if (top > sum) rests.push({ a1: i + room[0], a2: i + room[1], v1: sum, v2: top, title });
      hidden.push({ a1: i + room[0], a2: i + room[1], i, at: 0, sign: DOT, title });
    }
  });
  return { bars, rests, hidden, references };
}
type Laid = ReturnType<typeof layout>;

const referenceStyle = (kind: Reference, colours: Colours) => ({
  stroke: colours.text,
  strokeWidth: MARKS[kind].width,
  strokeDasharray: MARKS[kind].dashes,
  title: "title",
});

type Margins = [top: number, right: number, bottom: number, left: number];
const frame = (width: number, height: number, [top, right, bottom, left]: Margins, colours: Colours) => ({
  width,
  height,
  marginTop: top,
  marginRight: right,
  marginBottom: bottom,
  marginLeft: left,
  style: { color: colours.text, background: "none", fontFamily: FONT, fontSize: "12px", overflow: "visible" },
});

/** The scale of the numbers. */
const scale = (result: Result, state: State, { top }: Drawing, marked: number | number[]) => ({
  domain: [0, top],
  ticks: marked,
  tickFormat: tick(result),
  label: result.inPercent ? hundred(state) : MEASURES[state.maal].unit,
  labelArrow: "none" as const,
  tickSize: 0,
});

/** A text that can be read on top of anything. */
const halo = (strokeWidth: number, colours: Colours) => ({
  fill: colours.text,
  stroke: colours.background,
  strokeWidth,
});

/** Categories: bars that lie down, each with its name above. */
function lying(panel: Panel, result: Result, state: State, drawing: Drawing) {
  const { width, colours, top } = drawing;
  const perRow = result.isStacked ? 1 : Math.max(1, panel.parts.length);
  const bar = perRow > 1 ? 13 : 16;
  const row = 28 + bar * perRow;
  const laid = layout(panel, result, [22 / row, (22 + bar * perRow) / row]);
  // Beside a bar with marks, a number could be taken for a mark's. Then it is with the name.
  const beside = !result.isStacked && !(perRow === 1 && laid.references.length);
  const left = 12 + (laid.hidden.length && HATCH + 6 + widest(laid.hidden.map((d) => d.sign)));
  // Half of the scale's last number is beyond its end.
  const right = Math.max(
    8 + widest([tick(result)(top)]) / 2,
    12 + Number(beside) * widest(laid.bars.map((d) => amount(d.value, result))),
  );
  const name = (x: Member, i: number) => {
    const cell = panel.cells[i][0];
    const value = beside || result.isStacked || shown(cell, result) === null ? "" : `: ${written(cell, result)}`;
    return cut(x.label, width - left - 6 - measure(value)) + value;
  };
  const marked = ticks(top, Math.floor((width - left - right) / 70), result);
  const height = row * panel.xs.length;
  return Plot.plot({
    ...frame(width, height + 40, [0, right, 36, left], colours),
    x: { ...scale(result, state, drawing, marked), nice: false, labelAnchor: "left" },
    y: { domain: [0, panel.xs.length], range: [0, height], axis: null },
    marks: [
      Plot.gridX({ ticks: marked, stroke: colours.line, strokeOpacity: 1 }),
      Plot.text(panel.xs, {
        x: 0,
        y: (_, i) => i + 13 / row,
        text: name,
        textAnchor: "start",
        title: "label",
        ...halo(4, colours),
      }),
      ...lyingBars(laid, drawing),
      ...(beside ? [lyingNumbers(laid, result, colours)] : []),
      ...lyingMarks(laid, colours),
      ...lyingHidden(laid, result, top / (width - left - right), drawing),
    ],
  });
}

const lyingBars = ({ bars, rests }: Laid, { colours, paint, id }: Drawing) => [
  Plot.rect(bars, {
    x1: "v1",
    x2: "v2",
    y1: "a1",
    y2: "a2",
    fill: { value: (d) => paint(d.at), scale: null },
    stroke: colours.background,
    strokeWidth: 0.5,
    title: "title",
  }),
  Plot.rect(rests, {
    x1: "v1",
    x2: "v2",
    y1: "a1",
    y2: "a2",
    fill: { value: () => `url(#${id}-skjult)`, scale: null },
    title: "title",
  }),
];

const lyingNumbers = ({ bars }: Laid, result: Result, colours: Colours) =>
  Plot.text(bars, {
    x: "end",
    y: (d) => (d.a1 + d.a2) / 2,
    dx: 5,
    textAnchor: "start",
    text: (d) => amount(d.value, result),
    ...halo(3, colours),
  });

const lyingMarks = ({ references }: Laid, colours: Colours) =>
  KINDS.map((kind) =>
    Plot.link(
      references.filter((d) => d.kind === kind),
      { x1: "v", x2: "v", y1: "a1", y2: "a2", ...referenceStyle(kind, colours) },
    ),
  );

const lyingHidden = ({ hidden }: Laid, result: Result, perPixel: number, { colours, id }: Drawing) => [
  Plot.rect(result.isStacked ? [] : hidden, {
    x1: -4 * perPixel,
    x2: -(4 + HATCH) * perPixel,
    y1: "a1",
    y2: "a2",
    insetTop: 1,
    insetBottom: 1,
    fill: { value: (d) => hatched(d, result, id), scale: null },
    title: "title",
  }),
  Plot.text(hidden, {
    x: -(HATCH + 7) * perPixel,
    y: (d) => (d.a1 + d.a2) / 2,
    text: "sign",
    textAnchor: "end",
    fill: colours.text,
    title: "title",
  }),
];

/** The hatch of what is not shown, in the colour of its part if there are several. */
const hatched = ({ at }: Hidden, result: Result, id: string) =>
  `url(#${id}-skjult${result.isStacked || result.parts.length === 1 ? "" : at})`;

/** Below the axis of time: a lane for each part that has something that is not shown, and for a stack one lane. */
function lanes(
  hidden: Hidden[],
  result: Result,
  { colours, id, perPixel }: Pick<Drawing, "colours" | "id"> & { perPixel: number },
) {
  const places = [...new Set(hidden.map((d) => d.at))].sort((a, b) => a - b);
  const v = (at: number, pixels: number) => -(places.indexOf(at) * LANE + pixels) * perPixel;
  return [
    Plot.rect(hidden, {
      x1: "i",
      x2: (d) => d.i + 1,
      y1: (d) => v(d.at, 8),
      y2: (d) => v(d.at, LANE + 6),
      fill: { value: (d) => hatched(d, result, id), scale: null },
      title: "title",
    }),
    Plot.text(places, {
      x: 0,
      y: (at) => v(at, LANE / 2 + 7),
      dx: -6,
      text: (at) => [...new Set(hidden.filter((d) => d.at === at).map((d) => d.sign))].join(" "),
      textAnchor: "end",
      fontSize: 11,
      fill: colours.text,
    }),
  ];
}
const lanesHeight = (hidden: Hidden[]) => new Set(hidden.map((d) => d.at)).size * LANE + (hidden.length && 10);

/** Time: bars that stand up, or lines with a gap where a number is suppressed. */
function standing(panel: Panel, result: Result, state: State, drawing: Drawing) {
  const { width, colours, top } = drawing;
  const laid = layout(panel, result, [0.08, 0.92]);
  const marked = ticks(top, TICKS, result);
  return Plot.plot({
    ...frame(width, 360 + lanesHeight(laid.hidden), [34, 12, 44, 54], colours),
    x: { domain: [0, panel.xs.length], ...timeTicks(panel, width - 66), label: null, tickSize: 0 },
    y: { ...scale(result, state, drawing, marked), range: [316, 34] },
    marks: [
      ...provisional(panel, colours, top),
      Plot.gridY({ ticks: marked, stroke: colours.line, strokeOpacity: 1 }),
      Plot.ruleY([0], { stroke: colours.subtle }),
      ...(state.figur === "linje" ? lines(panel, result, state, colours) : standingBars(laid, drawing)),
      ...lanes(laid.hidden, result, { ...drawing, perPixel: top / 282 }),
    ],
  });
}

const standingBars = ({ bars, rests, references }: Laid, { colours, paint, id }: Drawing) => [
  Plot.rect(bars, {
    y1: "v1",
    y2: "v2",
    x1: "a1",
    x2: "a2",
    fill: { value: (d) => paint(d.at), scale: null },
    stroke: colours.background,
    strokeWidth: 0.3,
    title: "title",
  }),
  Plot.rect(rests, {
    y1: "v1",
    y2: "v2",
    x1: "a1",
    x2: "a2",
    fill: { value: () => `url(#${id}-skjult)`, scale: null },
    title: "title",
  }),
  ...KINDS.map((kind) =>
    Plot.link(
      references.filter((d) => d.kind === kind),
      { y1: "v", y2: "v", x1: "a1", x2: "a2", ...referenceStyle(kind, colours) },
    ),
  ),
];

function lines(panel: Panel, result: Result, state: State, colours: Colours) {
  return panel.parts.flatMap((part, column) => {
    const at = state.del ? result.parts.findIndex((one) => one.key === part.key) : 0;
    const stroke = colours.parts[at % 10];
    const series = panel.cells.map((row, i) => ({
      a: i + 0.5,
      v: row[column].value ?? NaN,
      title: told(row[column], result),
      references: row[column].references,
    }));
    const known = series.filter((point) => !Number.isNaN(point.v));
    return [
      ...result.references.map((kind) =>
        Plot.line(series, {
          x: "a",
          y: (d) => d.references[kind]?.value ?? NaN,
          stroke,
          strokeWidth: LINES[kind].width,
          strokeDasharray: LINES[kind].dashes,
        }),
      ),
      Plot.line(series, { x: "a", y: "v", stroke, strokeWidth: 2.5, strokeDasharray: DASHES[at % 3] }),
      Plot.dot(known, { x: "a", y: "v", r: panel.xs.length > 60 ? 1.2 : 3, fill: stroke, title: "title" }),
    ];
  });
}

/** Weeks that may still change: a shade behind, and a word above. */
function provisional(panel: Panel, colours: Colours, top: number) {
  const found = provisionalPlaces(panel);
  return [
    Plot.rect(found, { x1: (i) => i, x2: (i) => i + 1, y1: 0, y2: top, fill: colours.shade }),
    Plot.text(found.slice(-1), {
      x: (i) => i + 1,
      y: top,
      text: () => "foreløpig",
      dy: -8,
      textAnchor: "end",
      fontStyle: "italic",
      fill: colours.text,
    }),
  ];
}
const provisionalPlaces = (panel: Panel) => panel.cells.flatMap((row, i) => (row[0]?.provisional ? [i] : []));

function timeTicks(panel: Pick<Panel, "xs">, width: number) {
  const needed = 10 + widest(panel.xs.flatMap(({ label }) => label.replace(/ (\d+)$/, "\n$1").split("\n")));
  const step = Math.max(1, Math.ceil(panel.xs.length / Math.max(1, Math.floor(width / needed))));
  return {
    ticks: panel.xs.flatMap((_, i) => (i % step === 0 ? [i + 0.5] : [])),
    tickFormat: (a: number) => (panel.xs[Math.floor(a)]?.label ?? "").replace(/ (\d+)$/, "\n$1"),
  };
}

/** Two dimensions as colours, with the numbers in them if there is room. Time, or the shorter dimension, is across. */
function heat(panel: Panel, result: Result, state: State, drawing: Drawing) {
  const { width, colours } = drawing;
  const map = mapped(panel, result, state, width);
  const { columns, rows, left, right, above, rowHeight } = map;
  const hasRoom = map.cellWidth > 4 + widest(map.texts, 11);
  return Plot.plot({
    ...frame(width, above + rows.length * rowHeight + 24, [above, right, 24, left], colours),
    x: { domain: [0, columns.length], axis: null },
    y: { domain: [0, rows.length], range: [above, above + rows.length * rowHeight], axis: null },
    marks: [
      ...heatCells(map, drawing),
      ...(hasRoom ? heatNumbers(map, result, drawing) : []),
      ...heatNames(map, width),
      ...heatProvisional(map, colours),
    ],
  });
}

/** The cells by column and row, and the room for their names. */
function mapped(panel: Panel, result: Result, state: State, width: number) {
  const across = isTime(state.x) || (!isTime(state.del) && panel.xs.length < panel.parts.length);
  const [columns, rows] = across ? [panel.xs, panel.parts] : [panel.parts, panel.xs];
  const cells = panel.cells.flatMap((row, i) =>
    row.map((cell, j) => ({
      cell,
      c: across ? i : j,
      r: across ? j : i,
      value: shown(cell, result),
      title: told(cell, result),
    })),
  );
  const named = rows.some((row) => row.label);
  const left = named ? Math.min(210, Math.max(90, width * 0.36)) : 4;
  const time = isTime(across ? state.x : state.del);
  // Names of columns lean to the right where there is room for it, and stand up where there is not.
  const slant = width < 500 ? -90 : -50;
  const length = time ? 0 : Math.min(220, 2 + widest(columns.map((column) => column.label)));
  const right = 30 + length * Math.cos((-slant * Math.PI) / 180) * (named ? 0.8 : 0);
  return {
    columns,
    rows,
    known: cells.filter((d) => d.value !== null),
    hidden: cells.filter((d) => d.value === null),
    texts: cells.map((d) => written(d.cell, result)),
    left,
    right,
    above: 34 + length * Math.sin((-slant * Math.PI) / 180),
    slant,
    length,
    rowHeight: rows.length > 60 ? 16 : 24,
    cellWidth: (width - left - right) / Math.max(1, columns.length),
    time,
    unsure: time && across ? provisionalPlaces(panel) : [],
  };
}
type Mapped = ReturnType<typeof mapped>;

const heatOf = ({ colours, top }: Drawing, value: number) =>
  interpolateRgb(colours.heat[0], colours.heat[1])(value / top);

const heatCells = ({ known, hidden, cellWidth }: Mapped, drawing: Drawing) => [
  Plot.rect(known, {
    x1: "c",
    x2: (d) => d.c + 1,
    y1: "r",
    y2: (d) => d.r + 1,
    fill: { value: (d) => heatOf(drawing, d.value), scale: null },
    title: "title",
    inset: cellWidth > 6 ? 0.5 : 0,
  }),
  Plot.rect(hidden, {
    x1: "c",
    x2: (d) => d.c + 1,
    y1: "r",
    y2: (d) => d.r + 1,
    fill: { value: () => `url(#${drawing.id}-skjult)`, scale: null },
    title: "title",
  }),
];

const heatNumbers = ({ known, hidden }: Mapped, result: Result, drawing: Drawing) => [
  Plot.text(hidden, {
    x: (d) => d.c + 0.5,
    y: (d) => d.r + 0.5,
    text: (d) => sign(d.cell, result),
    fontSize: 11,
    pointerEvents: "none",
    ...halo(4, drawing.colours),
  }),
  Plot.text(known, {
    x: (d) => d.c + 0.5,
    y: (d) => d.r + 0.5,
    text: (d) => written(d.cell, result),
    fill: { value: (d) => readable(heatOf(drawing, d.value)), scale: null },
    fontSize: 11,
    pointerEvents: "none",
  }),
];

function heatNames({ columns, rows, left, right, slant, length, rowHeight, cellWidth, time }: Mapped, width: number) {
  const step = timeTicks({ xs: columns }, width - left - right);
  const skip = Math.max(1, Math.ceil(15 / cellWidth));
  const over = { y: 0, dy: -6 };
  return [
    Plot.text(rows, {
      x: 0,
      y: (_, i) => i + 0.5,
      dx: -8,
      text: (row) => twoLines(row.label, left - 10, rowHeight),
      textAnchor: "end",
      fontSize: 11,
      lineHeight: 1,
      title: "label",
    }),
    time
      ? Plot.text(step.ticks, { x: (a) => a, text: step.tickFormat, lineAnchor: "bottom", ...over })
      : Plot.text(
          columns.filter((_, i) => i % skip === 0),
          {
            x: (_, i) => i * skip + 0.5,
            rotate: slant,
            text: (column) => cut(column.label, length),
            textAnchor: "start",
            title: "label",
            ...over,
          },
        ),
  ];
}

const heatProvisional = ({ unsure, rows }: Mapped, colours: Colours) => [
  Plot.link(unsure, { x1: (i) => i, x2: (i) => i + 1, y1: 0, y2: 0, stroke: colours.text, strokeWidth: 3 }),
  Plot.text(unsure.slice(-1), {
    x: (i) => i + 1,
    y: rows.length,
    text: () => "foreløpig",
    dy: 6,
    textAnchor: "end",
    lineAnchor: "top",
    fontStyle: "italic",
  }),
];

/** The one of black and white that can be read on a colour: always with more than 4.5:1. */
function readable(colour: string) {
  const { r, g, b } = rgb(colour);
  const [red, green, blue] = [r, g, b].map((channel) => {
    const light = channel / 255;
    return light <= 0.04045 ? light / 12.92 : ((light + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}
