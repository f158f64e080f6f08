// The values of a figure by pointer, touch and keyboard: the nearest is framed, and said in words beside it.

import { h, svg } from "./dom.ts";
import { told, toldOf } from "./drawing.ts";
import { type Place, step } from "./fitting.ts";
import { isAcross } from "./heat.ts";
import { type Cell, isTime, type Result } from "./query.ts";
import type { State } from "./state.ts";
import { entriesOf } from "./typed.ts";

/** Something that the pointer can be at, and where it is in the drawing. */
interface Spot {
  panel: number;
  text: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
}
/** How many pixels a finger or a pointer may be beside what it is meant for. */
const REACH = 32;
const BESIDE = 8;

let hide: (() => void) | undefined;
addEventListener("keydown", ({ key }) => {
  if (key === "Escape") hide?.();
});

function spotsOf(drawn: SVGSVGElement): Spot[] {
  const frame = drawn.getBoundingClientRect();
  return [...drawn.querySelectorAll("svg title")].flatMap((title) => {
    const box = title.parentElement?.getBoundingClientRect();
    if (!box) return [];
    return {
      panel: Number(title.closest("[data-panel]")?.getAttribute("data-panel")),
      text: title.textContent ?? "",
      left: box.left - frame.left,
      top: box.top - frame.top,
      right: box.right - frame.left,
      bottom: box.bottom - frame.top,
    };
  });
}

const distance = ({ left, top, right, bottom }: Spot, x: number, y: number) =>
  Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));

/** The nearest of some spots that is within reach; of those as near, the one that is drawn last. */
function nearest(spots: Spot[], x: number, y: number) {
  let found: Spot | undefined;
  let least = REACH;
  for (const spot of spots) {
    const far = distance(spot, x, y);
    if (far <= least) [found, least] = [spot, far];
  }
  return found;
}

/** A cell in words, with the period that it is in and what it is compared with. */
function wordsOf(cell: Cell, panel: number, result: Result) {
  const compared = entriesOf(cell.references).flatMap(([kind, reference]) =>
    typeof reference?.value === "number" ? toldOf(kind, { ...cell, x: NONE, part: NONE }, reference.value, result) : [],
  );
  return [
    told(cell, result),
    ...compared,
    ...(result.panels.length > 1 ? [result.panels[panel].name] : []),
    ...(cell.provisional ? ["foreløpig"] : []),
  ].join(" · ");
}
const NONE = { key: "", label: "", choose: {} };

/** What is shown of a value: a frame around it in the drawing, and a text beside it. */
class Readout {
  readonly tip = h("p", { class: "tip", hidden: true, "aria-hidden": "true" });
  readonly said = h("p", { class: "unseen", role: "status" });
  readonly #drawn: SVGSVGElement;
  readonly #frame: SVGRectElement;
  #spots: Spot[] | undefined;

  constructor(drawn: SVGSVGElement, colour: string) {
    this.#drawn = drawn;
    this.#frame = svg("rect", { fill: "none", stroke: colour, "stroke-width": 2 });
  }

  /** Found when they are first asked for. */
  get spots() {
    this.#spots ??= spotsOf(this.#drawn);
    return this.#spots;
  }

  show(text: string, spot: Spot | undefined) {
    hide = () => this.hide();
    this.tip.textContent = text;
    this.tip.hidden = false;
    const { left, top, right, bottom } = spot ?? { left: 0, top: 0, right: 0, bottom: 0 };
    if (spot) {
      const frame = { x: left - 3, y: top - 3, width: right - left + 6, height: bottom - top + 6 };
      for (const [name, value] of Object.entries(frame)) this.#frame.setAttribute(name, String(value));
      this.#drawn.append(this.#frame);
    } else this.#frame.remove();
    const room = this.#drawn.clientWidth - this.tip.offsetWidth;
    const above = top - this.tip.offsetHeight - BESIDE;
    this.tip.style.left = `${Math.max(0, Math.min((left + right - this.tip.offsetWidth) / 2, room))}px`;
    this.tip.style.top = `${above < 0 ? bottom + BESIDE : above}px`;
  }

  hide() {
    this.tip.hidden = true;
    this.#frame.remove();
  }
}

/** The cells of a result by what the drawing calls them, in each panel. */
function placesOf(result: Result) {
  const found = new Map<string, Place>();
  result.panels.forEach((panel, at) => {
    panel.cells.forEach((row, x) => {
      row.forEach((cell, part) => {
        found.set(`${at}\n${told(cell, result)}`, [at, x, part]);
      });
    });
  });
  return found;
}

/** A figure in its frame, which takes the focus, with its values within reach. */
export function framed(
  drawn: SVGSVGElement,
  result: Result,
  state: State,
  { id, ...named }: { id: string; "aria-label": string },
) {
  const hint = h("p", { class: "hint", id: `${id}-hint` }, HINT);
  const area = h(
    "div",
    { class: "scroll figure", id, role: "region", tabindex: "0", "aria-describedby": hint.id, ...named },
    drawn,
  );
  return h("div", { class: "framed" }, area, ...readable(area, drawn, result, state), hint);
}
const HINT = "Pek eller trykk i figuren for å lese et tall, eller gå fra tall til tall med piltastene.";

/** The nearest value by pointer or touch, and by arrow keys one after the other. Returns where it is said. */
function readable(area: HTMLElement, drawn: SVGSVGElement, result: Result, state: State) {
  const readout = new Readout(drawn, drawn.getAttribute("fill") ?? "");
  const isAlong = state.figur === "varme" ? isAcross(result.panels[0], state) : isTime(state.x);
  let places: Map<string, Place> | undefined;
  let at: Place | undefined;
  const cellAt = ([panel, x, part]: Place) => result.panels[panel].cells[x][part];
  const point = (event: PointerEvent) => {
    const box = drawn.getBoundingClientRect();
    const spot = nearest(readout.spots, event.clientX - box.left, event.clientY - box.top);
    if (!spot) return readout.hide();
    places ??= placesOf(result);
    const place = places.get(`${spot.panel}\n${spot.text}`);
    if (place) at = place;
    readout.show(place ? wordsOf(cellAt(place), place[0], result) : spot.text, spot);
  };
  const press = (event: KeyboardEvent) => {
    const last = isTime(state.x) ? result.panels[0].xs.length - 1 : 0;
    const counts = result.panels.map(({ xs, parts }) => ({ xs: xs.length, parts: parts.length }));
    const next = step(event.key, at ?? [0, last, 0], counts, isAlong);
    if (!next) return;
    event.preventDefault();
    // The first arrow leads to a value, and the next ones from it.
    at = at ? next : [0, last, 0];
    const [panel] = at;
    const cell = cellAt(at);
    const text = wordsOf(cell, panel, result);
    readout.show(text, spotOf(readout.spots, cell, panel, result));
    readout.said.textContent = text;
  };
  area.addEventListener("pointermove", point);
  area.addEventListener("pointerdown", point);
  area.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && readout.hide());
  area.addEventListener("keydown", press);
  area.addEventListener("blur", () => readout.hide());
  return [readout.tip, readout.said];
}

/** Where a cell is in the drawing: of a stack that is not complete, where that is said. */
const spotOf = (spots: Spot[], cell: Cell, panel: number, result: Result) =>
  spots.find((spot) => spot.panel === panel && spot.text === told(cell, result)) ??
  spots.find((spot) => spot.panel === panel && spot.text === `${cell.x.label}: ufullstendig`);
