import { expect, test } from "vitest";
import type { Column, Level } from "../src/packed.ts";
import {
  canCompare,
  changeFrom,
  compute,
  describe as described,
  hasDecimals,
  hasOrder,
  limits,
  members,
  mostChanged,
  mostUsedByOthers,
  only,
  type Result,
  unitName,
  unitsByRegion,
  weeksBefore,
  weeksFor,
} from "../src/query.ts";
import type { State } from "../src/state.ts";
import { chosen, KONTOR, LAND, OTHER_KONTOR, REGION, type Series, type World, world } from "./world.ts";

const OFFICE = "KONTOR:0301";
const people = (numbers: Series["numbers"]["person_antall"], of: Partial<Series> = {}): Series => ({
  enhet: OFFICE,
  ...of,
  numbers: { person_antall: numbers ?? null },
});
async function computed(given: Partial<World>, changes: Partial<State> = {}) {
  const data = await world(given);
  const state = chosen(data, { enhet: OFFICE, ...changes });
  return { data, state, result: compute(state, data) };
}
const labels = (result: Result) => result.panels[0].xs.map(({ label }) => label);
const values = (result: Result) => result.cells.map(({ value }) => value);

test("people are never added over weeks: a month is their average", async () => {
  const series = [people([10, 20, 33])];
  const { result } = await computed({ series }, { x: "maaned", perioder: ["alt"] });
  expect(values(result)).toEqual([21]);
  expect(result).toMatchObject({ averaged: true, decimals: true });
});

test("an average is not shown if one of its weeks is not", async () => {
  const { result } = await computed({ series: [people([10, null, 33])] }, { x: "aar", perioder: ["alt"] });
  expect(result.cells[0]).toMatchObject({ value: null, sign: "•" });
});

test("with noise, weeks that all are small are small together, and a mix is not known", async () => {
  const small = await computed({ metode: "STOY", series: [people(null)] }, { x: "aar", perioder: ["alt"] });
  expect(small.result.cells[0].sign).toBe("1–4");
  expect(limits(small.result.cells[0], small.data)).toEqual([1, 4]);
  const mixed = await computed({ metode: "STOY", series: [people([null, 0, null])] }, { x: "aar", perioder: ["alt"] });
  expect(mixed.result.cells[0].sign).toBe("•");
  expect(limits(mixed.result.cells[0], mixed.data)).toBeNull();
});

test("a number that follows another may be large where that is small", async () => {
  const series = [{ enhet: OFFICE, numbers: { deltakelse_antall: null } }];
  const { result } = await computed({ metode: "STOY", series }, { x: "uke", maal: "deltakelser" });
  expect(result.cells[0]).toMatchObject({ value: null, sign: "•" });
});

test("places have decimals, but not with noise", async () => {
  const series = [{ relasjon: "kapasitet" as const, enhet: OFFICE, numbers: { plass_antall: 12.25 } }];
  const { result, data } = await computed({ series }, { x: "uke", maal: "plasser" });
  expect(values(result)).toEqual([12.25]);
  expect([hasDecimals("plasser", data), hasDecimals("personer", data)]).toEqual([true, false]);
  expect(hasDecimals("plasser", await world({ metode: "STOY" }))).toBe(false);
});

test.each([
  ["PRIKKING", 17, 7],
  ["STOY", 17, "under 8"],
  ["STOY", 18, 8],
  ["STOY", 2, -8],
  ["STOY", 3, "under 8"],
  ["PRIKKING", null, "•"],
] as const)("%s: from 10 to %s is %s", async (metode, to, change) => {
  const { data, result } = await computed({ metode, series: [people([10, 10, to])] }, { x: "uke", mot: ["uke"] });
  expect(changeFrom("uke", result.cells[0], data)).toBe(change);
});

test("before the statistics there is nothing to compare with", async () => {
  const { data, result } = await computed(
    { series: [people(10)] },
    { x: "uke", perioder: ["alt"], mot: ["uke", "aar"] },
  );
  expect(result.cells.map((cell) => changeFrom("uke", cell, data))).toEqual([null, 0, 0]);
  expect(result.cells.map((cell) => changeFrom("aar", cell, data))).toEqual([null, null, null]);
});

test("the week before is only of single weeks, and week 53 has 52 the year before", async () => {
  const { result } = await computed({ series: [people(10)] }, { x: "aar", perioder: ["alt"], mot: ["uke"] });
  expect(result.cells.map(({ references }) => references.uke)).toEqual(result.cells.map(() => null));
  const data = await world({ start: "2025-12-22", weeks: 54 });
  const last = data.uker.length - 1;
  expect(data.uker[last].slice(2, 4)).toEqual([2026, 53]);
  expect(weeksBefore("aar", [last], data)).toEqual([0]);
  expect(weeksBefore("aar", [0, last], data)).toBeNull();
});

test("a comparison is a union: somebody who has left is shown, and nobody at all is counted as absent", async () => {
  const series = [people(9, { tiltak: "A" }), people([9, 9, 0], { tiltak: "B" })];
  const now = await computed({ series });
  expect([labels(now.result), now.result.absent.x]).toEqual([["Avklaring"], 2]);
  const compared = await computed({ series }, { mot: ["uke"] });
  expect([labels(compared.result), compared.result.absent.x]).toEqual([["Avklaring", "Opplæring"], 1]);
});

test("a number that is not shown is somebody", async () => {
  const { result } = await computed({ series: [people(null, { tiltak: "C" })] });
  expect(labels(result)).toEqual(["Mentor"]);
});

test("the order is by size, then by name, or by name, or as the codes are", async () => {
  const series = [people(8, { avdeling: "Øst 10" }), people(8, { avdeling: "Øst 2" }), people(9, { avdeling: "Ung" })];
  const order = async (sorter: State["sorter"]) =>
    labels((await computed({ series }, { x: "avdeling", sorter })).result);
  expect(await order("storrelse")).toEqual(["Ung", "Øst 2", "Øst 10"]);
  expect(await order("navn")).toEqual(["Ung", "Øst 2", "Øst 10"]);
  expect(await order("fast")).toEqual(["Øst 10", "Øst 2", "Ung"]);
});

test("time keeps its own order and all of it", async () => {
  const { result } = await computed({ series: [people([9, 0, 12])] }, { x: "uke", perioder: ["alt"] });
  expect(values(result)).toEqual([9, 0, 12]);
  expect(hasOrder(chosen(await world(), { x: "uke", del: "" }))).toBe(false);
  expect(hasOrder(chosen(await world(), { x: "uke", del: "tiltak" }))).toBe(true);
});

const shares = ({ result }: { result: Result }) => result.cells.map(({ share }) => share);
const parts = (whole: number | null) => [
  people(whole),
  people(10, { tiltak: "A" }),
  people(15, { tiltak: "B" }),
  people(null, { tiltak: "C" }),
];

test("a percentage is of the number of the whole, also where a person is in several parts", async () => {
  expect(shares(await computed({ series: parts(20) }, { figur: "prosent" }))).toEqual([0.75, 0.5, null]);
  expect(shares(await computed({ series: parts(null) }, { figur: "prosent" }))).toEqual([null, null, null]);
});

test("with noise there is no percentage of fewer than 20", async () => {
  const percent = async (whole: number) => computed({ metode: "STOY", series: parts(whole) }, { figur: "prosent" });
  expect(shares(await percent(19))).toEqual([null, null, null]);
  expect(shares(await percent(20))).toEqual([0.75, 0.5, null]);
  expect((await percent(20)).result.isStacked).toBe(false);
});

test("a share of some is of all, and a stack of them does not reach the whole", async () => {
  const some: Partial<State> = { x: "uke", del: "tiltak", tiltak: ["A", "B"], figur: "prosent", perioder: ["siste"] };
  const result = await computed({ series: parts(40) }, some);
  expect(shares(result)).toEqual([0.375, 0.25]);
  expect(result.result).toMatchObject({ isSubset: true, isStacked: true });
});

test("only bars and lines have a place for what they are compared with", async () => {
  const data = await world();
  const figures = (["soyle", "linje", "stablet", "prosent", "varme"] as const).filter((figur) =>
    canCompare(chosen(data, { figur })),
  );
  expect(figures).toEqual(["soyle", "linje"]);
});

test("several of a key stand beside each other if the split is free", async () => {
  const data = await world({ series: [people(9), people(9, { tiltak: "A" })] });
  const state = chosen(data, { enhet: OFFICE, x: "uke" });
  expect(only("tiltak", ["A", "B"], state, data)).toEqual({ tiltak: ["A", "B"], del: "tiltak" });
  expect(only("tiltak", ["A"], state, data)).toEqual({ tiltak: ["A"] });
  expect(only("tiltak", [], state, data)).toEqual({ tiltak: null });
  expect(only("tiltak", ["A", "B"], { ...state, x: "tiltak" }, data)).toEqual({ tiltak: ["A", "B"] });
  expect(only("tiltak", ["A", "B"], { ...state, del: "innsats" }, data)).toEqual({ tiltak: ["A", "B"] });
});

test("time along an axis takes a year in place of the one week from the start", async () => {
  const state = chosen(await world());
  expect(weeksFor(["uke", ""], state)).toEqual({ perioder: ["siste52"] });
  expect(weeksFor(["tiltak", ""], state)).toEqual({});
  expect(weeksFor(["uke", ""], { ...state, perioder: ["alt"] })).toEqual({});
});

test("changes are ranked by the least that they can be", async () => {
  const series = [
    people([9, 9, 20], { tiltak: "A" }),
    people([30, 30, null], { tiltak: "B" }),
    people([20, 20, 12], { tiltak: "C" }),
  ];
  const ranked = async (metode: World["metode"]) => {
    const { data, result } = await computed({ metode, series }, { mot: ["uke"] });
    const { compared, up, down } = mostChanged("uke", result.cells, 3, data);
    const named = (found: typeof up) => found.map(({ cell, least }) => [cell.x.key, least]);
    return { compared, up: named(up), down: named(down) };
  };
  expect(await ranked("STOY")).toEqual({
    compared: 3,
    up: [["A", 11]],
    down: [
      ["B", 26],
      ["C", 8],
    ],
  });
  expect(await ranked("PRIKKING")).toEqual({ compared: 2, up: [["A", 11]], down: [["C", 8]] });
});

test("with noise, a change that is less than its error is not ranked", async () => {
  const series = [people([20, 20, 27], { tiltak: "A" })];
  const { data, result } = await computed({ metode: "STOY", series }, { mot: ["uke"] });
  expect(mostChanged("uke", result.cells, 3, data)).toEqual({ compared: 1, up: [], down: [] });
});

test("a unit that follows up nobody is not one whose places others use", async () => {
  const uses = (enhet: string, egne: number | null, fra: number, hos: number | null): Series => ({
    relasjon: "kapasitet",
    enhet,
    numbers: { plass_antall: 10, egne_antall: egne, fra_andre_antall: fra, hos_andre_antall: hos },
  });
  const found = async (...series: Series[]) => {
    const { result } = await computed({ series }, { enhet: "LAND:ALLE", x: "kontor", del: "bruk", maal: "kapasitet" });
    return mostUsedByOthers(result.panels[0].cells, 3);
  };
  expect(await found(uses(OFFICE, 0, 9, 0), uses("KONTOR:0302", 6, 8, 0))).toEqual([
    { label: "Nav Bjerke", from: 8, own: 6 },
  ]);
  expect(await found(uses(OFFICE, 0, 9, 7), uses("KONTOR:0302", null, 8, 7))).toEqual([
    { label: "Nav Alna", from: 9, own: 0 },
  ]);
});

test("units of the same name are told apart", async () => {
  const same = "Nav Øst";
  const enheter: World["enheter"] = [LAND, REGION, ["KONTOR", "0300", same, null], ["KONTOR", "0309", same, "0300"]];
  const series = ["KONTOR:0300", "KONTOR:0309"].map((enhet) => people(9, { enhet }));
  const data = await world({ enheter, series });
  expect([1, 2, 3].map((at) => unitName(data, at))).toEqual([
    "Nav Øst (hele regionen)",
    "Nav Øst (regionens egne)",
    "Nav Øst (0309)",
  ]);
});

test("each region is followed by its offices, and those that are in none are last", async () => {
  const lost: [Level, string, string, null] = ["KONTOR", "9999", "Nav Annet", null];
  const enheter = [LAND, REGION, KONTOR, OTHER_KONTOR, lost];
  const series = enheter.map(([level, number]) => people(9, { enhet: `${level}:${number}` }));
  const data = await world({ enheter: [...enheter, ["REGION", "0400", "Nav Agder", null]], series });
  expect(unitsByRegion(data).map((at) => data.enheter[at][2])).toEqual([
    "Hele landet",
    "Nav Agder",
    "Nav Øst",
    "Nav Alna",
    "Nav Bjerke",
    "Nav Annet",
  ]);
});

test("the members of a split are those that the unit has, or that are chosen", async () => {
  const data = await world({ series: [people(9, { avdeling: "Ung" })] });
  const state = chosen(data, { enhet: OFFICE, tiltak: ["B"] });
  const keys = (dimension: "tiltak" | "avdeling" | "bruk") =>
    members(dimension, state, data, 3, [0]).map(({ key }) => key);
  expect(keys("avdeling")).toEqual(["Ung"]);
  expect(keys("tiltak")).toEqual(["B"]);
  expect(keys("bruk")).toEqual<Column[]>(["egne_antall", "fra_andre_antall", "hos_andre_antall"]);
});

test("the title says what is counted, for whom and of what", async () => {
  const data = await world();
  const state = chosen(data, { enhet: OFFICE, x: "uke", del: "tiltak", tiltak: ["A", "B"], innsats: ["VARIG"] });
  expect(described(state, data)).toEqual({
    title: "Personer på tiltak etter uke, fordelt på tiltakstype",
    unit: "Nav Alna, 2 tiltakstyper, Varig tilpasset innsats",
  });
});

test.each(["storrelse", "navn", "fast"] as const)(
  "innsatsgrupper keep their own order, and the unknown are last: %s",
  async (sorter) => {
    const innsats: World["innsats"] = [
      ["UKJENT", "Ukjent"],
      ["VARIG", "Varig"],
      ["IKVAL", "Standard"],
    ];
    const series = innsats.map(([code], at) => people(30 - at, { innsats: code }));
    const { result } = await computed({ innsats, series }, { x: "innsats", sorter });
    expect(labels(result)).toEqual(["Varig", "Standard", "Ukjent"]);
  },
);

test.each(["storrelse", "navn", "fast"] as const)("those who are assigned to nobody are last: %s", async (sorter) => {
  const avdeling: World["avdeling"] = [
    ["Ufordelt", "Ufordelt"],
    ["Ung", "Ung"],
    ["Øst", "Øst"],
  ];
  const series = avdeling.map(([code], at) => people(30 - at, { avdeling: code }));
  const { result } = await computed({ avdeling, series }, { x: "avdeling", sorter });
  expect(labels(result)).toEqual(["Ung", "Øst", "Ufordelt"]);
});

test("there is no order to choose of innsatsgrupper and time", async () => {
  const data = await world();
  expect(hasOrder(chosen(data, { x: "innsats", del: "uke" }))).toBe(false);
  expect(hasOrder(chosen(data, { x: "uke", del: "innsats" }))).toBe(false);
  expect(hasOrder(chosen(data, { x: "innsats", del: "tiltak" }))).toBe(true);
});
