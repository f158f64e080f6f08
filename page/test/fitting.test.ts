import { expect, test } from "vitest";
import { apart, everySoMany, isApart, startOf, step } from "../src/fitting.ts";

test("more than seven parts have each their own figure, and where it is narrow more than one", () => {
  expect([7, 8].map((parts) => isApart(parts, false))).toEqual([false, true]);
  expect([1, 2].map((parts) => isApart(parts, true))).toEqual([false, true]);
});

test.each([
  [[], 0],
  [[820, 879], 810],
  [[500, 1000], 400],
  [[499, 1000], 0],
  [[20, 30], 18],
  [[19, 30], 0],
  [[100, 100], 0],
  [[0, 5], 0],
])("lines of %j begin at %i: above 0 if none is under half of the largest, nor small", (values, start) => {
  expect(startOf(values)).toBe(start);
});

const label = (at: number, size = 20) => ({ at, size });

test("labels that have room stay where they are", () => {
  expect(apart([label(100), label(50)], 0, 200)).toEqual([100, 50]);
});

test("labels that would be on top of each other are moved as little as it takes, in their own order", () => {
  expect(apart([label(100), label(104)], 0, 200)).toEqual([92, 112]);
  expect(apart([label(100), label(100), label(130)], 0, 200)).toEqual([90, 110, 130]);
});

test("labels stay inside, and the lowest are outside if there is no room for all", () => {
  expect(apart([label(2), label(5)], 0, 200)).toEqual([10, 30]);
  expect(apart([label(199), label(195)], 0, 200)).toEqual([190, 170]);
  expect(apart([label(10), label(10), label(10)], 0, 40)).toEqual([10, 30, 50]);
});

test("as many labels as there is room for, the last of them always", () => {
  expect(everySoMany(5, 20, 100)).toEqual([0, 1, 2, 3, 4]);
  expect(everySoMany(5, 21, 100)).toEqual([0, 2, 4]);
  expect(everySoMany(3, 500, 100)).toEqual([2]);
  expect(everySoMany(0, 20, 100)).toEqual([]);
});

const COUNTS = [
  { xs: 3, parts: 2 },
  { xs: 2, parts: 1 },
];
test.each([
  ["ArrowRight", true, [0, 1, 0], [0, 2, 0]],
  ["ArrowLeft", true, [0, 1, 0], [0, 0, 0]],
  ["ArrowLeft", true, [0, 0, 0], [0, 0, 0]],
  ["ArrowDown", true, [0, 1, 0], [0, 1, 1]],
  ["ArrowDown", true, [0, 1, 1], [0, 1, 1]],
  ["ArrowUp", true, [0, 1, 1], [0, 1, 0]],
  ["ArrowDown", false, [0, 1, 0], [0, 2, 0]],
  ["ArrowRight", false, [0, 1, 0], [0, 1, 1]],
  ["Home", true, [0, 2, 1], [0, 0, 1]],
  ["End", true, [0, 0, 1], [0, 2, 1]],
  ["ArrowRight", true, [0, 2, 1], [1, 0, 0]],
  ["ArrowLeft", true, [1, 0, 0], [0, 2, 0]],
  ["Tab", true, [0, 0, 0], null],
] as const)(
  "%s leads from number to number, and past a period to the next one (across: %s)",
  (key, across, from, to) => {
    expect(step(key, [...from], COUNTS, across)).toEqual(to);
  },
);
