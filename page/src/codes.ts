// Codes of what the table has names of. They are text, so that 0219 keeps its zero, and dates are ISO's.

import type { Data } from "./data.ts";
import type { Member } from "./query.ts";
import type { Members } from "./sheet.ts";
import { weekKey } from "./text.ts";

export interface Code {
  label: string;
  kind: "code" | "date";
  of(member: Member, data: Data): string;
}

/** The number of a unit, as the address has the unit. */
export const unitNumberOf = (enhet: string) => enhet.slice(enhet.indexOf(":") + 1);

const key = (label: string): Code => ({ label, kind: "code", of: (member) => member.key });
const unit: Code = { label: "Enhetsnummer", kind: "code", of: (member) => unitNumberOf(member.key) };
/** The Monday of the first of a member's weeks, or the Sunday of the last. */
const date = (label: string, place: 0 | -1): Code => ({
  label,
  kind: "date",
  of: ({ choose: { weeks = [] } }, data) => data.uker[weeks.at(place) ?? 0][place && 1],
});

/** The week as ISO 8601 writes it. */
export const isoWeek = (week: Data["uker"][number]) => weekKey(week).replace("W", "-W");
const week: Code = {
  label: "ISO-uke",
  kind: "code",
  of: ({ choose }, data) => isoWeek(data.uker[choose.weeks?.[0] ?? 0]),
};

/** The codes that each dimension has, in columns beside its names. An avdeling is called what it is. */
export const CODES: Record<Members["dimension"], Code[]> = {
  gruppe: [key("Tiltaksgruppekode")],
  tiltak: [key("Tiltakskode")],
  innsats: [key("Innsatsgruppekode")],
  avdeling: [],
  kontor: [unit],
  region: [unit],
  bruk: [],
  uke: [week, date("Mandag", 0)],
  maaned: [key("ISO-måned")],
  aar: [],
  periode: [date("Fra og med", 0), date("Til og med", -1)],
};
