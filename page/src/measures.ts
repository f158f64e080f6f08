// What can be shown, in the order of the menu. A column that the page does not have yet is named in RELATIONS
// (src/tiltaksstatistikk/export/page.py) and in `Column` (packed.ts).

import { KEYS } from "./data.ts";
import type { Column, Key, Relation } from "./packed.ts";
import type { Dimension } from "./state.ts";

interface Measure {
  label: string;
  /** Its numbers, where a table or an axis is named. */
  unit: string;
  /** Who or what is counted, for a reader. */
  definition: string;
  /** All of them, in a sentence about percentages. */
  all: string;
  relation: Relation;
  column: Column;
  keys: Key[];
  /** Dimensions whose parts add up to the whole. Over the others a person may be in several parts. */
  exact: Dimension[];
  decimals?: boolean;
  /** Hidden where another number is small, so that it may be larger itself. */
  follows?: boolean;
}

const MENU = {
  personer: {
    label: "Personer på tiltak",
    unit: "Personer",
    definition:
      "Ulike personer som er på tiltak minst én dag i uken. Den som er på flere tiltak, er med én gang i totalen.",
    all: "personene",
    relation: "deltakelse",
    column: "person_antall",
    keys: KEYS,
    exact: ["innsats", "avdeling"],
  },
  deltakelser: {
    label: "Deltakelser på tiltak",
    unit: "Deltakelser",
    definition: "Deltakelser som er aktive minst én dag i uken. Den samme personen kan ha flere.",
    all: "deltakelsene",
    relation: "deltakelse",
    column: "deltakelse_antall",
    keys: KEYS,
    exact: ["gruppe", "tiltak", "innsats", "avdeling", "kontor", "region"],
    follows: true,
  },
  venter: {
    label: "Personer som venter på tiltak",
    unit: "Venter",
    definition:
      "Personer som er registrert på et tiltak, men ikke har startet. Den som venter på flere tiltakstyper, er med " +
      "én gang for hver av dem.",
    all: "de som venter",
    relation: "venteliste",
    column: "vent_antall",
    keys: KEYS,
    exact: ["gruppe", "tiltak", "innsats", "avdeling", "kontor", "region"],
  },
  plasser: {
    label: "Tiltaksplasser i bruk",
    unit: "Plasser",
    definition:
      "Plassene deltakelsene bruker. En deltakelse på halv tid bruker en halv plass. Plassene hører til kontoret " +
      "som eier dem.",
    all: "plassene i bruk",
    relation: "kapasitet",
    column: "plass_antall",
    keys: ["gruppe", "tiltak"],
    exact: ["gruppe", "tiltak", "kontor", "region"],
    decimals: true,
    follows: true,
  },
  kapasitet: {
    label: "Deltakelser på enhetens plasser",
    unit: "Deltakelser",
    definition:
      "Deltakelser på plassene kontoret eier, også av personer andre kontorer følger opp. Eier flere en plass, er " +
      "den delt likt på dem.",
    all: "deltakelsene på plassene",
    relation: "kapasitet",
    column: "deltakelse_antall",
    keys: ["gruppe", "tiltak"],
    exact: ["gruppe", "tiltak", "kontor", "region"],
    decimals: true,
  },
} satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MENU;
export const MEASURES: Record<MeasureName, Measure> = MENU;
