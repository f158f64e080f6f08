// The controls of «Utforsk tallene». They are made once, and told what is chosen each time something changes.

import { type Data, KEYS } from "./data.ts";
import { $, fill, h, type Option } from "./dom.ts";
import { MEASURES } from "./measures.ts";
import { pick } from "./pick.ts";
import { DIMENSIONS, FIGURES, isTime, PLURALS, type Problem, problem, REFERENCES, SORTINGS } from "./query.ts";
import { bounds, CHOICES, PRESETS, presets, type State, unitNumber } from "./state.ts";
import { collator, weekDays, weekKey, weekName } from "./text.ts";
import { entriesOf, isOneOf, namesOf } from "./typed.ts";

/** @param change told what is chosen; of the keys an empty list when it is no longer some */
export function controls(form: HTMLElement, data: Data, change: (chosen: Partial<State>) => void) {
  const select = (name: "maal" | "x" | "del" | "sorter", label: string) => {
    const node: HTMLSelectElement = h("select", { id: name, onchange: () => change({ [name]: node.value }) });
    return [node, h("div", { class: "field" }, h("label", { for: name }, label), node)] as const;
  };
  const [measure, measureField] = select("maal", "Hva skal telles?");
  const [x, xField] = select("x", "Langs aksen");
  const [split, splitField] = select("del", "Delt på");
  const [sorting, sortingField] = select("sorter", "Rekkefølge");
  const filters = KEYS.map(
    (key) => [key, pick(key, DIMENSIONS[key], PLURALS[key], (codes) => change({ [key]: codes }))] as const,
  );
  const radios = entriesOf(FIGURES).map(([value, label]) => {
    const input = h("input", {
      type: "radio",
      name: "figur",
      id: `figur-${value}`,
      value,
      onchange: () => change({ figur: value }),
    });
    const reason = h("span", { class: "hint" });
    return [value, input, reason, h("label", { class: "choice" }, input, h("span", {}, label, reason))] as const;
  });
  const checks = entriesOf(REFERENCES).map(([value, label]) => {
    const input: HTMLInputElement = h("input", {
      type: "checkbox",
      id: `mot-${value}`,
      onchange: () => change({ mot: checks.filter(([, one]) => one.checked).map(([its]) => its) }),
    });
    return [value, input, h("label", { class: "choice" }, input, label)] as const;
  });
  const periods = h("ol", { class: "periods" });
  const add = h(
    "button",
    {
      type: "button",
      class: "secondary",
      id: "legg-til",
      onclick: () =>
        change({ perioder: [...current.perioder, earlier(current.perioder[current.perioder.length - 1], data)] }),
    },
    "Legg til periode",
  );
  let current: State;
  let hasMany = false;

  form.addEventListener("submit", (event) => event.preventDefault());
  form.replaceChildren(
    h(
      "fieldset",
      { class: "fields" },
      h("legend", {}, "Tall og akser"),
      measureField,
      xField,
      splitField,
      sortingField,
    ),
    h(
      "fieldset",
      { class: "fields" },
      h("legend", {}, "Utvalg"),
      filters.map(([, { field }]) => field),
    ),
    h("fieldset", {}, h("legend", {}, "Perioder"), periods, add),
    h(
      "fieldset",
      {},
      h("legend", {}, "Figur"),
      h(
        "div",
        { class: "choices" },
        radios.map((radio) => radio[3]),
      ),
    ),
    h(
      "fieldset",
      {},
      h("legend", {}, "Sammenlign med"),
      h(
        "div",
        { class: "choices" },
        checks.map((check) => check[2]),
        h("p", { class: "hint", id: "mot-hint" }, "Vises for søyler og linje, og i tabellen under dem."),
      ),
    ),
  );

  const weeks = data.uker.map(
    (week): Option => [weekKey(week), `${weekName(week)} (${weekDays(week)})${week[4] ? ", foreløpig" : ""}`],
  );
  const period = (at: number) => {
    const replace = (value: string) =>
      change({ perioder: current.perioder.map((old, other) => (other === at ? value : old)) });
    const label = (text: string) => (current.perioder.length > 1 ? `${text} ${at + 1}` : text);
    const preset = h("select", {
      id: `periode-${at}`,
      onchange: () => {
        const [from, to] = bounds(current.perioder[at], data);
        replace(preset.value || `${weeks[from][0]}-${weeks[to][0]}`);
      },
    });
    const from: HTMLSelectElement = h("select", {
      id: `fra-${at}`,
      onchange: () => {
        if (to.value < from.value) to.value = from.value;
        replace(`${from.value}-${to.value}`);
      },
    });
    const to: HTMLSelectElement = h("select", {
      id: `til-${at}`,
      onchange: () => {
        if (from.value > to.value) from.value = to.value;
        replace(`${from.value}-${to.value}`);
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
        {
          type: "button",
          class: "secondary",
          id: `fjern-${at}`,
          onclick: () => change({ perioder: current.perioder.filter((_, other) => other !== at) }),
        },
        label("Fjern periode"),
      ),
    );
  };

  return (state: State) => {
    current = state;
    const avdelinger = new Set(ofUnit(data, state));
    const reason = (changed: Partial<State>) => {
      const found = problem({ ...state, ...changed }, data);
      return found && !isSame(found, problem(state, data)) ? found.short : "";
    };
    const option = (value: string, label: string, changed: Partial<State>): Option => {
      const why = reason(changed);
      return [value, label + (why ? ` – ${why}` : "")];
    };
    const measures = CHOICES.maal.map((maal) => option(maal, MEASURES[maal].label, { maal }));
    fill(measure, measures, state.maal);
    const xs = CHOICES.x.map((along) => option(along, DIMENSIONS[along], { x: along }));
    fill(x, xs, state.x);
    const splits = CHOICES.del.map((del) => option(del, del ? DIMENSIONS[del] : "Ingen oppdeling", { del }));
    fill(split, splits, state.del);
    fill(sorting, Object.entries(SORTINGS), state.sorter);
    sorting.disabled = isTime(state.x) && (!state.del || isTime(state.del));
    for (const [key, filter] of filters) {
      const all = data[key].map(([code, label], at) => ({ at, code, label }));
      const offered =
        key === "avdeling" ? all.filter(({ at, code }) => avdelinger.has(at) || state[key]?.includes(code)) : all;
      if (key !== "innsats") offered.sort((a, b) => collator.compare(a.label, b.label));
      filter.show(
        offered.map(({ code, label }): Option => [code, label]),
        state[key] ?? [],
        reason({ [key]: all.length ? [all[0].code] : null }),
      );
    }
    for (const [value, input, why] of radios) {
      input.checked = state.figur === value;
      const text = reason({ figur: value });
      why.textContent = text && ` (${text})`;
    }
    for (const [value, input] of checks) {
      input.checked = state.mot.includes(value);
      input.disabled = !["soyle", "linje"].includes(state.figur);
    }
    while (periods.children.length > state.perioder.length) periods.lastChild?.remove();
    if (periods.children.length !== state.perioder.length || hasMany !== state.perioder.length > 1) {
      hasMany = state.perioder.length > 1;
      periods.replaceChildren(...state.perioder.map((_, at) => period(at)));
    }
    state.perioder.forEach((chosen, at) => {
      const [from, to] = bounds(chosen, data);
      const get = (name: string) => $<HTMLSelectElement>(`${name}-${at}`);
      fill(
        get("periode"),
        [...presets(data).map((preset): Option => [preset, PRESETS[preset]]), ["", "Velg uker selv"]],
        isOneOf(namesOf(PRESETS), chosen) ? chosen : "",
      );
      fill(get("fra"), weeks, weeks[from][0]);
      fill(get("til"), weeks, weeks[to][0]);
      get("fjern").hidden = state.perioder.length === 1;
    });
  };
}

const isSame = (a: Problem | null, b: Problem | null) => a?.text === b?.text;

const ofUnit = (data: Data, state: State) =>
  data.avdelinger(MEASURES[state.maal].relation, unitNumber(data, state.enhet));

/** The same weeks a year before a period, or as near as the statistics come. */
function earlier(period: string, data: Data) {
  const [from, to] = bounds(period, data);
  const back = Math.min(from, 52);
  return `${weekKey(data.uker[from - back])}-${weekKey(data.uker[to - back])}`;
}
