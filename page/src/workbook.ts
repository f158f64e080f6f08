// An Excel workbook: a sheet with the table, and one that says what it is about.

import { type CellStyle, type CellValue, type MergeRange, type WriteSheet, writeXlsx } from "hucre/xlsx";
import type { AboutRow } from "./about.ts";
import { type Grid, type GridColumn, head, spans } from "./grid.ts";
import type { Value } from "./sheet.ts";

// In characters; the height of a line in points.
const WIDEST = 48;
const ABOUT = [24, 90];
const LINE = 15;
// A4, one page wide and as many high as it takes.
const PAPER = { paperSize: "a4", orientation: "landscape", fitToPage: true, fitToWidth: 1, fitToHeight: 0 } as const;
const FONT = { name: "Calibri", size: 11 };

interface Look {
  isBold?: boolean;
  isHead?: boolean;
  /** Other than numbers to the right and text to the left. */
  align?: "right" | "center" | undefined;
  pattern?: string;
  wrap?: boolean;
}

/** As little as there is to say: the library takes its time over each cell's. */
const styled = ({ isBold, isHead, align, pattern, wrap }: Look): CellStyle => ({
  ...(isBold && { font: { ...FONT, bold: true } }),
  ...((align || wrap) && {
    alignment: {
      ...(align && { horizontal: align }),
      ...(wrap && { wrapText: true, vertical: "top" }),
    },
  }),
  ...(pattern && { numFmt: pattern }),
  ...(isHead && {
    fill: { type: "pattern", pattern: "solid", fgColor: { rgb: "FFE6EDF5" } },
    border: { bottom: { style: "thin", color: { rgb: "FF5C6670" } } },
  }),
});

/** Numbers as numbers, days as days, and all else as text: signs, codes, and what looks like a formula. */
const contentOf = (value: Value, { kind }: GridColumn): CellValue =>
  typeof value === "number"
    ? Math.round(value * 1e6) / 1e6
    : value !== null && kind === "date"
      ? new Date(value)
      : value;

/** Text that is edited stays text. */
function formatOf(value: Value, { kind, pattern }: GridColumn) {
  if (typeof value === "number") return pattern;
  return kind === "date" ? "yyyy-mm-dd" : "@";
}

/** As wide as the longest value, and as the longest word over it with the button of the filter. */
function widthOf(column: GridColumn, values: Value[], over: string[]) {
  const words = over.flatMap((text) => text.split(/[ -]/)).map((word) => word.length + 3);
  const lengths = values.map((value) => (typeof value === "number" ? column.format(value) : (value ?? "")).length);
  return Math.min(WIDEST, 1 + [...lengths, ...words].reduce((a, b) => Math.max(a, b), 8));
}

/** The height of a row whose texts are wrapped: LibreOffice gives it one line otherwise. */
const heightOf = (texts: string[], widths: number[]) =>
  LINE * texts.reduce((most, text, at) => Math.max(most, Math.ceil((1.1 * text.length) / widths[at])), 1);

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b);

/** The groups of the header as merged cells, and the heights of its lines. */
function placed(grid: Grid, widths: number[]) {
  const { groups, lines } = head(grid);
  const merges: MergeRange[] = [];
  const heights = lines.map((line, row) => {
    const texts = line === groups ? spans(line) : line.map((text, at) => [text, at, at] as const);
    for (const [, first, last] of texts)
      if (last > first) merges.push({ startRow: row, endRow: row, startCol: first, endCol: last });
    return heightOf(
      texts.map(([text]) => text),
      texts.map(([, first, last]) => sum(widths.slice(first, last + 1))),
    );
  });
  return { merges, heights };
}

/** The looks of the table's cells, by their rows and columns. */
function looks(grid: Grid) {
  const { columns, rows, wholes } = grid;
  const { groups, lines } = head(grid);
  const found = new Map<string, { style: CellStyle }>();
  const known = new Map<string, { style: CellStyle }>();
  const add = (row: number, column: number, look: Look) => {
    const name = JSON.stringify(look);
    const its = known.get(name) ?? { style: styled(look) };
    known.set(name, its);
    found.set(`${row},${column}`, its);
  };
  columns.forEach((column, at) => {
    const align = column.kind === "number" ? "right" : undefined;
    lines.forEach((line, row) => {
      const its = line === groups ? "center" : align;
      add(row, at, { isBold: true, isHead: true, wrap: true, align: its, pattern: "@" });
    });
    rows.forEach(({ [at]: value }, row) => {
      const isBold = row < wholes || column.isWhole;
      const its = typeof value === "string" ? align : undefined;
      add(lines.length + row, at, { isBold, align: its, pattern: formatOf(value, column) });
    });
  });
  return found;
}

const letters = (column: number): string =>
  (column > 25 ? letters(Math.floor(column / 26) - 1) : "") + String.fromCharCode(65 + (column % 26));

function tableSheet(grid: Grid): WriteSheet {
  const { columns, rows } = grid;
  const { over, leaves, lines } = head(grid);
  const widths = columns.map((column, at) => {
    const values = rows.map((row) => row[at]);
    const words = [...over, leaves].map((line) => line[at]);
    return widthOf(column, values, words);
  });
  const { merges, heights } = placed(grid, widths);
  return {
    name: "Tabell",
    rows: [
      ...lines.map((line) => line.map((text) => text || null)),
      ...rows.map((row) => row.map((value, at) => contentOf(value, columns[at]))),
    ],
    cells: looks(grid),
    columns: widths.map((width) => ({ width })),
    rowDefs: new Map(heights.map((height, row) => [row, { height }])),
    merges,
    freezePane: { rows: lines.length, columns: 1 },
    autoFilter: { range: `A${lines.length}:${letters(columns.length - 1)}${lines.length + rows.length}` },
    pageSetup: { ...PAPER, printTitlesRow: `$1:$${lines.length}` },
  };
}

function aboutSheet(about: AboutRow[]): WriteSheet {
  const [named, told] = [styled({ isBold: true, wrap: true }), styled({ wrap: true })];
  const cells: WriteSheet["cells"] = new Map();
  about.forEach(([, text], row) => {
    // Excel opens no longer link.
    const isLink = /^https?:/.test(text) && text.length < 2000;
    cells.set(`${row},0`, { style: named });
    cells.set(`${row},1`, { style: told, ...(isLink && { hyperlink: { target: text } }) });
  });
  return {
    name: "Om tallene",
    rows: about,
    cells,
    columns: ABOUT.map((width) => ({ width })),
    rowDefs: new Map(about.map((row, at) => [at, { height: heightOf(row, ABOUT) }])),
    pageSetup: PAPER,
  };
}

export async function xlsx(grid: Grid, about: AboutRow[]) {
  const table = tableSheet(grid);
  const filtered = table.autoFilter?.range.replace(/([A-Z]+)(\d+)/g, "$$$1$$$2");
  const written = await writeXlsx({
    sheets: [table, aboutSheet(about)],
    // LibreOffice has no filter without it.
    namedRanges: [{ name: "_xlnm._FilterDatabase", range: `${table.name}!${filtered}`, scope: table.name }],
    properties: { title: about[0]?.[1] ?? "", creator: "Nav" },
    defaultFont: FONT,
  });
  return new Uint8Array(written);
}
