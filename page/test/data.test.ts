import { expect, test } from "vitest";
import { LAND, world } from "./world.ts";

test("a series is what was packed: nobody, not shown, and numbers up and down", async () => {
  const numbers = [0, 0, null, 1, 200, 200, 200, 3, 0];
  const data = await world({
    weeks: numbers.length,
    series: [
      { enhet: "KONTOR:0302", numbers: { person_antall: 7 } },
      { enhet: "KONTOR:0301", numbers: { person_antall: numbers } },
    ],
  });
  expect([...(data.series("deltakelse", "person_antall", 3, {}) ?? [])]).toEqual([0, 0, 1, 2, 201, 201, 201, 4, 0]);
  expect([...(data.series("deltakelse", "person_antall", 4, {}) ?? [])]).toEqual(Array(9).fill(8));
});

test("a column that is stored as the difference from another is itself", async () => {
  const numbers = { person_antall: [5, null, 20], deltakelse_antall: [7, null, 20] };
  const data = await world({ series: [{ enhet: "KONTOR:0301", numbers }] });
  expect([...(data.series("deltakelse", "deltakelse_antall", 3, {}) ?? [])]).toEqual([8, 1, 21]);
});

test("a unit without a series has nobody, and what is not shown at its level cannot be asked for", async () => {
  const data = await world({
    series: [
      { enhet: "KONTOR:0301", numbers: { person_antall: 10 } },
      { enhet: "KONTOR:0301", tiltak: "A", numbers: { person_antall: 10 } },
      { enhet: "LAND:ALLE", numbers: { person_antall: 10 } },
    ],
  });
  expect(data.series("deltakelse", "person_antall", 4, {})).toBeNull();
  expect(data.series("deltakelse", "person_antall", 3, { tiltak: 1 })).toBeNull();
  expect(data.isShown("deltakelse", "person_antall", "KONTOR", { tiltak: 0 })).toBe(true);
  expect(data.isShown("deltakelse", "person_antall", "LAND", { tiltak: 0 })).toBe(false);
  expect(() => data.series("deltakelse", "person_antall", 0, { tiltak: 0 })).toThrow("Not shown");
});

test("where nobody is at all, nothing is said to be hidden", async () => {
  const data = await world({ enheter: [LAND], series: [] });
  expect(data.isShown("venteliste", "vent_antall", "LAND", { tiltak: 0 })).toBe(true);
});

test("an office is offered if it has people: on tiltak or waiting", async () => {
  const data = await world({
    series: [
      { enhet: "KONTOR:0301", relasjon: "venteliste", numbers: { vent_antall: [0, 0, null] } },
      { enhet: "KONTOR:0302", relasjon: "kapasitet", numbers: { plass_antall: 12.5 } },
    ],
  });
  expect([0, 1, 3, 4, -1].map(data.isOffered)).toEqual([true, true, true, false, false]);
});

test("two of the same name have their codes in them", async () => {
  const data = await world({
    tiltak: [
      ["A", "Kurs"],
      ["B", "Kurs"],
      ["C", "Mentor"],
    ],
  });
  expect(data.tiltak.map(([, name]) => name)).toEqual(["Kurs (A)", "Kurs (B)", "Mentor"]);
});
