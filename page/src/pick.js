// A filter of which several can be chosen: what is chosen in a line, and under it a list with a search field.

import { h } from "./dom.js";
import { number } from "./text.js";

const SEARCH_FROM = 8;

/**
 * @param change told the codes that are chosen, in the order of the list
 * @returns { field, show(options, chosen, closed) }; options are [code, label], and `closed` is why none can be had
 */
export function pick(key, label, plural, change) {
  let options = [];
  let boxes = [];
  const value = h("span", { class: "value" });
  const search = h("input", { type: "search", id: `${key}-sok`, oninput: find });
  const searchField = h("div", {}, h("label", { for: search.id }, `Søk i ${plural}`), search);
  const list = h("ul", { class: "plain options" });
  const none = h("p", { class: "hint", hidden: true }, "Ingen treff");
  const all = h(
    "button",
    { type: "button", class: "secondary", id: `${key}-alle`, onclick: () => change([]) },
    `Vis alle ${plural}`,
  );
  const field = h(
    "details",
    { class: "pick", id: key },
    h("summary", {}, h("span", { class: "name" }, label), value),
    h("div", { role: "group", "aria-label": label }, searchField, list, none, all),
  );

  function find() {
    const wanted = search.value.toLowerCase().trim();
    list.childNodes.forEach((item, at) => (item.hidden = !options[at][1].toLowerCase().includes(wanted)));
    none.hidden = [...list.childNodes].some((item) => !item.hidden);
  }
  function fill() {
    boxes = options.map(([code], at) =>
      h("input", {
        type: "checkbox",
        id: `${key}-${at}`,
        value: code,
        onchange: () => change(boxes.filter((box) => box.checked).map((box) => box.value)),
      }),
    );
    list.replaceChildren(
      ...options.map(([, text], at) => h("li", {}, h("label", { class: "choice" }, boxes[at], text))),
    );
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
      value.textContent =
        chosen.length > 1
          ? `${number(chosen.length)} av ${number(options.length)} valgt`
          : (options.find(([code]) => isChosen.has(code))?.[1] ?? `Alle ${plural}${closed && ` – ${closed}`}`);
    },
  };
}
