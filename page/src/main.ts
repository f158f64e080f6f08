import "./style.css";
import { type Choice, combobox } from "./combobox.ts";
import { controls } from "./controls.ts";
import { KEYS, unpack } from "./data.ts";
import { $, h } from "./dom.ts";
import { csv, png, save, svgText, xlsx } from "./exporting.ts";
import { draw, MOST_PARTS, notes, shown, summary, THEMES, type Theme } from "./figure.ts";
import { front, weekOf } from "./front.ts";
import type { Key, Unit } from "./packed.ts";
import {
  compute,
  describe,
  explanation,
  hasNoise,
  hasOfficesElsewhere,
  isTime,
  problem,
  type Result,
  unitName,
} from "./query.ts";
import { recall, remember } from "./remembered.ts";
import { explained, type Sheet, sorted } from "./sheet.ts";
import { CHOICES, parse, type State, serialise, unitNumber } from "./state.ts";
import { contentOf, table } from "./table.ts";
import { collator, INTERNAL, moment, weekKey, weekName } from "./text.ts";
import { namesOf } from "./typed.ts";

const data = await unpack($("data").textContent ?? "").catch((error: unknown) => {
  $("fakta").textContent =
    "Nettleseren kan ikke pakke ut tallene. Bruk en nyere utgave av Edge, Chrome, Firefox eller Safari.";
  throw error;
});
$("data").remove();
const dark = matchMedia("(prefers-color-scheme: dark)");
let theme: Theme = namesOf(THEMES).find((its) => its === recall("utseende")) ?? (dark.matches ? "dark" : "light");
let state = parse(location.hash, data);
// The address says which unit it is of. Without one, it is the reader's own.
const own = recall("enhet");
if (!location.hash && own && data.isOffered(unitNumber(data, own)))
  history.replaceState(null, "", serialise({ ...state, enhet: own }, data));
let shownView: State["vis"] | undefined;
// The theme on the screen while the page is printed, which is always light.
let printed: Theme | null = null;
// Arrow keys go through the values of a choice, and Back leads to what was before the choice. This is the choice that
// they are going through, and whether the last key was one of them.
let stepped = "";
let isStepping = false;
const stops = () => {
  isStepping = false;
  stepped = "";
};
addEventListener("pointerdown", stops, true);
addEventListener(
  "keydown",
  ({ key }) => {
    if (!/^(Arrow|Home|End|Page)/.test(key)) stops();
    else isStepping = true;
  },
  true,
);

function change(changes: Partial<State>) {
  const next = { ...state, ...changes };
  // What is chosen anew is seen from its first page, in its own order.
  if (!("side" in changes)) Object.assign(next, { side: 1, tabell: "" });
  const choice = isStepping ? Object.keys(changes)[0] : "";
  history[choice && choice === stepped ? "replaceState" : "pushState"](null, "", serialise(next, data));
  stepped = choice;
  show("Oppdatert. ");
}

function show(told = "") {
  state = parse(location.hash, data);
  const focused = document.activeElement?.id;
  document.documentElement.dataset.theme = theme;
  $("tema").textContent = theme === "dark" ? "Lyst utseende" : "Mørkt utseende";
  showUnit(state.enhet);
  for (const view of CHOICES.vis) {
    $(view).hidden = state.vis !== view;
    if (state.vis === view) $(`vis-${view}`).setAttribute("aria-current", "page");
    else $(`vis-${view}`).removeAttribute("aria-current");
  }
  warnings();
  let text = "";
  if (state.vis === "oversikt") {
    front($("oversikt"), state, data, { width: room("oversikt"), theme, change });
    text = `Oversikt for ${unitName(data, unitNumber(data, state.enhet))}, ${weekName(weekOf(state, data))}.`;
  } else {
    sync(state);
    text = explore(room("resultat"));
  }
  document.title = `${text.split(". ")[0]} – Arbeidsmarkedstiltak uke for uke`;
  if (told && state.vis !== shownView) scrollTo(0, 0);
  if (told && document.activeElement === document.body) $("innhold").focus({ preventScroll: true });
  shownView = state.vis;
  if (focused && document.activeElement?.id !== focused)
    document.getElementById(focused)?.focus({ preventScroll: true });
  $("melding").textContent = told && told + text;
}

const room = (id: string) => Math.max(260, $(id).clientWidth - 2);

/** What figure and table show, or why there is nothing to show. Returns it in words. */
function explore(width: number) {
  const target = $("resultat");
  const trouble = problem(state, data);
  if (trouble) {
    target.replaceChildren(
      h(
        "div",
        { class: "notice", id: "forklart" },
        h("h2", {}, "Dette kan ikke vises sammen"),
        h("p", {}, trouble.text),
        h(
          "div",
          { class: "buttons" },
          trouble.fixes.map((fix) =>
            h(
              "button",
              {
                type: "button",
                onclick: () => {
                  change(fix.change);
                  $("innhold").focus({ preventScroll: true });
                },
              },
              fix.label,
            ),
          ),
        ),
      ),
    );
    return trouble.text;
  }
  const result = compute(state, data);
  const { title, unit } = describe(state, data);
  const periods = result.panels.map((panel) => panel.name).join("; ");
  const content = contentOf(result, state, data);
  const words = summary(result, state, data);
  const nothing = empty(result);
  const drawn = nothing ? null : draw(result, state, data, { width, theme });
  drawn?.setAttribute("aria-labelledby", "figurtekst");
  target.replaceChildren(
    h("h2", { class: "unseen" }, `${title}: ${unit}`),
    nothing ??
      h("div", { class: "scroll figure", id: "figur", role: "region", "aria-label": "Figur", tabindex: "0" }, drawn),
    h("p", { id: "figurtekst", class: "summary" }, words),
    exports(
      result,
      content,
      drawn && (() => draw(result, state, data, { width: Math.max(width, 720), theme: "light" })),
      `${title}, ${unit}`,
      periods,
    ),
    table(content, state, data, caption(result, content, `${title}, ${unit}`), change, printed !== null),
  );
  return words;
}

/** The name of the table; the cross table has no columns that tell what is an average and what is provisional. */
function caption(result: Result, { isCrossed }: Sheet, title: string) {
  const isByTime = [state.x, state.del].some(isTime);
  const periods = result.panels.map(
    ({ name, provisional }) => name + (isCrossed && provisional && !isByTime ? ", foreløpig" : ""),
  );
  return `${title}. ${periods.join("; ")}.${isCrossed && result.averaged ? " Gjennomsnitt per uke." : ""}`;
}

/** What stands where the figure would be, when there is nothing to draw. */
function empty(result: Result) {
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
      `${explanation(data)} Velg en større enhet, en kortere periode eller en grovere oppdeling.`,
    );
  if (state.figur !== "varme" && result.parts.length > MOST_PARTS)
    return say(
      "For mange deler til å skilles fra hverandre",
      `Figuren ville hatt ${result.parts.length} deler. Et varmekart kan vise alle. Tabellen under har alle tallene.`,
      h("button", { type: "button", onclick: () => change({ figur: "varme" }) }, "Vis som varmekart"),
    );
  return null;
}

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

function exports(result: Result, content: Sheet, redraw: (() => SVGSVGElement) | null, title: string, periods: string) {
  const spans = result.panels.map(({ weeks }) =>
    [...new Set([weeks[0], weeks[weeks.length - 1]])].map((week) => weekKey(data.uker[week])).join("-"),
  );
  const name =
    (data.omTallene.metode === "INTERN" ? "intern-" : "") +
    [title, ...spans]
      .join(" ")
      .toLowerCase()
      .replace(/[^a-z0-9æøå]+/g, "-")
      .replace(/^-|-$/g, "");
  const rows = { ...content, rows: sorted(content, state.tabell) };
  const about = [
    ["Innhold", title],
    ["Periode", periods],
    ["Personvern", explanation(data)],
    ...explained(content, data),
    ...notes(result, state, data).map((note) => ["Merknad", note]),
  ];
  const button = (id: string, label: string, action: () => unknown) =>
    h(
      "button",
      {
        type: "button",
        class: "secondary",
        id,
        onclick: async () => {
          const told = await action();
          $("melding").textContent = typeof told === "string" ? told : `${label} er lastet ned.`;
        },
      },
      label,
    );
  const address: HTMLInputElement = h("input", {
    id: "lenke",
    readonly: true,
    value: location.href,
    onfocus: () => address.select(),
  });
  return h(
    "details",
    { class: "export", id: "eksport", open: document.querySelector<HTMLDetailsElement>("#eksport")?.open },
    h("summary", {}, "Last ned eller del"),
    h(
      "div",
      { class: "buttons" },
      button("csv", "Tabell som CSV", () =>
        save(new Blob([csv(rows)], { type: "text/csv;charset=utf-8" }), `${name}.csv`),
      ),
      button("xlsx", "Tabell som Excel (XLSX)", () =>
        save(new Blob([xlsx(rows, about)], { type: XLSX }), `${name}.xlsx`),
      ),
      redraw &&
        button("svg", "Figur som SVG", () =>
          save(new Blob([svgText(redraw())], { type: "image/svg+xml" }), `${name}.svg`),
        ),
      redraw && button("png", "Figur som bilde (PNG)", async () => save(await png(redraw()), `${name}.png`)),
    ),
    h(
      "div",
      { class: "field" },
      h("label", { for: "lenke" }, "Lenke til denne visningen"),
      address,
      button("kopier", "Kopier lenken", async () => {
        try {
          await navigator.clipboard.writeText(location.href);
          return "Lenken er kopiert.";
        } catch {
          address.focus();
          return "Lenken er merket. Kopier den med Ctrl + C.";
        }
      }),
    ),
  );
}

function warnings() {
  const unknown = state.ukjent.length > 0;
  $("varsler").replaceChildren(
    ...(data.omTallene.metode === "INTERN" ? [h("p", { class: "warning", id: "intern" }, INTERNAL)] : []),
    ...(unknown
      ? [
          h(
            "p",
            { class: "warning", id: "ukjent" },
            `Lenken viser til noe som ikke finnes i denne utgaven (${state.ukjent.join(", ")}). ` +
              "Det er vist som standard i stedet.",
          ),
        ]
      : []),
  );
}

function chooseUnit(enhet: string) {
  remember("enhet", enhet);
  change({ enhet, ...(state.avdeling !== null && { avdeling: null }) });
}

/** The country, each region with its offices after it, and the offices that are in none: [value, name, isOffice]. */
function units(): Choice[] {
  type Named = { unit: Unit; at: number; name: string };
  const [land, regions, offices] = ["LAND", "REGION", "KONTOR"].map((level) =>
    data.enheter
      .map((unit, at) => ({ unit, at, name: unitName(data, at) }))
      .filter(({ unit, at }) => unit[0] === level && data.isOffered(at))
      .sort((a, b) => collator.compare(a.name, b.name)),
  );
  const regionOf = ({ unit: [, number, , above] }: Named) =>
    regions.find(({ unit }) => unit[1] === above || (above === null && unit[1] === number));
  const grouped = regions.flatMap((region) => [region, ...offices.filter((office) => regionOf(office) === region)]);
  const all = [...land, ...grouped, ...offices.filter((office) => !regionOf(office))];
  return all.map(({ unit: [level, number], name }) => [`${level}:${number}`, name, level === "KONTOR"]);
}

/** The choice of some of a key. Several stand beside each other, since they are never added. */
function filter(key: Key, codes: string[]): Partial<State> {
  const only = { [key]: codes.length ? codes : null };
  const beside = { ...only, del: key };
  const isFree = codes.length > 1 && state.x !== key && !state.del;
  return isFree && !problem({ ...state, ...beside }, data) ? beside : only;
}

const sync = controls($("valg"), data, (chosen) => {
  for (const key of KEYS) if (chosen[key]) return change(filter(key, chosen[key]));
  // Time along the axis needs more than the one week that is there from the start.
  const needsWeeks = chosen.x && isTime(chosen.x) && state.perioder.join() === "siste";
  change({ ...chosen, ...(needsWeeks && { perioder: ["siste52"] }) });
});

if (innerWidth < 700) $<HTMLDetailsElement>("velg").open = false;
const showUnit = combobox(
  $<HTMLInputElement>("enhet"),
  $("enhet-liste"),
  units(),
  chooseUnit,
  (text) => ($("melding").textContent = text),
);
if (data.sider.length) {
  $("sider").hidden = false;
  $("sider").replaceChildren(
    h(
      "details",
      {},
      h("summary", {}, hasOfficesElsewhere(data) ? "Kontorene er på egne sider" : "Andre sider"),
      h(
        "ul",
        {},
        data.sider.map(([file, name]) => h("li", {}, h("a", { href: encodeURIComponent(file) }, name))),
      ),
    ),
  );
}
for (const view of CHOICES.vis) $(`vis-${view}`).addEventListener("click", () => change({ vis: view }));
$("tema").addEventListener("click", () => {
  theme = theme === "dark" ? "light" : "dark";
  remember("utseende", theme);
  show(theme === "dark" ? "Mørkt utseende. " : "Lyst utseende. ");
});
dark.addEventListener("change", () => {
  theme = dark.matches ? "dark" : "light";
  show();
});
$("fakta").textContent =
  `Til og med ${weekName(data.uker[data.uker.length - 1])}. Uttrekket er fra ${moment(data.omTallene.uttrekk)}, ` +
  `publisert ${moment(data.omTallene.publisert)}.`;
const provisional = data.uker.filter((week) => week[4]);
$("forklaring").replaceChildren(
  h("h2", {}, "Slik leser du tallene"),
  h("p", { id: "personvern" }, explanation(data)),
  h(
    "p",
    {},
    "En person på flere tiltak er med i hvert av dem, og bare én gang i totalen. Summen av tiltakstyper eller kontor " +
      "kan derfor være høyere enn totalen. Den kan også være lavere: regioner og landet har med dem som er på " +
      "enheter som ikke vises for seg. En måned er ukene som har torsdagen sin i den, og et år er ISO-året.",
  ),
  h(
    "p",
    {},
    provisional.length
      ? `Fra og med ${weekName(provisional[0])} er tallene foreløpige: de kan endre seg når kildene blir rettet.`
      : "Ingen uker er foreløpige.",
  ),
);
addEventListener("popstate", () => show("Oppdatert. "));
addEventListener(
  "hashchange",
  () => serialise(state, data) !== serialise(parse(location.hash, data), data) && show("Oppdatert. "),
);
document.querySelector(".skip")?.addEventListener("click", (event) => {
  // The address after # is what is chosen, and stays.
  event.preventDefault();
  $("innhold").focus();
});
addEventListener("beforeprint", () => {
  printed = theme;
  theme = "light";
  show();
});
addEventListener("afterprint", () => {
  theme = printed ?? theme;
  printed = null;
  show();
});
let lastWidth = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === lastWidth) return;
  lastWidth = innerWidth;
  show();
});
show();
