import { expect, test } from "vitest";
import { aboutNumbers, nextMonday } from "../src/reading.ts";
import { world } from "./world.ts";

test("the next numbers come on the Monday after", () => {
  expect(nextMonday("2026-01-26T04:30")).toBe("2026-02-02");
  expect(nextMonday("2026-02-01T23:59")).toBe("2026-02-02");
  expect(nextMonday("2026-12-31T06:00")).toBe("2027-01-04");
});

test("weeks from before the first extract are told of where there are some", async () => {
  const told = async (early: number) =>
    aboutNumbers(await world({ early })).find(([title]) => title === "Før det første uttrekket")?.[1];
  expect(await told(0)).toBeUndefined();
  expect(await told(2)).toMatch(/^Til og med uke 3 2026 /);
});
