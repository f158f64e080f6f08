import { expect, test } from "vitest";
import { MEASURES } from "../src/measures.ts";
import { compute } from "../src/query.ts";
import type { State } from "../src/state.ts";
import { namesOf } from "../src/typed.ts";
import { hundred, notes, summary } from "../src/words.ts";
import { chosen, type Series, type World, world } from "./world.ts";

const SERIES: Series[] = [
  { enhet: "KONTOR:0301", numbers: { person_antall: [30, 31, 32], deltakelse_antall: 40 } },
  { enhet: "KONTOR:0301", tiltak: "A", numbers: { person_antall: [20, 21, 22], deltakelse_antall: 25 } },
  { enhet: "KONTOR:0301", tiltak: "B", numbers: { person_antall: [12, 12, null], deltakelse_antall: 15 } },
];
async function said(changes: Partial<State>, given: Partial<World> = {}) {
  const data = await world({ series: SERIES, ...given });
  const state = chosen(data, { enhet: "KONTOR:0301", ...changes });
  const result = compute(state, data);
  return { notes: notes(result, state, data).join(" "), summary: summary(result, state, data), state };
}
const OVERLAP = "delene kan til sammen bli mer enn 100 %";

test("a percentage says what 100 % is, and that persons may be in several parts", async () => {
  const persons = await said({ figur: "prosent" });
  expect(hundred(persons.state)).toBe("Andel av personene i alt");
  expect(persons.notes).toContain("100 % er alle personer på tiltak i alt.");
  expect(persons.notes).toContain(OVERLAP);
  expect((await said({ figur: "prosent", maal: "deltakelser" })).notes).not.toContain(OVERLAP);
  const split = await said({ figur: "prosent", x: "aar", del: "tiltak" });
  expect(hundred(split.state)).toBe("Andel av personene for hvert år");
});

test("each measure has its own words for what 100 % is", () => {
  const words = namesOf(MEASURES).map((maal) => MEASURES[maal].all);
  expect(new Set(words).size).toBe(words.length);
  expect(words.every(Boolean)).toBe(true);
});

test("an average says so, and what a week that is not shown does to it", async () => {
  const month: Partial<State> = { x: "maaned", perioder: ["alt"] };
  expect((await said(month)).notes).toContain("Er én av ukene prikket, er gjennomsnittet også det.");
  expect((await said(month, { metode: "STOY" })).notes).toContain("Er tallet for lite i én av ukene");
  expect((await said({ x: "uke" })).notes).not.toContain("gjennomsnitt");
});

test("with noise, the parts are said not to add up", async () => {
  const sum = "Tallene summerer ikke alltid til totalen.";
  expect((await said({}, { metode: "STOY" })).notes).toContain(sum);
  expect((await said({ x: "uke" }, { metode: "STOY" })).notes).not.toContain(sum);
  expect((await said({})).notes).not.toContain(sum);
});

test("those that are left out because nobody is there are counted, and with noise not said to be nobody", async () => {
  expect((await said({})).notes).toContain("Ikke vist: tiltakstyper uten noen i perioden (1).");
  expect((await said({}, { metode: "STOY" })).notes).toContain("Ikke vist: tiltakstyper med 0 i perioden (1).");
});

test("a figure in words has what is highest, lowest and last, and how many are not shown", async () => {
  expect((await said({ x: "uke", perioder: ["alt"] })).summary).toBe(
    "Personer på tiltak etter uke. Nav Alna. Alle ukene (uke 2 2026–uke 4 2026). " +
      "Høyest: uke 4 2026 (32). Lavest: uke 2 2026 (30). Sist: uke 4 2026 (32).",
  );
  expect((await said({})).summary).toMatch(/Avklaring \(22\)\. 1 av 2 tall er prikket\.$/);
});

test("the internal page says what it is", async () => {
  expect((await said({}, { metode: "INTERN" })).notes).toContain("Kun til intern bruk");
  expect((await said({})).notes).not.toContain("Kun til intern bruk");
});
