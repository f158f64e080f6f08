// What the numbers of the table are: what is counted, of whom and when, what the signs mean, and where it is from.

import { CODES, isoWeek, unitNumberOf } from "./codes.ts";
import { type Data, KEYS } from "./data.ts";
import type { Grid } from "./grid.ts";
import { MEASURES } from "./measures.ts";
import { DIMENSIONS, describe, explanation, type Panel, type Result, unitName } from "./query.ts";
import { explained, type Sheet } from "./sheet.ts";
import { type Dimension, type State, unitNumber } from "./state.ts";
import { moment, weekKey } from "./text.ts";
import { remarks } from "./words.ts";

export type AboutRow = [name: string, text: string];

/** A table, and what it is of. */
export interface Subject {
  result: Result;
  state: State;
  content: Sheet;
}

const DEFINED: Partial<Record<Dimension, string>> = {
  uke: "ISO-uken, fra mandag til søndag.",
  maaned: "Ukene som har torsdagen sin i måneden.",
  aar: "ISO-året: ukene som har torsdagen sin i året.",
};

export const source = (data: Data) =>
  `Nav, Arbeidsmarkedstiltak uke for uke. Publisert ${moment(data.omTallene.publisert)}.`;

export const titleOf = ({ state }: Subject, data: Data) => {
  const { title, unit } = describe(state, data);
  return `${title}, ${unit}`;
};

/** The name of a file: what it is of, and its weeks. */
export function nameOf(result: Result, state: State, data: Data) {
  const { title, unit } = describe(state, data);
  const spans = result.panels.map(({ weeks }) =>
    [...new Set([weeks[0], weeks[weeks.length - 1]])].map((week) => weekKey(data.uker[week])).join("-"),
  );
  const words = [title, unit, ...spans].join(" ").toLowerCase();
  const name = words.replace(/[^a-z0-9æøå]+/g, "-").replace(/^-|-$/g, "");
  return data.omTallene.metode === "INTERN" ? `intern-${name}` : name;
}

export function about(subject: Subject, data: Data, address: string): AboutRow[] {
  const { result, state, content } = subject;
  const measure = MEASURES[state.maal];
  const isEmpty = content.rows.flat().includes(null);
  return [
    ["Innhold", titleOf(subject, data)],
    ...unitOf(state, data),
    ...chosen(state, data),
    ...result.panels.flatMap((panel) => timeOf(panel, data)),
    [measure.label, measure.definition],
    ...defined(subject),
    ["Personvern", explanation(data)],
    ...explained(content, data),
    ...(isEmpty ? [["Tom celle", "Statistikken har ikke noe å sammenligne med."] as AboutRow] : []),
    ...remarks(result, state, data).map((note): AboutRow => ["Merknad", note]),
    ["Uttrekk", moment(data.omTallene.uttrekk)],
    ["Kilde", source(data)],
    ["Lenke", address],
  ];
}

function unitOf({ enhet }: State, data: Data): AboutRow[] {
  const at = unitNumber(data, enhet);
  const isCountry = data.enheter[at][0] === "LAND";
  return [["Enhet", unitName(data, at)], ...(isCountry ? [] : [["Enhetsnummer", unitNumberOf(enhet)] as AboutRow])];
}

/** What only some are shown of, with their codes. */
function chosen(state: State, data: Data): AboutRow[] {
  return KEYS.flatMap((key) =>
    (state[key] ?? []).map((code): AboutRow => {
      const name = data[key].find(([its]) => its === code)?.[1] ?? "";
      return [`Bare ${DIMENSIONS[key].toLowerCase()}`, CODES[key].length ? `${name} (${code})` : name];
    }),
  );
}

function timeOf({ name, weeks }: Panel, data: Data): AboutRow[] {
  const [first, last] = [data.uker[weeks[0]], data.uker[weeks[weeks.length - 1]]];
  const isos = [...new Set([isoWeek(first), isoWeek(last)])].join(" til ");
  return [["Periode", `${name}: ${first[0]} til ${last[1]} (${isos})`]];
}

function defined({ state, content }: Subject): AboutRow[] {
  const along = [state.x, state.del].filter((its) => its !== "");
  const hasWhole = content.wholes > 0 || content.columns.some((column) => column.isWhole);
  return [
    ...along.flatMap((its): AboutRow[] => (DEFINED[its] ? [[DIMENSIONS[its], DEFINED[its]]] : [])),
    ...(hasWhole ? [["I alt", "Et tall for seg, og ikke summen av radene eller kolonnene."] as AboutRow] : []),
  ];
}

/** The codes of what is across, for a file that has one line of header. */
export function columnCodes({ columns, codes }: Grid): AboutRow[] {
  const found = columns.flatMap(({ label, group, codes: its }): AboutRow[] =>
    its.some(Boolean) ? [[group || label, codes.map((name, at) => `${name} ${its[at]}`).join(", ")]] : [],
  );
  return [...new Map(found)].map(([name, text]) => [`Kolonne: ${name}`, text]);
}
