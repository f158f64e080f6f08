import { expect, test } from "vitest";
import { isFound as isUnitFound } from "../src/combobox.ts";
import type { Option } from "../src/dom.ts";
import { chosenWords, isFound } from "../src/pick.ts";

const OPTIONS: Option[] = [
  ["A", "Avklaring"],
  ["B", "Opplæring – yrkesfag"],
  ["C", "Mentor"],
];

test("an option is found by any part of its name, whatever the case", () => {
  const found = (written: string) => OPTIONS.filter((option) => isFound(option, written)).map(([code]) => code);
  expect(found(" LÆR ")).toEqual(["B"]);
  expect(found("")).toEqual(["A", "B", "C"]);
  expect(found("B")).toEqual([]);
});

test("a unit is found by its words in any order, and only by all of them", () => {
  expect(isUnitFound("Nav Gamle Oslo", "oslo gam")).toBe(true);
  expect(isUnitFound("Nav Gamle Oslo", "oslo nye")).toBe(false);
  expect(isUnitFound("Nav Gamle Oslo", "  ")).toBe(true);
});

test("what is chosen is said: all, one by its name, or how many", () => {
  expect(chosenWords(OPTIONS, [], "tiltakstyper", "")).toBe("Alle tiltakstyper");
  expect(chosenWords(OPTIONS, [], "avdelinger", "velg et kontor")).toBe("Alle avdelinger – velg et kontor");
  expect(chosenWords(OPTIONS, ["B"], "tiltakstyper", "")).toBe("Opplæring – yrkesfag");
  expect(chosenWords(OPTIONS, ["B", "C"], "tiltakstyper", "")).toBe("2 av 3 valgt");
});
