// A field that finds what is written in it, also in the middle of a name. WAI-ARIA's pattern for a combobox.

import { h } from "./dom.ts";

/** What is `isUnder` belongs to the one before it that is not. */
export type Choice = [value: string, label: string, isUnder: boolean];

/**
 * @param choose told the value that is chosen
 * @param tell told in words how many are found
 * @returns a function that shows a value as the chosen one
 */
export function combobox(
  input: HTMLInputElement,
  list: HTMLElement,
  options: Choice[],
  choose: (value: string) => void,
  tell: (text: string) => void,
) {
  let current = "";
  let active: HTMLLIElement | null = null;
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
  function mark(item: HTMLLIElement | null | undefined) {
    active?.classList.remove("active");
    active = item ?? null;
    active?.classList.add("active");
    active?.scrollIntoView({ block: "nearest" });
    if (active) input.setAttribute("aria-activedescendant", active.id);
    else input.removeAttribute("aria-activedescendant");
  }
  function open(words: string) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    for (const [at, [, label]] of options.entries())
      items[at].hidden = !wanted.every((word) => label.toLowerCase().includes(word));
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
  function pick(at: number) {
    current = options[at][0];
    close();
    choose(current);
  }
  function step(by: number) {
    if (list.hidden) return open("");
    const found = shown();
    const at = active ? found.indexOf(active) : -1;
    if (found.length) mark(found[(at + by + found.length) % found.length]);
  }
  const keys: Record<string, () => unknown> = {
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

  return (value: string) => {
    current = value;
    for (const item of items) item.setAttribute("aria-selected", String(item.dataset.value === value));
    input.dataset.value = value;
    if (list.hidden) close();
  };
}
