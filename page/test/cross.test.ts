import { expect, test } from "vitest";
import { cross, laidOut } from "../src/cross.ts";
import { compute } from "../src/query.ts";
import { explained, sheet, sorted } from "../src/sheet.ts";
import type { State } from "../src/state.ts";
import { chosen, type Series, type World, world } from "./world.ts";

const OFFICE = "KONTOR:0301";
const people = (numbers: Series["numbers"]["person_antall"], of: Partial<Series> = {}): Series => ({
  enhet: OFFICE,
  ...of,
  numbers: { person_antall: numbers ?? null },
});
// Some are on two tiltak: the parts are more than the whole.
const SERIES = [
  people([20, 21, 22]),
  people([15, 16, 17], { tiltak: "A" }),
  people([9, 8, 7], { tiltak: "B" }),
  people([12, 12, 12], { innsats: "STANDARD" }),
  people([8, 9, null], { innsats: "VARIG" }),
  people([10, 11, 12], { tiltak: "A", innsats: "STANDARD" }),
  people([5, 5, null], { tiltak: "A", innsats: "VARIG" }),
  people([9, 8, 7], { tiltak: "B", innsats: "STANDARD" }),
];

async function asked(given: Partial<World>, changes: Partial<State>) {
  const data = await world({ series: SERIES, ...given });
  const state = chosen(data, { enhet: OFFICE, ...changes });
  return { data, state, result: compute(state, data) };
}
async function table(changes: Partial<State>, given: Partial<World> = {}) {
  const { data, state, result } = await asked(given, changes);
  return cross(result, state, data);
}
const labels = ({ columns }: { columns: { label: string }[] }) => columns.map(({ label }) => label);

test("«I alt» is a number for itself, and no sum", async () => {
  const { rows, wholes, columns } = await table({ x: "tiltak", del: "innsats" });
  expect(labels({ columns })).toEqual(["Tiltakstype", "I alt", "Standardinnsats", "Varig tilpasset innsats"]);
  expect(rows).toEqual([
    ["I alt", 22, 12, "•"],
    ["Avklaring", 17, 12, "•"],
    ["Opplæring", 7, 7, 0],
  ]);
  expect(wholes).toBe(1);
});

test("some of a key have no whole, and neither has time", async () => {
  const some = await table({ x: "tiltak", del: "innsats", tiltak: ["A", "B"] });
  expect(some.rows.map(([label]) => label)).toEqual(["Avklaring", "Opplæring"]);
  expect(some.wholes).toBe(0);
  expect((await table({ x: "tiltak", del: "innsats", tiltak: ["A"] })).wholes).toBe(0);
  expect((await table({ x: "uke", perioder: ["alt"] })).wholes).toBe(0);
});

test("the newest week is first, and wholes are across", async () => {
  const { rows, columns } = await table({ x: "uke", del: "tiltak", perioder: ["alt"] }, { provisional: 1 });
  expect(labels({ columns })).toEqual(["Uke", "I alt", "Avklaring", "Opplæring"]);
  expect(rows).toEqual([
    ["uke 4 2026 (foreløpig)", 22, 17, 7],
    ["uke 3 2026", 21, 16, 8],
    ["uke 2 2026", 20, 15, 9],
  ]);
});

test("with noise, a member is there if its whole is, though each part of it is 0", async () => {
  const series = [
    ...SERIES,
    people(6, { tiltak: "C" }),
    people(0, { tiltak: "C", innsats: "STANDARD" }),
    people(0, { tiltak: "C", innsats: "VARIG" }),
  ];
  const { rows } = await table({ x: "tiltak", del: "innsats" }, { metode: "STOY", series });
  expect(rows.at(-1)).toEqual(["Mentor", 6, 0, 0]);
});

test("the table is turned, and the numbers are the same", async () => {
  const turned = await table({ x: "tiltak", del: "innsats", ned: "del" });
  expect(turned.rows).toEqual([
    ["I alt", 22, 17, 7],
    ["Standardinnsats", 12, 12, 7],
    ["Varig tilpasset innsats", "•", "•", 0],
  ]);
});

test("laying the table out leaves the figure as it is, turns it, or draws it as bars", async () => {
  const { data, state } = await asked({}, { x: "uke", del: "tiltak", figur: "linje", perioder: ["alt"] });
  expect(laidOut("tiltak", "uke", state, data)).toEqual({ x: "uke", del: "tiltak", ned: "del" });
  expect(laidOut("innsats", "uke", state, data)).toEqual({ x: "uke", del: "innsats", ned: "del" });
  expect(laidOut("tiltak", "innsats", state, data)).toEqual({
    x: "innsats",
    del: "tiltak",
    ned: "del",
    figur: "soyle",
  });
  expect(laidOut("uke", "", { ...state, perioder: ["siste"] }, data)).toMatchObject({ perioder: ["siste52"] });
});

test("the list has a row for each number, with what it is compared with", async () => {
  const { data, state, result } = await asked({}, { x: "tiltak", mot: ["uke"], form: "lang" });
  const list = sheet(result, state, data);
  expect(labels(list)).toEqual(["Tiltakstype", "Personer", "Uken før", "Endring fra uken før"]);
  expect(list.rows).toEqual([
    ["Avklaring", 17, 16, 1],
    ["Opplæring", 7, 8, -1],
  ]);
});

test("rows are sorted under the wholes, and those without a number are last both ways", async () => {
  const content = await table({ x: "innsats", del: "tiltak" });
  const first = (order: string) => sorted(content, order).map(([label]) => label);
  expect(first("1:opp")).toEqual(["I alt", "Standardinnsats", "Varig tilpasset innsats"]);
  expect(first("1:ned")).toEqual(["I alt", "Standardinnsats", "Varig tilpasset innsats"]);
  expect(first("0:ned")).toEqual(["I alt", "Varig tilpasset innsats", "Standardinnsats"]);
  expect(first("9:ned")).toEqual(first(""));
});

test("time is sorted as time, not as words", async () => {
  const series = [people(Array.from({ length: 12 }, (_, at) => at + 5))];
  const content = await table({ x: "uke", perioder: ["alt"] }, { weeks: 12, series });
  const ascending = sorted(content, "0:opp").map(([label]) => label);
  expect([ascending[0], ascending[11]]).toEqual(["uke 2 2026", "uke 13 2026"]);
});

test("only the signs that the table has are explained", async () => {
  const { data } = await asked({ metode: "STOY" }, {});
  const signs = (...row: (string | number)[]) => explained({ rows: [row] }, data).map(([sign]) => sign);
  expect(signs("Avklaring", 12, "1–4", "under 8")).toEqual(["1–4", "under 8"]);
  expect(signs("Avklaring", 12, "•")).toEqual(["•"]);
  expect(signs("Avklaring", 12)).toEqual([]);
});
