// What is chosen. All of it is in the address, after #, so that a link opens the same view.

import { type Data, KEYS } from "./data.ts";
import { MEASURES } from "./measures.ts";
import type { Key } from "./packed.ts";
import { weekKey, weekName } from "./text.ts";
import { isOneOf, namesOf } from "./typed.ts";

export const PRESETS = {
  siste: "Siste uke",
  iaar: "I år",
  ifjor: "I fjor",
  siste52: "Siste 52 uker",
  alt: "Alle ukene",
};
const ALONG = ["tiltak", "gruppe", "innsats", "avdeling", "kontor", "region", "bruk", "uke", "maaned", "aar"] as const;
export type Dimension = (typeof ALONG)[number];
export const CHOICES = {
  vis: ["oversikt", "utforsk"],
  // Without one, the split that shows most.
  etter: ["", "tiltak", "gruppe", "avdeling", "innsats"],
  maal: namesOf(MEASURES),
  x: ALONG,
  del: ["", ...ALONG],
  figur: ["soyle", "linje", "stablet", "prosent", "varme"],
  sorter: ["storrelse", "navn", "fast"],
  // The table: crossed or a list, and which of the figure's dimensions is down.
  form: ["kryss", "lang"],
  ned: ["x", "del"],
} as const;

type Choice = keyof typeof CHOICES;
type Chosen = { [Name in Choice]: (typeof CHOICES)[Name][number] };
export type Figure = Chosen["figur"];
export type Sorting = Chosen["sorter"];
export type Preset = keyof typeof PRESETS;
export const REFERENCES = ["uke", "aar"] as const;
/** A comparison with the same some time before. */
export type Reference = (typeof REFERENCES)[number];

export interface State extends Chosen, Record<Key, string[] | null> {
  enhet: string;
  perioder: string[];
  mot: Reference[];
  tabell: string;
  side: number;
  /** The week of the front view. */
  uke: string;
}

export function defaults(data: Data): State {
  // The smallest unit that holds all the others: a country of one region tells no more than the region.
  const only = (["KONTOR", "REGION"] as const)
    .map((its) => data.enheter.filter(([level], at) => level === its && data.isOffered(at)))
    .find((units) => units.length === 1);
  const [level, number] = only ? only[0] : data.enheter[0];
  return {
    vis: "oversikt",
    enhet: `${level}:${number}`,
    maal: "personer",
    x: "tiltak",
    del: "",
    figur: "soyle",
    sorter: "storrelse",
    perioder: ["siste"],
    mot: [],
    // Codes of what only some are shown of.
    gruppe: null,
    tiltak: null,
    innsats: null,
    avdeling: null,
    form: "kryss",
    ned: "x",
    tabell: "",
    side: 1,
    // The week of the front view, and what its table is split by.
    uke: "",
    etter: "",
  };
}

type Parsed = State & {
  /** Names in the address that say nothing that is here. */
  ukjent: string[];
};

const isPeriod = (period: string, data: Data) => isOneOf<string>(presets(data), period) || inStatistics(period, data);

/** Choices of one value that are not of a list: whether it can be chosen, and what it chooses. */
const SINGLE = {
  enhet: [(value: string, data: Data) => data.isOffered(unitNumber(data, value)), (enhet: string) => ({ enhet })],
  uke: [(value: string, data: Data) => data.uker.some((week) => weekKey(week) === value), (uke: string) => ({ uke })],
  mot: [
    (value: string) => value.split(",").every((one) => isOneOf(REFERENCES, one)),
    (value: string) => ({ mot: value.split(",") }),
  ],
  tabell: [(value: string) => /^\d+:(opp|ned)$/.test(value), (tabell: string) => ({ tabell })],
  side: [(value: string) => /^[1-9]\d*$/.test(value), (value: string) => ({ side: Number(value) })],
} as const;

/** Reads the address. Names that are not here are left out, and listed in `ukjent`. */
export function parse(hash: string, data: Data): Parsed {
  const state: Parsed = { ...defaults(data), ukjent: [] };
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const accept = (name: string, valid: (value: string) => boolean, set: (value: string) => object) => {
    const value = given.get(name);
    if (value === null) return;
    if (valid(value)) Object.assign(state, set(value));
    else state.ukjent.push(name);
  };
  const single = (name: keyof typeof SINGLE) => accept(name, (value) => SINGLE[name][0](value, data), SINGLE[name][1]);
  const several = (name: string, values: string[], isKnown: (value: string) => boolean) => {
    const known = values.filter(isKnown);
    if (known.length < values.length) state.ukjent.push(name);
    return known.length ? known : null;
  };
  for (const name of namesOf(CHOICES))
    accept(
      name,
      (value) => isOneOf<string>(CHOICES[name], value),
      (value) => ({ [name]: value }),
    );
  single("enhet");
  for (const key of KEYS) {
    const codes = [...new Set(given.getAll(key))];
    state[key] = several(key, codes, (value) => data[key].some(([code]) => code === value));
  }
  for (const name of ["uke", "mot", "tabell", "side"] as const) single(name);
  state.perioder = several("periode", given.getAll("periode"), (value) => isPeriod(value, data)) ?? state.perioder;
  return state;
}

export function serialise(state: State, data: Data) {
  const standard: Record<string, unknown> = { ...defaults(data) };
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    // The unit is always written, since a page without one opens on the reader's own.
    const isStandard = name !== "enhet" && String(value) === String(standard[name]);
    if (name === "ukjent" || value === null || isStandard) continue;
    if (name === "perioder") for (const period of state.perioder) written.append("periode", period);
    else if (isOneOf(KEYS, name)) for (const code of state[name] ?? []) written.append(name, code);
    else written.set(name, String(value));
  }
  return `#${written}`;
}

export const unitNumber = (data: Data, unit: string | null) =>
  data.enheter.findIndex(([level, number]) => `${level}:${number}` === unit);

/** Whether a period from one week to another has any of the statistics' weeks. */
function inStatistics(period: string, data: Data) {
  if (!/^\d{4}W\d\d-\d{4}W\d\d$/.test(period)) return false;
  const [from, to] = period.split("-").sort();
  return from <= weekKey(data.uker[data.uker.length - 1]) && to >= weekKey(data.uker[0]);
}

/** The presets that the statistics have weeks for. */
export const presets = (data: Data) => namesOf(PRESETS).filter((preset) => bounds(preset, data)[0] >= 0);

/** The first and the last week of a period, as numbers in `data.uker`. A week outside them becomes the nearest. */
export function bounds(period: string, data: Data): [from: number, to: number] {
  const last = data.uker.length - 1;
  const ofYear = (year: number): [number, number] => [
    data.uker.findIndex((week) => week[2] === year),
    data.uker.findLastIndex((week) => week[2] === year),
  ];
  if (period === "siste") return [last, last];
  if (period === "iaar") return ofYear(data.uker[last][2]);
  if (period === "ifjor") return ofYear(data.uker[last][2] - 1);
  if (period === "siste52") return [Math.max(0, last - 51), last];
  if (period === "alt") return [0, last];
  const [from, to] = period.split("-").sort();
  const first = data.uker.findIndex((week) => weekKey(week) >= from);
  const end = data.uker.findLastIndex((week) => weekKey(week) <= to);
  return [Math.min(first, end), Math.max(first, end)];
}

/** The week that the front view shows. */
export const weekOf = ({ uke }: State, data: Data) =>
  data.uker.find((week) => weekKey(week) === uke) ?? data.uker[data.uker.length - 1];

/** Periods of the front view: the week, and the 52 that end with it. */
export interface Periods {
  week: string;
  year: string;
}

export function periodsOf(state: State, data: Data): Periods {
  const at = data.uker.indexOf(weekOf(state, data));
  const first = Math.max(0, at - 51);
  if (at === data.uker.length - 1) return { week: "siste", year: "siste52" };
  const key = weekKey(data.uker[at]);
  return { week: `${key}-${key}`, year: `${weekKey(data.uker[first])}-${key}` };
}

/** The same weeks a year before a period, or as near as the statistics come. */
export function earlier(period: string, data: Data) {
  const [from, to] = bounds(period, data);
  const back = Math.min(from, 52);
  return `${weekKey(data.uker[from - back])}-${weekKey(data.uker[to - back])}`;
}

export function periodName(period: string, data: Data) {
  const [from, to] = bounds(period, data);
  const weeks = from === to ? weekName(data.uker[from]) : `${weekName(data.uker[from])}–${weekName(data.uker[to])}`;
  return isOneOf(namesOf(PRESETS), period) ? `${PRESETS[period]} (${weeks})` : weeks.replace(/^u/, "U");
}
