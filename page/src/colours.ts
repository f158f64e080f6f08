// The colours of the figure. A part has its colour by its code, whatever else is shown: the same tiltakstype has the
// same colour in every unit and period, and on every page.

import { type Data, KEYS } from "./data.ts";
import type { Key } from "./packed.ts";
import { type Along, isTime, isUnits, isUnknown, type Member, members, unitKey } from "./query.ts";
import { type State, unitNumber } from "./state.ts";
import { isOneOf } from "./typed.ts";

// Colours in Aksel's manner, each with at least 3:1 against the background of its theme. `unknown` is no part's but the
// unknown. Background and texts are Aksel's tokens, in numbers: a figure that is taken out has no style sheet.
export const THEMES = {
  light: {
    background: "#ffffff",
    text: "#202733",
    subtle: "#49515e",
    line: "#cfd3d8",
    shade: "#eceef0",
    unknown: "#6a6f77",
    heat: ["#e6f0ff", "#00347d"],
    parts: [
      "#0067c5",
      "#c77300",
      "#06893a",
      "#634689",
      "#c30000",
      "#368da8",
      "#7f8900",
      "#c2308f",
      "#8f4700",
      "#005b82",
    ],
  },
  dark: {
    background: "#0e151f",
    text: "#dfe1e5",
    subtle: "#a5acb6",
    line: "#4d5560",
    shade: "#212a36",
    unknown: "#b0b6bd",
    heat: ["#1d2b42", "#99c4ff"],
    parts: [
      "#66a5f4",
      "#ffaa33",
      "#66c786",
      "#c0a4e8",
      "#ff8a8a",
      "#4fc3e8",
      "#c1cb33",
      "#ff9ed8",
      "#d8a878",
      "#9be1f5",
    ],
  },
};
export type Theme = keyof typeof THEMES;
export type Colours = (typeof THEMES)[Theme];

// The open page and the internal one have different lists of codes, and both grow. These places stay: a new code is
// added at the end. The first ten have each their own colour, so the most common tiltakstyper are first.
const PLACES: Record<string, string[]> = {
  tiltak: [
    "ARBEIDSFORBEREDENDE_TRENING",
    "VARIG_TILRETTELAGT_ARBEID_SKJERMET",
    "ARBEIDSTRENING",
    "OPPFOLGING",
    "MIDLERTIDIG_LONNSTLSKUDD",
    "VARIG_LONNSTILSKUD",
    "ARBEIDSRETTET_REHABILITERING",
    "ARBEIDSMARKEDSOPPLAERING",
    "FAG_OG_YRKESOPPLAERING",
    "INKLUDERINGSTILSKUD",
    "MENTOR",
    "AVKLARING",
    "INDIVIDUELL_JOBBSTOTTE",
    "VTAO",
    "HOYERE_UTDANNING",
    "JOBBKLUBB",
    "NORSKOPPLAERING_GRUNNLEGGENDE_FERDIGHETER_FOV",
    "STUDIESPESIALISERING",
    "DIGITALT_OPPFOLGINGSTILTAK",
    "GRUPPE_ARBEIDSMARKEDSOPPLAERING",
    "ENKELTPLASS_ARBEIDSMARKEDSOPPLAERING",
    "GRUPPE_FAG_OG_YRKESOPPLAERING",
    "ENKELTPLASS_FAG_OG_YRKESOPPLAERING",
    "HOYERE_YRKESFAGLIG_UTDANNING",
    "INDIVIDUELL_JOBBSTOTTE_UNG",
    "SOMMERJOBB",
    "ARBEID_MED_STOTTE",
    "TILRETTELAGT_ARBEID_ORDINAER",
    "FIREARIG_LONNSTILSUDD",
  ],
  innsats: ["IKVAL", "BFORM", "BATT", "VARIG", "IVURD"],
  gruppe: [
    "ARBEIDSFORBEREDENDE_TRENING",
    "VARIG_TILRETTELAGT_ARBEID",
    "ARBEIDSTRENING",
    "OPPFOLGING",
    "MIDLERTIDIG_LONNSTILSKUDD",
    "VARIG_LONNSTILSKUDD",
    "ARBEIDSRETTET_REHABILITERING",
    "OPPLAERING",
    "AVKLARING",
    "TILRETTELEGGING_OG_EGENETABLERING",
    "TILSKUDD_TIL_SOMMERJOBB",
  ],
};

const week = (date: string) => Math.floor(Date.parse(date) / (7 * 86_400_000));

/** A place for each week, month or year, which the calendar gives. */
function placeInTime(dimension: Along, key: string, data: Data) {
  const [year, month] = key.split("-").map(Number);
  if (dimension === "aar") return year;
  if (dimension === "maaned") return 12 * year + month;
  const [, number] = key.split("W").map(Number);
  const found = data.uker.find(([, , its, itsNumber]) => its === Number.parseInt(key, 10) && itsNumber === number);
  return found ? week(found[0]) : 0;
}

/** The keys that are not in a fixed list, in an order that the unit and the period that are shown do not change. */
function others(dimension: Along, { key, choose }: Member, state: State, data: Data): string[] {
  if (isUnits(dimension)) {
    const [level, , , above] = data.enheter[choose.unit ?? 0];
    const siblings = data.enheter.flatMap(([its, , , itsAbove], at) =>
      its === level && itsAbove === above ? [at] : [],
    );
    return siblings.map((at) => unitKey(data, at)).sort();
  }
  if (dimension === "avdeling") {
    const unit = unitNumber(data, state.enhet);
    const places = (["deltakelse", "venteliste"] as const).flatMap((relation) => data.avdelinger(relation, unit));
    return [...new Set(places)].sort((a, b) => a - b).map((at) => data.avdeling[at][0]);
  }
  if (isOneOf<Along | Key>(KEYS, dimension)) return data[dimension as Key].map(([code]) => code).sort();
  return members(dimension, state, data, 0, []).map((member) => member.key || key);
}

/**
 * The place of a part of a dimension among all that its dimension can have: from it are its colour and its texture.
 * Null for the unknown, which are grey.
 */
export function placeOf(dimension: Along, member: Member, state: State, data: Data): number | null {
  if (isUnknown(member)) return null;
  if (isTime(dimension)) return placeInTime(dimension, member.key, data);
  const fixed = PLACES[dimension] ?? [];
  const at = fixed.indexOf(member.key);
  if (at >= 0) return at;
  const unlisted = others(dimension, member, state, data).filter(
    (key) => !fixed.includes(key) && !isUnknown({ ...member, key }),
  );
  return fixed.length + Math.max(0, unlisted.indexOf(member.key));
}

/** Three textures of fills, and three kinds of dashes. */
const KINDS = 3;

/**
 * The colour of a place, the texture of its bars and the dashes of its line. Thirty places after each other have each
 * their own combination. Lines cross, so each is unlike the next one in more than its colour.
 */
export const lookOf = (place: number | null, { parts, unknown }: Pick<Colours, "parts" | "unknown">) =>
  place === null
    ? { colour: unknown, texture: 0, dashes: 0 }
    : {
        colour: parts[place % parts.length],
        texture: Math.floor(place / parts.length) % KINDS,
        dashes: place % KINDS,
      };
