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
const ALONG = ["tiltak", "innsats", "avdeling", "kontor", "region", "bruk", "uke", "maaned", "aar"] as const;
export type Dimension = (typeof ALONG)[number];
export const CHOICES = {
  vis: ["oversikt", "utforsk"],
  etter: ["tiltak", "avdeling", "innsats"],
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
    tiltak: null,
    innsats: null,
    avdeling: null,
    form: "kryss",
    ned: "x",
    tabell: "",
    side: 1,
    // The week of the front view, and what its table is split by.
    uke: "",
    etter: "tiltak",
  };
}

/** Reads the address. Names that are not here are left out, and listed in `ukjent`. */
export function parse(hash: string, data: Data) {
  const state: State & { ukjent: string[] } = { ...defaults(data), ukjent: [] };
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const accept = (name: string, valid: (value: string) => boolean, set: (value: string) => void) => {
    const value = given.get(name);
    if (value === null) return;
    if (valid(value)) set(value);
    else state.ukjent.push(name);
  };
  for (const [name, values] of Object.entries(CHOICES))
    accept(
      name,
      (value) => isOneOf<string>(values, value),
      (value) => Object.assign(state, { [name]: value }),
    );
  accept(
    "enhet",
    (value) => data.isOffered(unitNumber(data, value)),
    (value) => (state.enhet = value),
  );
  for (const name of KEYS) {
    const codes = [...new Set(given.getAll(name))];
    const known = codes.filter((value) => data[name].some(([code]) => code === value));
    if (known.length < codes.length) state.ukjent.push(name);
    if (known.length) state[name] = known;
  }
  accept(
    "uke",
    (value) => data.uker.some((week) => weekKey(week) === value),
    (value) => (state.uke = value),
  );
  accept(
    "mot",
    (value) => value.split(",").every((one) => isOneOf(REFERENCES, one)),
    (value) => (state.mot = value.split(",") as Reference[]),
  );
  accept(
    "tabell",
    (value) => /^\d+:(opp|ned)$/.test(value),
    (value) => (state.tabell = value),
  );
  accept(
    "side",
    (value) => /^[1-9]\d*$/.test(value),
    (value) => (state.side = Number(value)),
  );
  const periods = given.getAll("periode");
  const isThere = (period: string) => isOneOf<string>(presets(data), period) || inStatistics(period, data);
  const known = periods.filter(isThere);
  if (known.length < periods.length) state.ukjent.push("periode");
  if (known.length) state.perioder = known;
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

export function periodName(period: string, data: Data) {
  const [from, to] = bounds(period, data);
  const weeks = from === to ? weekName(data.uker[from]) : `${weekName(data.uker[from])}–${weekName(data.uker[to])}`;
  return isOneOf(namesOf(PRESETS), period) ? `${PRESETS[period]} (${weeks})` : weeks.replace(/^u/, "U");
}
