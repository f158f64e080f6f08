import { expect, test } from "vitest";
import { bounds, earlier, parse, periodName, periodsOf, presets, serialise } from "../src/state.ts";
import { chosen, KONTOR, LAND, REGION, world } from "./world.ts";

const year = await world({ start: "2024-12-30", weeks: 60 });

test("all that is chosen is in the address, and only what is not standard", () => {
  const state = chosen(year, {
    vis: "utforsk",
    enhet: "KONTOR:0301",
    x: "uke",
    del: "avdeling",
    avdeling: ["Øst 2", "Ung"],
    figur: "linje",
    perioder: ["siste52", "2025W10-2025W12"],
    mot: ["uke", "aar"],
    tabell: "1:ned",
    side: 2,
  });
  const hash = serialise(state, year);
  expect(parse(hash, year)).toEqual({ ...state, ukjent: [] });
  expect(new URLSearchParams(hash.slice(1)).has("maal")).toBe(false);
});

test("the unit is written though it is the standard", () => {
  expect(serialise(chosen(year), year)).toBe("#enhet=LAND%3AALLE");
});

test("what the page does not have is named, and the rest is kept", () => {
  const state = parse(
    "#x=uke&figur=kake&enhet=KONTOR:9999&tiltak=A&tiltak=Z&side=0&tabell=1&mot=uke,dag&uke=2024W01&periode=siste",
    year,
  );
  expect(state.ukjent).toEqual(["figur", "enhet", "tiltak", "uke", "mot", "tabell", "side"]);
  expect(state).toMatchObject({ x: "uke", figur: "soyle", enhet: "LAND:ALLE", tiltak: ["A"], side: 1, mot: [] });
});

test("a code that is given twice is chosen once", () => {
  expect(parse("#tiltak=A&tiltak=A&tiltak=B", year)).toMatchObject({ tiltak: ["A", "B"], ukjent: [] });
});

test("a period outside the statistics is unknown, and one that reaches out is cut", () => {
  expect(parse("#periode=2020W01-2020W10", year)).toMatchObject({ perioder: ["siste"], ukjent: ["periode"] });
  expect(bounds("2020W01-2025W03", year)).toEqual([0, 2]);
  expect(bounds("2025W03-2020W01", year)).toEqual([0, 2]);
});

test("years are of weeks, and a preset without weeks is not offered", async () => {
  expect(bounds("ifjor", year)).toEqual([0, 51]);
  expect(bounds("iaar", year)).toEqual([52, 59]);
  expect(bounds("siste52", year)).toEqual([8, 59]);
  expect(presets(await world())).toEqual(["siste", "iaar", "siste52", "alt"]);
});

test("a period is named by its weeks", () => {
  expect(periodName("siste", year)).toBe("Siste uke (uke 8 2026)");
  expect(periodName("2025W02-2025W03", year)).toBe("Uke 2 2025–uke 3 2025");
});

test("the period a year before is as long, and no earlier than the statistics", () => {
  expect(earlier("2026W07-2026W08", year)).toBe("2025W07-2025W08");
  expect(earlier("2025W03-2025W06", year)).toBe("2025W01-2025W04");
});

test("the front shows the week that is chosen and the 52 that end with it", () => {
  expect(periodsOf(chosen(year), year)).toEqual({ week: "siste", year: "siste52" });
  expect(periodsOf(chosen(year, { uke: "2026W07" }), year)).toEqual({
    week: "2026W07-2026W07",
    year: "2025W08-2026W07",
  });
});

test("a page opens on the smallest unit that holds all the others", async () => {
  const series = [{ enhet: "KONTOR:0301", numbers: { person_antall: 10 } }];
  expect(chosen(await world({ enheter: [LAND, REGION, KONTOR], series })).enhet).toBe("KONTOR:0301");
  expect(chosen(await world({ enheter: [LAND, REGION, KONTOR], series: [] })).enhet).toBe("REGION:0300");
  expect(chosen(year).enhet).toBe("LAND:ALLE");
});
