// Draws what query.js found as one SVG: title, explanation of signs, one panel for each period on one scale, notes.
// Along the axis each category has the interval [i, i + 1]; bars lie down for categories, and stand up for time.

import * as Plot from "@observablehq/plot";
import type { Data } from "./data.ts";
import { MEASURES } from "./measures.ts";
import {
  type Cell,
  DIMENSIONS,
  describe,
  hasNoise,
  isTime,
  isUnits,
  LEAST_BASE,
  type Member,
  type Panel,
  PLURALS,
  REFERENCES,
  type Result,
  signs,
} from "./query.ts";
import type { Dimension, Reference, State } from "./state.ts";
import { capital, DOT, INTERNAL, moment, number, percent } from "./text.ts";
import { entriesOf, namesOf } from "./typed.ts";

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

const svg = <Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string | number> = {},
  ...children: (Node | string)[]
) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
};

export const shown = (cell: Cell, result: Result) => (result.inPercent ? (cell.share ?? null) : cell.value);
const amount = (value: number, result: Result) => (result.inPercent ? percent(value) : number(value, result.decimals));
const sign = (cell: Cell, result: Result) => (result.inPercent ? DOT : cell.sign);
const written = (cell: Cell, result: Result) => {
  const value = shown(cell, result);
  return value === null ? sign(cell, result) : amount(value, result);
};

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
  const paint = (at: number) => (at % 3 ? `url(#${id}-m${at})` : colours.parts[at % 10]);
  root.append(patterns(result, id, colours));
  let y = 6;
  const write = (text: string, size: number, weight = "normal", fill = colours.text) => {
    for (const line of wrap(text, width, size, weight)) {
      y += size + 5;
      root.append(svg("text", { x: 0, y, "font-size": size, "font-weight": weight, fill }, line));
    }
  };
  const { title, unit } = describe(state, data);
  const periods = result.panels.map((panel) => panel.name);
  write(title, 18, "bold");
  write(
    [unit, ...(periods.length === 1 ? periods : []), ...(result.averaged ? ["gjennomsnitt per uke"] : [])].join(" · "),
    14,
    "normal",
    colours.subtle,
  );
  y += 8;
  const top = highest(result);
  y = legend(root, result, state, data, { colours, paint, width, y, top, id });

  const columns = Math.max(1, Math.min(result.panels.length, Math.floor(width / 300)));
  const panelWidth = Math.floor((width - 16 * (columns - 1)) / columns);
  for (let first = 0; first < result.panels.length; first += columns) {
    let height = 0;
    for (const [column, panel] of result.panels.slice(first, first + columns).entries()) {
      const at = column * (panelWidth + 16);
      let below = y;
      if (periods.length > 1)
        for (const line of wrap(panel.name + (panel.provisional ? " – foreløpig" : ""), panelWidth, 14, "bold")) {
          below += 18;
          root.append(svg("text", { x: at, y: below, "font-size": 14, "font-weight": "bold" }, line));
        }
      const plot: Element = (state.figur === "varme" ? heat : isTime(state.x) ? standing : lying)(
        panel,
        result,
        state,
        {
          width: panelWidth,
          colours,
          paint,
          top,
          id,
        },
      );
      plot.setAttribute("x", String(at));
      plot.setAttribute("y", String(below + 4));
      root.append(plot);
      height = Math.max(height, below + 4 + Number(plot.getAttribute("height")) - y);
    }
    y += height + 12;
  }
  for (const note of notes(result, state, data)) write(note, 12, "normal", colours.subtle);
  y += 10;
  root.setAttribute("height", String(y));
  root.setAttribute("viewBox", `0 0 ${width} ${y}`);
  root.prepend(svg("rect", { width, height: y, fill: colours.background }));
  // Plot labels groups for screen readers; the figure is one image, and the table beside it is its alternative.
  for (const node of root.querySelectorAll("[aria-label], [aria-hidden], [aria-description]"))
    for (const name of ["aria-label", "aria-hidden", "aria-description"]) node.removeAttribute(name);
  return root;
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

function legend(
  root: SVGElement,
  result: Result,
  state: State,
  data: Data,
  { colours, paint, width, y, top, id }: Drawing & { y: number },
) {
  const entries: [sign: SVGElement, label: string][] = [];
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
  const hatch = () => svg("rect", { width: 16, height: 14, fill: `url(#${id}-skjult)` });
  const hidden = result.cells.filter((cell) => shown(cell, result) === null);
  if (hidden.length && result.isStacked) {
    if (hidden.some((cell) => end(cell, result))) entries.push([hatch(), "Opp til det hele: deler som er prikket"]);
    const dot = svg("text", { x: 6, y: 12, "font-weight": "bold" }, DOT);
    entries.push([dot, "Ufullstendig: en eller flere deler er prikket"]);
  } else
    for (const [its, [text]] of Object.entries(signs(data)))
      if (hidden.some((cell) => sign(cell, result) === its)) entries.push([hatch(), `${its}: ${text}`]);
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

const add = (values: number[]) => values.reduce((a, b) => a + b, 0);

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
        stacks ? Math.max(add(values), end(row[0], result) || 0) : Math.max(...values),
        ...(stacks ? [] : references),
      );
    }
  return Math.max(result.inPercent && !stacks ? 0 : 1, top) || 1;
}

/** A cell in words, for the pointer. */
const told = (cell: Cell, result: Result, ...more: string[]) =>
  `${[cell.x.label, cell.part.label, ...more].filter(Boolean).join(", ")}: ${written(cell, result)}`;

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
      if (!stacks)
        for (const [kind, reference] of entriesOf(cell.references))
          if (typeof reference?.value === "number")
            references.push({
              a1,
              a2,
              v: reference.value,
              kind,
              title: told({ ...cell, value: reference.value }, result, REFERENCES[kind].toLowerCase()),
            });
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

const referenceStyle = (kind: Reference, colours: Colours) => ({
  stroke: colours.text,
  strokeWidth: MARKS[kind].width,
  strokeDasharray: MARKS[kind].dashes,
  title: "title",
});

/** Categories: bars that lie down, each with its name above. */
function lying(panel: Panel, result: Result, state: State, { width, colours, paint, top, id }: Drawing) {
  const perRow = result.isStacked ? 1 : Math.max(1, panel.parts.length);
  const bar = perRow > 1 ? 13 : 16;
  const row = 28 + bar * perRow;
  const room: [number, number] = [22 / row, (22 + bar * perRow) / row];
  const { bars, rests, hidden, references } = layout(panel, result, room);
  // Beside a bar with marks, a number could be taken for a mark's. Then it is with the name.
  const beside = !result.isStacked && !(perRow === 1 && references.length);
  const left = 12 + (hidden.length && HATCH + 6 + widest(hidden.map((d) => d.sign)));
  // Half of the scale's last number is beyond its end.
  const right = Math.max(
    8 + widest([tick(result)(top)]) / 2,
    12 + Number(beside) * widest(bars.map((d) => amount(d.value, result))),
  );
  const name = (x: Member, i: number) => {
    const cell = panel.cells[i][0];
    const value = beside || result.isStacked || shown(cell, result) === null ? "" : `: ${written(cell, result)}`;
    return cut(x.label, width - left - 6 - measure(value)) + value;
  };
  const count = panel.xs.length;
  const marked = ticks(top, Math.floor((width - left - right) / 70), result);
  const perPixel = top / (width - left - right);
  const format = tick(result);
  return Plot.plot({
    width,
    height: row * count + 40,
    marginLeft: left,
    marginRight: right,
    marginTop: 0,
    marginBottom: 36,
    style: { color: colours.text, background: "none", fontFamily: FONT, fontSize: "12px", overflow: "visible" },
    x: {
      domain: [0, top],
      nice: false,
      ticks: marked,
      tickFormat: format,
      label: result.inPercent ? hundred(state) : MEASURES[state.maal].unit,
      labelAnchor: "left",
      labelArrow: "none",
      tickSize: 0,
    },
    y: { domain: [0, count], range: [0, row * count], axis: null },
    marks: [
      Plot.gridX({ ticks: marked, stroke: colours.line, strokeOpacity: 1 }),
      Plot.text(panel.xs, {
        x: 0,
        y: (_, i) => i + 13 / row,
        text: name,
        textAnchor: "start",
        fill: colours.text,
        stroke: colours.background,
        strokeWidth: 4,
        title: "label",
      }),
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
      ...(beside
        ? [
            Plot.text(bars, {
              x: "end",
              y: (d) => (d.a1 + d.a2) / 2,
              dx: 5,
              textAnchor: "start",
              text: (d) => amount(d.value, result),
              fill: colours.text,
              stroke: colours.background,
              strokeWidth: 3,
            }),
          ]
        : []),
      ...KINDS.map((kind) =>
        Plot.link(
          references.filter((d) => d.kind === kind),
          { x1: "v", x2: "v", y1: "a1", y2: "a2", ...referenceStyle(kind, colours) },
        ),
      ),
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
    ],
  });
}

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
function standing(panel: Panel, result: Result, state: State, { width, colours, paint, top, id }: Drawing) {
  const { bars, rests, hidden, references } = layout(panel, result, [0.08, 0.92]);
  const below = lanesHeight(hidden);
  const marked = ticks(top, TICKS, result);
  const count = panel.xs.length;
  const format = tick(result);
  const marks = [
    Plot.gridY({ ticks: marked, stroke: colours.line, strokeOpacity: 1 }),
    Plot.ruleY([0], { stroke: colours.subtle }),
    ...(state.figur === "linje"
      ? lines(panel, result, state, colours)
      : [
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
        ]),
    ...lanes(hidden, result, { colours, id, perPixel: top / 282 }),
  ];
  return Plot.plot({
    width,
    height: 360 + below,
    marginLeft: 54,
    marginRight: 12,
    marginTop: 34,
    marginBottom: 44,
    style: { color: colours.text, background: "none", fontFamily: FONT, fontSize: "12px", overflow: "visible" },
    x: { domain: [0, count], ...timeTicks(panel, width - 66), label: null, tickSize: 0 },
    y: {
      domain: [0, top],
      range: [316, 34],
      ticks: marked,
      tickFormat: format,
      label: result.inPercent ? hundred(state) : MEASURES[state.maal].unit,
      labelArrow: "none",
      tickSize: 0,
    },
    marks: [...provisional(panel, colours, top), ...marks],
  });
}

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
function heat(panel: Panel, result: Result, state: State, { width, colours, top, id }: Drawing) {
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
  const rowHeight = rows.length > 60 ? 16 : 24;
  const named = rows.some((row) => row.label);
  const left = named ? Math.min(210, Math.max(90, width * 0.36)) : 4;
  const time = isTime(across ? state.x : state.del);
  // Names of columns lean to the right where there is room for it, and stand up where there is not.
  const slant = width < 500 ? -90 : -50;
  const length = time ? 0 : Math.min(220, 2 + widest(columns.map((column) => column.label)));
  const above = 34 + length * Math.sin((-slant * Math.PI) / 180);
  const right = 30 + length * Math.cos((-slant * Math.PI) / 180) * (named ? 0.8 : 0);
  const cellWidth = (width - left - right) / Math.max(1, columns.length);
  const known = cells.filter((d) => d.value !== null);
  const hidden = cells.filter((d) => d.value === null);
  const hasRoom =
    cellWidth >
    4 +
      widest(
        cells.map((d) => written(d.cell, result)),
        11,
      );
  const step = time ? timeTicks({ xs: columns }, width - left - right) : null;
  const skip = Math.max(1, Math.ceil(15 / cellWidth));
  const unsure = time && across ? provisionalPlaces(panel) : [];
  return Plot.plot({
    width,
    height: above + rows.length * rowHeight + 24,
    marginLeft: left,
    marginRight: right,
    marginTop: above,
    marginBottom: 24,
    style: { color: colours.text, background: "none", fontFamily: FONT, fontSize: "12px", overflow: "visible" },
    x: { domain: [0, columns.length], axis: null },
    y: { domain: [0, rows.length], range: [above, above + rows.length * rowHeight], axis: null },
    marks: [
      Plot.rect(known, {
        x1: "c",
        x2: (d) => d.c + 1,
        y1: "r",
        y2: (d) => d.r + 1,
        fill: { value: (d) => mixed(colours.heat, d.value / top), scale: null },
        title: "title",
        inset: cellWidth > 6 ? 0.5 : 0,
      }),
      Plot.rect(hidden, {
        x1: "c",
        x2: (d) => d.c + 1,
        y1: "r",
        y2: (d) => d.r + 1,
        fill: { value: () => `url(#${id}-skjult)`, scale: null },
        title: "title",
      }),
      ...(hasRoom
        ? [
            Plot.text(hidden, {
              x: (d) => d.c + 0.5,
              y: (d) => d.r + 0.5,
              text: (d) => sign(d.cell, result),
              fill: colours.text,
              stroke: colours.background,
              strokeWidth: 4,
              fontSize: 11,
              pointerEvents: "none",
            }),
            Plot.text(known, {
              x: (d) => d.c + 0.5,
              y: (d) => d.r + 0.5,
              text: (d) => written(d.cell, result),
              fill: { value: (d) => readable(mixed(colours.heat, d.value / top)), scale: null },
              fontSize: 11,
              pointerEvents: "none",
            }),
          ]
        : []),
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
      step
        ? Plot.text(step.ticks, { x: (a) => a, y: 0, dy: -6, text: step.tickFormat, lineAnchor: "bottom" })
        : Plot.text(
            columns.filter((_, i) => i % skip === 0),
            {
              x: (_, i) => i * skip + 0.5,
              y: 0,
              dy: -6,
              rotate: slant,
              text: (column) => cut(column.label, length),
              textAnchor: "start",
              title: "label",
            },
          ),
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
    ],
  });
}

/** A colour between two, and the one of black and white that can be read on it: always with more than 4.5:1. */
function mixed([from, to]: string[], share: number) {
  const channel = (colour: string, at: number) => parseInt(colour.slice(1 + 2 * at, 3 + 2 * at), 16);
  const mix = [0, 1, 2].map((at) => Math.round(channel(from, at) + (channel(to, at) - channel(from, at)) * share));
  return `#${mix.map((number) => number.toString(16).padStart(2, "0")).join("")}`;
}
function readable(colour: string) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const light = parseInt(colour.slice(at, at + 2), 16) / 255;
    return light <= 0.04045 ? light / 12.92 : ((light + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}

const each = (dimension: Dimension) =>
  `for ${["kontor", "aar"].includes(dimension) ? "hvert" : "hver"} ${DIMENSIONS[dimension].toLowerCase()}`;

/** What 100 % is. */
export function hundred(state: State) {
  const { all } = MEASURES[state.maal];
  if (!state.del) return `Andel av ${all} i alt`;
  return `Andel av ${all} ${each(state.x)}`;
}

/** Sentences that a reader needs to read the figure rightly. */
export function notes(result: Result, state: State, data: Data) {
  const measure = MEASURES[state.maal];
  const split = state.del || state.x;
  const found = [];
  if (result.averaged)
    found.push(
      "Tallene er gjennomsnitt per uke, siden de samme personene er der uke etter uke. " +
        (hasNoise(data)
          ? "Er tallet for lite i én av ukene, vises ikke gjennomsnittet."
          : data.omTallene.metode === "PRIKKING"
            ? "Er én av ukene prikket, er gjennomsnittet også det."
            : ""),
    );
  if (result.inPercent) {
    found.push(`100 % er alle ${measure.label.toLowerCase()} ${state.del ? each(state.x) : "i alt"}.`);
    if (!measure.exact.includes(split))
      found.push("En person kan være i flere av delene, så delene kan til sammen bli mer enn 100 %.");
    if (hasNoise(data))
      found.push(`Andeler vises ikke når tallet er for lite, eller når 100 % er færre enn ${LEAST_BASE}.`);
    else if (result.cells.some((cell) => cell.share === null))
      found.push("Andelen av det som er prikket, kan ikke vises. Der det mangler, er søylen merket som ufullstendig.");
  }
  if (state.figur === "stablet" && state.del && !measure.exact.includes(split))
    found.push("En person kan være i flere av delene. En hel stabel kan derfor være mer enn antallet personer.");
  if ([state.x, state.del].some(isUnits))
    found.push("Delene kan til sammen bli mindre enn det hele: noen er på enheter som ikke vises for seg.");
  if (hasNoise(data) && [state.x, state.del].some((dimension) => dimension && !isTime(dimension)))
    found.push("Summen av delene er ikke alltid lik totalen.");
  if (isTime(state.x) && result.panels.some((panel) => panel.provisional)) found.push("Foreløpige uker kan endre seg.");
  else if (result.panels.some((panel) => panel.provisional))
    found.push("Perioden har foreløpige uker, som kan endre seg.");
  for (const reference of result.references)
    if (result.cells.every((cell) => !cell.references[reference]))
      found.push(
        reference === "uke" && result.averaged
          ? "Uken før vises bare når hvert tall gjelder én uke."
          : `${REFERENCES[reference]}: statistikken har ikke tall så langt tilbake.`,
      );
  const absent = [
    [result.absent.x, state.x],
    [result.absent.part, state.del],
  ] as const;
  for (const [count, dimension] of absent)
    if (count && dimension && !isTime(dimension) && dimension !== "bruk")
      found.push(`Ikke vist: ${PLURALS[dimension]} ${hasNoise(data) ? "med 0" : "uten noen"} i perioden (${count}).`);
  if (data.omTallene.metode === "INTERN") found.push(INTERNAL);
  found.push(`Uttrekk: ${moment(data.omTallene.uttrekk)}.`);
  return found;
}

/** The figure in words: what is highest, lowest and last. */
export function summary(result: Result, state: State, data: Data) {
  const { title, unit } = describe(state, data);
  const known = result.cells.filter((cell) => shown(cell, result) !== null);
  const named = (cell: Cell) => {
    const panel =
      result.panels.length > 1 ? result.panels.find((one) => one.cells.some((row) => row.includes(cell)))?.name : "";
    const label = [cell.x.label, cell.part.label, panel].filter(Boolean).join(", ");
    return `${label} (${written(cell, result)})`;
  };
  const sentences = [`${title}. ${unit}. ${result.panels.map((panel) => panel.name).join("; ")}.`];
  if (known.length > 1) {
    const size = (cell: Cell) => shown(cell, result) ?? 0;
    const most = known.reduce((a, b) => (size(b) > size(a) ? b : a));
    const least = known.reduce((a, b) => (size(b) < size(a) ? b : a));
    sentences.push(`Høyest: ${named(most)}. Lavest: ${named(least)}.`);
  }
  if (known.length > 1 && isTime(state.x) && !state.del)
    sentences.push(
      `${known.at(-1) === result.cells.at(-1) ? "Sist" : "Siste tall som vises"}: ${named(known[known.length - 1])}.`,
    );
  if (known.length === 1) sentences.push(`${capital(named(known[0]))}.`);
  for (const [its, [, text]] of Object.entries(signs(data))) {
    const count = result.cells.filter((cell) => shown(cell, result) === null && sign(cell, result) === its).length;
    if (count) sentences.push(`${count} av ${result.cells.length} tall ${text}.`);
  }
  return sentences.join(" ");
}
