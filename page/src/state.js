// What is chosen. All of it is in the address, after #, so that a link opens the same view.

import { KEYS } from "./data.js";
import { MEASURES } from "./measures.js";
import { weekKey, weekName } from "./text.js";

export const PRESETS = {
  siste: "Siste uke",
  iaar: "I år",
  ifjor: "I fjor",
  siste52: "Siste 52 uker",
  alt: "Alle ukene",
};
export const CHOICES = {
  vis: ["oversikt", "utforsk"],
  etter: ["tiltak", "avdeling", "innsats"],
  maal: Object.keys(MEASURES),
  x: ["tiltak", "innsats", "avdeling", "kontor", "region", "bruk", "uke", "maaned", "aar"],
  del: ["", "tiltak", "innsats", "avdeling", "kontor", "region", "bruk", "uke", "maaned", "aar"],
  figur: ["soyle", "linje", "stablet", "prosent", "varme"],
  sorter: ["storrelse", "navn", "fast"],
  // The table: crossed or a list, and which of the figure's dimensions is down.
  form: ["kryss", "lang"],
  ned: ["x", "del"],
};

export function defaults(data) {
  // The smallest unit that holds all the others: a country of one region tells no more than the region.
  const only = ["KONTOR", "REGION"]
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
export function parse(hash, data) {
  const state = { ...defaults(data), ukjent: [] };
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const accept = (name, valid, set) => {
    if (!given.has(name)) return;
    const value = given.get(name);
    if (valid(value)) set(value);
    else state.ukjent.push(name);
  };
  for (const [name, values] of Object.entries(CHOICES))
    accept(
      name,
      (value) => values.includes(value),
      (value) => (state[name] = value),
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
    (value) => value.split(",").every((one) => ["uke", "aar"].includes(one)),
    (value) => (state.mot = value.split(",")),
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
  const isThere = (period) => presets(data).includes(period) || inStatistics(period, data);
  const known = periods.filter(isThere);
  if (known.length < periods.length) state.ukjent.push("periode");
  if (known.length) state.perioder = known;
  return state;
}

export function serialise(state, data) {
  const standard = defaults(data);
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    // The unit is always written, since a page without one opens on the reader's own.
    const isStandard = name !== "enhet" && String(value) === String(standard[name]);
    if (name === "ukjent" || value === null || isStandard) continue;
    if (name === "perioder") value.forEach((period) => written.append("periode", period));
    else if (KEYS.includes(name)) value.forEach((code) => written.append(name, code));
    else written.set(name, String(value));
  }
  return `#${written}`;
}

export const unitNumber = (data, unit) => data.enheter.findIndex(([level, number]) => `${level}:${number}` === unit);

/** Whether a period from one week to another has any of the statistics' weeks. */
function inStatistics(period, data) {
  if (!/^\d{4}W\d\d-\d{4}W\d\d$/.test(period)) return false;
  const [from, to] = period.split("-").sort();
  return from <= weekKey(data.uker.at(-1)) && to >= weekKey(data.uker[0]);
}

/** The presets that the statistics have weeks for. */
export const presets = (data) => Object.keys(PRESETS).filter((preset) => bounds(preset, data)[0] >= 0);

/** The first and the last week of a period, as numbers in `data.uker`. A week outside them becomes the nearest. */
export function bounds(period, data) {
  const last = data.uker.length - 1;
  const ofYear = (year) => [
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

export function periodName(period, data) {
  const [from, to] = bounds(period, data);
  const weeks = from === to ? weekName(data.uker[from]) : `${weekName(data.uker[from])}–${weekName(data.uker[to])}`;
  return period in PRESETS ? `${PRESETS[period]} (${weeks})` : weeks.replace(/^u/, "U");
}
