// The front view: Monday's question at a glance.

import { nameOf } from "./about.ts";
import { toggleGroup } from "./choosing.ts";
import type { Theme } from "./colours.ts";
import type { Data } from "./data.ts";
import { type Child, h } from "./dom.ts";
import { draw, noted, notesOf } from "./figure.ts";
import { MEASURES, type MeasureName } from "./measures.ts";
import { monday, mondaySheet, revised, rows, splitOf, splitsOf, waited } from "./monday.ts";
import type { About, Key } from "./packed.ts";
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
  mostChanged,
  mostUsedByOthers,
  OFFICES_ELSEWHERE,
  type Result,
  type Shown,
  signs,
} from "./query.ts";
import { framed } from "./readout.ts";
import { sharing } from "./sharing.ts";
import {
  defaults,
  type Periods,
  periodsOf,
  type Reference,
  type State,
  serialise,
  unitNumber,
  weekOf,
} from "./state.ts";
import { told } from "./table.ts";
import { capital, DOT, number, percent, signed, weekDays, weekKey, weekName } from "./text.ts";
import { summary } from "./words.ts";

const MOST = 3;
/** Said where the numbers are first seen; all of it is in «Om tallene». */
const PROTECTED: Record<About["metode"], string> = {
  STOY: "Tallene er justert tilfeldig med noen få opp eller ned av hensyn til personvern. Mer står under «Om tallene».",
  PRIKKING: "Små tall er prikket av hensyn til personvern. Mer står under «Om tallene».",
  INTERN: "",
};
const MOST_REVISED = 5;

interface Options {
  width: number;
  theme: Theme;
  change: (changes: Partial<State>) => void;
  onPaper: boolean;
}

/** The state of the front, and what all of its parts are made with. */
interface Front extends Options {
  state: State;
  data: Data;
  periods: Periods;
  /** The week, and what it is compared with. */
  compared: Partial<State>;
  /** A view of the same unit. */
  view(changes: Partial<State>): State;
  link(text: string, changes: Partial<State>): HTMLElement;
}

function frontOf(state: State, data: Data, options: Options): Front {
  const periods = periodsOf(state, data);
  const view = (changes: Partial<State>): State => ({
    ...defaults(data),
    enhet: state.enhet,
    vis: "utforsk",
    ...changes,
  });
  return {
    ...options,
    state,
    data,
    periods,
    compared: { perioder: [periods.week], mot: ["uke", "aar"] },
    view,
    link: (text, changes) => h("a", { href: serialise(view(changes), data) }, text),
  };
}

export function front(section: HTMLElement, state: State, data: Data, options: Options) {
  const its = frontOf(state, data, options);
  const { periods, compared, link } = its;
  const week = weekOf(state, data);
  const splits = splitsOf(state, data);
  const split = splitOf(splits, state, data, periods);
  const year: Partial<State> = { x: "uke", figur: "linje", perioder: [periods.year] };
  section.replaceChildren(
    h("h2", {}, `${capital(weekName(week))} (${weekDays(week)})${week[4] ? " – foreløpige tall" : ""}`),
    h("div", { class: "toolbar" }, choice(splits, split, its), steps(its)),
    monday(split, state, data, periods, options.onPaper),
    h("p", { class: "note" }, `${MEASURES.personer.definition} ${PROTECTED[data.omTallene.metode]}`),
    taken(split, year, its),
    h("div", { class: "cards" }, waiting(its), places(its), data.revisjon.length > 0 && corrections(its)),
    h("h2", {}, "Hvor har det endret seg mest?"),
    h("p", { class: "note" }, comparable(data)),
    h("div", { class: "cards" }, moved("uke", "Fra uken før", its), moved("aar", "Fra samme uke året før", its)),
    h("p", {}, link("Se alle tiltakstypene", { x: "tiltak", ...compared })),
    h("h2", {}, periods.year === "siste52" ? "Siste 52 uker" : `52 uker til og med ${weekName(week)}`),
    figure(year, its),
    h("p", {}, link("Se figuren som tabell, eller endre den", year)),
  );
}

const isHidden = ({ cells }: Result) => cells.every(({ value }) => value === null);

/** Monday's table and the figure of the year, to take along. */
function taken(split: Key, year: Partial<State>, { state, data, periods, compared, view, width }: Front) {
  const subject = () => {
    const chosen = view({ x: split, ...compared });
    const content = mondaySheet(split, rows(split, state, data, periods), data);
    return { result: compute(chosen, data), state: chosen, content };
  };
  const chosen = view(year);
  const result = compute(chosen, data);
  const figure = {
    name: () => nameOf(result, chosen, data),
    draw: () => draw(result, chosen, data, { width: Math.max(width, 720), theme: "light", hasNotes: true }),
  };
  const id = (name: string) => `oversikt-${name}`;
  return sharing({ id, state, subject, figure: isHidden(result) ? null : figure }, data);
}

function figure(changes: Partial<State>, { view, data, width, theme }: Front) {
  const chosen = view(changes);
  const result = compute(chosen, data);
  if (isHidden(result)) return h("p", {}, hasNoise(data) ? "Tallene er for små til å tegnes." : "Tallene er prikket.");
  const drawn = draw(result, chosen, data, { width, theme, id: "oversikt" });
  drawn.setAttribute("aria-label", summary(result, chosen, data));
  return h(
    "div",
    {},
    framed(drawn, result, chosen, { id: "oversikt-figur", "aria-label": "Figur: 52 uker" }),
    noted("oversikt-merknader", notesOf(result, chosen, data, width)),
  );
}

/** The choice of what Monday's table is split by. */
function choice(splits: Key[], split: Key, { change }: Front) {
  const options = splits.map((its) => [its, DIMENSIONS[its]] as const);
  return toggleGroup("Fordelt på", "etter", options, split, (etter) => change({ etter }));
}

/** To the week before and after. */
function steps({ state, data, change }: Front) {
  const at = data.uker.indexOf(weekOf(state, data));
  const button = (id: string, label: string, to: number) => {
    const there = data.uker[to];
    return h(
      "button",
      {
        type: "button",
        id,
        class: "secondary",
        "aria-disabled": there ? null : "true",
        onclick: () => there && change({ uke: to === data.uker.length - 1 ? "" : weekKey(there) }),
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

/** The number of a measure in the week, compared. */
const now = (maal: MeasureName, { view, compared, data }: Front) =>
  compute(view({ x: "uke", maal, ...compared }), data).cells[0];

function waiting(its: Front) {
  const { view, link, data, state } = its;
  const [unit, week] = [unitNumber(data, state.enhet), data.uker.indexOf(weekOf(state, data))];
  const cell = now("venter", its);
  const byType: Partial<State> = { x: "tiltak", maal: "venter", perioder: [its.periods.week] };
  const most = compute(view(byType), data).cells.filter(({ value }) => value);
  return card(
    "Venter på tiltak",
    "kort-venter",
    big(cell, data),
    changes(cell, data),
    h(
      "ul",
      { class: "plain" },
      waited(unit, week, data).map((line) => h("li", {}, line)),
    ),
    list(
      "Flest venter på",
      most.slice(0, MOST).map((one) => [one.x.label, written(one)]),
      data,
    ),
    link("Se hvem som venter på hva", byType),
  );
}

/** What is said otherwise now of the newest weeks. The open page does not tell: numbers with noise are no news. */
function corrections({ state, data }: Front) {
  const found = revised(unitNumber(data, state.enhet), data).slice(0, MOST_REVISED);
  const pair = ({ week, change, moved }: (typeof found)[number]): Pair => [
    capital(weekName(week)),
    `${change ? signed(change) : "Uendret sum"}${moved > Math.abs(change) ? `, ${number(moved)} opp eller ned` : ""}`,
  ];
  return card(
    "Endret siden tallene ble vist første gang",
    "kort-endret",
    h("p", {}, "Sent registrerte deltakelser og rettelser endrer ukene som er vist før."),
    found.length
      ? list("Personer, summert over cellene", found.map(pair), data)
      : h("p", {}, "Ingen av de siste ukene er endret."),
  );
}

function places(its: Front) {
  const decimals = hasDecimals("plasser", its.data);
  const cell = now("plasser", its);
  return card(
    "Plasser i bruk",
    "kort-plasser",
    big(cell, its.data, decimals),
    changes(cell, its.data, decimals),
    use(its, decimals),
    its.link("Se plassene", { x: "tiltak", maal: "plasser", perioder: [its.periods.week] }),
  );
}

/** The people who use an office's places, or the offices whose places others use most. */
function use({ state, data, view, periods }: Front, decimals: boolean) {
  const chosen: Partial<State> = { maal: "kapasitet", perioder: [periods.week] };
  if (state.enhet.startsWith("KONTOR:")) {
    const { cells } = compute(view({ x: "bruk", sorter: "fast", ...chosen }), data);
    const [own, others, elsewhere] = cells.map((cell): Pair => [cell.x.label, written(cell, decimals)]);
    return h(
      "div",
      {},
      list("Deltakelser på plassene", [own, others], data),
      list("Deltakelser utenfor", [elsewhere], data),
    );
  }
  if (hasOfficesElsewhere(data)) return h("p", {}, OFFICES_ELSEWHERE);
  const [{ cells }] = compute(view({ x: "kontor", del: "bruk", ...chosen }), data).panels;
  const used = mostUsedByOthers(cells, MOST).map(({ label, from, own }): Pair => {
    const of = hasNoise(data) ? "" : ` av ${number(from + own, decimals)}`;
    return [label, `${number(from, decimals)}${of} deltakelser`];
  });
  if (used.length) return list("Enheter der andre bruker flest plasser", used, data);
  const hasNumbers = cells.flat().some((cell) => cell.value);
  return h(
    "p",
    {},
    hasNumbers
      ? "Hvem som bruker plassene, vises for hvert kontor."
      : `Hvem som bruker plassene, kan ikke vises for noe kontor denne uken.`,
  );
}

function moved(reference: Reference, title: string, { view, compared, data }: Front) {
  const { cells } = compute(view({ x: "tiltak", ...compared }), data);
  const found = mostChanged(reference, cells, MOST, data);
  const rows = (changed: typeof found.up) =>
    changed.map(
      ({ cell, before, change }): Pair => [
        cell.x.label,
        typeof change === "number"
          ? `${signed(change)} (til ${written(cell)})`
          : `fra ${written(before)} til ${written(cell)}`,
      ],
    );
  const none = !found.compared
    ? "Ingen tiltakstyper har tall som kan vises for begge ukene."
    : hasNoise(data)
      ? `Ingen endringer på ${leastChange(data)} eller mer.`
      : "Ingen endring.";
  return card(
    title,
    `endring-${reference}`,
    list("Størst økning", rows(found.up), data),
    list("Størst nedgang", rows(found.down), data),
    !found.up.length && !found.down.length && h("p", {}, none),
  );
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

/** Names and values under a title, and what a dot among the values means. */
const list = (title: string, rows: Pair[], data: Data) =>
  rows.length > 0 &&
  h(
    "div",
    {},
    h("h4", {}, title),
    h(
      "dl",
      { class: "pairs" },
      rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, told(value, data)))),
    ),
    rows.some(([, value]) => value.includes(DOT)) && h("p", { class: "note" }, `${DOT}: ${signs(data)[DOT][0]}.`),
  );
