// Bars that lie down, for categories, each with its name above. Parts have their names at their bars, or over the first
// stack.

import * as Plot from "@observablehq/plot";
import { svg } from "./dom.ts";
import {
  cut,
  type Drawing,
  frame,
  halo,
  hatched,
  KINDS,
  type Laid,
  LINE,
  layout,
  measure,
  plotted,
  referenceStyle,
  SIZE,
  scale,
  scaleName,
  swatch,
  textIn,
  tick,
  ticks,
  widest,
  wrap,
} from "./drawing.ts";
import { type Member, type Panel, type Result, shown } from "./query.ts";
import type { State } from "./state.ts";
import { amount, written } from "./words.ts";

// A number that is not shown is a hatch of this size, with its sign, outside the axis, where it cannot be read as one.
const HATCH = 14;
const NAME = LINE + 4;
const BAR = 18;
const GAP = 10;

/** How rows are laid out in pixels: all of a row, each of its bars with the name above it, and where names end. */
interface Rows {
  isGrouped: boolean;
  row: number;
  room: [from: number, to: number];
  /** Above and below a bar, in its own room. */
  insets: { insetTop: number; insetBottom: number };
  /** How wide the names of the parts are, beside their bars. */
  names: number;
}

function rowsOf(panel: Panel, result: Result, state: State, { width, isSmall }: Drawing): Rows {
  const isGrouped = !result.isStacked && state.del !== "" && !isSmall;
  if (!isGrouped) {
    const row = NAME + BAR + GAP;
    return { isGrouped, row, room: [NAME / row, 1 - GAP / row], insets: { insetTop: 0, insetBottom: 0 }, names: 0 };
  }
  const beside = width >= 30 * SIZE;
  const each = beside ? NAME : NAME + BAR;
  const row = NAME + each * panel.parts.length + GAP;
  return {
    isGrouped,
    row,
    room: [NAME / row, 1 - GAP / row],
    insets: { insetTop: beside ? 2 : NAME - 2, insetBottom: 2 },
    names: beside ? 8 + Math.min(0.35 * width, widest(panel.parts.map(({ label }) => label))) : 0,
  };
}

/** The room around the bars: to the left for names and signs of what is not shown, to the right for numbers. */
function margins(panel: Panel, laid: Laid, rows: Rows, beside: boolean, result: Result, drawing: Drawing) {
  const signs = laid.hidden.length && HATCH + 6 + widest(laid.hidden.map((d) => d.sign));
  const numbers = beside ? laid.bars.map((d) => amount(d.value, result)) : laid.totals.map(totalText(result));
  return {
    left: 12 + signs + rows.names,
    // Half of the scale's last number is beyond its end.
    right: Math.max(8 + widest([tick(result)(drawing.top)]) / 2, 12 + widest(numbers)),
    above: result.isStacked && panel.parts.length ? LINE * panel.parts.length + 8 : 0,
  };
}

const totalText =
  (result: Result) =>
  ({ whole }: Laid["totals"][number]) =>
    whole === null ? "" : `${result.inPercent ? "av " : ""}${amount(whole, { ...result, inPercent: false })}`;

export function lying(panel: Panel, result: Result, state: State, drawing: Drawing) {
  const { width, colours } = drawing;
  const rows = rowsOf(panel, result, state, drawing);
  const laid = layout(panel, result, rows.room);
  // Beside a bar with marks, a number could be taken for a mark's. Then it is with the name.
  const beside = !result.isStacked && !(panel.parts.length === 1 && laid.references.length);
  const { left, right, above } = margins(panel, laid, rows, beside, result, drawing);
  const inside = width - left - right;
  const marked = ticks(drawing, Math.max(1, Math.floor(inside / 80)), result);
  const height = rows.row * panel.xs.length;
  const lines = drawing.isSmall ? [] : wrap(scaleName(result, state), width);
  const below = LINE * (1 + lines.length) + 8;
  const plot = plotted({
    ...frame(width, above + height + below, [above, right, below, left], colours),
    x: { ...scale(result, drawing, marked), nice: false },
    y: { domain: [0, panel.xs.length], range: [above, above + height], axis: null },
    marks: [
      Plot.gridX({ ticks: marked, stroke: colours.line, strokeOpacity: 1 }),
      names(panel, rows, beside, left, result, drawing),
      ...(rows.isGrouped ? [partNames(panel, rows, left, drawing)] : []),
      ...bars(laid, rows, drawing),
      beside ? numbers(laid, rows, result, drawing) : totals(laid, rows, result, drawing),
      ...marks(laid, rows, drawing),
      ...signs(laid, rows, result, drawing.top / inside, drawing),
    ],
  });
  plot.append(textIn(lines, 0, above + height + LINE + SIZE + 4));
  if (above) overFirst(plot, panel, result, (v) => left + (v / drawing.top) * inside, drawing);
  return plot;
}

/** The names of the categories, at the axis, or at the edge where there are names of parts under them. */
function names(panel: Panel, rows: Rows, beside: boolean, left: number, result: Result, drawing: Drawing) {
  const { width, colours } = drawing;
  const from = rows.isGrouped ? 0 : left;
  const weight = rows.isGrouped ? "bold" : "normal";
  const name = (x: Member, i: number) => {
    const [cell] = panel.cells[i];
    const value = beside || result.isStacked || shown(cell, result) === null ? "" : `: ${written(cell, result)}`;
    return cut(x.label, width - from - 6 - measure(value, SIZE, weight), weight) + value;
  };
  return Plot.text(panel.xs, {
    frameAnchor: "left",
    dx: from - left,
    y: (_, i) => i + (NAME - LINE / 2) / rows.row,
    text: name,
    textAnchor: "start",
    fontWeight: weight,
    title: "label",
    ...halo(4, colours),
  });
}

/** The name of each part at its bar: before the axis, or above the bar where it is narrow. */
function partNames(panel: Panel, { row, names, room }: Rows, left: number, { width, colours }: Drawing) {
  const size = (room[1] - room[0]) / panel.parts.length;
  const all = panel.xs.flatMap((_, i) => panel.parts.map((part, at) => ({ part, a: i + room[0] + at * size })));
  return Plot.text(all, {
    frameAnchor: "left",
    dx: names ? -left : 0,
    y: (d) => d.a + (names ? size / 2 : LINE / 2 / row),
    text: ({ part }) => cut(part.label, names ? names - 8 : width - left - 6),
    textAnchor: "start",
    title: ({ part }) => part.label,
    ...halo(4, colours),
  });
}

const bars = ({ bars: all, rests }: Laid, { insets }: Rows, { colours, look, id }: Drawing) => [
  Plot.rect(all, {
    x1: "v1",
    x2: "v2",
    y1: "a1",
    y2: "a2",
    ...insets,
    fill: { value: (d) => look(d.part).fill, scale: null },
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

/** From the middle of a bar's room to the middle of the bar. */
const middle = ({ insets: { insetTop, insetBottom } }: Rows) => (insetTop - insetBottom) / 2;

const numbers = ({ bars: all }: Laid, rows: Rows, result: Result, { colours }: Drawing) =>
  Plot.text(all, {
    x: "end",
    y: (d) => (d.a1 + d.a2) / 2,
    dx: 5,
    dy: middle(rows),
    textAnchor: "start",
    text: (d) => amount(d.value, result),
    ...halo(3, colours),
  });

const totals = ({ totals: all }: Laid, { room }: Rows, result: Result, { colours }: Drawing) =>
  Plot.text(all, {
    x: "v",
    y: (d) => d.i + (room[0] + room[1]) / 2,
    dx: 5,
    textAnchor: "start",
    text: totalText(result),
    fontWeight: "bold",
    ...halo(3, colours),
  });

const marks = ({ references }: Laid, { insets }: Rows, { colours }: Drawing) =>
  KINDS.map((kind) =>
    Plot.ruleX(
      references.filter((d) => d.kind === kind),
      { x: "v", y1: "a1", y2: "a2", ...insets, ...referenceStyle(kind, colours) },
    ),
  );

const signs = ({ hidden }: Laid, rows: Rows, result: Result, perPixel: number, drawing: Drawing) => [
  Plot.rect(result.isStacked ? [] : hidden, {
    x1: -4 * perPixel,
    x2: -(4 + HATCH) * perPixel,
    y1: "a1",
    y2: "a2",
    insetTop: rows.insets.insetTop + 1,
    insetBottom: rows.insets.insetBottom + 1,
    fill: { value: (d) => hatched(d, result, drawing), scale: null },
    title: "title",
  }),
  Plot.text(hidden, {
    x: -(HATCH + 7) * perPixel,
    y: (d) => (d.a1 + d.a2) / 2,
    dy: middle(rows),
    text: "sign",
    textAnchor: "end",
    fill: drawing.colours.text,
    title: "title",
  }),
];

/** The names of the parts over the first stack, each with a line to its own, which goes behind other texts. */
function overFirst(
  plot: SVGSVGElement,
  panel: Panel,
  result: Result,
  x: (v: number) => number,
  { width, colours, look }: Drawing,
) {
  const [first] = panel.cells;
  const below = LINE * panel.parts.length + NAME + 8;
  const halo = { stroke: colours.background, "stroke-width": 4, "paint-order": "stroke" };
  let sum = 0;
  panel.parts.forEach((part, at) => {
    const value = shown(first[at], result) ?? 0;
    sum += value;
    const [from, y] = [x(sum - value / 2), LINE * at + SIZE];
    const left = Math.max(0, Math.min(from, width - measure(part.label) - 18));
    const label = textIn([cut(part.label, width - 18)], left + 16, y, { fill: colours.text, ...halo });
    plot.prepend(svg("line", { x1: from, x2: from, y1: y, y2: below, stroke: colours.subtle }));
    plot.append(swatch(left, y - SIZE / 3, look(part)), label);
  });
}
