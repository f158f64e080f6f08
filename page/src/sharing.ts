// «Last ned eller del»: the table and the figure to take along, and the address of the view.

import { about, nameOf, type Subject, source, titleOf } from "./about.ts";
import { copyPicture, copyTable } from "./clipboard.ts";
import { THEMES } from "./colours.ts";
import type { Data } from "./data.ts";
import { $, h } from "./dom.ts";
import { csvs, pastedTable, save, tabbed } from "./exporting.ts";
import { withFont } from "./font.ts";
import { grid } from "./grid.ts";
import { framed, png, svgText } from "./picture.ts";
import { explained } from "./sheet.ts";
import { type State, serialise } from "./state.ts";
import { notes } from "./words.ts";
import { xlsx } from "./workbook.ts";

const TYPES = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  zip: "application/zip",
  svg: "image/svg+xml",
};

/** What a view has to take along. */
interface Taken {
  /** Of the controls: both views are in the page. */
  id: (name: string) => string;
  state: State;
  subject: () => Subject;
  /** Null where there is no figure. */
  figure: { name: () => string; draw: () => SVGSVGElement } | null;
}

export function sharing({ id, state, subject, figure }: Taken, data: Data) {
  const shared = $<HTMLDetailsElement>(id("eksport"));
  const address = () => (location.hash ? location.href : location.href.replace(/#?$/, serialise(state, data)));
  return h(
    "details",
    { class: "export", id: id("eksport"), open: shared?.open },
    h("summary", {}, "Last ned eller del"),
    h("div", {}, ofTable(id, subject, address, data), figure && ofFigure(id, figure, data), link(id, address)),
  );
}

/** The address as a file has it: a folder of the reader's own machine is nobody else's, and may tell who they are. */
const told = (address: string) => address.replace(/^file:[^#]*\//, "");

function ofTable(id: Taken["id"], subject: Taken["subject"], address: () => string, data: Data) {
  const content = () => {
    const its = subject();
    const table = grid(its.content, its.state.tabell, data);
    return { table, its, about: about(its, data, told(address())), name: nameOf(its.result, its.state, data) };
  };
  const book = async () => {
    const { table, about, name } = content();
    saved(await xlsx(table, about), "xlsx", name);
  };
  const text = () => {
    const { table, about, name } = content();
    saved(csvs(table, about), "zip", name);
  };
  const copy = async () => {
    const { its } = content();
    const table = grid(its.content, its.state.tabell, data, false);
    const below = explained(its.content, data).map(([sign, meaning]) => `${sign}: ${meaning}.`);
    const title = `${titleOf(its, data)}. ${its.result.panels.map((panel) => panel.name).join("; ")}`;
    const html = pastedTable(table, title, [...below, ...notes(its.result, its.state, data), `Kilde: ${source(data)}`]);
    return copied(copyTable(html, tabbed(table)), "Tabellen er kopiert. Lim den inn i Excel, Word eller en e-post.");
  };
  return group(
    "Tabell",
    button(id("xlsx"), "Tabell som Excel (XLSX)", book),
    button(id("csv"), "Tabell som CSV (ZIP)", text),
    button(id("kopier-tabell"), "Kopier tabellen", copy),
  );
}

function ofFigure(id: Taken["id"], { name, draw }: NonNullable<Taken["figure"]>, data: Data) {
  const drawn = () => framed(withFont(draw()), `Kilde: ${source(data)}`, THEMES.light.background);
  return group(
    "Figur",
    button(id("png"), "Figur som bilde (PNG)", async () => save(await png(drawn()), `${name()}.png`)),
    button(id("svg"), "Figur som SVG", () => saved(svgText(drawn()), "svg", name())),
    button(id("kopier-figur"), "Kopier figuren", () =>
      copied(copyPicture(png(drawn())), "Figuren er kopiert som bilde."),
    ),
  );
}

const saved = (content: BlobPart, type: keyof typeof TYPES, name: string) =>
  save(new Blob([content], { type: TYPES[type] }), `${name}.${type}`);

const copied = (copying: Promise<void>, text: string) =>
  copying.then(
    () => text,
    () => "Nettleseren lot ikke siden kopiere. Last ned i stedet.",
  );

const group = (label: string, ...buttons: HTMLElement[]) =>
  h("div", { class: "buttons", role: "group", "aria-label": label }, buttons);

/** A button, and afterwards what it has done: the words of the action, or else that it is downloaded. */
function button(id: string, label: string, action: () => unknown) {
  const onclick = async () => {
    const told = await action();
    $("melding").textContent = typeof told === "string" ? told : `${label} er lastet ned.`;
  };
  return h("button", { type: "button", class: "secondary", id, onclick }, label);
}

function link(id: Taken["id"], address: () => string) {
  const field: HTMLInputElement = h("input", {
    id: id("lenke"),
    readonly: true,
    value: address(),
    onfocus: () => field.select(),
  });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address());
      return "Lenken er kopiert.";
    } catch {
      field.focus();
      return "Lenken er merket. Kopier den med Ctrl + C.";
    }
  };
  return h(
    "div",
    { class: "field" },
    h("label", { for: id("lenke") }, "Lenke til denne visningen"),
    field,
    button(id("kopier"), "Kopier lenken", copy),
  );
}
