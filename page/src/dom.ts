// The few things that all of the page is made with. Text is always set as text, never read as HTML.

type Attribute = string | number | boolean | null | undefined | ((event: Event) => unknown);
type Nothing = null | undefined | false;
type Content = Node | string;
export type Child = Content | Nothing | (Content | Nothing)[];

/** A part of the page that index.html has, or that has been made. */
export const $ = <T extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as T;

const isContent = (child: Content | Nothing): child is Content =>
  child !== null && child !== undefined && child !== false;

/** An element: attributes by name, `on...` as listeners, and children, which are nodes or text. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter(isContent));
  return node;
}

/** The same in a drawing. */
export const svg = <Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string | number> = {},
  ...children: (Node | string)[]
) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
};

export type Option = [value: string, text: string];
const filled = new WeakMap<HTMLSelectElement, string>();

/** Gives a select its options, and keeps the nodes that are as before. */
export function fill(select: HTMLSelectElement, options: Option[], value: string) {
  const wanted = JSON.stringify(options);
  if (filled.get(select) !== wanted) {
    filled.set(select, wanted);
    select.replaceChildren(...options.map(([its, text]) => h("option", { value: its }, text)));
  }
  select.value = value;
}
