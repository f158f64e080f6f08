// «Utforsk tallene»: figure, table and what can be taken out of the page, or why there is nothing to show.

import { nameOf } from "./about.ts";
import type { Theme } from "./colours.ts";
import type { Data } from "./data.ts";
import { $, h } from "./dom.ts";
import { draw, MOST_PARTS, noted, notesOf } from "./figure.ts";
import {
  compute,
  describe,
  explanation,
  hasNoise,
  isTime,
  type Problem,
  problem,
  type Result,
  shown,
} from "./query.ts";
import { framed } from "./readout.ts";
import { sharing } from "./sharing.ts";
import type { Sheet } from "./sheet.ts";
import type { State } from "./state.ts";
import { contentOf, table } from "./table.ts";
import { summary } from "./words.ts";

interface Options {
  width: number;
  theme: Theme;
  change: (changes: Partial<State>) => void;
  onPaper: boolean;
}

/** Shows it all in an element, and returns it in words. */
export function explore(target: HTMLElement, state: State, data: Data, options: Options) {
  const { width, theme, change, onPaper } = options;
  const trouble = problem(state, data);
  if (trouble) {
    target.replaceChildren(explained(trouble, change));
    return trouble.text;
  }
  const result = compute(state, data);
  const { title, unit } = describe(state, data);
  const content = contentOf(result, state, data);
  const words = summary(result, state, data);
  const nothing = empty(result, state, data, change);
  const drawn = nothing ? null : draw(result, state, data, { width, theme });
  drawn?.setAttribute("aria-labelledby", "figurtekst");
  // A figure that is taken out is light, and as wide as on a desk.
  const figure = drawn && {
    name: () => nameOf(result, state, data),
    draw: () => draw(result, state, data, { width: Math.max(width, 720), theme: "light", hasNotes: true }),
  };
  target.replaceChildren(
    h("h2", { class: "unseen" }, `${title}: ${unit}`),
    nothing ?? (drawn && framed(drawn, result, state, { id: "figur", "aria-label": "Figur" })) ?? "",
    drawn ? noted("merknader", notesOf(result, state, data, width)) : "",
    h("p", { id: "figurtekst", class: "summary" }, words),
    sharing({ id: (name) => name, state, subject: () => ({ result, state, content }), figure }, data),
    table(content, state, data, caption(result, content, state, `${title}, ${unit}`), change, onPaper),
  );
  return words;
}

function explained(trouble: Problem, change: Options["change"]) {
  const fix = (changes: Partial<State>) => {
    change(changes);
    $("innhold").focus({ preventScroll: true });
  };
  return h(
    "div",
    { class: "notice", id: "forklart" },
    h("h2", {}, "Dette kan ikke vises sammen"),
    h("p", {}, trouble.text),
    h(
      "div",
      { class: "buttons" },
      trouble.fixes.map((one) => h("button", { type: "button", onclick: () => fix(one.change) }, one.label)),
    ),
  );
}

/** The name of the table; the cross table has no columns that tell what is an average and what is provisional. */
function caption(result: Result, { isCrossed }: Sheet, { x, del }: State, title: string) {
  const isByTime = [x, del].some(isTime);
  const periods = result.panels.map(
    ({ name, provisional }) => name + (isCrossed && provisional && !isByTime ? ", foreløpig" : ""),
  );
  return `${title}. ${periods.join("; ")}.${isCrossed && result.averaged ? " Gjennomsnitt per uke." : ""}`;
}

/** What stands where the figure would be, when there is nothing to draw. */
function empty(result: Result, state: State, data: Data, change: Options["change"]) {
  const say = (heading: string, text: string, ...fixes: Node[]) =>
    h("div", { class: "notice", id: "forklart" }, h("h3", {}, heading), h("p", {}, text), fixes);
  if (!result.cells.length || result.cells.every((cell) => cell.value === 0))
    return hasNoise(data)
      ? say(
          "Tallet er vist som 0",
          "Noen små tall er også vist som 0, av hensyn til personvern. Tallet sier derfor ikke om noen er der.",
        )
      : say(
          "Ingen i perioden",
          "Ingen personer, plasser eller deltakelser svarer til det du har valgt. Tallet er 0. Det er ikke skjult.",
        );
  if (result.cells.every((cell) => shown(cell, result) === null || cell.value === 0))
    return say(
      hasNoise(data) ? "Tallene er for små til å tegnes" : "Alle tallene er prikket",
      `${explanation(data)} Velg en større enhet, en kortere periode eller en grovere fordeling.`,
    );
  if (state.figur !== "varme" && result.parts.length > MOST_PARTS)
    return say(
      "For mange deler til å skilles fra hverandre",
      `Figuren ville hatt ${result.parts.length} deler. Et varmekart kan vise alle. Tabellen under har alle tallene.`,
      h("button", { type: "button", onclick: () => change({ figur: "varme" }) }, "Vis som varmekart"),
    );
  return null;
}
