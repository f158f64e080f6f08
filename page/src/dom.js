// The few things that all of the page is made with. Text is always set as text, never read as HTML.

export const $ = (id) => document.getElementById(id);

/** An element: attributes by name, `on...` as listeners, and children, which are nodes or text. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Gives a select its options, [[value, text]] or [group, [[value, text]]], and keeps the nodes that are as before. */
export function fill(select, options, value) {
  const wanted = JSON.stringify(options);
  if (select.filled !== wanted) {
    select.filled = wanted;
    const option = ([its, text]) => h("option", { value: its }, text);
    select.replaceChildren(
      ...options.map(([its, text]) =>
        Array.isArray(text) ? h("optgroup", { label: its }, text.map(option)) : option([its, text]),
      ),
    );
  }
  select.value = value;
}
