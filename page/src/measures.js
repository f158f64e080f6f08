// What can be shown, in the order of the menu. A column that the page does not have yet is named in RELATIONS
// (src/tiltaksstatistikk/export/page.py).

import { KEYS } from "./data.js";

// `exact`: dimensions whose parts add up to the whole. Over the others a person may be in several parts.
// `follows`: hidden where another number is small, so that it may be larger itself.
export const MEASURES = {
  personer: {
    label: "Personer på tiltak",
    unit: "Personer",
    relation: "deltakelse",
    column: "person_antall",
    keys: KEYS,
    exact: ["innsats", "avdeling"],
  },
  deltakelser: {
    label: "Deltakelser på tiltak",
    unit: "Deltakelser",
    relation: "deltakelse",
    column: "deltakelse_antall",
    keys: KEYS,
    exact: ["tiltak", "innsats", "avdeling", "kontor", "region"],
    follows: true,
  },
  venter: {
    label: "Personer som venter på tiltak",
    unit: "Venter",
    relation: "venteliste",
    column: "vent_antall",
    keys: KEYS,
    exact: ["tiltak", "innsats", "avdeling", "kontor", "region"],
  },
  plasser: {
    label: "Tiltaksplasser i bruk",
    unit: "Plasser",
    relation: "kapasitet",
    column: "plass_antall",
    keys: ["tiltak"],
    exact: ["tiltak", "kontor", "region"],
    decimals: true,
    follows: true,
  },
  kapasitet: {
    label: "Deltakelser på enhetens plasser",
    unit: "Deltakelser",
    relation: "kapasitet",
    column: "deltakelse_antall",
    keys: ["tiltak"],
    exact: ["tiltak", "kontor", "region"],
    decimals: true,
  },
};
