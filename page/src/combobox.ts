// A field that finds what is written in it, also in the middle of a name. WAI-ARIA's pattern for a combobox.

import { h } from "./dom.ts";

/** What is `isUnder` belongs to the one before it that is not. */
export type Choice = [value: string, label: string, isUnder: boolean];

/** The words that are looked for. */
const wordsOf = (written: string) => written.toLowerCase().split(/\s+/).filter(Boolean);

/** Whether a name has all the words that are written, anywhere in it. */
export const isFound = (label: string, written: string) =>
  wordsOf(written).every((word) => label.toLowerCase().includes(word));

/** `choose` is told the value that is chosen, and `tell` in words how many are found. */
interface Told {
  choose: (value: string) => void;
  tell: (text: string) => void;
}

export class Combobox {
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #options: Choice[];
  readonly #told: Told;
  readonly #items: HTMLLIElement[];
  readonly #none = h("li", { role: "option", "aria-disabled": "true", hidden: true }, "Ingen treff");
  #current = "";
  #active: HTMLLIElement | null = null;

  constructor(input: HTMLInputElement, list: HTMLElement, options: Choice[], told: Told) {
    this.#input = input;
    this.#list = list;
    this.#options = options;
    this.#told = told;
    this.#items = options.map(([value, label, isUnder], at) => {
      const pick = () => this.#pick(at);
      const id = `${list.id}-${at}`;
      return h("li", { role: "option", id, "data-value": value, class: isUnder && "under", onclick: pick }, label);
    });
    list.replaceChildren(...this.#items, this.#none);
    this.#listen();
  }

  /** Shows a value as the chosen one. */
  show(value: string) {
    this.#current = value;
    for (const item of this.#items) item.setAttribute("aria-selected", String(item.dataset.value === value));
    this.#input.dataset.value = value;
    if (this.#list.hidden) this.#close();
  }

  #listen() {
    const input = this.#input;
    const keys: Record<string, () => unknown> = {
      ArrowDown: () => this.#step(1),
      ArrowUp: () => this.#step(-1),
      Enter: () => this.#active && this.#pick(this.#items.indexOf(this.#active)),
      Escape: () => this.#close(),
    };
    input.addEventListener("keydown", (event) => {
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    input.addEventListener("input", () => this.#open(input.value));
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => this.#list.hidden && this.#open(""));
    input.addEventListener("blur", () => this.#close());
    // The field keeps the focus, so that it does not close before the click is there.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  #shown() {
    return this.#items.filter((item) => !item.hidden);
  }

  #mark(item: HTMLLIElement | null | undefined) {
    this.#active?.classList.remove("active");
    this.#active = item ?? null;
    this.#active?.classList.add("active");
    this.#active?.scrollIntoView({ block: "nearest" });
    if (this.#active) this.#input.setAttribute("aria-activedescendant", this.#active.id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #open(written: string) {
    for (const [at, [, label]] of this.#options.entries()) this.#items[at].hidden = !isFound(label, written);
    const found = this.#shown();
    this.#none.hidden = found.length > 0;
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    const isLooking = wordsOf(written).length > 0;
    this.#mark(isLooking ? found[0] : this.#items.find((item) => item.dataset.value === this.#current));
    if (isLooking) this.#told.tell(found.length ? `${found.length} treff` : "Ingen treff");
  }

  #close() {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#mark(null);
    this.#input.value = this.#options.find(([value]) => value === this.#current)?.[1] ?? "";
  }

  #pick(at: number) {
    this.#current = this.#options[at][0];
    this.#close();
    this.#told.choose(this.#current);
  }

  #step(by: number) {
    if (this.#list.hidden) return this.#open("");
    const found = this.#shown();
    const at = this.#active ? found.indexOf(this.#active) : -1;
    if (found.length) this.#mark(found[(at + by + found.length) % found.length]);
  }
}
