// How numbers, weeks and periods are written.

import type { Week } from "./packed.ts";

export const DOT = "•";
export const INTERNAL = "Inneholder små tall. Kun til intern bruk med tilgangsstyring.";
const MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split(" ");
const whole = new Intl.NumberFormat("nb-NO", { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat("nb-NO", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
export const collator = new Intl.Collator("nb", { numeric: true });

export const number = (value: number, decimals?: boolean) => (decimals ? decimal : whole).format(value);
export const percent = (share: number) => `${decimal.format(share * 100)} %`;
export const signed = (value: number, decimals?: boolean) => (value > 0 ? "+" : "") + number(value, decimals);

const parts = (date: string) => date.split("-").map(Number) as [year: number, month: number, day: number];
export const day = (date: string) => `${parts(date)[2]}. ${MONTHS[parts(date)[1] - 1]} ${parts(date)[0]}`;
export const moment = (time: string) => `${day(time.slice(0, 10))} kl. ${time.slice(11).replace(":", ".")}`;

export const weekName = ([, , year, week]: Week) => `uke ${week} ${year}`;
export const weekKey = ([, , year, week]: Week) => `${year}W${String(week).padStart(2, "0")}`;
export const weekDays = ([start, end]: Week) =>
  parts(start)[1] === parts(end)[1]
    ? `${parts(start)[2]}.–${day(end)}`
    : `${day(start).replace(/ \d+$/, "")}–${day(end)}`;

/** The month that most of a week's days are in: Thursday's, as the ISO year is Thursday's year. */
export function month([start]: Week) {
  const [year, monthNumber, date] = parts(start);
  const thursday = new Date(Date.UTC(year, monthNumber - 1, date + 3));
  return {
    key: thursday.toISOString().slice(0, 7),
    label: `${MONTHS[thursday.getUTCMonth()]} ${thursday.getUTCFullYear()}`,
  };
}

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
