// Time: bars that stand up, or lines with a gap where a number is not shown. Parts have their names at the last of
// their numbers.

import * as Plot from "@observablehq/plot";
import { max, sum, ticks as valuesOfTicks } from "d3";
import { svg } from "./dom.ts";
import {
  cut,
  type Drawing,
  frame,
  type Hidden,
  halo,
  hatched,
  inLines,
  KINDS,
  type Laid,
  LINE,
  LINES,
  layout,
  plotted,
  referenceStyle,
  SIZE,
  scale,
  scaleName,
  swatch,
  textIn,
  tick,
  ticks,
  told,
  widest,
  wrap,
} from "./drawing.ts";
import { apart, everySoMany } from "./fitting.ts";
import { type Member, type Panel, type Result, shown } from "./query.ts";
import type { State } from "./state.ts";
import { amount } from "./words.ts";

const HEIGHT = 282;
const SMALL = 120;
/** From the last number to the name of its part. */
const LEAD = 30;
const LANE = 18;
/** The least room for a bar, or a group of bars, that has air around it. */
const NARROW = 6;

/** The name of a part, in lines, and the number that it is the name of: along the axis (a), and v. */
interface Label {
  part: Member;
  lines: string[];
  a: number;
  v: number;
}
/** Where a panel is inside its margins, in pixels. */
interface Inside {
  left: number;
  right: number;
  above: number;
  height: number;
}

export function standing(panel: Panel, result: Result, state: State, drawing: Drawing) {
  const { width, colours, start, top, isSmall } = drawing;
  // Narrow bars have no room between them.
  const laid = layout(panel, result, width / panel.xs.length > NARROW ? [0.08, 0.92] : [0, 1]);
  const labels = state.del && !isSmall ? labelsOf(panel, laid, result, state, width) : [];
  const marked = ticks(drawing, isSmall ? 3 : 6, result);
  const lines = isSmall ? [] : wrap(scaleName(result, state), width - 90);
  const room = labels.length && LEAD + 4 + widest(labels.flatMap((label) => label.lines));
  const inside = insideOf(panel, marked, labels, room, lines.length + Number(laid.totals.length > 0), result, drawing);
  const { above, height } = inside;
  const across = width - inside.left - inside.right;
  const below = 2 * LINE + 8;
  const plot = plotted({
    ...frame(
      width,
      above + height + lanesHeight(laid.hidden) + below,
      [above, inside.right, below, inside.left],
      colours,
    ),
    x: { domain: [0, panel.xs.length], ...timeTicks(panel, across), label: null, tickSize: 0 },
    y: { ...scale(result, drawing, marked), range: [above + height, above] },
    marks: [
      ...provisional(panel, above, drawing),
      Plot.gridY({ ticks: marked, stroke: colours.line, strokeOpacity: 1 }),
      ...(start ? [] : [Plot.ruleY([0], { stroke: colours.subtle })]),
      ...(state.figur === "linje" ? series(panel, result, drawing) : bars(laid, drawing)),
      totals(laid, result, across, drawing),
      ...lanes(laid.hidden, result, (top - start) / height, room, drawing),
    ],
  });
  plot.append(textIn(lines, 0, SIZE), ...names(panel, labels, inside, state, drawing));
  return plot;
}

/** The margins: of the numbers on the left, the names on the right, and lines of text above. */
function insideOf(
  panel: Panel,
  marked: number | number[],
  labels: Label[],
  room: number,
  lines: number,
  result: Result,
  { start, top, isSmall }: Drawing,
): Inside {
  const values = typeof marked === "number" ? valuesOfTicks(start, top, marked) : marked;
  return {
    left: 8 + widest(values.map(tick(result))),
    right: room || beyond(panel),
    above: LINE * Math.max(1, lines) + 8,
    height: isSmall
      ? SMALL
      : Math.max(
          HEIGHT,
          sum(labels, (label) => LINE * label.lines.length),
        ),
  };
}

/** The parts' names: each at the last number of a line, or at its place in the last week. */
function labelsOf(panel: Panel, laid: Laid, result: Result, state: State, width: number): Label[] {
  const last = panel.xs.length - 1;
  let under = 0;
  return panel.parts.map((part, at) => {
    const lines = inLines(part.label, 0.36 * width - LEAD, 3);
    const known = panel.cells.findLastIndex((row) => row[at].value !== null);
    if (state.figur === "linje")
      return { part, lines, a: Math.max(known, 0) + 0.5, v: panel.cells[known]?.[at].value ?? 0 };
    const value = panel.cells.length ? (shown(panel.cells[last][at], result) ?? 0) : 0;
    if (!result.isStacked) {
      const bar = laid.bars.find((one) => one.part === part && one.a1 > last);
      return { part, lines, a: bar?.a2 ?? last + 0.92, v: value };
    }
    under += value;
    return { part, lines, a: last + 0.92, v: under - value / 2 };
  });
}

/** Writes the names on the right, apart from each other, each with a line to its number. */
function names(
  panel: Panel,
  labels: Label[],
  inside: Inside,
  state: State,
  { width, start, top, ...drawing }: Drawing,
) {
  const { left, right, above, height } = inside;
  const y = ({ v }: Label) => above + height * (1 - (Math.max(v, start) - start) / (top - start));
  const sized = labels.map((label) => ({ at: y(label), size: LINE * label.lines.length }));
  const places = apart(sized, above - LINE / 2, above + height + LINE / 2);
  return labels.flatMap((label, at) => {
    const { colour, dashes, ...look } = drawing.look(label.part);
    const from = left + ((width - left - right) * label.a) / panel.xs.length;
    const to = width - right + LEAD;
    const isLine = state.figur === "linje";
    const points = `${from},${y(label)} ${width - right + 4},${y(label)} ${to - (isLine ? 4 : 18)},${places[at]}`;
    const style = isLine
      ? { stroke: colour, "stroke-width": 1.5, "stroke-dasharray": dashes }
      : { stroke: drawing.colours.subtle };
    const first = places[at] - (LINE * (label.lines.length - 1)) / 2 + SIZE / 3;
    return [
      svg("polyline", { points, fill: "none", ...style }),
      ...(isLine ? [] : [swatch(to - 16, places[at], { ...look, colour, dashes })]),
      textIn(label.lines, to, first, { fill: drawing.colours.text }),
    ];
  });
}

const bars = ({ bars: all, rests, references }: Laid, { colours, look, id }: Drawing) => [
  Plot.rect(all, {
    y1: "v1",
    y2: "v2",
    x1: "a1",
    x2: "a2",
    fill: { value: (d) => look(d.part).fill, scale: null },
    stroke: colours.background,
    strokeWidth: all.length > 200 ? 0 : 0.5,
    // Bars beside each other have no light between them.
    shapeRendering: "crispEdges",
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

/** The published number of the whole over each stack, or over each that there is room at. */
function totals({ totals: all }: Laid, result: Result, across: number, { colours }: Drawing) {
  const text = ({ whole }: Laid["totals"][number]) =>
    whole === null ? "" : amount(whole, { ...result, inPercent: false });
  const needed = 10 + widest(all.map(text));
  // A number is wider than its stack, and stands over the neighbours too.
  const reach = Math.ceil((needed / 2) * (all.length / across));
  const over = (_: unknown, at: number) => max(all.slice(Math.max(0, at - reach), at + reach + 1), (d) => d.v) ?? 0;
  const places = new Set(everySoMany(all.length, needed, across));
  const placed = all.map((d, at) => ({ ...d, v: over(d, at) })).filter((_, at) => places.has(at));
  return Plot.text(placed, {
    x: (d) => d.i + 0.5,
    y: "v",
    dy: -5,
    lineAnchor: "bottom",
    text,
    fontWeight: "bold",
    ...halo(3, colours),
  });
}

/** Lines of the parts, each with what it is compared with. */
function series(panel: Panel, result: Result, { look }: Drawing) {
  return panel.parts.flatMap((part, column) => {
    const { colour: stroke, dashes } = look(part);
    const points = panel.cells.map((row, i) => ({
      a: i + 0.5,
      v: row[column].value ?? NaN,
      title: told(row[column], result),
      references: row[column].references,
    }));
    const known = points.filter((point) => !Number.isNaN(point.v));
    return [
      ...result.references.map((kind) =>
        Plot.line(points, {
          x: "a",
          y: (d) => d.references[kind]?.value ?? NaN,
          stroke,
          strokeWidth: LINES[kind].width,
          strokeDasharray: LINES[kind].dashes,
        }),
      ),
      Plot.line(points, { x: "a", y: "v", stroke, strokeWidth: 2.5, strokeDasharray: dashes }),
      Plot.dot(known, { x: "a", y: "v", r: panel.xs.length > 26 ? 1.5 : 3, fill: stroke, title: "title" }),
    ];
  });
}

/** Below the axis: a lane for each part that has something that is not shown, with its name, and for a stack one. */
function lanes(hidden: Hidden[], result: Result, perPixel: number, room: number, drawing: Drawing) {
  const places = [...new Map(hidden.map((d) => [d.at, d])).values()].sort((a, b) => a.at - b.at);
  const order = new Map(places.map(({ at }, lane) => [at, lane]));
  const v = ({ at }: Hidden, pixels: number) => drawing.start - ((order.get(at) ?? 0) * LANE + pixels) * perPixel;
  const signs = ({ at }: Hidden) => [...new Set(hidden.filter((d) => d.at === at).map((d) => d.sign))].join(" ");
  const written = { y: (d: Hidden) => v(d, 4 + LANE / 2), fill: drawing.colours.text };
  return [
    Plot.rect(hidden, {
      x1: "i",
      x2: (d) => d.i + 1,
      y1: (d) => v(d, 7),
      y2: (d) => v(d, LANE + 1),
      fill: { value: (d) => hatched(d, result, drawing), scale: null },
      title: "title",
    }),
    Plot.text(places, { ...written, frameAnchor: "left", dx: -6, text: signs, textAnchor: "end" }),
    Plot.text(room && !result.isStacked ? places : [], {
      ...written,
      frameAnchor: "right",
      dx: 6,
      text: ({ part }) => cut(part.label, room - 8),
      textAnchor: "start",
      title: ({ part }) => part.label,
    }),
  ];
}
const lanesHeight = (hidden: Hidden[]) => new Set(hidden.map((d) => d.at)).size * LANE + (hidden.length && 8);

/** Weeks that may still change: a shade behind, and a word above. */
function provisional(panel: Panel, above: number, { colours, start, top, isSmall }: Drawing) {
  const found = provisionalPlaces(panel);
  return [
    Plot.rect(found, { x1: (i) => i, x2: (i) => i + 1, y1: start, y2: top, fill: colours.shade }),
    Plot.text(isSmall ? [] : found.slice(-1), {
      x: (i) => i + 1,
      y: top,
      text: () => "foreløpig",
      dy: SIZE - above,
      lineAnchor: "bottom",
      textAnchor: "end",
      fontStyle: "italic",
      fill: colours.text,
    }),
  ];
}
export const provisionalPlaces = (panel: Panel) => panel.cells.flatMap((row, i) => (row[0]?.provisional ? [i] : []));

const broken = (label: string) => label.replace(/ (\d+)$/, "\n$1");
const widestTime = ({ xs }: Pick<Panel, "xs">) => widest(xs.flatMap(({ label }) => broken(label).split("\n")));

/** Half of the last week's name is beyond the axis. */
export const beyond = (panel: Pick<Panel, "xs">) => 4 + widestTime(panel) / 2;

export function timeTicks(panel: Pick<Panel, "xs">, width: number) {
  const needed = 10 + widestTime(panel);
  return {
    ticks: everySoMany(panel.xs.length, needed, width).map((i) => i + 0.5),
    tickFormat: (a: number) => broken(panel.xs[Math.floor(a)]?.label ?? ""),
  };
}
