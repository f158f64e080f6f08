import { expect, test } from "vitest";
import { problem } from "../src/query.ts";
import type { State } from "../src/state.ts";
import { chosen, type Series, type World, world } from "./world.ts";

const OFFICE = "KONTOR:0301";
// The country and the regions have no numbers by two keys, and the offices have all.
const SERIES: Series[] = ["LAND:ALLE", "REGION:0300", OFFICE, "KONTOR:0302"].flatMap((enhet) => {
  const numbers = { person_antall: 10 };
  const two = { enhet, tiltak: "A", innsats: "VARIG", numbers };
  return [
    { enhet, numbers },
    { enhet, tiltak: "A", numbers },
    { enhet, innsats: "VARIG", numbers },
    { enhet, gruppe: "G", numbers },
    ...(enhet.startsWith("LAND") ? [two] : []),
    ...(enhet.startsWith("KONTOR") ? [{ enhet, avdeling: "Ung", numbers }] : []),
    {
      enhet,
      relasjon: "kapasitet",
      numbers: { plass_antall: 4, egne_antall: 4, fra_andre_antall: 0, hos_andre_antall: 0 },
    },
  ];
});
const WORLD: Partial<World> = { series: SERIES };
const whole = await world(WORLD);
const noisy = await world({ ...WORLD, metode: "STOY" });
const region = await world({ ...WORLD, sider: [["side.html", "Nav Øst"]] });

test("groups are not shown where numbers are suppressed, which they would give away", async () => {
  const suppressed = await world({ ...WORLD, series: SERIES.filter(({ gruppe }) => !gruppe) });
  expect(problem(chosen(suppressed, { x: "gruppe" }), suppressed)?.short).toBe("vises ikke når tall er prikket");
});

test.each<[string, Partial<State>, string | null]>([
  ["the same twice", { x: "tiltak", del: "tiltak" }, "er valgt to ganger"],
  ["two times", { x: "uke", del: "aar" }, "bare én tid om gangen"],
  [
    "several that are nowhere beside each other",
    { x: "uke", tiltak: ["A", "B"] },
    "er flere, som ikke kan legges sammen",
  ],
  ["several that are", { x: "uke", del: "tiltak", tiltak: ["A", "B"] }, null],
  ["one", { x: "uke", tiltak: ["A"] }, null],
  ["a key that a measure lacks", { maal: "plasser", x: "innsats" }, "finnes ikke for tiltaksplasser i bruk"],
  ["groups and the types in them", { x: "gruppe", del: "tiltak" }, "velg tiltaksgruppe eller tiltakstype"],
  ["types of one group", { x: "tiltak", gruppe: ["G"] }, "velg tiltaksgruppe eller tiltakstype"],
  ["one group", { x: "uke", gruppe: ["G"] }, null],
  ["two kinds of units", { x: "kontor", del: "region" }, "kan ikke kombineres"],
  ["offices under an office", { enhet: OFFICE, x: "kontor" }, "velg en region eller hele landet"],
  ["offices under a region", { enhet: "REGION:0300", x: "kontor" }, null],
  ["regions under a region", { enhet: "REGION:0300", x: "region" }, "velg hele landet"],
  ["avdelinger of several offices", { x: "kontor", del: "avdeling" }, "kan ikke kombineres med kontor"],
  ["avdelinger of the country", { x: "avdeling" }, "velg et kontor"],
  ["avdelinger of an office", { enhet: OFFICE, x: "avdeling" }, null],
  ["keys that are shown together", { x: "tiltak", del: "innsats" }, null],
  [
    "keys that are not",
    { enhet: OFFICE, x: "tiltak", del: "innsats" },
    "tiltakstype og innsatsgruppe vises ikke sammen",
  ],
  ["who uses the places, of people", { enhet: OFFICE, x: "bruk" }, "gjelder bare deltakelser på enhetens plasser"],
  ["who uses the places, of an office", { enhet: OFFICE, x: "bruk", maal: "kapasitet" }, null],
  ["who uses the places, of the country", { x: "bruk", maal: "kapasitet" }, "velg et kontor"],
  ["who uses the places, of its offices", { x: "kontor", del: "bruk", maal: "kapasitet" }, null],
  [
    "who uses the places, as a stack",
    { enhet: OFFICE, x: "uke", del: "bruk", maal: "kapasitet", figur: "stablet" },
    "kan ikke kombineres med hvem som bruker plassene",
  ],
  ["a line without time", { x: "tiltak", figur: "linje" }, "krever tid langs aksen"],
  ["a line of time", { x: "uke", figur: "linje" }, null],
  ["weeks in a stack", { x: "tiltak", del: "uke", figur: "stablet" }, "kan ikke deles på tid"],
  ["a percentage of nothing", { x: "uke", figur: "prosent" }, "krever en fordeling"],
  ["a percentage of all", { x: "tiltak", figur: "prosent" }, null],
])("%s", (_, changes, short) => {
  expect(problem(chosen(whole, changes), whole)?.short ?? null).toBe(short);
});

test("with noise, parts are not stacked, and percentages are", () => {
  const stack: Partial<State> = { x: "uke", del: "tiltak", figur: "stablet" };
  expect(problem(chosen(whole, stack), whole)).toBeNull();
  expect(problem(chosen(noisy, stack), noisy)?.short).toBe("delene summerer ikke til totalen");
  expect(problem(chosen(noisy, { ...stack, figur: "prosent" }), noisy)).toBeNull();
});

test("the page of the regions says where the offices are", () => {
  expect(problem(chosen(region, { x: "kontor" }), region)?.short).toBe("kontorene er på egne sider");
  expect(problem(chosen(region, { x: "region" }), region)).toBeNull();
});

test("a fix never leads to the trouble that it is offered for", () => {
  const { x, del, figur } = {
    x: ["tiltak", "innsats", "avdeling", "kontor", "region", "bruk", "uke", "aar"],
    del: ["", "tiltak", "innsats", "avdeling", "kontor", "region", "bruk", "uke", "aar"],
    figur: ["soyle", "linje", "stablet", "prosent"],
  } as const;
  let offered = 0;
  for (const data of [whole, noisy])
    for (const enhet of ["LAND:ALLE", "REGION:0300", OFFICE])
      for (const maal of ["personer", "kapasitet"] as const)
        for (const itsX of x)
          for (const itsDel of del)
            for (const itsFigur of figur) {
              const state = chosen(data, { enhet, maal, x: itsX, del: itsDel, figur: itsFigur });
              const trouble = problem(state, data);
              for (const fix of trouble?.fixes ?? []) {
                offered++;
                expect(problem({ ...state, ...fix.change }, data)?.text, `${fix.label}: ${trouble?.text}`).not.toBe(
                  trouble?.text,
                );
              }
            }
  expect(offered).toBeGreaterThan(1000);
});
