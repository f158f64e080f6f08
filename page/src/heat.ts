// A heat map: a colour for each number of two dimensions.

import * as Plot from "@observablehq/plot";
import { interpolateRgb, rgb } from "d3";
import type { Colours } from "./colours.ts";
import { cut, type Drawing, frame, halo, inLines, LINE, plotted, SIZE, told, widest } from "./drawing.ts";
import { isTime, type Panel, type Result, shown } from "./query.ts";
import { beyond, provisionalPlaces, timeTicks } from "./standing.ts";
import type { State } from "./state.ts";
import { sign, written } from "./words.ts";

/** Two dimensions as colours, with the numbers in them if there is room. Time, or the shorter dimension, is across. */
export function heat(panel: Panel, result: Result, state: State, drawing: Drawing) {
  const { width, colours } = drawing;
  const map = mapped(panel, result, state, width);
  const { columns, rows, left, right, above, rowHeight } = map;
  const hasRoom = map.cellWidth > 4 + widest(map.texts);
  return plotted({
    ...frame(width, above + rows.length * rowHeight + LINE + 8, [above, right, LINE + 8, left], colours),
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

/** Whether what is along the axis is across: time is, and otherwise the shorter of the two. */
export const isAcross = (panel: Panel, { x, del }: State) =>
  isTime(x) || (!isTime(del) && panel.xs.length < panel.parts.length);

/** The cells by column and row, and the room for their names. */
function mapped(panel: Panel, result: Result, state: State, width: number) {
  const across = isAcross(panel, state);
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
  const isNarrow = width < 30 * SIZE;
  const named = rows.some((row) => row.label);
  const left = named ? Math.min(16 * SIZE, Math.max(6 * SIZE, width * (isNarrow ? 0.42 : 0.36))) : 4;
  const time = isTime(across ? state.x : state.del);
  // Names of columns lean to the right where there is room for it, and stand up where there is not.
  const slant = isNarrow ? -90 : -50;
  const length = time ? 0 : Math.min(16 * SIZE, 2 + widest(columns.map((column) => column.label)));
  const right = (time ? beyond({ xs: columns }) : 30) + length * Math.cos((-slant * Math.PI) / 180) * (named ? 0.8 : 0);
  return {
    columns,
    rows,
    known: cells.filter((d) => d.value !== null),
    hidden: cells.filter((d) => d.value === null),
    texts: cells.map((d) => written(d.cell, result)),
    left,
    right,
    above: 2 * LINE + length * Math.sin((-slant * Math.PI) / 180),
    slant,
    length,
    rowHeight: LINE * (rows.length > 60 ? 1 : isNarrow ? 3 : 2),
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
    pointerEvents: "none",
    ...halo(4, drawing.colours),
  }),
  Plot.text(known, {
    x: (d) => d.c + 0.5,
    y: (d) => d.r + 0.5,
    text: (d) => written(d.cell, result),
    fill: { value: (d) => readable(heatOf(drawing, d.value)), scale: null },
    pointerEvents: "none",
  }),
];

function heatNames({ columns, rows, left, right, slant, length, rowHeight, cellWidth, time }: Mapped, width: number) {
  const step = timeTicks({ xs: columns }, width - left - right);
  const skip = Math.max(1, Math.ceil((LINE + 1) / cellWidth));
  const over = { y: 0, dy: -6 };
  return [
    Plot.text(rows, {
      x: 0,
      y: (_, i) => i + 0.5,
      dx: -8,
      text: (row) => inLines(row.label, left - 10, rowHeight / LINE).join("\n"),
      textAnchor: "end",
      lineHeight: 1.1,
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
