import { expect, test } from "vitest";
import { revised, rows, splitOf, splitsOf, waited } from "../src/monday.ts";
import { periodsOf } from "../src/state.ts";
import { chosen, type Series, world } from "./world.ts";

const ALL = ["LAND:ALLE", "REGION:0300", "REGION:0400", "KONTOR:0301", "KONTOR:0302"];
const SERIES = ALL.flatMap((enhet, at): Series[] => [
  { enhet, numbers: { person_antall: [20, 21, 22 + at] } },
  { enhet, tiltak: "A", numbers: { person_antall: [15, null, 17] } },
  { enhet, tiltak: "B", numbers: { person_antall: [9, 9, 0] } },
]);
const data = await world({ series: SERIES });
const table = (enhet: string) => {
  const state = chosen(data, { enhet });
  return rows("tiltak", state, data, periodsOf(state, data));
};

test("the whole is first, and is the number that is shown, no sum", () => {
  const found = table("KONTOR:0301").rows.map(({ label, cell }) => [label, cell.value]);
  expect(found[0]).toEqual(["I alt", 25]);
});

test("a kind that everybody left last week is there, with its fall", () => {
  const found = table("KONTOR:0301").rows.map(({ label, cell }) => [label, cell.value, cell.references.uke?.value]);
  expect(found).toEqual([
    ["I alt", 25, 21],
    ["Avklaring", 17, null],
    ["Opplæring", 0, 9],
  ]);
});

test("beside an office is its region, beside a region its offices, and beside the country its regions", () => {
  expect(table("KONTOR:0301").units).toEqual(["Nav Øst"]);
  expect(table("REGION:0300").units).toEqual(["Nav Alna", "Nav Bjerke"]);
  expect(table("LAND:ALLE").units).toEqual(["Nav Øst", "Nav Vest"]);
  const others = table("LAND:ALLE").rows.map((row) => row.others.map(({ value }) => value));
  expect(others).toEqual([
    [23, 24],
    [17, 17],
    [0, 0],
  ]);
});

test("each row has a number for each week of its line, and a gap where one is not shown", () => {
  const [, { year }] = table("KONTOR:0301").rows;
  expect(year.map(({ value }) => value)).toEqual([15, null, 17]);
});

test("the front opens on the split that shows most, and on the one that is chosen", async () => {
  const enhet = "KONTOR:0301";
  const few = [
    { enhet, tiltak: "A", numbers: { person_antall: null } },
    { enhet, tiltak: "B", numbers: { person_antall: 9 } },
    { enhet, gruppe: "G", numbers: { person_antall: 12 } },
    { enhet, innsats: "VARIG", numbers: { person_antall: 12 } },
  ];
  const hidden = await world({ metode: "STOY", series: [{ enhet, numbers: { person_antall: 12 } }, ...few] });
  const state = chosen(hidden, { enhet });
  const splits = splitsOf(state, hidden);
  expect(splits).toEqual(["tiltak", "gruppe", "innsats"]);
  const periods = periodsOf(state, hidden);
  expect(splitOf(splits, state, hidden, periods)).toBe("gruppe");
  expect(splitOf(splits, { ...state, etter: "tiltak" }, hidden, periods)).toBe("tiltak");
});

test("how long people have waited is in days, or where numbers are not exact in weeks", async () => {
  const days = (numbers: Series["numbers"]): Series => ({
    enhet: "KONTOR:0301",
    relasjon: "venteliste",
    numbers: { vent_antall: [12, 12, 12], ...numbers },
  });
  const exact = await world({
    metode: "INTERN",
    series: [days({ ventedager_median: [1, 1, 70], ventedager_maks: [1, 1, 190] })],
  });
  const at = exact.enheter.findIndex(([level]) => level === "KONTOR");
  expect(waited(at, 2, exact)).toEqual([
    "Halvparten har ventet minst 70 dager",
    "Den som har ventet lengst, har ventet 190 dager",
  ]);
  expect(waited(at, 0, exact)[0]).toBe("Halvparten har ventet minst 1 dag");
  const open = await world({ metode: "STOY", series: [days({ ventedager_median: [null, 7, 70] })] });
  expect([0, 1, 2].map((week) => waited(at, week, open))).toEqual([
    [],
    ["Halvparten har ventet minst 1 uke"],
    ["Halvparten har ventet minst 10 uker"],
  ]);
});

test("of the weeks that are not as they were first shown the newest is first", async () => {
  const found = await world({
    revisjon: [
      [3, 0, 20, 22, 4],
      [3, 1, 20, 20, 0],
      [3, 2, 20, 19, 1],
      [4, 2, 9, 8, 1],
    ],
  });
  expect(revised(3, found).map(({ week, change, moved }) => [week[3], change, moved])).toEqual([
    [4, -1, 1],
    [2, 2, 4],
  ]);
});

test("a unit is split only by what it has numbers by", async () => {
  const avdeling = { enhet: "KONTOR:0301", avdeling: "Ung", numbers: { person_antall: 9 } };
  const innsats = ALL.map((enhet) => ({ enhet, innsats: "VARIG", numbers: { person_antall: 9 } }));
  const more = await world({ series: [...SERIES, ...innsats, avdeling] });
  expect(splitsOf(chosen(more, { enhet: "KONTOR:0301" }), more)).toEqual(["tiltak", "avdeling", "innsats"]);
  expect(splitsOf(chosen(more, { enhet: "LAND:ALLE" }), more)).toEqual(["tiltak", "innsats"]);
});
