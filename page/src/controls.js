// The controls of «Utforsk tallene». They are made once, and told what is chosen each time something changes.

import { fill, h } from "./dom.js";
import { KEYS } from "./data.js";
import { MEASURES } from "./measures.js";
import { pick } from "./pick.js";
import { DIMENSIONS, FIGURES, PLURALS, REFERENCES, SORTINGS, isTime, problem } from "./query.js";
import { CHOICES, PRESETS, bounds, presets, unitNumber } from "./state.js";
import { collator, weekDays, weekKey, weekName } from "./text.js";

export function controls(form, data, change) {
  const select = (name, label, hint) => {
    const node = h("select", { id: name, onchange: () => change(name, node.value) });
    return [
      node,
      h("div", { class: "field" }, h("label", { for: name }, label), hint && h("p", { class: "hint" }, hint), node),
    ];
  };
  const [measure, measureField] = select("maal", "Hva skal telles?");
  const [x, xField] = select("x", "Langs aksen");
  const [split, splitField] = select("del", "Delt på");
  const [sorting, sortingField] = select("sorter", "Rekkefølge");
  const filters = KEYS.map((key) => [key, pick(key, DIMENSIONS[key], PLURALS[key], (codes) => change(key, codes))]);
  const radios = Object.entries(FIGURES).map(([value, label]) => {
    const input = h("input", {
      type: "radio",
      name: "figur",
      id: `figur-${value}`,
      value,
      onchange: () => change("figur", value),
    });
    const reason = h("span", { class: "hint" });
    return [value, input, reason, h("label", { class: "choice" }, input, h("span", {}, label, reason))];
  });
  const checks = Object.entries(REFERENCES).map(([value, label]) => {
    const input = h("input", {
      type: "checkbox",
      id: `mot-${value}`,
      onchange: () =>
        change(
          "mot",
          checks.filter(([, one]) => one.checked).map(([its]) => its),
        ),
    });
    return [value, input, h("label", { class: "choice" }, input, label)];
  });
  const periods = h("ol", { class: "periods" });
  const add = h(
    "button",
    {
      type: "button",
      class: "secondary",
      id: "legg-til",
      onclick: () => change("perioder", [...current.perioder, earlier(current.perioder.at(-1), data)]),
    },
    "Legg til periode",
  );
  let current;

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

  const weeks = data.uker.map((week) => [
    weekKey(week),
    `${weekName(week)} (${weekDays(week)})${week[4] ? ", foreløpig" : ""}`,
  ]);
  const period = (at) => {
    const replace = (value) =>
      change(
        "perioder",
        current.perioder.map((old, other) => (other === at ? value : old)),
      );
    const label = (text) => (current.perioder.length > 1 ? `${text} ${at + 1}` : text);
    const preset = h("select", {
      id: `periode-${at}`,
      onchange: () => {
        const [from, to] = bounds(current.perioder[at], data);
        replace(preset.value || `${weeks[from][0]}-${weeks[to][0]}`);
      },
    });
    const from = h("select", {
      id: `fra-${at}`,
      onchange: () => replace(`${from.value}-${from.value > to.value ? from.value : to.value}`),
    });
    const to = h("select", {
      id: `til-${at}`,
      onchange: () => replace(`${from.value < to.value ? from.value : to.value}-${to.value}`),
    });
    const field = (text, node) => h("div", { class: "field" }, h("label", { for: node.id }, label(text)), node);
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
          onclick: () =>
            change(
              "perioder",
              current.perioder.filter((_, other) => other !== at),
            ),
        },
        label("Fjern periode"),
      ),
    );
  };

  return (state) => {
    current = state;
    const avdelinger = new Set(ofUnit(data, state));
    const reason = (changed) => {
      const found = problem({ ...state, ...changed }, data);
      return found && !isSame(found, problem(state, data)) ? found.short : "";
    };
    const options = (name, labels) =>
      CHOICES[name].map((value) => {
        const why = reason({ [name]: value });
        return [value, (value ? labels[value] : "Ingen oppdeling") + (why ? ` – ${why}` : "")];
      });
    fill(
      measure,
      options("maal", Object.fromEntries(Object.entries(MEASURES).map(([name, { label }]) => [name, label]))),
      state.maal,
    );
    fill(x, options("x", DIMENSIONS), state.x);
    fill(split, options("del", DIMENSIONS), state.del);
    fill(sorting, Object.entries(SORTINGS), state.sorter);
    sorting.disabled = isTime(state.x) && (!state.del || isTime(state.del));
    for (const [key, filter] of filters) {
      const all = data[key].map(([code, label], at) => ({ at, code, label }));
      const offered =
        key === "avdeling" ? all.filter(({ at, code }) => avdelinger.has(at) || state[key]?.includes(code)) : all;
      if (key !== "innsats") offered.sort((a, b) => collator.compare(a.label, b.label));
      filter.show(
        offered.map(({ code, label }) => [code, label]),
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
    while (periods.children.length > state.perioder.length) periods.lastChild.remove();
    if (periods.children.length !== state.perioder.length || periods.many !== state.perioder.length > 1) {
      periods.many = state.perioder.length > 1;
      periods.replaceChildren(...state.perioder.map((_, at) => period(at)));
    }
    state.perioder.forEach((chosen, at) => {
      const [from, to] = bounds(chosen, data);
      const get = (name) => periods.querySelector(`#${name}-${at}`);
      fill(
        get("periode"),
        [...presets(data).map((preset) => [preset, PRESETS[preset]]), ["", "Velg uker selv"]],
        chosen in PRESETS ? chosen : "",
      );
      fill(get("fra"), weeks, weeks[from][0]);
      fill(get("til"), weeks, weeks[to][0]);
      get("fjern").hidden = state.perioder.length === 1;
    });
  };
}

const isSame = (a, b) => a?.text === b?.text;

const ofUnit = (data, state) => data.avdelinger(MEASURES[state.maal].relation, unitNumber(data, state.enhet));

/** The same weeks a year before a period, or as near as the statistics come. */
function earlier(period, data) {
  const [from, to] = bounds(period, data);
  const back = Math.min(from, 52);
  return `${weekKey(data.uker[from - back])}-${weekKey(data.uker[to - back])}`;
}
