// What src/tiltaksstatistikk/export/page.py packs into the page: the header, as JSON, of the columns after it.

export type Level = "LAND" | "REGION" | "KONTOR";
export type Relation = "deltakelse" | "venteliste" | "kapasitet";
/** The dimensions that a relation is split by. */
export type Key = "gruppe" | "tiltak" | "innsats" | "avdeling";
/** The columns of numbers in `RELATIONS` there. */
export type Column =
  | "person_antall"
  | "deltakelse_antall"
  | "vent_antall"
  | "ventedager_median"
  | "ventedager_maks"
  | "plass_antall"
  | "egne_antall"
  | "fra_andre_antall"
  | "hos_andre_antall";

export type Week = [
  start: string,
  end: string,
  year: number,
  number: number,
  isProvisional: 0 | 1,
  isBeforeFirstExtract: 0 | 1,
];
export type Unit = [level: Level, number: string, name: string, above: string | null];
export type Entry = [code: string, name: string];

export interface About {
  /** Times to the minute, in Oslo. */
  uttrekk: string;
  publisert: string;
  metode: "PRIKKING" | "STOY" | "INTERN";
  /** Numbers under this are hidden, or shown as a range; null if the numbers are exact. */
  grense: number | null;
}

/** The place of a column from the end of the header, its length, and the column that it is the difference from. */
export type Place = [at: number, length: number, minus: Column | null];

export interface Block {
  relasjon: Relation;
  /** `INGEN`, or words of the keys with `_` between. */
  gruppering: string;
  /** How many series there are. */
  antall: number;
  skala: number;
  /** Columns of numbers, and the columns that say which unit and keys each series is of. */
  kolonner: Record<string, Place>;
}

export interface Header {
  omTallene: About;
  uker: Week[];
  enheter: Unit[];
  gruppe: Entry[];
  tiltak: Entry[];
  innsats: Entry[];
  avdeling: Entry[];
  blokker: Block[];
  /** Of the newest weeks: how many people the cells had at first and have now, and how much they changed in all. */
  revisjon: [unit: number, week: number, first: number, now: number, moved: number][];
  /** The other pages: the file's name, and what it is called. */
  sider: [file: string, name: string][];
}
