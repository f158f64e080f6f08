// A filter of which several can be chosen: what is chosen in a line, and under it a list with a search field.

import { h, type Option } from "./dom.ts";
import { number } from "./text.ts";

const SEARCH_FROM = 8;

export interface Pick {
  field: HTMLElement;
  /** `closed` is why none can be had. */
  show(options: Option[], chosen: string[], closed: string): void;
}

/** Whether an option is found by what is written in the search field. */
export const isFound = ([, text]: Option, written: string) => text.toLowerCase().includes(written.toLowerCase().trim());

/** What is chosen, in a few words. */
export function chosenWords(options: Option[], chosen: string[], plural: string, closed: string) {
  if (chosen.length > 1) return `${number(chosen.length)} av ${number(options.length)} valgt`;
  const only = options.find(([code]) => chosen.includes(code));
  return only ? only[1] : `Alle ${plural}${closed && ` – ${closed}`}`;
}

/** @param change told the codes that are chosen, in the order of the list */
export function pick(key: string, label: string, plural: string, change: (codes: string[]) => void): Pick {
  let options: Option[] = [];
  let boxes: HTMLInputElement[] = [];
  let items: HTMLLIElement[] = [];
  const { field, value, search, searchField, list, none, all } = parts(key, label, plural);
  all.addEventListener("click", () => change([]));
  search.addEventListener("input", () => {
    for (const [at, option] of options.entries()) items[at].hidden = !isFound(option, search.value);
    none.hidden = items.some((item) => !item.hidden);
  });

  function fill() {
    const chosen = () => change(boxes.filter((box) => box.checked).map((box) => box.value));
    boxes = options.map(([code], at) =>
      h("input", { type: "checkbox", id: `${key}-${at}`, value: code, onchange: chosen }),
    );
    items = options.map(([, text], at) => h("li", {}, h("label", { class: "choice" }, boxes[at], text)));
    list.replaceChildren(...items);
    searchField.hidden = options.length < SEARCH_FROM;
    search.value = "";
    none.hidden = true;
  }
  return {
    field,
    show(given, chosen, closed) {
      if (JSON.stringify(given) !== JSON.stringify(options)) {
        options = given;
        fill();
      }
      const isChosen = new Set(chosen);
      for (const box of boxes) box.checked = isChosen.has(box.value);
      all.hidden = !chosen.length;
      value.textContent = chosenWords(options, chosen, plural, closed);
    },
  };
}

function parts(key: string, label: string, plural: string) {
  const value = h("span", { class: "value" });
  const search = h("input", { type: "search", id: `${key}-sok` });
  const searchField = h("div", {}, h("label", { for: search.id }, `Søk i ${plural}`), search);
  const list = h("ul", { class: "plain options" });
  const none = h("p", { class: "hint", hidden: true }, "Ingen treff");
  const all = h("button", { type: "button", class: "secondary", id: `${key}-alle` }, `Vis alle ${plural}`);
  const field = h(
    "details",
    { class: "pick", id: key },
    h("summary", {}, h("span", { class: "words" }, h("span", { class: "name" }, label), value)),
    h("div", { role: "group", "aria-label": label }, searchField, list, none, all),
  );
  return { field, value, search, searchField, list, none, all };
}
