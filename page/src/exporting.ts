// The table as text: a CSV file with another that says what it is, and what the clipboard has of it.

import { strToU8, zipSync } from "fflate";
import { type AboutRow, columnCodes } from "./about.ts";
import { type Grid, type GridColumn, head, spans } from "./grid.ts";
import type { Value } from "./sheet.ts";

const round = (value: number) => Math.round(value * 1e6) / 1e6;

/** Excel would run a name that begins like a formula. */
const unrun = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** A value as Excel with Norwegian settings reads it. */
const written = (value: Value) =>
  value === null ? "" : typeof value === "number" ? String(round(value)).replace(".", ",") : unrun(value);

/** Excel with Norwegian settings opens this: semicolons, decimal commas, a byte order mark. */
export function csv(lines: Value[][]) {
  const field = (value: Value) => {
    const text = written(value);
    return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\ufeff${lines.map((line) => `${line.map(field).join(";")}\r\n`).join("")}`;
}

const ZEROS =
  "Excel fjerner nullen foran i et enhetsnummer når filen åpnes rett i Excel. Importer kolonnen som tekst, " +
  "eller bruk Excel-filen.";

/** The table as CSV, and beside it what it is. Their names are short, since they are unpacked to a folder. */
export function csvs(grid: Grid, about: AboutRow[]) {
  const hasZeros = grid.rows.some((row) => row.some((value) => typeof value === "string" && /^0\d+$/.test(value)));
  const zeros: AboutRow[] = hasZeros ? [["Merknad", ZEROS]] : [];
  const told = [["Navn", "Forklaring"], ...about, ...columnCodes(grid), ...zeros];
  return zipSync({
    "tabell.csv": strToU8(csv([grid.columns.map(({ label }) => label), ...grid.rows])),
    "om-tallene.csv": strToU8(csv(told)),
  });
}

/** The table as it is pasted where there is only text. */
export function tabbed(grid: Grid) {
  const field = (value: Value) => written(value).replace(/[\t\r\n]+/g, " ");
  const lines = [grid.columns.map(({ label }) => label), ...grid.rows];
  return lines.map((line) => line.map(field).join("\t")).join("\r\n");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);

const LINE = "border: 1px solid #b0b7c0; padding: 2px 6px; vertical-align: top";
// Excel and LibreOffice take a cell as text, whatever it looks like.
const TEXT = "mso-number-format: '\\@'";
const CALC = 'sdnum="1044;0;@"';

/** A cell: Excel and LibreOffice read its number, and Word and Outlook its text. */
function pasted(value: Value, { kind, format, isWhole }: GridColumn, isBold: boolean) {
  const align = kind === "number" ? ["text-align: right"] : [];
  const look = [LINE, ...align, ...(isBold || isWhole ? ["font-weight: bold"] : [])];
  if (typeof value !== "number")
    return `<td ${CALC} style="${[...look, TEXT].join("; ")}">${escaped(value ?? "–")}</td>`;
  const exact = round(value);
  // An Excel that reads the text knows no minus but this.
  const text = format(value).replace("−", "-");
  return `<td x:num="${exact}" sdval="${exact}" sdnum="1033;" style="${look.join("; ")}">${text}</td>`;
}

/** The table as it is pasted in Word, Outlook and Excel, under its title and over what has to follow it. */
export function pastedTable(grid: Grid, title: string, below: string[]) {
  const { columns, rows, wholes } = grid;
  const align = (at: number) => (columns[at].kind === "number" ? "right" : "left");
  const heads = head(grid).lines.map((line) =>
    spans(line).map(([text, first, last]) => {
      const look = `${LINE}; text-align: ${align(first)}; ${TEXT}`;
      return `<th ${CALC} colspan="${last - first + 1}" style="${look}">${escaped(text)}</th>`;
    }),
  );
  const body = rows.map((row, line) => row.map((value, at) => pasted(value, columns[at], line < wholes)));
  const lines = (all: string[][]) => all.map((cells) => `<tr>${cells.join("")}</tr>`).join("");
  return (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body style="font-family: Calibri, Arial, sans-serif">' +
    `<p><b>${escaped(title)}</b></p><table style="border-collapse: collapse"><thead>${lines(heads)}</thead>` +
    `<tbody>${lines(body)}</tbody></table>${below.map((line) => `<p>${escaped(line)}</p>`).join("")}</body></html>`
  );
}

export function save(content: Blob, name: string) {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
