// A field that finds what is written in it, also in the middle of a name. WAI-ARIA's pattern for a combobox.

import { h } from "./dom.js";

/**
 * @param options [value, label, isUnder] in order; what is `isUnder` belongs to the one before it that is not
 * @param choose told the value that is chosen
 * @returns a function that shows a value as the chosen one
 */
export function combobox(input, list, options, choose, tell) {
  let current = "";
  let active = null;
  const items = options.map(([value, label, isUnder], at) =>
    h(
      "li",
      {
        role: "option",
        id: `${list.id}-${at}`,
        "data-value": value,
        class: isUnder && "under",
        onclick: () => pick(at),
      },
      label,
    ),
  );
  const none = h("li", { role: "option", "aria-disabled": "true", hidden: true }, "Ingen treff");
  list.replaceChildren(...items, none);

  const shown = () => items.filter((item) => !item.hidden);
  function mark(item) {
    active?.classList.remove("active");
    active = item ?? null;
    active?.classList.add("active");
    active?.scrollIntoView({ block: "nearest" });
    if (active) input.setAttribute("aria-activedescendant", active.id);
    else input.removeAttribute("aria-activedescendant");
  }
  function open(words) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    items.forEach((item, at) => (item.hidden = !wanted.every((word) => options[at][1].toLowerCase().includes(word))));
    const found = shown();
    none.hidden = found.length > 0;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(wanted.length ? found[0] : items.find((item) => item.dataset.value === current));
    if (wanted.length) tell(found.length ? `${found.length} treff` : "Ingen treff");
  }
  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(null);
    input.value = options.find(([value]) => value === current)?.[1] ?? "";
  }
  function pick(at) {
    current = options[at][0];
    close();
    choose(current);
  }
  function step(by) {
    if (list.hidden) return open("");
    const found = shown();
    if (found.length) mark(found[(found.indexOf(active) + by + found.length) % found.length]);
  }
  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => active && pick(items.indexOf(active)),
    Escape: close,
  };
  input.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => list.hidden && open(""));
  input.addEventListener("blur", close);
  // The field keeps the focus, so that it does not close before the click is there.
  list.addEventListener("mousedown", (event) => event.preventDefault());

  return (value) => {
    current = value;
    for (const item of items) item.setAttribute("aria-selected", String(item.dataset.value === value));
    input.dataset.value = value;
    if (list.hidden) close();
  };
}
