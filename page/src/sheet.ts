// The table as a list: a row for each number of the figure. Also what is exported, and how rows are sorted.

import type { Data } from "./data.ts";
import { MEASURES } from "./measures.ts";
import {
  type Along,
  type Cell,
  changeFrom,
  DIMENSIONS,
  isTime,
  leastChange,
  type Member,
  type Panel,
  REFERENCES,
  type Result,
  signs,
} from "./query.ts";
import type { Dimension, State } from "./state.ts";
import { collator, DOT, number, percent, signed } from "./text.ts";

/** A number, text, a sign of what is not shown, or null where there is nothing to show. */
export type Value = number | string | null;

/** A number of a cell. */
export interface CellValue {
  label: string;
  value(cell: Cell): Value;
  format(value: number): string;
  /** The same format, as Excel writes it. */
  pattern: string;
  /** Whether the cross table has it. */
  isCrossed?: boolean;
}

/** The members that a column of text is of, by their names there. */
export interface Members {
  dimension: Dimension | "periode";
  byLabel: Map<string, Member>;
}

export interface Column {
  label: string;
  numeric: boolean;
  format(value: number): string;
  pattern?: string;
  members?: Members;
  /** Of numbers: the member along what is across. */
  member?: Member;
  isTime?: boolean;
  /** Of text: its own order. */
  order?(a: string, b: string): number;
  /** Of the cross table: a number of the whole, the last line of its header, and what stands over it. */
  isWhole?: boolean;
  leaf?: string;
  group?: string;
}

export interface Sheet {
  columns: Column[];
  rows: Value[][];
  /** How many rows are first in any order. */
  wholes: number;
  isCrossed: boolean;
  /** How many columns are of the same member. */
  perGroup: number;
  /** What is across, if anything is. */
  across?: Along;
}

export function valuesOf(result: Result, state: State, data: Data): CellValue[] {
  const per = result.averaged ? " (gjennomsnitt per uke)" : "";
  const plain = (value: number) => number(value, result.decimals);
  const pattern = result.decimals ? "#,##0.0" : "#,##0";
  const found: CellValue[] = [
    {
      label: `${MEASURES[state.maal].unit}${per}`,
      value: (cell) => cell.value ?? cell.sign,
      format: plain,
      pattern,
      isCrossed: true,
    },
  ];
  if (result.inPercent)
    found.push({
      label: "Andel i prosent",
      value: (cell) => (typeof cell.share === "number" ? cell.share * 100 : DOT),
      format: (value) => percent(value / 100),
      pattern: '0.0" %"',
      isCrossed: true,
    });
  for (const kind of result.references) {
    const before = ({ references: { [kind]: its } }: Cell) => (its ? (its.value ?? its.sign) : null);
    found.push({ label: REFERENCES[kind], value: before, format: plain, pattern });
    found.push({
      label: `Endring fra ${REFERENCES[kind].toLowerCase()}`,
      value: (cell) => changeFrom(kind, cell, data),
      format: (value) => signed(value, result.decimals),
      pattern: signedPattern(result.decimals),
      isCrossed: true,
    });
  }
  if (result.averaged)
    found.push({
      label: "Antall uker",
      value: (cell) => cell.weeks.length,
      format: (value) => number(value),
      pattern: "#,##0",
    });
  return found;
}

export const signedPattern = (decimals?: boolean) => (decimals ? "+#,##0.0;-#,##0.0;0.0" : "+#,##0;-#,##0;0");

const byLabel = (members: Member[]) => new Map(members.map((member) => [member.label, member]));

export function sheet(result: Result, state: State, data: Data): Sheet {
  const columns: (Column & { value(cell: Cell, panel: Panel): Value })[] = [];
  const add = (label: string, value: (cell: Cell, panel: Panel) => Value, order: Partial<Column> = {}) =>
    columns.push({ label, value, numeric: false, format: String, ...order });
  // Time is sorted as time, not as words: members come with a key that is in order.
  const inOrder = (dimension: Along, role: "x" | "part"): Partial<Column> => {
    if (!isTime(dimension)) return {};
    const keys = new Map(result.cells.map((cell) => [cell[role].label, cell[role].key]));
    return { isTime: true, order: (a, b) => collator.compare(keys.get(a) ?? "", keys.get(b) ?? "") };
  };
  if (result.panels.length > 1) {
    const names = result.panels.map((panel) => panel.name);
    const weeks = result.panels.map(({ name, weeks }) => ({ key: "", label: name, choose: { weeks } }));
    add("Periode", (_, panel) => panel.name, {
      order: (a, b) => names.indexOf(a) - names.indexOf(b),
      members: { dimension: "periode", byLabel: byLabel(weeks) },
    });
  }
  const dimensions = [[state.x, "x"] as const, [state.del, "part"] as const];
  for (const [dimension, role] of dimensions)
    if (dimension)
      add(DIMENSIONS[dimension], (cell) => cell[role].label, {
        ...inOrder(dimension, role),
        members: { dimension, byLabel: byLabel(result.cells.map((cell) => cell[role])) },
      });
  columns.push(...valuesOf(result, state, data).map((value) => ({ ...value, numeric: true })));
  if (result.cells.some((cell) => cell.provisional)) add("Foreløpig", (cell) => (cell.provisional ? "Ja" : "Nei"));
  const newestFirst = <T>(list: T[], dimension: Along) => (isTime(dimension) ? list.toReversed() : list);
  const rows = result.panels.flatMap((panel) =>
    newestFirst(panel.cells, state.x)
      .flatMap((cells) => newestFirst(cells, state.del))
      .map((cell) => columns.map((column) => column.value(cell, panel))),
  );
  return { columns, rows, wholes: 0, isCrossed: false, perGroup: 1 };
}

/**
 * Rows in the order of a column, written `number:opp` or `number:ned`. A row without a number is last, and wholes are
 * first whatever the order.
 */
export function sorted({ columns, rows, wholes }: Sheet, order: string) {
  const [chosen, direction] = order.split(":");
  const at = columns.findIndex((_, number) => String(number) === chosen);
  if (at < 0) return rows;
  const column = columns[at];
  const sign = direction === "ned" ? -1 : 1;
  const has = (value: Value) => !column.numeric || typeof value === "number";
  const parts = rows.slice(wholes).sort(({ [at]: a }, { [at]: b }) => {
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    if (!has(a) || !has(b)) return Number(has(b)) - Number(has(a));
    return sign * (column.order ?? collator.compare)(String(a), String(b));
  });
  return [...rows.slice(0, wholes), ...parts];
}

/** Explains each sign in the table's rows, and what they say of small differences. */
export function explained({ rows }: Pick<Sheet, "rows">, data: Data): [sign: string, meaning: string][] {
  const found = new Set(rows.flat());
  const least = leastChange(data);
  return [
    ...Object.entries(signs(data))
      .filter(([sign]) => found.has(sign))
      .map(([sign, [text]]): [string, string] => [sign, text]),
    ...(least && found.has(`under ${number(least)}`)
      ? [[`under ${number(least)}`, "Så små endringer kan være tilfeldige"] as [string, string]]
      : []),
  ];
}
