// What can be taken out of the page: the table as CSV and XLSX, the figure as SVG and PNG.

import { strToU8, zipSync } from "fflate";
import type { Sheet, Value } from "./sheet.ts";

type Table = Pick<Sheet, "columns" | "rows">;

/** Excel with Norwegian settings opens this: semicolons, decimal commas, a byte order mark. */
export function csv({ columns, rows }: Table) {
  const field = (value: Value) => {
    if (value === null) return "";
    if (typeof value === "number") return String(round(value)).replace(".", ",");
    // A name that begins like a formula would be run as one.
    const text = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
    return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map((column) => column.label), ...rows].map((row) => `${row.map(field).join(";")}\r\n`);
  return `\ufeff${lines.join("")}`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const round = (value: number) => Math.round(value * 1e6) / 1e6;

const escaped = (text: string) =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write these
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign]);

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGES = "http://schemas.openxmlformats.org/package/2006";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const SHEETS = ["Tabell", "Om tallene"];

const xml = (text: string) => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${text}`);

/** A sign for a number is a text. */
const worksheetCell = (value: Value) =>
  value === null
    ? "<c/>"
    : typeof value === "number"
      ? `<c><v>${round(value)}</v></c>`
      : `<c t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;

function worksheet(lines: Value[][]) {
  const rows = lines.map((line) => `<row>${line.map(worksheetCell).join("")}</row>`);
  return xml(`<worksheet xmlns="${MAIN}"><sheetData>${rows.join("")}</sheetData></worksheet>`);
}

function relationships(all: [type: string, target: string][]) {
  const each = all.map(
    ([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return xml(`<Relationships xmlns="${PACKAGES}/relationships">${each.join("")}</Relationships>`);
}

function contentTypes() {
  const override = (part: string, type: string) =>
    `<Override PartName="/xl/${part}.xml" ContentType="${TYPES}.${type}+xml"/>`;
  return xml(
    `<Types xmlns="${PACKAGES}/content-types"><Default Extension="rels" ` +
      'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      override("workbook", "sheet.main") +
      SHEETS.map((_, at) => override(`worksheets/sheet${at + 1}`, "worksheet")).join("") +
      "</Types>",
  );
}

/** An Excel workbook: a sheet with the table, and one that says what it is about. */
export function xlsx({ columns, rows }: Table, about: string[][]) {
  const sheets = SHEETS.map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join("");
  return zipSync({
    "[Content_Types].xml": contentTypes(),
    "_rels/.rels": relationships([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": xml(`<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets}</sheets></workbook>`),
    "xl/_rels/workbook.xml.rels": relationships(
      SHEETS.map((_, at): [string, string] => ["worksheet", `worksheets/sheet${at + 1}.xml`]),
    ),
    "xl/worksheets/sheet1.xml": worksheet([columns.map((column) => column.label), ...rows]),
    "xl/worksheets/sheet2.xml": worksheet(about),
  });
}

export const svgText = (svg: SVGSVGElement) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}`;

/** The figure as pixels, two for each of the screen's, or fewer when the figure is too large for a canvas. */
export async function png(svg: SVGSVGElement) {
  const [width, height] = ["width", "height"].map((name) => Number(svg.getAttribute(name)));
  const scale = Math.min(2, 16000 / height, 16000 / width);
  const image = new Image(width, height);
  const address = URL.createObjectURL(new Blob([svgText(svg)], { type: "image/svg+xml" }));
  try {
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("The figure is no image"))), "image/png"),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

export function save(content: Blob, name: string) {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
