// «Om tallene»: what a reader may ask about them.

import type { Data } from "./data.ts";
import { MEASURES } from "./measures.ts";
import { explanation } from "./query.ts";
import { day, weekName } from "./text.ts";

/** The owner of the exposures (models/_exposures.yml). */
const CONTACT = "Team tiltaksstatistikk, tiltaksstatistikk@nav.example";

export type Told = [title: string, text: string, id?: string];

export const aboutNumbers = (data: Data): Told[] => [
  ["Personvern", explanation(data), "personvern"],
  ...Object.values(MEASURES).map(({ label, definition }): Told => [label, definition]),
  [
    "Totaler",
    "En person på flere tiltak er med i hvert av dem, og bare én gang i totalen. Summen av tiltakstyper eller kontor " +
      "kan derfor være høyere enn totalen. Den kan også være lavere: regioner og landet har med dem som er på " +
      "enheter som ikke vises for seg.",
  ],
  ["Uker", "En uke hører til den måneden og det året torsdagen er i."],
  ["Foreløpige tall", provisional(data)],
  ...beforeFirst(data),
  ["Kilde", "Navs systemer for tiltak og oppfølging."],
  ["Neste oppdatering", `Mandag ${day(nextMonday(data.omTallene.uttrekk))}.`],
  ["Kontakt", CONTACT],
];

function provisional(data: Data) {
  const first = data.uker.find((week) => week[4]);
  return first
    ? `Fra og med ${weekName(first)} er tallene foreløpige: de kan endre seg når kildene blir rettet.`
    : "Ingen uker er foreløpige.";
}

/** Weeks that no extract saw as they were. */
function beforeFirst(data: Data): Told[] {
  const last = data.uker.findLast((week) => week[5]);
  if (!last) return [];
  return [
    [
      "Før det første uttrekket",
      `Til og med ${weekName(last)} er tallene fra før tallene ble hentet første gang. Kontor, avdeling og ` +
        "innsatsgruppe er kjent bare så langt kildene daterer dem tilbake. Flere er derfor under «Ukjent».",
    ],
  ];
}

/** The Monday after a time. */
export function nextMonday(time: string) {
  const [year, month, date] = time.slice(0, 10).split("-").map(Number);
  const weekday = (new Date(Date.UTC(year, month - 1, date)).getUTCDay() + 6) % 7;
  return new Date(Date.UTC(year, month - 1, date + 7 - weekday)).toISOString().slice(0, 10);
}
