// The front view: Monday's question at a glance.

import type { Data } from "./data.ts";
import { type Child, h } from "./dom.ts";
import { draw, summary, type Theme } from "./figure.ts";
import type { MeasureName } from "./measures.ts";
import { monday, type Periods, splitsOf } from "./monday.ts";
import type { Column, Key } from "./packed.ts";
import {
  type Cell,
  changeFrom,
  compute,
  DIMENSIONS,
  hasDecimals,
  hasNoise,
  hasOfficesElsewhere,
  LEAST_BASE,
  leastChange,
  limits,
  OFFICES_ELSEWHERE,
  type Shown,
} from "./query.ts";
import { defaults, type Reference, type State, serialise } from "./state.ts";
import { capital, DOT, number, percent, signed, weekDays, weekKey, weekName } from "./text.ts";

const MOST = 3;

/** The week that the front view shows. */
export const weekOf = ({ uke }: State, data: Data) =>
  data.uker.find((week) => weekKey(week) === uke) ?? data.uker[data.uker.length - 1];

/** The week and the 52 that end with it, as periods of a view. */
function periodsOf(state: State, data: Data): Periods {
  const at = data.uker.indexOf(weekOf(state, data));
  const first = Math.max(0, at - 51);
  if (at === data.uker.length - 1) return { week: "siste", year: "siste52" };
  const key = weekKey(data.uker[at]);
  return { week: `${key}-${key}`, year: `${weekKey(data.uker[first])}-${key}` };
}

interface Options {
  width: number;
  theme: Theme;
  change: (changes: Partial<State>) => void;
}

export function front(section: HTMLElement, state: State, data: Data, { width, theme, change }: Options) {
  const view = (changes: Partial<State>): State => ({
    ...defaults(data),
    enhet: state.enhet,
    vis: "utforsk",
    ...changes,
  });
  const link = (text: string, changes: Partial<State>) => h("a", { href: serialise(view(changes), data) }, text);
  const periods = periodsOf(state, data);
  const compared: Partial<State> = { perioder: [periods.week], mot: ["uke", "aar"] };
  const now = (maal: MeasureName) => compute(view({ x: "uke", maal, ...compared }), data).cells[0];
  const level = state.enhet.split(":")[0];
  const week = weekOf(state, data);
  const splits = splitsOf(state, data);
  const split = splits.includes(state.etter) ? state.etter : splits[0];

  const figure = (changes: Partial<State>, id: string) => {
    const chosen = view(changes);
    const result = compute(chosen, data);
    if (result.cells.every(({ value }) => value === null))
      return h("p", {}, hasNoise(data) ? "Tallene er for små til å tegnes." : `${DOT} Tallene er prikket.`);
    const drawn = draw(result, chosen, data, { width, theme, id });
    drawn.setAttribute("aria-label", summary(result, chosen, data));
    return drawn;
  };

  const decimals = hasDecimals("plasser", data);
  const waiting = now("venter");
  const places = now("plasser");
  const types = compute(view({ x: "tiltak", ...compared }), data).cells;
  const waits = compute(view({ x: "tiltak", maal: "venter", perioder: [periods.week] }), data).cells;

  section.replaceChildren(
    h("h2", {}, `${capital(weekName(week))} (${weekDays(week)})${week[4] ? " – foreløpige tall" : ""}`),
    h("div", { class: "toolbar" }, choice(), steps()),
    monday(split, state, data, periods),
    h(
      "div",
      { class: "cards" },
      card(
        "Venter på tiltak",
        "kort-venter",
        big(waiting, data),
        changes(waiting, data),
        list(
          "Flest venter på",
          waits
            .filter((cell) => cell.value)
            .slice(0, MOST)
            .map((cell) => [cell.x.label, written(cell)]),
        ),
        link("Se hvem som venter på hva", { x: "tiltak", maal: "venter", perioder: [periods.week] }),
      ),
      card(
        "Plasser i bruk",
        "kort-plasser",
        big(places, data, decimals),
        changes(places, data, decimals),
        use(),
        link("Se plassene", { x: "tiltak", maal: "plasser", perioder: [periods.week] }),
      ),
    ),
    h("h2", {}, "Hvor har det endret seg mest?"),
    h("p", { class: "note" }, comparable(data)),
    h("div", { class: "cards" }, moved("uke", "Fra uken før"), moved("aar", "Fra samme uke året før")),
    h("p", {}, link("Se alle tiltakstypene", { x: "tiltak", ...compared })),
    h("h2", {}, periods.year === "siste52" ? "Siste 52 uker" : `52 uker til og med ${weekName(week)}`),
    h(
      "div",
      {
        class: "scroll figure",
        id: "oversikt-figur",
        role: "region",
        "aria-label": "Figur: 52 uker",
        tabindex: "0",
      },
      figure({ x: "uke", figur: "linje", perioder: [periods.year] }, "oversikt"),
    ),
    h("p", {}, link("Se figuren som tabell, eller endre den", { x: "uke", figur: "linje", perioder: [periods.year] })),
  );

  function choice() {
    const button = (its: Key) =>
      h(
        "button",
        {
          type: "button",
          id: `etter-${its}`,
          class: its !== split && "secondary",
          "aria-pressed": String(its === split),
          onclick: () => change({ etter: its }),
        },
        DIMENSIONS[its],
      );
    return h("div", { class: "buttons", role: "group", "aria-label": "Fordelt på" }, splits.map(button));
  }

  function steps() {
    const at = data.uker.indexOf(week);
    const button = (id: string, label: string, to: number) => {
      const there = data.uker[to];
      return h(
        "button",
        {
          type: "button",
          id,
          class: "secondary",
          "aria-disabled": there ? null : "true",
          onclick: () => there && change({ uke: there === data.uker.at(-1) ? "" : weekKey(there) }),
        },
        label,
      );
    };
    return h(
      "div",
      { class: "buttons", role: "group", "aria-label": "Uke" },
      button("uke-forrige", "Forrige uke", at - 1),
      button("uke-neste", "Neste uke", at + 1),
    );
  }

  function moved(reference: Reference, title: string) {
    const known = types.flatMap((cell) => {
      const before = cell.references[reference];
      const [now, then] = [limits(cell, data), before && limits(before, data)];
      if (!before || !now || !then) return [];
      const change = changeFrom(reference, cell, data);
      // Where one of the two is small, this is the least that it can have changed.
      const least = { 1: now[0] - then[1], [-1]: then[0] - now[1] };
      const text =
        typeof change === "number"
          ? `${signed(change)} (til ${written(cell)})`
          : `fra ${written(before)} til ${written(cell)}`;
      return [{ label: cell.x.label, least, text }];
    });
    const part = (sign: 1 | -1) =>
      known
        .filter(({ least }) => least[sign] >= Math.max(1, leastChange(data)))
        .sort((a, b) => b.least[sign] - a.least[sign] || a.label.localeCompare(b.label, "nb"))
        .slice(0, MOST)
        .map(({ label, text }): Pair => [label, text]);
    const [up, down] = [part(1), part(-1)];
    return card(
      title,
      `endring-${reference}`,
      list("Mest opp", up),
      list("Mest ned", down),
      !up.length &&
        !down.length &&
        h(
          "p",
          {},
          !known.length
            ? "Ingen tiltakstyper har tall som kan vises for begge ukene."
            : hasNoise(data)
              ? `Ingen endringer på ${leastChange(data)} eller mer.`
              : "Ingen endring.",
        ),
    );
  }

  function use() {
    if (level === "KONTOR") {
      const cells = compute(
        view({ x: "bruk", maal: "kapasitet", sorter: "fast", perioder: [periods.week] }),
        data,
      ).cells;
      const [own, others, elsewhere] = cells.map((cell): Pair => [cell.x.label, written(cell, decimals)]);
      return h("div", {}, list("Deltakelser på plassene", [own, others]), list("Deltakelser utenfor", [elsewhere]));
    }
    if (hasOfficesElsewhere(data)) return h("p", {}, OFFICES_ELSEWHERE);
    const cells = compute(view({ x: "kontor", del: "bruk", maal: "kapasitet", perioder: [periods.week] }), data)
      .panels[0].cells;
    const others = cells
      .flatMap((row) => {
        const of = (column: Column) => row.find((cell) => cell.part.key === column)?.value ?? null;
        const [from, own, elsewhere] = [of("fra_andre_antall"), of("egne_antall"), of("hos_andre_antall")];
        // Those who follow up nobody (an employer) have others' people only.
        const isShown = from && own !== null && own + (elsewhere ?? 0) > 0;
        return isShown ? [{ label: row[0].x.label, from, own }] : [];
      })
      .sort((a, b) => b.from - a.from)
      .slice(0, MOST);
    return others.length
      ? list(
          "Enheter der andre bruker flest plasser",
          others.map(
            ({ label, from, own }): Pair => [
              label,
              hasNoise(data)
                ? `${number(from, decimals)} deltakelser`
                : `${number(from, decimals)} av ${number(from + own, decimals)} deltakelser`,
            ],
          ),
        )
      : h(
          "p",
          {},
          cells.flat().some((cell) => cell.value)
            ? "Hvem som bruker plassene, vises for hvert kontor."
            : `${DOT} Hvem som bruker plassene, kan ikke vises for noe kontor denne uken.`,
        );
  }
}

type Pair = [name: string, value: string];

const written = ({ value, sign }: Shown, decimals?: boolean) => (value === null ? sign : number(value, decimals));

const comparable = (data: Data) =>
  hasNoise(data)
    ? `Personer på tiltak. Endringer på under ${leastChange(data)} kan være tilfeldige, og er ikke med.`
    : data.omTallene.metode === "INTERN"
      ? "Personer på tiltak."
      : "Tiltakstyper der begge tallene kan vises. Personer på tiltak.";

const card = (title: string, id: string, ...content: Child[]) =>
  h(
    "section",
    { class: "card", id, "aria-labelledby": `${id}-tittel` },
    h("h3", { id: `${id}-tittel` }, title),
    ...content,
  );

function big(cell: Shown, data: Data, decimals?: boolean) {
  const why = hasNoise(data) ? " Kan ikke vises: tallet er for lite" : " Prikket av hensyn til personvernet";
  return h(
    "p",
    { class: "big" },
    cell.value === null && cell.sign === DOT
      ? [h("span", { "aria-hidden": "true" }, DOT), h("span", { class: "note" }, why)]
      : written(cell, decimals),
  );
}

function changes(cell: Cell, data: Data, decimals?: boolean) {
  const line = (reference: Reference, text: string) => {
    const before = cell.references[reference];
    const change = changeFrom(reference, cell, data);
    if (!before || change === null) return h("li", {}, `${capital(text)}: finnes ikke i statistikken`);
    if (change === DOT) {
      const then = written(before, decimals);
      return h("li", {}, `${capital(text)}: ${then === DOT ? "kan ikke vises" : then}`);
    }
    if (typeof change === "string") return h("li", {}, `Endringen fra ${text} er ${change}, og kan være tilfeldig`);
    if (Math.abs(change) < 0.05) return h("li", {}, `Uendret fra ${text}`);
    const base = before.value ?? 0;
    const share = base < LEAST_BASE ? "" : ` (${percent(Math.abs(change) / base)})`;
    return h("li", {}, `${change > 0 ? "▲ Opp" : "▼ Ned"} ${number(Math.abs(change), decimals)}${share} fra ${text}`);
  };
  return h("ul", { class: "plain" }, line("uke", "uken før"), line("aar", "samme uke året før"));
}

const list = (title: string, rows: Pair[]) =>
  rows.length > 0 &&
  h(
    "div",
    {},
    h("h4", {}, title),
    h(
      "dl",
      { class: "pairs" },
      rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    ),
  );
