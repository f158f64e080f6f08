// One of a few, as Aksel's Tabs and ToggleGroup have it: the Tab key leads to the chosen one, and arrow keys to the
// others.

import { $, h } from "./dom.ts";

/** Lets arrow keys, Home and End move the focus in a group of buttons. `reached` is told where it is then. */
function arrows(group: HTMLElement, reached: (button: HTMLButtonElement) => void) {
  group.addEventListener("keydown", (event) => {
    const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
    const all = [...group.querySelectorAll("button")];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const places: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: -1,
    };
    // With another key an arrow is the browser's, as Back is.
    if (!(key in places) || altKey || ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    const button = all[(places[key] + all.length) % all.length];
    button.focus();
    reached(button);
  });
}

/** A group where one is chosen, and arrow keys choose. Each button's id is the prefix and its value. */
export function toggleGroup<Value extends string>(
  label: string,
  prefix: string,
  options: (readonly [value: Value, text: string])[],
  chosen: Value,
  choose: (value: Value) => void,
) {
  const button = ([value, text]: readonly [Value, string]) =>
    h(
      "button",
      {
        type: "button",
        id: `${prefix}-${value}`,
        class: "aksel-toggle-group__button",
        role: "radio",
        "aria-checked": String(value === chosen),
        "data-selected": String(value === chosen),
        tabindex: value === chosen ? 0 : -1,
        onclick: () => value !== chosen && choose(value),
      },
      text,
    );
  const attributes = { class: "aksel-toggle-group", role: "radiogroup", "aria-label": label };
  const group = h("div", attributes, options.map(button));
  arrows(group, (reached) => reached.click());
  return group;
}

/**
 * Tabs and their panels, which index.html has: the tab of a view is `vis-` and its name. Arrow keys only move the
 * focus, since a view takes time to draw. Returns a function that shows a view.
 */
export function tabs<View extends string>(list: HTMLElement, views: readonly View[], choose: (view: View) => void) {
  arrows(list, () => {});
  for (const view of views) $(`vis-${view}`).addEventListener("click", () => choose(view));
  return (chosen: View) => {
    for (const view of views) {
      const [tab, isChosen] = [$(`vis-${view}`), view === chosen];
      $(view).hidden = !isChosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.dataset.state = isChosen ? "active" : "inactive";
      tab.tabIndex = isChosen ? 0 : -1;
    }
  };
}
