// A small invented world, packed as src/tiltaksstatistikk/export/page.py packs it, and unpacked as the page does.

import { type Data, unpack } from "../src/data.ts";
import type { Block, Column, Entry, Header, Key, Relation, Unit, Week } from "../src/packed.ts";
import { defaults, type State } from "../src/state.ts";
import { entriesOf, namesOf } from "../src/typed.ts";

/** A number for each week, or one for all of them; null is not shown. */
type Numbers = number | null | (number | null)[];
export interface Series extends Partial<Record<Key, string>> {
  relasjon?: Relation;
  /** As the address has it. */
  enhet: string;
  numbers: Partial<Record<Column, Numbers>>;
}

export interface World {
  metode: Header["omTallene"]["metode"];
  /** The Monday of the first week, and how many there are. */
  start: string;
  weeks: number;
  provisional: number;
  /** How many weeks were over before the first extract. */
  early: number;
  enheter: Unit[];
  gruppe: Entry[];
  tiltak: Entry[];
  innsats: Entry[];
  avdeling: Entry[];
  revisjon: Header["revisjon"];
  sider: Header["sider"];
  series: Series[];
}

export const LAND: Unit = ["LAND", "ALLE", "Hele landet", null];
export const REGION: Unit = ["REGION", "0300", "Nav Øst", null];
export const OTHER_REGION: Unit = ["REGION", "0400", "Nav Vest", null];
export const KONTOR: Unit = ["KONTOR", "0301", "Nav Alna", "0300"];
export const OTHER_KONTOR: Unit = ["KONTOR", "0302", "Nav Bjerke", "0300"];

const DEFAULT: World = {
  metode: "PRIKKING",
  start: "2026-01-05",
  weeks: 3,
  provisional: 0,
  early: 0,
  enheter: [LAND, REGION, OTHER_REGION, KONTOR, OTHER_KONTOR],
  gruppe: [
    ["G", "Opplæring og avklaring"],
    ["H", "Tilrettelegging"],
  ],
  tiltak: [
    ["A", "Avklaring"],
    ["B", "Opplæring"],
    ["C", "Mentor"],
  ],
  innsats: [
    ["STANDARD", "Standardinnsats"],
    ["VARIG", "Varig tilpasset innsats"],
  ],
  avdeling: [
    ["Ung", "Ung"],
    ["Øst 2", "Øst 2"],
    ["Øst 10", "Øst 10"],
  ],
  revisjon: [],
  sider: [],
  series: ["KONTOR:0301", "KONTOR:0302"].map((enhet) => ({ enhet, numbers: { person_antall: 10 } })),
};

const LIMIT = { PRIKKING: 5, STOY: 5, INTERN: null };
const WORDS: Record<Key, [word: string, column: string]> = {
  gruppe: ["TILTAKSGRUPPE", "tiltaksgruppe_kode"],
  tiltak: ["TILTAKSTYPE", "tiltakskode"],
  innsats: ["INNSATSGRUPPE", "innsatsgruppe_kode"],
  avdeling: ["AVDELING", "avdeling_navn"],
};
const SCALE: Record<Relation, number> = { deltakelse: 1, venteliste: 1, kapasitet: 100 };
const MINUS: Partial<Record<Relation, [column: Column, minus: Column]>> = {
  deltakelse: ["deltakelse_antall", "person_antall"],
  kapasitet: ["deltakelse_antall", "plass_antall"],
};

export async function world(changes: Partial<World> = {}): Promise<Data> {
  const given = { ...DEFAULT, ...changes };
  const bytes: number[] = [];
  const header: Header = {
    omTallene: {
      uttrekk: "2026-01-26T04:30",
      publisert: "2026-01-26T06:05",
      metode: given.metode,
      grense: LIMIT[given.metode],
    },
    uker: weeksOf(given),
    enheter: given.enheter,
    // Names may be told apart in place.
    gruppe: structuredClone(given.gruppe),
    tiltak: structuredClone(given.tiltak),
    innsats: structuredClone(given.innsats),
    avdeling: given.avdeling,
    blokker: groupings(given.series).map((series) => packed(series, given, bytes)),
    revisjon: given.revisjon,
    sider: given.sider,
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(new Uint32Array([text.length]).buffer);
  const stream = new Blob([length, text, new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream("gzip"));
  const zipped = new Uint8Array(await new Response(stream).arrayBuffer());
  return unpack(btoa(String.fromCharCode(...zipped)));
}

/** What is chosen when the page opens, with some of it changed. */
export const chosen = (data: Data, changes: Partial<State> = {}): State => ({ ...defaults(data), ...changes });

function weeksOf({ start, weeks, provisional, early }: World): Week[] {
  return Array.from({ length: weeks }, (_, at) => {
    const day = (after: number) => new Date(Date.parse(start) + (7 * at + after) * 86_400_000);
    const written = (date: Date) => date.toISOString().slice(0, 10);
    const thursday = day(3);
    const year = thursday.getUTCFullYear();
    const number = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000));
    return [written(day(0)), written(day(6)), year, number, at >= weeks - provisional ? 1 : 0, at < early ? 1 : 0];
  });
}

const keysOf = (series: Series) => namesOf(WORDS).filter((key) => key in series);
const groupingOf = (series: Series) =>
  keysOf(series)
    .map((key) => WORDS[key][0])
    .join("_") || "INGEN";
const relationOf = ({ relasjon = "deltakelse" }: Series) => relasjon;

function groupings(all: Series[]) {
  const found = new Map<string, Series[]>();
  for (const series of all) {
    const name = `${relationOf(series)}/${groupingOf(series)}`;
    found.set(name, [...(found.get(name) ?? []), series]);
  }
  return [...found.values()];
}

function packed(series: Series[], given: World, bytes: number[]): Block {
  const unitOf = ({ enhet }: Series) => given.enheter.findIndex(([level, number]) => `${level}:${number}` === enhet);
  const codeOf = (one: Series, key: Key) => given[key].findIndex(([code]) => code === one[key]);
  const ordered = series.toSorted((a, b) => unitOf(a) - unitOf(b));
  const [first] = ordered;
  const relation = relationOf(first);
  const block: Block = {
    relasjon: relation,
    gruppering: groupingOf(first),
    antall: ordered.length,
    skala: SCALE[relation],
    kolonner: {},
  };
  const add = (column: string, rows: number[][], minus: Column | null = null) => {
    const stored = rows.flatMap(encoded);
    block.kolonner[column] = [bytes.length, stored.length, minus];
    bytes.push(...stored);
  };
  add("enhet", [ordered.map(unitOf)]);
  for (const key of keysOf(first)) add(WORDS[key][1], [ordered.map((one) => codeOf(one, key))]);
  const codes = (one: Series, column: Column) => {
    const { [column]: numbers = 0 } = one.numbers;
    return Array.from({ length: given.weeks }, (_, week) => {
      const number = Array.isArray(numbers) ? numbers[week] : numbers;
      return number === null ? 1 : number === 0 ? 0 : Math.round(number * block.skala) + 1;
    });
  };
  const [follower, followed] = MINUS[relation] ?? [];
  for (const [column] of entriesOf(first.numbers)) {
    const minus = column === follower && followed && followed in first.numbers ? followed : null;
    const difference = (one: Series) =>
      codes(one, column).map((code, week) => code - (minus ? codes(one, minus)[week] : 0));
    add(column, ordered.map(difference), minus);
  }
  return block;
}

/** The differences from one number to the next, as page.py's `encode` writes them. */
function encoded(row: number[]) {
  const written: number[] = [];
  const write = (number: number) => {
    let rest = number;
    for (; rest > 127; rest >>>= 7) written.push((rest & 127) | 128);
    written.push(rest);
  };
  for (let at = 0; at < row.length; at++) {
    const difference = row[at] - (row[at - 1] ?? 0);
    write(difference < 0 ? -2 * difference - 1 : 2 * difference);
    if (difference !== 0) continue;
    let run = 1;
    while (row[at + 1] === row[at]) [run, at] = [run + 1, at + 1];
    write(run);
  }
  return written;
}
