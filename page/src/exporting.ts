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

/** An Excel workbook: a sheet with the table, and one that says what it is about. A sign for a number is a text. */
export function xlsx({ columns, rows }: Table, about: string[][]) {
  const escaped = (text: string) =>
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write these
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replace(/[&<>"]/g, (sign) => ENTITIES[sign]);
  const cell = (value: Value) =>
    value === null
      ? "<c/>"
      : typeof value === "number"
        ? `<c><v>${round(value)}</v></c>`
        : `<c t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
  const xml = (text: string) => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${text}`);
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packages = "http://schemas.openxmlformats.org/package/2006";
  const worksheet = (lines: Value[][]) =>
    xml(
      `<worksheet xmlns="${main}"><sheetData>` +
        lines.map((line) => `<row>${line.map(cell).join("")}</row>`).join("") +
        "</sheetData></worksheet>",
    );
  const sheets = ["Tabell", "Om tallene"];
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  const types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return zipSync({
    "[Content_Types].xml": xml(
      `<Types xmlns="${packages}/content-types"><Default Extension="rels" ` +
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
        `<Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>` +
        sheets
          .map(
            (_, at) => `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${types}.worksheet+xml"/>`,
          )
          .join("") +
        "</Types>",
    ),
    "_rels/.rels": xml(
      `<Relationships xmlns="${packages}/relationships">` +
        relation("rId1", "officeDocument", "xl/workbook.xml") +
        "</Relationships>",
    ),
    "xl/workbook.xml": xml(
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>` +
        sheets.map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join("") +
        "</sheets></workbook>",
    ),
    "xl/_rels/workbook.xml.rels": xml(
      `<Relationships xmlns="${packages}/relationships">` +
        sheets.map((_, at) => relation(`rId${at + 1}`, "worksheet", `worksheets/sheet${at + 1}.xml`)).join("") +
        "</Relationships>",
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
