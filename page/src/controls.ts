// The controls of «Utforsk tallene». They are made once, and told what is chosen each time something changes.

import { type Data, KEYS } from "./data.ts";
import { fill, h, type Option } from "./dom.ts";
import { MEASURES } from "./measures.ts";
import type { Key } from "./packed.ts";
import { periods } from "./periods.ts";
import { pick } from "./pick.ts";
import { canCompare, DIMENSIONS, FIGURES, hasOrder, PLURALS, problem, REFERENCES, SORTINGS } from "./query.ts";
import { CHOICES, type Reference, type State, unitNumber } from "./state.ts";
import { collator } from "./text.ts";
import { entriesOf } from "./typed.ts";

/** Told what is chosen; of the keys an empty list when it is no longer some. */
export type Change = (chosen: Partial<State>) => void;
/** Why a change cannot be shown, in a few words; empty if it can, or if what is chosen has the same trouble. */
type Reason = (changed: Partial<State>) => string;

/** Fields in a form, and a function that shows what is chosen in them. */
interface Controls {
  fields: HTMLElement[];
  show(state: State, reason: Reason): void;
}

/** Fills the form, and returns a function that shows what is chosen in it. */
export function controls(form: HTMLElement, data: Data, change: Change) {
  const all = {
    axes: axes(change),
    filters: filters(data, change),
    periods: periods(data, change),
    figures: figures(change),
    comparisons: comparisons(change),
  };
  const choices = ({ fields }: Controls) => h("div", { class: "choices" }, fields);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.replaceChildren(
    h("fieldset", { class: "fields" }, h("legend", {}, "Tall og akser"), all.axes.fields),
    h("fieldset", { class: "fields" }, h("legend", {}, "Utvalg"), all.filters.fields),
    h("fieldset", {}, h("legend", {}, "Perioder"), all.periods.fields),
    h("fieldset", {}, h("legend", {}, "Figur"), choices(all.figures)),
    h("fieldset", {}, h("legend", {}, "Sammenlign med"), choices(all.comparisons)),
  );
  return (state: State) => {
    const trouble = problem(state, data);
    const reason = (changed: Partial<State>) => {
      const found = problem({ ...state, ...changed }, data);
      return found && found.text !== trouble?.text ? found.short : "";
    };
    for (const one of Object.values(all)) one.show(state, reason);
  };
}

function axes(change: Change): Controls {
  const select = (name: "maal" | "x" | "del" | "sorter", label: string) => {
    const node: HTMLSelectElement = h("select", { id: name, onchange: () => change({ [name]: node.value }) });
    return [node, h("div", { class: "field" }, h("label", { for: name }, label), node)] as const;
  };
  const [measure, measureField] = select("maal", "Hva skal telles?");
  const definition = h("p", { class: "hint", id: "maal-hint" });
  measure.setAttribute("aria-describedby", definition.id);
  const [x, xField] = select("x", "Vis etter");
  const [split, splitField] = select("del", "Fordelt på");
  const [sorting, sortingField] = select("sorter", "Rekkefølge");
  return {
    fields: [measureField, definition, xField, splitField, sortingField],
    show(state, reason) {
      const option = (value: string, label: string, changed: Partial<State>): Option => {
        const why = reason(changed);
        return [value, label + (why ? ` – ${why}` : "")];
      };
      const measures = CHOICES.maal.map((maal) => option(maal, MEASURES[maal].label, { maal }));
      fill(measure, measures, state.maal);
      definition.textContent = MEASURES[state.maal].definition;
      const xs = CHOICES.x.map((along) => option(along, DIMENSIONS[along], { x: along }));
      fill(x, xs, state.x);
      const splits = CHOICES.del.map((del) => option(del, del ? DIMENSIONS[del] : "Ingen fordeling", { del }));
      fill(split, splits, state.del);
      fill(sorting, Object.entries(SORTINGS), state.sorter);
      sorting.disabled = !hasOrder(state);
    },
  };
}

function filters(data: Data, change: Change): Controls {
  const all = KEYS.map(
    (key) => [key, pick(key, DIMENSIONS[key], PLURALS[key], (codes) => change({ [key]: codes }))] as const,
  );
  return {
    fields: all.map(([, { field }]) => field),
    show(state, reason) {
      for (const [key, filter] of all) {
        const [first] = data[key];
        filter.show(offered(key, state, data), state[key] ?? [], reason({ [key]: first ? [first[0]] : null }));
      }
    },
  };
}

/** What can be chosen of a key: of avdelinger the unit's own, and those that are chosen. */
function offered(key: Key, state: State, data: Data): Option[] {
  const ofUnit = data.avdelinger(MEASURES[state.maal].relation, unitNumber(data, state.enhet));
  const isOffered = (code: string, at: number) =>
    key !== "avdeling" || ofUnit.includes(at) || state[key]?.includes(code);
  const found = data[key].filter(([code], at) => isOffered(code, at));
  return key === "innsats" ? found : found.sort(([, a], [, b]) => collator.compare(a, b));
}

function figures(change: Change): Controls {
  const all = entriesOf(FIGURES).map(([figur, label]) => {
    const id = `figur-${figur}`;
    const input = h("input", { type: "radio", name: "figur", id, value: figur, onchange: () => change({ figur }) });
    const why = h("span", { class: "hint" });
    return { figur, input, why, field: h("label", { class: "choice" }, input, h("span", {}, label, why)) };
  });
  return {
    fields: all.map(({ field }) => field),
    show(state, reason) {
      for (const { figur, input, why } of all) {
        input.checked = state.figur === figur;
        const text = reason({ figur });
        why.textContent = text && ` (${text})`;
      }
    },
  };
}

function comparisons(change: Change): Controls {
  const all: { value: Reference; input: HTMLInputElement; field: HTMLElement }[] = [];
  const chosen = () => all.filter(({ input }) => input.checked).map(({ value }) => value);
  for (const [value, label] of entriesOf(REFERENCES)) {
    const input = h("input", { type: "checkbox", id: `mot-${value}`, onchange: () => change({ mot: chosen() }) });
    all.push({ value, input, field: h("label", { class: "choice" }, input, label) });
  }
  const hint = h("p", { class: "hint", id: "mot-hint" }, "Vises for søyler og linje, og i tabellen under dem.");
  return {
    fields: [...all.map(({ field }) => field), hint],
    show(state) {
      for (const { value, input } of all) {
        input.checked = state.mot.includes(value);
        input.disabled = !canCompare(state);
      }
    },
  };
}
