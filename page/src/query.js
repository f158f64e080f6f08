// From what is chosen to the numbers that figure and table show. Nothing here touches the page.

import { KEYS, SUPPRESSED } from "./data.js";
import { MEASURES } from "./measures.js";
import { bounds, periodName, unitNumber } from "./state.js";
import { DOT, capital, collator, month, number as written, weekKey, weekName } from "./text.js";

export const DIMENSIONS = {
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
export const PLURALS = {
  tiltak: "tiltakstyper",
  innsats: "innsatsgrupper",
  avdeling: "avdelinger",
  kontor: "kontorer",
  region: "regioner",
};
export const FIGURES = { soyle: "Søyler", linje: "Linje", stablet: "Stablet", prosent: "Prosent", varme: "Varmekart" };
export const SORTINGS = { storrelse: "Størst først", navn: "Alfabetisk", fast: "Fast rekkefølge" };
export const REFERENCES = { uke: "Uken før", aar: "Året før" };
export const isTime = (dimension) => ["uke", "maaned", "aar"].includes(dimension);
export const isStack = ({ figur }) => ["stablet", "prosent"].includes(figur);

/** Whether numbers have noise. Then parts are not added, and a small difference may be chance. */
export const hasNoise = (data) => data.omTallene.metode === "STOY";
/** How far from the truth a number with noise is at most. */
const LARGEST_ERROR = 4;
/** From how much a difference is a change. */
export const leastChange = (data) => (hasNoise(data) ? 2 * LARGEST_ERROR : 0);
/** A percentage of fewer than so many says more than the numbers do. */
export const LEAST_BASE = 20;

/** Small numbers with noise, as they are shown. */
const small = (data) => `1–${data.omTallene.grense - 1}`;

/** The signs that stand in the place of numbers: what each means, and the same in a sentence about some of them. */
export function signs(data) {
  if (!hasNoise(data))
    return { [DOT]: ["Tallet er prikket: det vises ikke, av hensyn til personvernet", "er prikket"] };
  return {
    [small(data)]: [`Det justerte tallet er fra 1 til ${data.omTallene.grense - 1}`, `er vist som ${small(data)}`],
    [DOT]: ["Kan ikke vises, fordi det bygger på små tall", "kan ikke vises"],
  };
}

/** How small numbers are hidden, in plain words. */
export function explanation(data) {
  const { metode, grense } = data.omTallene;
  if (metode === "PRIKKING")
    return (
      `Antall fra 1 til ${grense - 1} er prikket (${DOT}) av hensyn til personvernet. Noen større tall er også ` +
      "prikket, fordi de ellers ville røpet et lite tall. At et tall er prikket, sier derfor ikke hvor stort det er. " +
      "Tallet 0 vises."
    );
  if (metode === "STOY")
    return (
      "Tallene er justert tilfeldig med noen få opp eller ned av hensyn til personvern, likt hver uke de samme " +
      `personene er med. 1 til ${grense - 1} er vist som «${small(data)}», og noen små tall er vist som 0. Derfor er ` +
      "summen av delene ikke alltid lik totalen. Små endringer fra uke til uke kan være tilfeldige."
    );
  return "Tallene er nøyaktige. Ingen av dem er skjult.";
}

/**
 * How much a cell has changed: a number, a sign where one of the two is not shown, words where the difference may be
 * chance, and null where there is nothing to compare with.
 */
export function changeFrom(kind, cell, data) {
  const before = cell.references[kind];
  if (!before) return null;
  if (cell.value === null || before.value === null) return DOT;
  const change = cell.value - before.value;
  return Math.abs(change) < leastChange(data) ? `under ${written(leastChange(data))}` : change;
}

/** Whether a measure has decimals in a single week. With noise there are whole numbers only. */
export const hasDecimals = (measure, data) => Boolean(MEASURES[measure].decimals) && !hasNoise(data);

/** The least and the most that a number may be as it is shown; null when its sign does not tell. */
export function limits({ value, sign }, data) {
  if (value !== null) return [value, value];
  return sign === small(data) ? [1, data.omTallene.grense - 1] : null;
}
export const isUnits = (dimension) => ["kontor", "region"].includes(dimension);

const USES = [
  ["egne_antall", "Egne personer"],
  ["fra_andre_antall", "Personer fra andre enheter"],
  ["hos_andre_antall", "Egne personer på andres plasser"],
];

export const OFFICES_ELSEWHERE = "Tallene for kontorene er på en egen side for hver region.";
/** Whether the offices are on pages of their own: the page of a country and its regions. */
export const hasOfficesElsewhere = (data) => data.sider.length > 0 && data.enheter.some(([level]) => level === "LAND");

/** Why what is chosen cannot be shown, and what to change; null when it can. `short` is for the list of choices. */
export function problem(state, data) {
  const { x, del, figur, maal } = state;
  const chosen = [x, del].filter(Boolean);
  const keys = keysOf(state);
  const level = state.enhet.split(":")[0];
  const measure = MEASURES[maal];
  const name = (dimension) => DIMENSIONS[dimension].toLowerCase();
  const without = (dimension) => {
    const change = {};
    if (KEYS.includes(dimension)) change[dimension] = null;
    if (x === dimension) change.x = dimension === "tiltak" ? "uke" : "tiltak";
    if (del === dimension || del === change.x) change.del = "";
    return [`Ta bort ${name(dimension)}`, change];
  };
  const answer = (short, text, ...fixes) => ({
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
  const several = keys.find((key) => state[key]?.length > 1 && !chosen.includes(key));
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
  const ofOffices = ["kontor", "bruk", "avdeling"].find((its) => chosen.includes(its) || keys.includes(its));
  if (ofOffices && level !== "KONTOR" && hasOfficesElsewhere(data))
    return answer("kontorene er på egne sider", OFFICES_ELSEWHERE, without(ofOffices));
  if (units && (level === "KONTOR" || (units === "region" && level !== "LAND"))) {
    const whole = data.enheter.find(([at]) => at === "LAND");
    const fixes = whole ? [["Vis hele landet", { enhet: `${whole[0]}:${whole[1]}` }]] : [];
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
    const shown = (fixes) => fixes.filter(([, change]) => isShown({ ...state, ...change }, data));
    const larger = shown(
      units
        ? [without(units)]
        : unitsAbove(data, unitNumber(data, state.enhet)).map((at) => [
            data.enheter[at][0] === "LAND" ? "Vis hele landet" : "Vis regionen",
            { enhet: data.enheter[at].slice(0, 2).join(":") },
          ]),
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
      ...(isTime(x) ? [["Vis som linje", { figur: "linje" }]] : []),
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

const isSingle = (state, data) => state.perioder.every((period) => bounds(period, data)[0] === bounds(period, data)[1]);

/** Which keys the numbers are split by: those on an axis, and those of which only one is shown. */
export const keysOf = (state) => KEYS.filter((key) => state.x === key || state.del === key || state[key] !== null);

/** The level of the units whose numbers are shown. */
function levelOf(state) {
  const units = [state.x, state.del].find(isUnits);
  return units ? units.toUpperCase() : state.enhet.split(":")[0];
}

/** Whether there are numbers by the keys that are chosen, at the level that is shown. */
function isShown(state, data) {
  const { relation, column } = MEASURES[state.maal];
  return data.isShown(relation, column, levelOf(state), Object.fromEntries(keysOf(state).map((key) => [key, 0])));
}

/** The region of an office, and the country, as numbers in `data.enheter`. */
export function unitsAbove(data, unit) {
  const above = data.enheter[unit][3];
  return data.enheter
    .flatMap(([level, number], at) =>
      at !== unit && (level === "LAND" || (level === "REGION" && number === above)) ? [at] : [],
    )
    .reverse();
}

/** The offices or regions under a unit, as numbers in `data.enheter`. */
export function unitsUnder(data, unit, dimension) {
  const [level, number] = data.enheter[unit];
  return data.enheter.flatMap(([itsLevel, itsNumber, , above], at) => {
    if (itsLevel !== dimension.toUpperCase()) return [];
    return level === "LAND" || above === number || itsNumber === number ? [at] : [];
  });
}

/** A name for a unit that no other unit has: a region and its own people may be called the same. */
export function unitName(data, unit) {
  const [level, number, name] = data.enheter[unit];
  const same = data.enheter.filter(([, , itsName], at) => at !== unit && itsName === name && data.isOffered(at));
  if (!same.length) return name;
  if (level === "REGION") return `${name} (hele regionen)`;
  return `${name} (${same.some(([, itsNumber]) => itsNumber === number) ? "regionens egne" : number})`;
}

/** What is along a dimension: each with a key, a label, and what it chooses (weeks, a unit, a key or a column). */
export function members(dimension, state, data, unit, weeks) {
  if (!dimension) return [{ key: "", label: "", choose: {} }];
  if (isTime(dimension)) {
    const found = new Map();
    for (const week of weeks) {
      const of = data.uker[week];
      const { key, label } =
        dimension === "uke"
          ? { key: weekKey(of), label: weekName(of) }
          : dimension === "maaned"
            ? month(of)
            : { key: String(of[2]), label: String(of[2]) };
      if (!found.has(key)) found.set(key, { key, label, choose: { weeks: [] } });
      found.get(key).choose.weeks.push(week);
    }
    return [...found.values()];
  }
  if (isUnits(dimension))
    return unitsUnder(data, unit, dimension).map((at) => ({
      key: data.enheter[at].slice(0, 2).join(":"),
      label: unitName(data, at),
      choose: { unit: at },
    }));
  if (dimension === "bruk") return USES.map(([column, label]) => ({ key: column, label, choose: { column } }));
  const numbers =
    dimension === "avdeling"
      ? data.avdelinger(MEASURES[state.maal].relation, unit)
      : data[dimension].map((_, at) => at);
  return numbers
    .filter((at) => state[dimension]?.includes(data[dimension][at][0]) ?? true)
    .map((at) => ({ key: data[dimension][at][0], label: data[dimension][at][1], choose: { [dimension]: at } }));
}

/** A cell's number over some weeks: their average, or null when one of them is hidden; and how many of them are. */
function average(codes, weeks, scale) {
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
export function weeksBefore(reference, weeks, data) {
  const before = new Set();
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
function reader(state, data) {
  const measure = MEASURES[state.maal];
  const unit = unitNumber(data, state.enhet);
  const whole = {};
  // Several are along an axis, where each cell says which of them it is of.
  for (const key of KEYS)
    if (state[key]?.length === 1) whole[key] = data[key].findIndex(([code]) => code === state[key][0]);
  const cache = new Map();
  return (choose, weeks) => {
    const { unit: at = unit, column = measure.column, weeks: unused, ...keys } = choose;
    const all = { ...whole, ...keys };
    const name = `${at}/${column}/${KEYS.map((key) => all[key]).join("/")}`;
    if (!cache.has(name)) cache.set(name, data.series(measure.relation, column, at, all));
    const { value, hidden } = average(cache.get(name), weeks, data.scale(measure.relation, all));
    const isSmall = hasNoise(data) && !measure.follows && hidden === weeks.length;
    return { value, sign: isSmall ? small(data) : DOT };
  };
}

// A stack, a share or a colour has no place for one more number.
const referencesOf = ({ figur, mot }) => (["soyle", "linje"].includes(figur) ? mot : []);

/** A function that makes the cell of a member along the axis and a part, in the weeks of a period. */
export function cellMaker(state, data) {
  const number = reader(state, data);
  const time = [state.x, state.del].find(isTime);
  return (x, part, weeks) => {
    const choose = { ...x.choose, ...part.choose };
    const its = choose.weeks ?? weeks;
    const isWeekly = time ? time === "uke" : weeks.length === 1;
    const cell = {
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
      const before = (reference === "aar" || isWeekly) && weeksBefore(reference, its, data);
      cell.references[reference] = before ? number(choose, before) : null;
    }
    return cell;
  };
}

/**
 * Everything that figure and table show. Only for choices without a `problem`.
 *
 * parts: what the split shows. references: what is compared with. panels: one for each period,
 * { name, weeks, provisional, xs, parts, cells }, where cells are by x, then by part.
 * cell: { x, part, value (null: not shown), sign (what is shown then), weeks, provisional, share,
 *   references: { uke: {value, sign} | null, aar: ... } }.
 * If it is part of a whole, it also has `whole`: that number, or null.
 */
export function compute(state, data) {
  const unit = unitNumber(data, state.enhet);
  const make = cellMaker(state, data);
  const panels = state.perioder.map((period) => {
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
    panel.cells = panel.xs.map((x) => panel.parts.map((part) => byKey.get(`${x.key}\n${part.key}`)));
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
    isSubset: state[state.del]?.length > 1,
    isStacked: isStack(state) && Boolean(state.del) && !hasNoise(data),
    references: referencesOf(state),
  };
}

/** A part of the whole that is shown; null when one of them is not. */
function share({ value, whole }, data) {
  if (hasNoise(data) && (whole === null || whole < LEAST_BASE)) return null;
  if (value === 0) return 0;
  return value === null || !whole ? null : value / whole;
}

const distinct = (list) => [...new Map(list.map((member) => [member.key, member])).values()];

/**
 * Members in the chosen order, without those that have nobody anywhere, also not in what is compared with: somebody
 * may have left. Time keeps its own order, and all of it.
 */
function arrange(cells, role, dimension, sorting) {
  const found = new Map();
  for (const cell of cells) {
    const member = cell[role];
    const known = found.get(member.key) ?? { member, sum: 0, isThere: false };
    known.sum += cell.value ?? 0;
    known.isThere ||= [cell, ...Object.values(cell.references)].some((its) => its && its.value !== 0);
    found.set(member.key, known);
  }
  const all = [...found.values()];
  const kept = !dimension || isTime(dimension) || dimension === "bruk" ? all : all.filter(({ isThere }) => isThere);
  const byName = (a, b) => collator.compare(a.member.label, b.member.label);
  if (dimension && !isTime(dimension)) {
    if (sorting === "storrelse") kept.sort((a, b) => b.sum - a.sum || byName(a, b));
    if (sorting === "navn") kept.sort(byName);
  }
  return { shown: kept.map(({ member }) => member), absent: all.length - kept.length };
}

/** In words: what is counted, for whom, along what. */
export function describe(state, data) {
  const along = (dimension) => DIMENSIONS[dimension].toLowerCase();
  const only = KEYS.filter((key) => state[key] !== null).map((key) =>
    state[key].length > 1
      ? `${state[key].length} ${PLURALS[key]}`
      : data[key].find(([code]) => code === state[key][0])[1],
  );
  const split = state.del ? `, delt på ${along(state.del)}` : "";
  return {
    title: `${MEASURES[state.maal].label} etter ${along(state.x)}${split}`,
    unit: [unitName(data, unitNumber(data, state.enhet)), ...only].join(", "),
  };
}
