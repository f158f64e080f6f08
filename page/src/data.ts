// Unpacks the data that tiltaksstatistikk/export/page.py packed, and finds series in it. A series is one cell of one
// unit in all weeks: 0 is nobody, 1 is suppressed, and n + 1 is n (times the scale of the relation).

import type { Block, Column, Header, Key, Level, Relation } from "./packed.ts";
import { namesOf } from "./typed.ts";

export const SUPPRESSED = 1;
const WORDS: Record<Key, string> = {
  gruppe: "TILTAKSGRUPPE",
  tiltak: "TILTAKSTYPE",
  innsats: "INNSATSGRUPPE",
  avdeling: "AVDELING",
};
const COLUMNS: Record<Key, string> = {
  gruppe: "tiltaksgruppe_kode",
  tiltak: "tiltakskode",
  innsats: "innsatsgruppe_kode",
  avdeling: "avdeling_navn",
};
export const KEYS = namesOf(WORDS);

/** What numbers are split by: the number of the one that is meant, by dimension. */
export type Keys = Partial<Record<Key, number>>;

export interface Data extends Header {
  /** Whether units of a level have numbers by these keys. If nobody is there at all, there are no rows to tell by. */
  isShown(relation: Relation, column: Column, level: Level, keys: Keys): boolean;
  /** Whether a unit can be chosen: some offices only have places, which others' people use. */
  isOffered(unit: number): boolean;
  /** One number for each week, or null where there is nobody in any of them, or no such column. */
  series(relation: Relation, column: Column, unit: number, keys: Keys): Int32Array | null;
  scale(relation: Relation, keys: Keys): number;
  /** The avdelinger that a unit has in a relation, in any week. */
  avdelinger(relation: Relation, unit: number): number[];
}

export async function unpack(base64: string): Promise<Data> {
  const text = atob(base64);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const raw = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(raw.buffer).getUint32(0, true);
  const header: Header = JSON.parse(new TextDecoder().decode(raw.subarray(4, 4 + length)));
  return prepare(header, raw.subarray(4 + length));
}

/** Fills `numbers` from the differences at `at`, and returns where the next series begins. */
function decode(bytes: Uint8Array, at: number, numbers: Int32Array) {
  const next = () => {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      number |= (byte & 127) << shift;
      if (byte < 128) return number;
    }
  };
  let value = 0;
  for (let filled = 0; filled < numbers.length; ) {
    const token = next();
    const count = token === 0 ? next() : 1;
    value += (token >>> 1) ^ -(token & 1);
    numbers.fill(value, filled, filled + count);
    filled += count;
  }
  return at;
}

type Range = [from: number, to: number];

/** A block's series: their keys, which of them each unit has, and where the numbers of each are. */
class Series {
  readonly block: Block;
  readonly #bytes: Uint8Array;
  readonly #weeks: number;
  readonly #starts = new Map<Column, Int32Array>();
  #index: { keys: [Key, Int32Array][]; ranges: Map<number, Range> } | undefined;

  constructor(block: Block, bytes: Uint8Array, weeks: number) {
    this.block = block;
    this.#bytes = bytes;
    this.#weeks = weeks;
  }

  /** Found when it is first asked for, since most blocks never are. */
  get index() {
    if (this.#index) return this.#index;
    const ranges = new Map<number, Range>();
    this.#ofSeries("enhet").forEach((unit, series) => {
      const range = ranges.get(unit);
      if (range) range[1] = series + 1;
      else ranges.set(unit, [series, series + 1]);
    });
    const keys = KEYS.filter((key) => COLUMNS[key] in this.block.kolonner);
    this.#index = { keys: keys.map((key) => [key, this.#ofSeries(COLUMNS[key])]), ranges };
    return this.#index;
  }

  /** The numbers of a series, in all weeks. */
  read(column: Column, series: number): Int32Array {
    const numbers = new Int32Array(this.#weeks);
    decode(this.#bytes, this.#startsOf(column)[series], numbers);
    const minus = this.block.kolonner[column][2];
    if (minus)
      this.read(minus, series).forEach((number, week) => {
        numbers[week] += number;
      });
    return numbers;
  }

  #ofSeries(column: string) {
    const numbers = new Int32Array(this.block.antall);
    decode(this.#bytes, this.block.kolonner[column][0], numbers);
    return numbers;
  }

  #startsOf(column: Column) {
    const known = this.#starts.get(column);
    if (known) return known;
    const places = new Int32Array(this.block.antall);
    const unused = new Int32Array(this.#weeks);
    let at = this.block.kolonner[column][0];
    for (let series = 0; series < places.length; series++) {
      places[series] = at;
      at = decode(this.#bytes, at, unused);
    }
    this.#starts.set(column, places);
    return places;
  }
}

/** Two tiltakstyper may be called the same: then the code is in the name too. */
function tellApart(header: Header) {
  for (const list of [header.gruppe, header.tiltak, header.innsats]) {
    const names = list.map(([, name]) => name);
    for (const entry of list)
      if (names.indexOf(entry[1]) !== names.lastIndexOf(entry[1])) entry[1] = `${entry[1]} (${entry[0]})`;
  }
}

/** The blocks of all relations, and questions about them. */
function opened(header: Header, bytes: Uint8Array) {
  const blocks = new Map(
    header.blokker.map((block) => [
      `${block.relasjon}/${block.gruppering}`,
      new Series(block, bytes, header.uker.length),
    ]),
  );
  return {
    of(relation: Relation, keys: Keys) {
      const words = KEYS.filter((key) => key in keys).map((key) => WORDS[key]);
      return blocks.get(`${relation}/${words.join("_") || "INGEN"}`);
    },
    /** Whether some unit of those that `isAsked` names has a number that is not 0. */
    hasAnyone(relation: Relation, column: Column, isAsked: (unit: number) => boolean) {
      const hasNumber = (found: Series, [from, to]: Range) =>
        Array.from({ length: to - from }, (_, at) => found.read(column, from + at)).some((numbers) =>
          numbers.some(Boolean),
        );
      return [...blocks.values()].some(
        (found) =>
          found.block.relasjon === relation &&
          column in found.block.kolonner &&
          [...found.index.ranges].some(([unit, range]) => isAsked(unit) && hasNumber(found, range)),
      );
    },
  };
}

type Blocks = ReturnType<typeof opened>;

function shownBy(header: Header, blocks: Blocks): Data["isShown"] {
  const known = new Map<string, boolean>();
  return (relation, column, level, keys) => {
    const found = blocks.of(relation, keys);
    const isOfLevel = (unit: number) => header.enheter[unit][0] === level;
    const name = `${relation}/${column}/${level}/${found?.block.gruppering}`;
    const answer =
      known.get(name) ??
      ((found && [...found.index.ranges.keys()].some(isOfLevel)) || !blocks.hasAnyone(relation, column, isOfLevel));
    known.set(name, answer);
    return answer;
  };
}

function prepare(header: Header, bytes: Uint8Array): Data {
  tellApart(header);
  const blocks = opened(header, bytes);
  const isShown = shownBy(header, blocks);
  const offered = header.enheter.map(
    ([level], at) =>
      level !== "KONTOR" ||
      blocks.hasAnyone("deltakelse", "person_antall", (unit) => unit === at) ||
      blocks.hasAnyone("venteliste", "vent_antall", (unit) => unit === at),
  );
  return {
    ...header,
    isShown,
    isOffered: (unit) => Boolean(offered[unit]),
    series(relation, column, unit, keys) {
      const level = header.enheter[unit][0];
      if (!isShown(relation, column, level, keys))
        throw new Error(`Not shown: ${relation} of ${level} by ${Object.keys(keys).join(", ")}`);
      const found = blocks.of(relation, keys);
      const isThere = found && column in found.block.kolonner;
      const [from, to] = (isThere && found.index.ranges.get(unit)) || [0, 0];
      for (let series = from; series < to; series++)
        if (found?.index.keys.every(([key, numbers]) => numbers[series] === keys[key]))
          return found.read(column, series);
      return null;
    },
    scale: (relation, keys) => blocks.of(relation, keys)?.block.skala ?? 1,
    avdelinger(relation, unit) {
      const found = blocks.of(relation, { avdeling: 0 });
      const range = found?.index.ranges.get(unit);
      return found && range ? [...found.index.keys[0][1].subarray(...range)] : [];
    },
  };
}
