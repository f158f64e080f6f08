// From what is chosen to the numbers that figure and table show. Nothing here touches the page.

import { type Data, KEYS, type Keys, SUPPRESSED } from "./data.ts";
import { MEASURES, type MeasureName } from "./measures.ts";
import type { Column, Key, Level } from "./packed.ts";
import {
  bounds,
  type Dimension,
  type Figure,
  periodName,
  type Reference,
  type Sorting,
  type State,
  unitNumber,
} from "./state.ts";
import { capital, collator, DOT, month, weekKey, weekName, number as written } from "./text.ts";
import { isOneOf } from "./typed.ts";

/** A dimension, or none. */
export type Along = Dimension | "";
type Time = "uke" | "maaned" | "aar";
export type Units = "kontor" | "region";

/** What a member chooses of the numbers: weeks, a unit, a column, or one of a key. */
export interface Choose extends Keys {
  weeks?: number[];
  unit?: number;
  column?: Column;
}
export interface Member {
  key: string;
  label: string;
  choose: Choose;
}
/** A number, or null and the sign that is shown in its place. */
export interface Shown {
  value: number | null;
  sign: string;
}
export interface Cell extends Shown {
  x: Member;
  part: Member;
  weeks: number[];
  provisional: boolean;
  /** What it is compared with; null if the statistics do not have it. */
  references: Partial<Record<Reference, Shown | null>>;
  /** The number that it is a part of, if it is. */
  whole?: number | null;
  /** Its part of that; null if it is not shown. */
  share?: number | null;
}
export interface Panel {
  name: string;
  weeks: number[];
  provisional: boolean;
  xs: Member[];
  parts: Member[];
  /** By xs, then by parts. */
  cells: Cell[][];
}
export interface Result {
  /** One for each period. */
  panels: Panel[];
  /** The cells of all panels. */
  cells: Cell[];
  /** The members of the split, of all panels. */
  parts: Member[];
  /** How many members have nobody anywhere. */
  absent: { x: number; part: number };
  averaged: boolean;
  decimals: boolean;
  inPercent: boolean;
  isSubset: boolean;
  isStacked: boolean;
  references: Reference[];
}
type Changes = Partial<State>;
type Fix = [label: string, change: Changes];
export interface Problem {
  /** For the list of choices. */
  short: string;
  text: string;
  fixes: { label: string; change: Changes }[];
}

export const DIMENSIONS: Record<Dimension, string> = {
  tiltak: "Tiltakstype",
  innsats: "Innsatsgruppe",
  avdeling: "Avdeling",
  kontor: "Kontor",
  region: "Region",
  bruk: "Hvem som bruker plassene",
  uke: "Uke",
  maaned: "Måned",
  aar: "År",
};
export const PLURALS: Record<Exclude<Dimension, Time | "bruk">, string> = {
  tiltak: "tiltakstyper",
  innsats: "innsatsgrupper",
  avdeling: "avdelinger",
  kontor: "kontorer",
  region: "regioner",
};
export const FIGURES: Record<Figure, string> = {
  soyle: "Søyler",
  linje: "Linje",
  stablet: "Stablet",
  prosent: "Prosent",
  varme: "Varmekart",
};
export const SORTINGS: Record<Sorting, string> = {
  storrelse: "Størst først",
  navn: "Alfabetisk",
  fast: "Fast rekkefølge",
};
export const REFERENCES: Record<Reference, string> = { uke: "Uken før", aar: "Året før" };
export const isTime = (dimension: Along): dimension is Time => isOneOf(["uke", "maaned", "aar"], dimension);
export const isStack = ({ figur }: State) => isOneOf(["stablet", "prosent"], figur);

/** Whether numbers have noise. Then parts are not added, and a small difference may be chance. */
export const hasNoise = (data: Data) => data.omTallene.metode === "STOY";
/** How far from the truth a number with noise is at most. */
const LARGEST_ERROR = 4;
/** From how much a difference is a change. */
export const leastChange = (data: Data) => (hasNoise(data) ? 2 * LARGEST_ERROR : 0);
/** A percentage of fewer than so many says more than the numbers do. */
export const LEAST_BASE = 20;

/** The largest of the small numbers. */
const largestSmall = (data: Data) => (data.omTallene.grense ?? 0) - 1;

/** Small numbers with noise, as they are shown. */
const small = (data: Data) => `1–${largestSmall(data)}`;

/** The signs that stand in the place of numbers: what each means, and the same in a sentence about some of them. */
export function signs(data: Data): Record<string, [meaning: string, inSentence: string]> {
  if (!hasNoise(data))
    return { [DOT]: ["Tallet er prikket: det vises ikke, av hensyn til personvernet", "er prikket"] };
  return {
    [small(data)]: [`Det justerte tallet er fra 1 til ${largestSmall(data)}`, `er vist som ${small(data)}`],
    [DOT]: ["Kan ikke vises, fordi det bygger på små tall", "kan ikke vises"],
  };
}

/** How small numbers are hidden, in plain words. */
export function explanation(data: Data) {
  const { metode } = data.omTallene;
  if (metode === "PRIKKING")
    return (
      `Antall fra 1 til ${largestSmall(data)} er prikket (${DOT}) av hensyn til personvernet. Noen større tall er også ` +
      "prikket, fordi de ellers ville røpet et lite tall. At et tall er prikket, sier derfor ikke hvor stort det er. " +
      "Tallet 0 vises."
    );
  if (metode === "STOY")
    return (
      "Tallene er justert tilfeldig med noen få opp eller ned av hensyn til personvern, likt hver uke de samme " +
      `personene er med. 1 til ${largestSmall(data)} er vist som «${small(data)}», og noen små tall er vist som 0. Derfor er ` +
      "summen av delene ikke alltid lik totalen. Små endringer fra uke til uke kan være tilfeldige."
    );
  return "Tallene er nøyaktige. Ingen av dem er skjult.";
}

/**
 * How much a cell has changed: a number, a sign where one of the two is not shown, words where the difference may be
 * chance, and null where there is nothing to compare with.
 */
export function changeFrom(kind: Reference, cell: Cell, data: Data): number | string | null {
  const before = cell.references[kind];
  if (!before) return null;
  if (cell.value === null || before.value === null) return DOT;
  const change = cell.value - before.value;
  return Math.abs(change) < leastChange(data) ? `under ${written(leastChange(data))}` : change;
}

/** Whether a measure has decimals in a single week. With noise there are whole numbers only. */
export const hasDecimals = (measure: MeasureName, data: Data) => Boolean(MEASURES[measure].decimals) && !hasNoise(data);

/** The least and the most that a number may be as it is shown; null when its sign does not tell. */
export function limits({ value, sign }: Shown, data: Data): [least: number, most: number] | null {
  if (value !== null) return [value, value];
  return sign === small(data) ? [1, largestSmall(data)] : null;
}
export const isUnits = (dimension: Along): dimension is Units => isOneOf(["kontor", "region"], dimension);

const USES: [Column, string][] = [
  ["egne_antall", "Egne personer"],
  ["fra_andre_antall", "Personer fra andre enheter"],
  ["hos_andre_antall", "Egne personer på andres plasser"],
];

export const OFFICES_ELSEWHERE = "Tallene for kontorene er på en egen side for hver region.";
/** Whether the offices are on pages of their own: the page of a country and its regions. */
export const hasOfficesElsewhere = (data: Data) =>
  data.sider.length > 0 && data.enheter.some(([level]) => level === "LAND");

/** Why what is chosen cannot be shown, and what to change; null when it can. `short` is for the list of choices. */
export function problem(state: State, data: Data): Problem | null {
  const { x, del, figur, maal } = state;
  const chosen = [x, del].filter((along) => along !== "");
  const keys = keysOf(state);
  const level = state.enhet.split(":")[0];
  const measure = MEASURES[maal];
  const name = (dimension: Dimension) => DIMENSIONS[dimension].toLowerCase();
  const without = (dimension: Dimension): Fix => {
    const change: Changes = {};
    if (isOneOf(KEYS, dimension)) change[dimension] = null;
    if (x === dimension) change.x = dimension === "tiltak" ? "uke" : "tiltak";
    if (del === dimension || del === change.x) change.del = "";
    return [`Ta bort ${name(dimension)}`, change];
  };
  const answer = (short: string, text: string, ...fixes: Fix[]) => ({
    short,
    text,
    fixes: fixes.map(([label, change]) => ({ label, change })),
  });

  if (x === del)
    return answer("er valgt to ganger", `${capital(name(x))} er valgt både langs aksen og som oppdeling.`, [
      "Ta bort oppdelingen",
      { del: "" },
    ]);
  if (isTime(x) && isTime(del))
    return answer(
      "bare én tid om gangen",
      "Både aksen og oppdelingen er tid. Vil du sammenligne år eller måneder, kan du legge til flere perioder i " +
        "stedet.",
      ["Ta bort oppdelingen", { del: "" }],
    );
  const several = keys.find((key) => isSeveral(state, key) && !chosen.includes(key));
  if (several)
    return answer(
      "er flere, som ikke kan legges sammen",
      `Du har valgt flere ${PLURALS[several]}. De kan vises ved siden av hverandre, men ikke legges sammen.`,
      [`Del på ${name(several)}`, { del: several }],
      [`Vis alle ${PLURALS[several]}`, { [several]: null }],
    );
  for (const key of keys)
    if (!measure.keys.includes(key))
      return answer(
        `finnes ikke for ${measure.label.toLowerCase()}`,
        `${measure.label} er ikke fordelt på ${name(key)}: ` +
          "plassene hører til tiltaket, ikke til personen som bruker dem.",
        without(key),
        ["Vis personer i stedet", { maal: "personer" }],
      );
  if (chosen.includes("kontor") && chosen.includes("region"))
    return answer("går ikke sammen", "Velg enten kontor eller region. Et kontor hører til én region.", [
      "Ta bort oppdelingen",
      { del: "" },
    ]);
  const units = chosen.find(isUnits);
  const ofOffices = (["kontor", "bruk", "avdeling"] as const).find(
    (its) => chosen.includes(its) || isOneOf<Dimension>(keys, its),
  );
  if (ofOffices && level !== "KONTOR" && hasOfficesElsewhere(data))
    return answer("kontorene er på egne sider", OFFICES_ELSEWHERE, without(ofOffices));
  if (units && (level === "KONTOR" || (units === "region" && level !== "LAND"))) {
    const whole = data.enheter.find(([at]) => at === "LAND");
    const fixes: Fix[] = whole ? [["Vis hele landet", { enhet: `${whole[0]}:${whole[1]}` }]] : [];
    return answer(
      units === "kontor" ? "velg en region eller hele landet" : "velg hele landet",
      units === "kontor"
        ? "Du har valgt ett kontor. Velg en region eller hele landet for å sammenligne kontorer."
        : whole
          ? "Velg hele landet for å sammenligne regioner."
          : "Regionene kan sammenlignes på siden for hele landet.",
      ...fixes,
      without(units),
    );
  }
  if (keys.includes("avdeling") && units)
    return answer(
      "går ikke sammen med kontor",
      `Avdelinger vises bare for ett kontor om gangen, og ikke sammen med ${name(units)}.`,
      without("avdeling"),
      without(units),
    );
  if (keys.includes("avdeling") && level !== "KONTOR")
    return answer(
      "velg et kontor",
      "Avdelinger vises bare for kontor, ikke for region eller hele landet. Velg et kontor øverst på siden.",
      without("avdeling"),
    );
  if (!isShown(state, data)) {
    const names = new Intl.ListFormat("nb").format(keys.map(name));
    const places = { KONTOR: "kontor", REGION: "regioner", LAND: "hele landet" }[levelOf(state)];
    const shown = (fixes: Fix[]) => fixes.filter(([, change]) => isShown({ ...state, ...change }, data));
    const larger = shown(
      units
        ? [without(units)]
        : unitsAbove(data, unitNumber(data, state.enhet)).map(
            (at) =>
              [
                data.enheter[at][0] === "LAND" ? "Vis hele landet" : "Vis regionen",
                { enhet: unitKey(data, at) },
              ] as Fix,
          ),
    );
    const or = units ? `, eller ta bort ${name(units)}` : ", eller velg en region eller hele landet";
    return answer(
      `${names} vises ikke sammen`,
      `${capital(names)} vises ikke sammen for ${places}, fordi det ville røpet små tall om enkeltpersoner. ` +
        `Velg ${keys.length > 2 ? "færre" : "bare én"} av dem${larger.length ? or : ""}.`,
      ...shown(keys.map(without)),
      ...larger,
    );
  }
  if (chosen.includes("bruk")) {
    if (maal !== "kapasitet")
      return answer(
        "gjelder bare deltakelser på enhetens plasser",
        "Hvem som bruker plassene, finnes bare for målet «Deltakelser på enhetens plasser».",
        ["Vis deltakelser på enhetens plasser", { maal: "kapasitet", tiltak: null, innsats: null, avdeling: null }],
        without("bruk"),
      );
    if (keys.length)
      return answer(
        "går ikke sammen med tiltakstype",
        "Hvem som bruker plassene, vises ikke for hver tiltakstype.",
        without("bruk"),
        without("tiltak"),
      );
    if (level !== "KONTOR" && units !== "kontor")
      return answer(
        "velg et kontor",
        "Hvem som bruker plassene, vises bare for kontor. " +
          "Velg et kontor øverst på siden, eller sett kontor på den andre aksen.",
        ["Vis hvert kontor", x === "bruk" ? { del: "kontor" } : { x: "kontor" }],
        without("bruk"),
      );
    if (isStack(state))
      return answer(
        "går ikke sammen med hvem som bruker plassene",
        "Egne personer på andres plasser er ikke en del av enhetens plasser, " +
          "så tallene kan ikke stables eller bli prosent av det samme.",
        ["Vis som søyler", { figur: "soyle" }],
      );
  }
  if (figur === "stablet" && hasNoise(data))
    return answer(
      "delene summerer ikke til totalen",
      "Tallene er justert tilfeldig av hensyn til personvern. Summen av delene er derfor ikke lik totalen, " +
        "og delene kan ikke stables.",
      ["Vis som søyler", { figur: "soyle" }],
      ...(isTime(x) ? [["Vis som linje", { figur: "linje" }] as Fix] : []),
    );
  if (figur === "linje" && !isTime(x))
    return answer(
      "krever tid langs aksen",
      `En linje viser utvikling over tid, men langs aksen er ${name(x)}.`,
      ["Vis som søyler", { figur: "soyle" }],
      [
        "Vis utviklingen uke for uke",
        { x: "uke", del: isTime(del) ? x : del, ...(isSingle(state, data) && { perioder: ["siste52"] }) },
      ],
    );
  if (isStack(state) && isTime(del))
    return answer(
      "kan ikke deles på tid",
      "De samme personene er der uke etter uke, så uker kan ikke legges sammen i en stabel.",
      ["Vis som søyler", { figur: "soyle" }],
      ["Bytt om akse og oppdeling", { x: del, del: x }],
    );
  if (figur === "prosent" && !del && isTime(x))
    return answer(
      "krever en oppdeling",
      "Prosent er en del av noe. Velg en oppdeling, eller noe annet enn tid langs aksen.",
      [`Del på tiltakstype`, { del: "tiltak" }],
      ["Vis som linje", { figur: "linje" }],
    );
  return null;
}

const isSingle = (state: State, data: Data) =>
  state.perioder.every((period) => bounds(period, data)[0] === bounds(period, data)[1]);

/** Which keys the numbers are split by: those on an axis, and those of which only one is shown. */
export const keysOf = (state: State) =>
  KEYS.filter((key) => state.x === key || state.del === key || state[key] !== null);

/** Whether more than one is chosen of what some are shown of. */
const isSeveral = (state: State, key: Key) => (state[key]?.length ?? 0) > 1;

/** The level of the units whose numbers are shown. */
function levelOf(state: State) {
  const units = [state.x, state.del].find(isUnits);
  return (units ? units.toUpperCase() : state.enhet.split(":")[0]) as Level;
}

/** Whether there are numbers by the keys that are chosen, at the level that is shown. */
function isShown(state: State, data: Data) {
  const { relation, column } = MEASURES[state.maal];
  return data.isShown(relation, column, levelOf(state), Object.fromEntries(keysOf(state).map((key) => [key, 0])));
}

/** The region of an office, and the country, as numbers in `data.enheter`. */
export function unitsAbove(data: Data, unit: number) {
  const above = data.enheter[unit][3];
  return data.enheter
    .flatMap(([level, number], at) =>
      at !== unit && (level === "LAND" || (level === "REGION" && number === above)) ? [at] : [],
    )
    .reverse();
}

/** The offices or regions under a unit, as numbers in `data.enheter`. */
export function unitsUnder(data: Data, unit: number, dimension: Units) {
  const [level, number] = data.enheter[unit];
  return data.enheter.flatMap(([itsLevel, itsNumber, , above], at) => {
    if (itsLevel !== dimension.toUpperCase()) return [];
    return level === "LAND" || above === number || itsNumber === number ? [at] : [];
  });
}

/** A unit as the address has it. */
export const unitKey = (data: Data, unit: number) => data.enheter[unit].slice(0, 2).join(":");

/** A name for a unit that no other unit has: a region and its own people may be called the same. */
export function unitName(data: Data, unit: number) {
  const [level, number, name] = data.enheter[unit];
  const same = data.enheter.filter(([, , itsName], at) => at !== unit && itsName === name && data.isOffered(at));
  if (!same.length) return name;
  if (level === "REGION") return `${name} (hele regionen)`;
  return `${name} (${same.some(([, itsNumber]) => itsNumber === number) ? "regionens egne" : number})`;
}

/** What is along a dimension: each with a key, a label, and what it chooses (weeks, a unit, a key or a column). */
export function members(dimension: Along, state: State, data: Data, unit: number, weeks: number[]): Member[] {
  if (!dimension) return [{ key: "", label: "", choose: {} }];
  if (isTime(dimension)) {
    const found = new Map<string, Member & { choose: { weeks: number[] } }>();
    for (const week of weeks) {
      const of = data.uker[week];
      const { key, label } =
        dimension === "uke"
          ? { key: weekKey(of), label: weekName(of) }
          : dimension === "maaned"
            ? month(of)
            : { key: String(of[2]), label: String(of[2]) };
      const known = found.get(key);
      if (known) known.choose.weeks.push(week);
      else found.set(key, { key, label, choose: { weeks: [week] } });
    }
    return [...found.values()];
  }
  if (isUnits(dimension))
    return unitsUnder(data, unit, dimension).map((at) => ({
      key: unitKey(data, at),
      label: unitName(data, at),
      choose: { unit: at },
    }));
  if (dimension === "bruk") return USES.map(([column, label]) => ({ key: column, label, choose: { column } }));
  const chosen = state[dimension];
  const numbers =
    dimension === "avdeling"
      ? data.avdelinger(MEASURES[state.maal].relation, unit)
      : data[dimension].map((_, at) => at);
  return numbers
    .filter((at) => chosen?.includes(data[dimension][at][0]) ?? true)
    .map((at) => ({ key: data[dimension][at][0], label: data[dimension][at][1], choose: { [dimension]: at } }));
}

/** A cell's number over some weeks: their average, or null when one of them is hidden; and how many of them are. */
function average(codes: Int32Array | null, weeks: number[], scale: number) {
  let sum = 0;
  let hidden = 0;
  for (const week of weeks) {
    const code = codes ? codes[week] : 0;
    if (code === SUPPRESSED) hidden++;
    else if (code) sum += code - 1;
  }
  return { value: hidden ? null : sum / scale / weeks.length, hidden };
}

/** Weeks to compare with, as numbers; null when one of them is before the statistics begin. */
export function weeksBefore(reference: Reference, weeks: number[], data: Data) {
  const before = new Set<number>();
  for (const week of weeks) {
    const [, , year, number] = data.uker[week];
    const at =
      reference === "uke"
        ? week - 1
        : data.uker.findIndex(([, , its, itsNumber]) => its === year - 1 && itsNumber === Math.min(number, 52));
    if (at < 0) return null;
    before.add(at);
  }
  return [...before];
}

/** A function that gives a number over some weeks, with the sign that stands for it if it is not shown. */
function reader(state: State, data: Data) {
  const measure = MEASURES[state.maal];
  const unit = unitNumber(data, state.enhet);
  const whole: Keys = {};
  // Several are along an axis, where each cell says which of them it is of.
  for (const key of KEYS) {
    const [only, another] = state[key] ?? [];
    if (only !== undefined && another === undefined) whole[key] = data[key].findIndex(([code]) => code === only);
  }
  const cache = new Map<string, Int32Array | null>();
  return (choose: Choose, weeks: number[]): Shown => {
    const { unit: at = unit, column = measure.column, weeks: _, ...keys } = choose;
    const all = { ...whole, ...keys };
    const name = `${at}/${column}/${KEYS.map((key) => all[key]).join("/")}`;
    let codes = cache.get(name);
    if (codes === undefined) {
      codes = data.series(measure.relation, column, at, all);
      cache.set(name, codes);
    }
    const { value, hidden } = average(codes, weeks, data.scale(measure.relation, all));
    const isSmall = hasNoise(data) && !measure.follows && hidden === weeks.length;
    return { value, sign: isSmall ? small(data) : DOT };
  };
}

// A stack, a share or a colour has no place for one more number.
const referencesOf = ({ figur, mot }: State) => (["soyle", "linje"].includes(figur) ? mot : []);

/** A function that makes the cell of a member along the axis and a part, in the weeks of a period. */
export function cellMaker(state: State, data: Data) {
  const number = reader(state, data);
  const time = [state.x, state.del].find(isTime);
  return (x: Member, part: Member, weeks: number[]) => {
    const choose = { ...x.choose, ...part.choose };
    const its = choose.weeks ?? weeks;
    const isWeekly = time ? time === "uke" : weeks.length === 1;
    const cell: Cell = {
      x,
      part,
      ...number(choose, its),
      weeks: its,
      provisional: its.some((week) => data.uker[week][4]),
      references: {},
    };
    if (isStack(state)) cell.whole = number(state.del ? x.choose : {}, its).value;
    if (state.figur === "prosent") cell.share = share(cell, data);
    for (const reference of referencesOf(state)) {
      const before = reference === "aar" || isWeekly ? weeksBefore(reference, its, data) : null;
      cell.references[reference] = before ? number(choose, before) : null;
    }
    return cell;
  };
}

/** Everything that figure and table show. Only for choices without a `problem`. */
export function compute(state: State, data: Data): Result {
  const unit = unitNumber(data, state.enhet);
  const make = cellMaker(state, data);
  const panels: Panel[] = state.perioder.map((period) => {
    const [from, to] = bounds(period, data);
    const weeks = Array.from({ length: to - from + 1 }, (_, at) => from + at);
    const xs = members(state.x, state, data, unit, weeks);
    const parts = members(state.del, state, data, unit, weeks);
    return {
      name: periodName(period, data),
      weeks,
      provisional: weeks.some((week) => data.uker[week][4]),
      xs,
      parts,
      cells: xs.map((x) => parts.map((part) => make(x, part, weeks))),
    };
  });

  const all = panels.flatMap((panel) => panel.cells.flat());
  const xs = arrange(all, "x", state.x, state.sorter);
  const parts = arrange(all, "part", state.del, state.sorter);
  for (const panel of panels) {
    const byKey = new Map(panel.cells.flat().map((cell) => [`${cell.x.key}\n${cell.part.key}`, cell]));
    panel.xs = isTime(state.x) ? panel.xs : xs.shown;
    panel.parts = isTime(state.del) ? panel.parts : parts.shown;
    panel.cells = panel.xs.map((x) => panel.parts.map((part) => byKey.get(`${x.key}\n${part.key}`) as Cell));
  }
  const cells = panels.flatMap((panel) => panel.cells.flat());
  return {
    panels,
    cells,
    parts: isTime(state.del) ? distinct(panels.flatMap((panel) => panel.parts)) : parts.shown,
    absent: { x: xs.absent, part: parts.absent },
    averaged: cells.some((cell) => cell.weeks.length > 1),
    decimals: hasDecimals(state.maal, data) || cells.some((cell) => cell.weeks.length > 1),
    inPercent: state.figur === "prosent",
    isSubset: isOneOf(KEYS, state.del) && isSeveral(state, state.del),
    isStacked: isStack(state) && Boolean(state.del) && !hasNoise(data),
    references: referencesOf(state),
  };
}

/** A part of the whole that is shown; null when one of them is not. */
function share({ value, whole = null }: Cell, data: Data) {
  if (hasNoise(data) && (whole === null || whole < LEAST_BASE)) return null;
  if (value === 0) return 0;
  return value === null || !whole ? null : value / whole;
}

const distinct = (list: Member[]) => [...new Map(list.map((member) => [member.key, member])).values()];

/**
 * Members in the chosen order, without those that have nobody anywhere, also not in what is compared with: somebody
 * may have left. Time keeps its own order, and all of it.
 */
function arrange(cells: Cell[], role: "x" | "part", dimension: Along, sorting: Sorting) {
  const found = new Map<string, { member: Member; sum: number; isThere: boolean }>();
  for (const cell of cells) {
    const member = cell[role];
    const known = found.get(member.key) ?? { member, sum: 0, isThere: false };
    known.sum += cell.value ?? 0;
    known.isThere ||= [cell, ...Object.values(cell.references)].some((its) => its && its.value !== 0);
    found.set(member.key, known);
  }
  const all = [...found.values()];
  const kept = !dimension || isTime(dimension) || dimension === "bruk" ? all : all.filter(({ isThere }) => isThere);
  const byName = (a: { member: Member }, b: { member: Member }) => collator.compare(a.member.label, b.member.label);
  if (dimension && !isTime(dimension)) {
    if (sorting === "storrelse") kept.sort((a, b) => b.sum - a.sum || byName(a, b));
    if (sorting === "navn") kept.sort(byName);
  }
  return { shown: kept.map(({ member }) => member), absent: all.length - kept.length };
}

/** In words: what is counted, for whom, along what. */
export function describe(state: State, data: Data) {
  const along = (dimension: Dimension) => DIMENSIONS[dimension].toLowerCase();
  const only = KEYS.flatMap((key) => {
    const codes = state[key];
    if (codes === null) return [];
    return codes.length > 1 ? `${codes.length} ${PLURALS[key]}` : data[key].find(([code]) => code === codes[0])?.[1];
  });
  const split = state.del ? `, delt på ${along(state.del)}` : "";
  return {
    title: `${MEASURES[state.maal].label} etter ${along(state.x)}${split}`,
    unit: [unitName(data, unitNumber(data, state.enhet)), ...only].join(", "),
  };
}
