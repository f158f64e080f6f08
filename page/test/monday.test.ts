import { expect, test } from "vitest";
import { rows, splitOf, splitsOf } from "../src/monday.ts";
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

test("a unit is split only by what it has numbers by", async () => {
  const avdeling = { enhet: "KONTOR:0301", avdeling: "Ung", numbers: { person_antall: 9 } };
  const innsats = ALL.map((enhet) => ({ enhet, innsats: "VARIG", numbers: { person_antall: 9 } }));
  const more = await world({ series: [...SERIES, ...innsats, avdeling] });
  expect(splitsOf(chosen(more, { enhet: "KONTOR:0301" }), more)).toEqual(["tiltak", "avdeling", "innsats"]);
  expect(splitsOf(chosen(more, { enhet: "LAND:ALLE" }), more)).toEqual(["tiltak", "innsats"]);
});
