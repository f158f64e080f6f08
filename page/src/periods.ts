// The control of periods: a row for each, and a button that adds one.

import type { Change } from "./controls.ts";
import type { Data } from "./data.ts";
import { $, fill, h, type Option } from "./dom.ts";
import { bounds, earlier, PRESETS, presets, type State } from "./state.ts";
import { weekDays, weekKey, weekName } from "./text.ts";
import { isOneOf, namesOf } from "./typed.ts";

export function periods(data: Data, change: Change) {
  let chosen: string[] = [];
  const list = h("ol", { class: "periods" });
  const append = () => change({ perioder: [...chosen, earlier(chosen[chosen.length - 1], data)] });
  const add = h("button", { type: "button", class: "secondary", id: "legg-til", onclick: append }, "Legg til periode");
  const weeks = data.uker.map(
    (week): Option => [weekKey(week), `${weekName(week)} (${weekDays(week)})${week[4] ? ", foreløpig" : ""}`],
  );
  const presetOptions: Option[] = [
    ...presets(data).map((preset): Option => [preset, PRESETS[preset]]),
    ["", "Velg uker selv"],
  ];
  /** A row's change of its own period, and of all of them. */
  const changes = {
    replace: (at: number, value: string) => {
      const [from, to] = bounds(chosen[at], data);
      // Without a preset, the weeks are those that the preset had.
      const period = value || `${weeks[from][0]}-${weeks[to][0]}`;
      change({ perioder: chosen.map((old, other) => (other === at ? period : old)) });
    },
    remove: (at: number) => change({ perioder: chosen.filter((_, other) => other !== at) }),
  };
  return {
    fields: [list, add],
    show({ perioder }: State) {
      const isNumbered = chosen.length > 1;
      const rows = list.children.length;
      chosen = perioder;
      if (rows < chosen.length || isNumbered !== chosen.length > 1)
        list.replaceChildren(...chosen.map((_, at) => row(at, chosen.length > 1, changes)));
      while (list.children.length > chosen.length) list.lastChild?.remove();
      for (const [at, period] of chosen.entries()) {
        const [from, to] = bounds(period, data);
        const select = (name: string) => $<HTMLSelectElement>(`${name}-${at}`);
        fill(select("periode"), presetOptions, isOneOf(namesOf(PRESETS), period) ? period : "");
        fill(select("fra"), weeks, weeks[from][0]);
        fill(select("til"), weeks, weeks[to][0]);
        $(`fjern-${at}`).hidden = chosen.length === 1;
      }
    },
  };
}

interface Changes {
  replace(at: number, value: string): void;
  remove(at: number): void;
}

/** The controls of one period. They are numbered if there are several. */
function row(at: number, isNumbered: boolean, { replace, remove }: Changes) {
  const label = (text: string) => (isNumbered ? `${text} ${at + 1}` : text);
  const preset: HTMLSelectElement = h("select", { id: `periode-${at}`, onchange: () => replace(at, preset.value) });
  const from: HTMLSelectElement = h("select", {
    id: `fra-${at}`,
    onchange: () => {
      if (to.value < from.value) to.value = from.value;
      replace(at, `${from.value}-${to.value}`);
    },
  });
  const to: HTMLSelectElement = h("select", {
    id: `til-${at}`,
    onchange: () => {
      if (from.value > to.value) from.value = to.value;
      replace(at, `${from.value}-${to.value}`);
    },
  });
  const field = (text: string, node: HTMLElement) =>
    h("div", { class: "field" }, h("label", { for: node.id }, label(text)), node);
  return h(
    "li",
    { class: "fields" },
    field("Periode", preset),
    field("Fra uke", from),
    field("Til uke", to),
    h(
      "button",
      { type: "button", class: "secondary", id: `fjern-${at}`, onclick: () => remove(at) },
      label("Fjern periode"),
    ),
  );
}
