import { expect, test } from "vitest";
import type { Week } from "../src/packed.ts";
import { collator, day, moment, month, number, percent, signed, weekDays, weekKey, weekName } from "../src/text.ts";

test("numbers are written in Norwegian", () => {
  expect(number(12345)).toBe("12\u00a0345");
  expect(number(12.04, true)).toBe("12,0");
  expect(percent(0.125)).toBe("12,5 %");
});

test("a change has its sign, and none has none", () => {
  expect([signed(3), signed(-3), signed(0)]).toEqual(["+3", "−3", "0"]);
});

test("a week has the year that its Thursday is in", () => {
  const week: Week = ["2025-12-29", "2026-01-04", 2026, 1, 0, 0];
  expect([weekName(week), weekKey(week)]).toEqual(["uke 1 2026", "2026W01"]);
  expect(month(week)).toEqual({ key: "2026-01", label: "januar 2026" });
  expect(month(["2026-03-30", "2026-04-05", 2026, 14, 0, 0]).key).toBe("2026-04");
});

test("days say their month once if it is the same", () => {
  expect(weekDays(["2026-01-05", "2026-01-11", 2026, 2, 0, 0])).toBe("5.–11. januar 2026");
  expect(weekDays(["2026-03-30", "2026-04-05", 2026, 14, 0, 0])).toBe("30. mars–5. april 2026");
  expect([day("2026-01-05"), moment("2026-01-05T06:05")]).toEqual(["5. januar 2026", "5. januar 2026 kl. 06.05"]);
});

test("Norwegian letters are last, and numbers in names are numbers", () => {
  const names = ["Åsane", "Øst 10", "Ås 1", "Øst 2", "Ærlig", "Zoo"];
  expect(names.sort(collator.compare)).toEqual(["Zoo", "Ærlig", "Øst 2", "Øst 10", "Ås 1", "Åsane"]);
});
