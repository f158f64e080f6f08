import { expect, test } from "vitest";
import innsatsgrupper from "../../seeds/kodeverk/kodeverk_innsatsgruppe.csv?raw";
import tiltakstyper from "../../seeds/kodeverk/kodeverk_tiltakstype.csv?raw";
import { lookOf, placeOf, THEMES } from "../src/colours.ts";
import type { Entry } from "../src/packed.ts";
import { members } from "../src/query.ts";
import { chosen, KONTOR, LAND, OTHER_KONTOR, OTHER_REGION, REGION, world } from "./world.ts";

const codesOf = (seed: string) =>
  seed
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",")[0]);
const TYPES = codesOf(tiltakstyper);
const entries = (codes: string[]): Entry[] => codes.map((code) => [code, code]);
const member = (key: string) => ({ key, label: key, choose: {} });
const looks = (places: (number | null)[]) =>
  places.map((place) => {
    const { colour, texture } = lookOf(place, THEMES.light);
    return `${colour} ${texture}`;
  });

async function placesOf(codes: string[], all = codes) {
  const data = await world({ tiltak: entries(all) });
  return codes.map((code) => placeOf("tiltak", member(code), chosen(data), data));
}

test("each tiltakstype of the code list has its own colour and texture", async () => {
  expect(new Set(looks(await placesOf(TYPES))).size).toBe(TYPES.length);
});

test("the ten most common tiltakstyper have each their own colour", async () => {
  const places = await placesOf(TYPES);
  const first = places.filter((place) => place !== null && place < 10);
  expect(new Set(first.map((place) => lookOf(place, THEMES.dark).colour)).size).toBe(10);
});

test("a tiltakstype has the same colour whichever others the page has, in every unit", async () => {
  const [place] = await placesOf(["MENTOR"], TYPES);
  const data = await world({ tiltak: entries(["AAA", "MENTOR", "ZZZ"]) });
  for (const enhet of ["KONTOR:0301", "KONTOR:0302", "LAND:ALLE"])
    expect(placeOf("tiltak", member("MENTOR"), chosen(data, { enhet }), data)).toBe(place);
});

test("tiltakstyper that are not in the list come after it, each in a place of its own", async () => {
  const places = await placesOf(["NY_A", "NY_B"], ["NY_B", "MENTOR", "NY_A", "UKJENT"]);
  expect(places).toEqual([TYPES.length, TYPES.length + 1]);
});

test("innsatsgrupper have the places of their own order", async () => {
  const data = await world({ innsats: entries(["VARIG", "IKVAL", "UKJENT"]) });
  const codes = codesOf(innsatsgrupper);
  const found = codes.map((code) => placeOf("innsats", member(code), chosen(data), data));
  expect(found).toEqual([0, 1, 2, 3, 4, null]);
});

test.each(["light", "dark"] as const)(
  "the unknown and the unassigned are grey, as nobody else is: %s",
  async (theme) => {
    const data = await world();
    for (const key of ["UKJENT", "Ukjent", "Ufordelt"])
      expect(lookOf(placeOf("avdeling", member(key), chosen(data), data), THEMES[theme]).colour).toBe(
        THEMES[theme].unknown,
      );
    expect(THEMES[theme].parts).not.toContain(THEMES[theme].unknown);
  },
);

test("an office has the same colour among its region's on the pages of the country and of the region", async () => {
  for (const enheter of [
    [LAND, REGION, OTHER_REGION, KONTOR, OTHER_KONTOR],
    [REGION, OTHER_KONTOR, KONTOR],
  ]) {
    const data = await world({ enheter });
    const offices = members("kontor", chosen(data), data, enheter.indexOf(REGION), []);
    const found = offices.map((one) => [one.key, placeOf("kontor", one, chosen(data), data)]);
    expect(Object.fromEntries(found)).toEqual({ "KONTOR:0301": 0, "KONTOR:0302": 1 });
  }
});

test("a year, a month or a week has the colour that the calendar gives, whatever period it is shown in", async () => {
  const data = await world({ start: "2025-12-01", weeks: 12 });
  for (const dimension of ["uke", "maaned", "aar"] as const) {
    const found = members(dimension, chosen(data), data, 0, [4, 5, 6, 7, 8, 9, 10, 11]);
    const later = members(dimension, chosen(data), data, 0, [9, 10, 11]);
    const place = (one: (typeof found)[number]) => placeOf(dimension, one, chosen(data), data);
    expect(later.map(place)).toEqual(found.slice(-later.length).map(place));
    const places = found.map(place);
    expect(places).toEqual(places.map((_, at) => (places[0] ?? 0) + at));
  }
});
