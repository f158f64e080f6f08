// «Last ned eller del»: the table and the figure as files, and the address of the view.

import type { Data } from "./data.ts";
import { $, h } from "./dom.ts";
import { csv, png, save, svgText, xlsx } from "./exporting.ts";
import { describe, explanation, type Result } from "./query.ts";
import { explained, type Sheet, sorted } from "./sheet.ts";
import type { State } from "./state.ts";
import { weekKey } from "./text.ts";
import { notes } from "./words.ts";

const CSV = "text/csv;charset=utf-8";
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SVG = "image/svg+xml";

/** @param redraw draws the figure for a file; null where there is none */
export function sharing(
  result: Result,
  content: Sheet,
  state: State,
  data: Data,
  redraw: (() => SVGSVGElement) | null,
) {
  const { title, unit } = describe(state, data);
  const name = fileName(result, data, `${title}, ${unit}`);
  const rows = { ...content, rows: sorted(content, state.tabell) };
  const saved = (text: BlobPart, type: string, ending: string) => save(new Blob([text], { type }), `${name}.${ending}`);
  const about = () => aboutOf(result, content, state, data, `${title}, ${unit}`);
  return h(
    "details",
    { class: "export", id: "eksport", open: document.querySelector<HTMLDetailsElement>("#eksport")?.open },
    h("summary", {}, "Last ned eller del"),
    h(
      "div",
      { class: "buttons" },
      button("csv", "Tabell som CSV", () => saved(csv(rows), CSV, "csv")),
      button("xlsx", "Tabell som Excel (XLSX)", () => saved(xlsx(rows, about()), XLSX, "xlsx")),
      redraw && button("svg", "Figur som SVG", () => saved(svgText(redraw()), SVG, "svg")),
      redraw && button("png", "Figur som bilde (PNG)", async () => save(await png(redraw()), `${name}.png`)),
    ),
    link(),
  );
}

function fileName(result: Result, data: Data, title: string) {
  const spans = result.panels.map(({ weeks }) =>
    [...new Set([weeks[0], weeks[weeks.length - 1]])].map((week) => weekKey(data.uker[week])).join("-"),
  );
  const words = [title, ...spans].join(" ").toLowerCase();
  const name = words.replace(/[^a-z0-9æøå]+/g, "-").replace(/^-|-$/g, "");
  return data.omTallene.metode === "INTERN" ? `intern-${name}` : name;
}

/** The rows of the workbook's sheet about the numbers. */
const aboutOf = (result: Result, content: Sheet, state: State, data: Data, title: string) => [
  ["Innhold", title],
  ["Periode", result.panels.map((panel) => panel.name).join("; ")],
  ["Personvern", explanation(data)],
  ...explained(content, data),
  ...notes(result, state, data).map((note) => ["Merknad", note]),
];

/** A button, and afterwards what it has done: the words of the action, or else that it is downloaded. */
function button(id: string, label: string, action: () => unknown) {
  const onclick = async () => {
    const told = await action();
    $("melding").textContent = typeof told === "string" ? told : `${label} er lastet ned.`;
  };
  return h("button", { type: "button", class: "secondary", id, onclick }, label);
}

function link() {
  const address: HTMLInputElement = h("input", {
    id: "lenke",
    readonly: true,
    value: location.href,
    onfocus: () => address.select(),
  });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      return "Lenken er kopiert.";
    } catch {
      address.focus();
      return "Lenken er merket. Kopier den med Ctrl + C.";
    }
  };
  return h(
    "div",
    { class: "field" },
    h("label", { for: "lenke" }, "Lenke til denne visningen"),
    address,
    button("kopier", "Kopier lenken", copy),
  );
}
