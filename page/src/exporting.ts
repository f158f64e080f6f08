// The table as text: a CSV file with another that says what it is.

import { strToU8, zipSync } from "fflate";
import { type AboutRow, columnCodes } from "./about.ts";
import type { Grid } from "./grid.ts";
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

export function save(content: Blob, name: string) {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
