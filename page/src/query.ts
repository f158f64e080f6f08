// From what is chosen to the numbers that figure and table show. Nothing here touches the page.

import { type Data, KEYS, type Keys, SUPPRESSED } from "./data.ts";
import { MEASURES, type MeasureName } from "./measures.ts";
import type { Column, Key, Level, Unit, Week } from "./packed.ts";
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
  gruppe: "Tiltaksgruppe",
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
  gruppe: "tiltaksgrupper",
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
      `Antall fra 1 til ${largestSmall(data)} er prikket (${DOT}) av hensyn til personvernet. Noen større tall er ` +
      "også prikket, fordi de ellers ville røpet et lite tall. At et tall er prikket, sier derfor ikke hvor stort " +
      "det er. Tallet 0 vises."
    );
  if (metode === "STOY")
    return (
      "Tallene er justert tilfeldig med noen få opp eller ned av hensyn til personvern, likt hver uke de samme " +
      `personene er med. 1 til ${largestSmall(data)} er vist som «${small(data)}», og noen små tall er vist ` +
      "som 0. Derfor er summen av delene ikke alltid lik totalen. Små endringer fra uke til uke kan være tilfeldige."
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

/** A change of a cell since before, and the least that it can be: one of the two may be a small number. */
interface Changed {
  cell: Cell;
  before: Shown;
  change: number | string | null;
  least: number;
}

/** The cells that have risen and fallen most, by the least that it can be; `compared` is how many can be compared. */
export function mostChanged(reference: Reference, cells: Cell[], most: number, data: Data) {
  const known = cells.flatMap((cell) => {
    const before = cell.references[reference];
    const [now, then] = [limits(cell, data), before && limits(before, data)];
    return before && now && then ? [{ cell, before, change: changeFrom(reference, cell, data), now, then }] : [];
  });
  const rank = (found: Changed[]) =>
    found
      .filter(({ least }) => least >= Math.max(1, leastChange(data)))
      .sort((a, b) => b.least - a.least || a.cell.x.label.localeCompare(b.cell.x.label, "nb"))
      .slice(0, most);
  return {
    compared: known.length,
    up: rank(known.map(({ now, then, ...found }) => ({ ...found, least: now[0] - then[1] }))),
    down: rank(known.map(({ now, then, ...found }) => ({ ...found, least: then[0] - now[1] }))),
  };
}

/** The units whose places others use most, of cells by unit and use. */
export function mostUsedByOthers(cells: Cell[][], most: number) {
  return cells
    .flatMap((row) => {
      const of = (column: Column) => row.find((cell) => cell.part.key === column)?.value ?? null;
      const [from, own, elsewhere] = [of("fra_andre_antall"), of("egne_antall"), of("hos_andre_antall")];
      // Those who follow up nobody (an employer) have others' people only.
      return from && own !== null && own + (elsewhere ?? 0) > 0 ? [{ label: row[0].x.label, from, own }] : [];
    })
    .sort((a, b) => b.from - a.from)
    .slice(0, most);
}

/** Whether a measure has decimals in a single week. With noise there are whole numbers only. */
export const hasDecimals = (measure: MeasureName, data: Data) => Boolean(MEASURES[measure].decimals) && !hasNoise(data);

/** The least and the most that a number may be as it is shown; null when its sign does not tell. */
export function limits({ value, sign }: Shown, data: Data): [least: number, most: number] | null {
  if (value !== null) return [value, value];
  return sign === small(data) ? [1, largestSmall(data)] : null;
}
/** The unknown, and those who are assigned to nobody. */
export const isUnknown = ({ key }: Pick<Member, "key">) => isOneOf(["UKJENT", "Ukjent", "Ufordelt"], key);
export const isUnits = (dimension: Along): dimension is Units => isOneOf(["kontor", "region"], dimension);

const USES: [Column, string][] = [
  ["egne_antall", "Egne personer"],
  ["fra_andre_antall", "Personer fra andre enheter"],
  ["hos_andre_antall", "Egne deltakere på andres plasser"],
];

export const OFFICES_ELSEWHERE = "Tallene for kontorene er på en egen side for hver region.";
/** Whether the offices are on pages of their own: the page of a country and its regions. */
export const hasOfficesElsewhere = (data: Data) =>
  data.sider.length > 0 && data.enheter.some(([level]) => level === "LAND");

const lower = (dimension: Dimension) => DIMENSIONS[dimension].toLowerCase();

/** Leaves a dimension out, both along and of what some are shown of. */
function without(dimension: Dimension, { x, del }: State): Fix {
  const change: Changes = {};
  if (isOneOf(KEYS, dimension)) change[dimension] = null;
  if (x === dimension) change.x = dimension === "tiltak" ? "uke" : "tiltak";
  if (del === dimension || del === change.x) change.del = "";
  return [`Ta bort ${lower(dimension)}`, change];
}
const NO_KEYS: Changes = Object.fromEntries(KEYS.map((key) => [key, null]));
const NO_SPLIT: Fix = ["Ta bort fordelingen", { del: "" }];
const BARS: Fix = ["Vis som søyler", { figur: "soyle" }];
const LINES: Fix = ["Vis som linje", { figur: "linje" }];

const answer = (short: string, text: string, ...fixes: Fix[]): Problem => ({
  short,
  text,
  fixes: fixes.map(([label, change]) => ({ label, change })),
});

/** What is chosen, as the rules about it ask. */
interface Question {
  state: State;
  data: Data;
  chosen: Dimension[];
  keys: Key[];
  units: Units | undefined;
  level: Level;
}
type Rule = (question: Question) => Problem | null;

const sameTwice: Rule = ({ state: { x, del } }) =>
  x === del
    ? answer(
        "er valgt to ganger",
        `${capital(lower(x))} er valgt to ganger, både i «Vis etter» og i «Fordelt på».`,
        NO_SPLIT,
      )
    : null;

const oneTime: Rule = ({ state: { x, del } }) =>
  isTime(x) && isTime(del)
    ? answer(
        "bare én tid om gangen",
        "Begge er tid. Vil du sammenligne år eller måneder, kan du legge til flere perioder i " + "stedet.",
        NO_SPLIT,
      )
    : null;

const severalAlong: Rule = ({ state, keys, chosen }) => {
  const several = keys.find((key) => isSeveral(state, key) && !chosen.includes(key));
  if (!several) return null;
  return answer(
    "er flere, som ikke kan legges sammen",
    `Du har valgt flere ${PLURALS[several]}. De kan vises ved siden av hverandre, men ikke legges sammen.`,
    [`Del på ${lower(several)}`, { del: several }],
    [`Vis alle ${PLURALS[several]}`, { [several]: null }],
  );
};

const keysOfMeasure: Rule = ({ state, keys }) => {
  const measure = MEASURES[state.maal];
  const key = keys.find((its) => !measure.keys.includes(its));
  if (!key) return null;
  return answer(
    `finnes ikke for ${measure.label.toLowerCase()}`,
    `${measure.label} er ikke fordelt på ${lower(key)}: ` +
      "plassene hører til tiltaket, ikke til personen som bruker dem.",
    without(key, state),
    ["Vis personer i stedet", { maal: "personer" }],
  );
};

const groupsOrTypes: Rule = ({ state, keys }) =>
  keys.includes("gruppe") && keys.includes("tiltak")
    ? answer(
        "velg tiltaksgruppe eller tiltakstype",
        "Hver tiltakstype er i én tiltaksgruppe. Velg enten tiltaksgruppe eller tiltakstype.",
        without("gruppe", state),
        without("tiltak", state),
      )
    : null;

/** With suppression groups would give away what is hidden in them. */
const groupsShown: Rule = ({ state, data, keys, level }) => {
  const { relation, column } = MEASURES[state.maal];
  if (!keys.includes("gruppe") || data.isShown(relation, column, level, { gruppe: 0 })) return null;
  return answer(
    "vises ikke når tall er prikket",
    "Tiltaksgrupper vises ikke, fordi de ville røpet tall som er prikket.",
    without("gruppe", state),
  );
};

const oneLevel: Rule = ({ chosen }) =>
  chosen.includes("kontor") && chosen.includes("region")
    ? answer("kan ikke kombineres", "Velg enten kontor eller region. Et kontor hører til én region.", NO_SPLIT)
    : null;

const officesHere: Rule = ({ state, data, chosen, keys, level }) => {
  const ofOffices = (["kontor", "bruk", "avdeling"] as const).find(
    (its) => chosen.includes(its) || isOneOf<Dimension>(keys, its),
  );
  if (!ofOffices || level === "KONTOR" || !hasOfficesElsewhere(data)) return null;
  return answer("kontorene er på egne sider", OFFICES_ELSEWHERE, without(ofOffices, state));
};

const unitsInUnit: Rule = ({ state, data, units, level }) => {
  if (!units || (level !== "KONTOR" && (units === "kontor" || level === "LAND"))) return null;
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
    without(units, state),
  );
};

const avdelingOfOffice: Rule = ({ state, keys, units, level }) => {
  if (!keys.includes("avdeling")) return null;
  if (units)
    return answer(
      "kan ikke kombineres med kontor",
      `Avdelinger vises bare for ett kontor om gangen, og ikke sammen med ${lower(units)}.`,
      without("avdeling", state),
      without(units, state),
    );
  if (level === "KONTOR") return null;
  return answer(
    "velg et kontor",
    "Avdelinger vises bare for kontor, ikke for region eller hele landet. Velg et kontor øverst på siden.",
    without("avdeling", state),
  );
};

const keysTogether: Rule = ({ state, data, keys, units }) => {
  if (isShown(state, data)) return null;
  const names = new Intl.ListFormat("nb").format(keys.map(lower));
  const places = { KONTOR: "kontor", REGION: "regioner", LAND: "hele landet" }[levelOf(state)];
  const shown = (fixes: Fix[]) => fixes.filter(([, change]) => isShown({ ...state, ...change }, data));
  const above = unitsAbove(data, unitNumber(data, state.enhet)).map(
    (at): Fix => [data.enheter[at][0] === "LAND" ? "Vis hele landet" : "Vis regionen", { enhet: unitKey(data, at) }],
  );
  const larger = shown(units ? [without(units, state)] : above);
  const or = units ? `, eller ta bort ${lower(units)}` : ", eller velg en region eller hele landet";
  return answer(
    `${names} vises ikke sammen`,
    `${capital(names)} vises ikke sammen for ${places}, fordi det ville røpet små tall om enkeltpersoner. ` +
      `Velg ${keys.length > 2 ? "færre" : "bare én"} av dem${larger.length ? or : ""}.`,
    ...shown(keys.map((key) => without(key, state))),
    ...larger,
  );
};

const usesOfPlaces: Rule = ({ state, chosen, keys, units, level }) => {
  if (!chosen.includes("bruk")) return null;
  if (state.maal !== "kapasitet")
    return answer(
      "gjelder bare deltakelser på enhetens plasser",
      "Hvem som bruker plassene, finnes bare for målet «Deltakelser på enhetens plasser».",
      ["Vis deltakelser på enhetens plasser", { maal: "kapasitet", ...NO_KEYS }],
      without("bruk", state),
    );
  if (keys.length)
    return answer(
      `kan ikke kombineres med ${lower(keys[0])}`,
      `Hvem som bruker plassene, vises ikke for hver ${lower(keys[0])}.`,
      without("bruk", state),
      without(keys[0], state),
    );
  if (level !== "KONTOR" && units !== "kontor")
    return answer(
      "velg et kontor",
      "Hvem som bruker plassene, vises bare for kontor. " +
        "Velg et kontor øverst på siden, eller sett kontor på den andre aksen.",
      ["Vis hvert kontor", state.x === "bruk" ? { del: "kontor" } : { x: "kontor" }],
      without("bruk", state),
    );
  if (!isStack(state)) return null;
  return answer(
    "kan ikke kombineres med hvem som bruker plassene",
    "Egne deltakere på andres plasser er ikke en del av enhetens plasser, " +
      "så tallene kan ikke stables eller bli prosent av det samme.",
    BARS,
  );
};

const noSumOfNoise: Rule = ({ state: { x, figur }, data }) =>
  figur === "stablet" && hasNoise(data)
    ? answer(
        "delene summerer ikke til totalen",
        "Tallene er justert tilfeldig av hensyn til personvern. Summen av delene er derfor ikke lik totalen, " +
          "og delene kan ikke stables.",
        BARS,
        ...(isTime(x) ? [LINES] : []),
      )
    : null;

const lineOverTime: Rule = ({ state, data }) => {
  const { x, del, figur } = state;
  if (figur !== "linje" || isTime(x)) return null;
  const isSingle = state.perioder.map((period) => bounds(period, data)).every(([from, to]) => from === to);
  return answer("krever tid langs aksen", `En linje viser utvikling over tid, men langs aksen er ${lower(x)}.`, BARS, [
    "Vis utviklingen uke for uke",
    { x: "uke", del: isTime(del) ? x : del, ...(isSingle && { perioder: ["siste52"] }) },
  ]);
};

const noStackOfTime: Rule = ({ state }) => {
  const { x, del } = state;
  if (!isStack(state) || !isTime(del)) return null;
  return answer(
    "kan ikke deles på tid",
    "De samme personene er der uke etter uke, så uker kan ikke legges sammen i en stabel.",
    BARS,
    ["Bytt om de to", { x: del, del: x }],
  );
};

const percentOfSomething: Rule = ({ state: { x, del, figur } }) =>
  figur === "prosent" && !del && isTime(x)
    ? answer(
        "krever en fordeling",
        "Prosent er en del av noe. Velg en fordeling, eller noe annet enn tid i «Vis etter».",
        ["Del på tiltakstype", { del: "tiltak" }],
        LINES,
      )
    : null;

/** The first that is broken is told of: those of what there is come before those of how it is drawn. */
const RULES: Rule[] = [
  sameTwice,
  oneTime,
  severalAlong,
  groupsOrTypes,
  keysOfMeasure,
  groupsShown,
  oneLevel,
  officesHere,
  unitsInUnit,
  avdelingOfOffice,
  keysTogether,
  usesOfPlaces,
  noSumOfNoise,
  lineOverTime,
  noStackOfTime,
  percentOfSomething,
];

/** Why what is chosen cannot be shown, and what to change; null when it can. */
export function problem(state: State, data: Data): Problem | null {
  const chosen = [state.x, state.del].filter((along) => along !== "");
  const [level] = state.enhet.split(":") as [Level];
  const question = { state, data, chosen, keys: keysOf(state), units: chosen.find(isUnits), level };
  for (const rule of RULES) {
    const found = rule(question);
    if (found) return found;
  }
  return null;
}

/** Time along an axis needs more than the one week that is there from the start. */
export const weeksFor = (along: Along[], { perioder }: State): Changes =>
  along.some(isTime) && perioder.join() === "siste" ? { perioder: ["siste52"] } : {};

/** The choice of some of a key. Several stand beside each other, since they are never added. */
export function only(key: Key, codes: string[], state: State, data: Data): Changes {
  const chosen = { [key]: codes.length ? codes : null };
  const beside = { ...chosen, del: key };
  const isFree = codes.length > 1 && state.x !== key && !state.del;
  return isFree && !problem({ ...state, ...beside }, data) ? beside : chosen;
}

/** Time and innsatsgrupper keep their own order. */
const hasOwnOrder = (dimension: Along) => dimension === "" || dimension === "innsats" || isTime(dimension);

/** Whether there is an order to choose. */
export const hasOrder = ({ x, del }: State) => !hasOwnOrder(x) || !hasOwnOrder(del);

/** Puts what is along a dimension in the chosen order, or its own. The unknown are last. */
export function inOrder<T extends { member: Member }>(
  all: T[],
  dimension: Along,
  sorting: Sorting,
  size: (one: T) => number,
) {
  const byName = (a: T, b: T) => collator.compare(a.member.label, b.member.label);
  const found = [...all];
  if (!hasOwnOrder(dimension)) {
    if (sorting === "storrelse") found.sort((a, b) => size(b) - size(a) || byName(a, b));
    if (sorting === "navn") found.sort(byName);
  }
  return found.sort((a, b) => Number(isUnknown(a.member)) - Number(isUnknown(b.member)));
}

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

/** Weeks, or the months or years that they are in. */
function times(dimension: Time, data: Data, weeks: number[]): Member[] {
  const named = {
    uke: (week: Week) => ({ key: weekKey(week), label: weekName(week) }),
    maaned: month,
    aar: ([, , year]: Week) => ({ key: String(year), label: String(year) }),
  }[dimension];
  const found = new Map<string, Member & { choose: { weeks: number[] } }>();
  for (const week of weeks) {
    const { key, label } = named(data.uker[week]);
    const known = found.get(key);
    if (known) known.choose.weeks.push(week);
    else found.set(key, { key, label, choose: { weeks: [week] } });
  }
  return [...found.values()];
}

/** The country, each region with its offices after it, and the offices that are in none, as numbers. */
export function unitsByRegion(data: Data): number[] {
  const named = data.enheter.map((unit, at) => ({ unit, at, name: unitName(data, at) }));
  const [land, regions, offices] = ["LAND", "REGION", "KONTOR"].map((level) =>
    named
      .filter(({ unit, at }) => unit[0] === level && data.isOffered(at))
      .sort((a, b) => collator.compare(a.name, b.name)),
  );
  const regionOf = ([, number, , above]: Unit) =>
    regions.find(({ unit }) => unit[1] === above || (above === null && unit[1] === number));
  const grouped = regions.flatMap((region) => [region, ...offices.filter(({ unit }) => regionOf(unit) === region)]);
  const others = offices.filter(({ unit }) => !regionOf(unit));
  return [...land, ...grouped, ...others].map(({ at }) => at);
}

/** What is along a dimension: each with a key, a label, and what it chooses (weeks, a unit, a key or a column). */
export function members(dimension: Along, state: State, data: Data, unit: number, weeks: number[]): Member[] {
  if (!dimension) return [{ key: "", label: "", choose: {} }];
  if (isTime(dimension)) return times(dimension, data, weeks);
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

/** Whether the figure can be compared with something: a stack, a share or a colour has no place for one more number. */
export const canCompare = ({ figur }: State) => isOneOf(["soyle", "linje"], figur);
const referencesOf = (state: State) => (canCompare(state) ? state.mot : []);

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

/** A period's cells, of all members in the order of their codes. */
function panelOf(period: string, state: State, data: Data, make: ReturnType<typeof cellMaker>): Panel {
  const unit = unitNumber(data, state.enhet);
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
}

/** Everything that figure and table show. Only for choices without a `problem`. */
export function compute(state: State, data: Data): Result {
  const make = cellMaker(state, data);
  const panels = state.perioder.map((period) => panelOf(period, state, data, make));
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

/** What is shown of a cell: its number, or its share. */
export const shown = (cell: Cell, result: Result) => (result.inPercent ? (cell.share ?? null) : cell.value);

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
  const ordered = inOrder(kept, dimension, sorting, (one) => one.sum);
  return { shown: ordered.map(({ member }) => member), absent: all.length - kept.length };
}

/** In words: what is counted, for whom, along what. */
export function describe(state: State, data: Data) {
  const along = (dimension: Dimension) => DIMENSIONS[dimension].toLowerCase();
  const only = KEYS.flatMap((key) => {
    const codes = state[key];
    if (codes === null) return [];
    return codes.length > 1 ? `${codes.length} ${PLURALS[key]}` : data[key].find(([code]) => code === codes[0])?.[1];
  });
  const split = state.del ? `, fordelt på ${along(state.del)}` : "";
  return {
    title: `${MEASURES[state.maal].label} etter ${along(state.x)}${split}`,
    unit: [unitName(data, unitNumber(data, state.enhet)), ...only].join(", "),
  };
}
