// The figure in words: its numbers, what 100 % is, what a reader has to know, and all of it in a few sentences.

import type { Data } from "./data.ts";
import { MEASURES } from "./measures.ts";
import type { About } from "./packed.ts";
import {
  type Cell,
  DIMENSIONS,
  describe,
  hasNoise,
  isTime,
  isUnits,
  LEAST_BASE,
  PLURALS,
  REFERENCES,
  type Result,
  shown,
  signs,
} from "./query.ts";
import type { Dimension, State } from "./state.ts";
import { capital, DOT, INTERNAL, moment, number, percent } from "./text.ts";

export const amount = (value: number, result: Result) =>
  result.inPercent ? percent(value) : number(value, result.decimals);
export const sign = (cell: Cell, result: Result) => (result.inPercent ? DOT : cell.sign);
export const written = (cell: Cell, result: Result) => {
  const value = shown(cell, result);
  return value === null ? sign(cell, result) : amount(value, result);
};

const each = (dimension: Dimension) =>
  `for ${["kontor", "aar"].includes(dimension) ? "hvert" : "hver"} ${DIMENSIONS[dimension].toLowerCase()}`;

/** What 100 % is. */
export function hundred(state: State) {
  const { all } = MEASURES[state.maal];
  if (!state.del) return `Andel av ${all} i alt`;
  return `Andel av ${all} ${each(state.x)}`;
}

const AVERAGE: Record<About["metode"], string> = {
  STOY: "Er tallet for lite i én av ukene, vises ikke gjennomsnittet.",
  PRIKKING: "Er én av ukene prikket, er gjennomsnittet også det.",
  INTERN: "",
};

/** What a reader needs to read the figure rightly, and the time of the numbers. */
export const notes = (result: Result, state: State, data: Data) => [
  ...remarks(result, state, data),
  `Uttrekk: ${moment(data.omTallene.uttrekk)}.`,
];

/** Sentences that a reader needs to read the numbers rightly. */
export function remarks(result: Result, state: State, data: Data) {
  const average = "Tallene er gjennomsnitt per uke, siden de samme personene er der uke etter uke.";
  return [
    ...(result.averaged ? [`${average} ${AVERAGE[data.omTallene.metode]}`] : []),
    ...aboutParts(result, state, data),
    ...aboutTime(result, state),
    ...aboutAbsent(result, state, data),
    ...(data.omTallene.metode === "INTERN" ? [INTERNAL] : []),
  ];
}

/** What the figure looks like that a reader has to know before reading it. */
export function aboutFigure(result: Result, state: State, { start, isSmall }: { start: number; isSmall: boolean }) {
  const unit = result.inPercent ? hundred(state) : MEASURES[state.maal].unit;
  return [
    ...(isSmall ? [`${unit}. Hver del har sin egen figur, alle på samme skala.`] : []),
    ...(isSmall && isTime(state.x) && result.panels.some(({ provisional }) => provisional)
      ? ["Foreløpige uker er skyggelagt."]
      : []),
    ...(start ? [`Aksen begynner på ${number(start)}, ikke på 0.`] : []),
  ];
}

/** How parts go into the whole. */
function aboutParts(result: Result, state: State, data: Data) {
  const measure = MEASURES[state.maal];
  const isExact = measure.exact.includes(state.del || state.x);
  const along = [state.x, state.del];
  const found = [];
  if (result.inPercent) {
    found.push(`100 % er alle ${measure.label.toLowerCase()} ${state.del ? each(state.x) : "i alt"}.`);
    if (!isExact) found.push("En person kan være i flere av delene, så delene kan til sammen bli mer enn 100 %.");
    if (hasNoise(data))
      found.push(`Andeler vises ikke når tallet er for lite, eller når 100 % er færre enn ${LEAST_BASE}.`);
    else if (result.cells.some((cell) => cell.share === null))
      found.push("Andelen av det som er prikket, kan ikke vises. Der det mangler, er søylen merket som ufullstendig.");
  }
  if (state.figur === "stablet" && result.isStacked && !isExact)
    found.push("En person kan være i flere av delene. En hel stabel kan derfor være mer enn antallet personer.");
  if (result.isStacked && !result.isSubset && result.cells.some(({ whole }) => typeof whole === "number"))
    found.push("Totalen ved hver stabel er telt for seg. Den er ikke en sum av delene.");
  if (along.some(isUnits))
    found.push("Delene kan til sammen bli mindre enn det hele: noen er på enheter som ikke vises for seg.");
  if (hasNoise(data) && along.some((dimension) => dimension && !isTime(dimension)))
    found.push("Tallene summerer ikke alltid til totalen.");
  return found;
}

/** Weeks that may change, and comparisons that go too far back. */
function aboutTime(result: Result, state: State) {
  const found = [];
  if (isTime(state.x) && result.panels.some((panel) => panel.provisional)) found.push("Foreløpige uker kan endre seg.");
  else if (result.panels.some((panel) => panel.provisional))
    found.push("Perioden har foreløpige uker, som kan endre seg.");
  for (const reference of result.references)
    if (result.cells.every((cell) => !cell.references[reference]))
      found.push(
        reference === "uke" && result.averaged
          ? "Uken før vises bare når hvert tall gjelder én uke."
          : `${REFERENCES[reference]}: statistikken har ikke tall så langt tilbake.`,
      );
  return found;
}

function aboutAbsent(result: Result, state: State, data: Data) {
  const absent = [
    [result.absent.x, state.x],
    [result.absent.part, state.del],
  ] as const;
  return absent.flatMap(([count, dimension]) =>
    count && dimension && !isTime(dimension) && dimension !== "bruk"
      ? `Ikke vist: ${PLURALS[dimension]} ${hasNoise(data) ? "med 0" : "uten noen"} i perioden (${count}).`
      : [],
  );
}

/** The figure in words: what is highest, lowest and last. */
export function summary(result: Result, state: State, data: Data) {
  const { title, unit } = describe(state, data);
  const known = result.cells.filter((cell) => shown(cell, result) !== null);
  const named = (cell: Cell) => {
    const panel =
      result.panels.length > 1 ? result.panels.find((one) => one.cells.some((row) => row.includes(cell)))?.name : "";
    const label = [cell.x.label, cell.part.label, panel].filter(Boolean).join(", ");
    return `${label} (${written(cell, result)})`;
  };
  const sentences = [`${title}. ${unit}. ${result.panels.map((panel) => panel.name).join("; ")}.`];
  if (known.length > 1) {
    const size = (cell: Cell) => shown(cell, result) ?? 0;
    const most = known.reduce((a, b) => (size(b) > size(a) ? b : a));
    const least = known.reduce((a, b) => (size(b) < size(a) ? b : a));
    sentences.push(`Høyest: ${named(most)}. Lavest: ${named(least)}.`);
  }
  if (known.length > 1 && isTime(state.x) && !state.del)
    sentences.push(
      `${known.at(-1) === result.cells.at(-1) ? "Sist" : "Siste tall som vises"}: ${named(known[known.length - 1])}.`,
    );
  if (known.length === 1) sentences.push(`${capital(named(known[0]))}.`);
  for (const [its, [, text]] of Object.entries(signs(data))) {
    const count = result.cells.filter((cell) => shown(cell, result) === null && sign(cell, result) === its).length;
    if (count) sentences.push(`${count} av ${result.cells.length} tall ${text}.`);
  }
  return sentences.join(" ");
}
