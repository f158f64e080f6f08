// The table as files have it: the rows that are shown, in their order, with codes beside and over the names.

import { CODES, type Code } from "./codes.ts";
import type { Data } from "./data.ts";
import type { Member } from "./query.ts";
import { type Column, type Sheet, sorted, type Value } from "./sheet.ts";

export interface GridColumn {
  /** A name that no other column has. */
  label: string;
  /** The last line of the header, and what stands over it. */
  leaf: string;
  group: string;
  kind: "text" | "number" | Code["kind"];
  isWhole: boolean;
  format(value: number): string;
  /** How Excel formats its numbers. */
  pattern: string;
  /** Of one of what is across: its codes, in the order of the grid's. */
  codes: string[];
}

export interface Grid {
  columns: GridColumn[];
  rows: Value[][];
  /** How many rows are numbers of the whole, and first. */
  wholes: number;
  /** The names of the codes of what is across. */
  codes: string[];
}

/** The whole has no code. */
const codeOf = (code: Code, member: Member | undefined, data: Data) =>
  member && (member.key || member.choose.weeks) ? code.of(member, data) : "";

/** The columns of codes beside a column of names, each with its value for a name. */
function beside({ members }: Column, data: Data): [GridColumn, (name: Value) => Value][] {
  if (!members) return [];
  return CODES[members.dimension].map((code) => {
    const { label, kind } = code;
    const column = { label, leaf: label, group: "", kind, isWhole: false, format: String, pattern: "", codes: [] };
    return [column, (name) => codeOf(code, members.byLabel.get(String(name)), data) || null];
  });
}

/**
 * @param order of the rows, as `sorted` has it
 * @param hasCodes a table for a text has none
 */
export function grid(content: Sheet, order: string, data: Data, hasCodes = true): Grid {
  const across = content.across && hasCodes ? CODES[content.across] : [];
  const placed = content.columns.flatMap((column, at) => {
    const its: GridColumn = {
      label: column.label,
      leaf: column.leaf ?? column.label,
      group: column.group ?? "",
      kind: column.numeric ? "number" : "text",
      isWhole: Boolean(column.isWhole),
      format: column.format,
      pattern: column.pattern ?? "",
      codes: column.numeric ? across.map((code) => codeOf(code, column.member, data)) : [],
    };
    const codes = (hasCodes ? beside(column, data) : []).map(([code, of]) => ({
      column: code,
      value: (row: Value[]) => of(row[at]),
    }));
    return [{ column: its, value: (row: Value[]) => row[at] }, ...codes];
  });
  return {
    columns: placed.map(({ column }) => column),
    rows: sorted(content, order).map((row) => placed.map(({ value }) => value(row))),
    wholes: content.wholes,
    codes: across.map(({ label }) => label),
  };
}

/** The header: codes of what is across, groups of columns, a cell for each column; and all of its lines. */
export function head({ columns, codes }: Grid) {
  const over = codes.map((label, line) => columns.map((column, at) => (at ? (column.codes[line] ?? "") : label)));
  const groups = columns.map(({ group }) => group);
  const leaves = columns.map(({ leaf }) => leaf);
  return { over, groups, leaves, lines: [...over, ...(groups.some(Boolean) ? [groups] : []), leaves] };
}

/** Groups of neighbours in a line of the header, as the first and the last of their columns. */
export function spans(line: string[]) {
  const found: [text: string, first: number, last: number][] = [];
  line.forEach((text, at) => {
    const last = found.at(-1);
    if (text && last?.[0] === text) last[2] = at;
    else found.push([text, at, at]);
  });
  return found;
}
