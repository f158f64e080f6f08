// How a figure is laid out, as rules of numbers alone: when it is several, where a scale begins, and what has room.

import { tickStep } from "d3";

/** So many parts can be told apart in one figure. More have each their own. */
export const MOST_TOGETHER = 7;
/** The least number of a scale that may begin above 0: a few people more or less are no steep line. */
const LEAST_ABOVE = 20;

/** Whether each part is drawn by itself: there are too many, or their names have no room beside them. */
export const isApart = (parts: number, isNarrow: boolean) => parts > (isNarrow ? 1 : MOST_TOGETHER);

/**
 * Where the scale of lines begins: 0, or the number below the least if all are so large that a line would be flat. A
 * bar is as long as its number, and begins at 0.
 */
export function startOf(values: number[]) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!values.length || least < LEAST_ABOVE || least === most || least < most / 2) return 0;
  const step = Math.max(1, tickStep(least, most, 5));
  return Math.max(0, Math.floor((least - step / 2) / step) * step);
}

/**
 * Moves labels as little as it takes for none to be on top of another.
 *
 * @param wanted the middle of each label, and how high it is
 * @returns the middle of each, from `from` down; past `to` if there are too many
 */
export function apart(wanted: { at: number; size: number }[], from: number, to: number): number[] {
  const order = wanted.map((_, at) => at).sort((a, b) => wanted[a].at - wanted[b].at || a - b);
  // Labels that touch are a block, as near as it can be to where they would be.
  const blocks: { labels: number[]; top: number; size: number }[] = [];
  for (const label of order) {
    let block = { labels: [label], top: wanted[label].at - wanted[label].size / 2, size: wanted[label].size };
    for (let above = blocks.at(-1); above && above.top + above.size > block.top; above = blocks.at(-1)) {
      blocks.pop();
      const [n, m] = [above.labels.length, block.labels.length];
      const top = (n * above.top + m * (block.top - above.size)) / (n + m);
      block = { labels: [...above.labels, ...block.labels], top, size: above.size + block.size };
    }
    blocks.push(block);
  }
  return placed(blocks, wanted, from, to);
}

function placed(
  blocks: { labels: number[]; top: number; size: number }[],
  wanted: { size: number }[],
  from: number,
  to: number,
) {
  const labels = blocks.flatMap((block) => block.labels);
  const tops = blocks.flatMap(({ labels: its, top }) => {
    let at = top;
    return its.map((label) => {
      at += wanted[label].size;
      return at - wanted[label].size;
    });
  });
  // Inside the room: from below, and then from above, which counts if there is too little of it.
  for (let at = labels.length - 1, end = to; at >= 0; at--) {
    tops[at] = Math.min(tops[at], end - wanted[labels[at]].size);
    end = tops[at];
  }
  let end = from;
  const found: number[] = [];
  for (const [at, label] of labels.entries()) {
    const top = Math.max(tops[at], end);
    end = top + wanted[label].size;
    found[label] = top + wanted[label].size / 2;
  }
  return found;
}

/** Which of some labels beside each other are shown, if each needs some room: the last, and every so many before it. */
export function everySoMany(count: number, needed: number, room: number): number[] {
  const step = Math.max(1, Math.ceil((needed * count) / Math.max(1, room)));
  return Array.from({ length: count }, (_, at) => at).filter((at) => (count - 1 - at) % step === 0);
}

/** A number by its panel, and its place along the axis and among the parts. */
export type Place = [panel: number, x: number, part: number];

/**
 * Where a key leads from a number. Past the end of a period is the next one.
 *
 * @param counts how many there are along the axis, and how many parts, in each panel
 * @param isAcross whether the axis is across, so that left and right go along it
 * @returns null if the key leads nowhere
 */
export function step(
  key: string,
  [panel, x, part]: Place,
  counts: { xs: number; parts: number }[],
  isAcross: boolean,
): Place | null {
  const [forward, back, next, previous] = isAcross
    ? ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"]
    : ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"];
  const { xs, parts } = counts[panel];
  const inside = (at: number, count: number) => Math.max(0, Math.min(at, count - 1));
  if (key === next) return [panel, x, inside(part + 1, parts)];
  if (key === previous) return [panel, x, inside(part - 1, parts)];
  if (key === "Home") return [panel, 0, part];
  if (key === "End") return [panel, xs - 1, part];
  if (key !== forward && key !== back) return null;
  const way = key === forward ? 1 : -1;
  const other = counts[panel + way];
  if ((x + way >= 0 && x + way < xs) || !other) return [panel, inside(x + way, xs), part];
  return [panel + way, way < 0 ? other.xs - 1 : 0, inside(part, other.parts)];
}
