import "./style.css";
import { tabs } from "./choosing.ts";
import { THEMES, type Theme } from "./colours.ts";
import { type Choice, Combobox } from "./combobox.ts";
import { controls } from "./controls.ts";
import { KEYS, unpack } from "./data.ts";
import { $ } from "./dom.ts";
import { explore } from "./explore.ts";
import { loadFont } from "./font.ts";
import { front } from "./front.ts";
import { describe, only, unitKey, unitName, unitsByRegion, weeksFor } from "./query.ts";
import { recall, remember } from "./remembered.ts";
import { CHOICES, parse, type State, serialise, unitNumber, weekOf } from "./state.ts";
import { surroundings, warnings } from "./surroundings.ts";
import { weekName } from "./text.ts";
import { namesOf } from "./typed.ts";

const data = await unpack($("data").textContent ?? "").catch((error: unknown) => {
  $("fakta").textContent =
    "Nettleseren kan ikke pakke ut tallene. Bruk en nyere utgave av Edge, Chrome, Firefox eller Safari.";
  throw error;
});
$("data").remove();
await loadFont();
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
  document.documentElement.className = theme;
  $("tema").textContent = theme === "dark" ? "Lys modus" : "Mørk modus";
  field.show(state.enhet);
  warnings(data, state.ukjent);
  const text = showView();
  document.title = `${titleOf()} – Arbeidsmarkedstiltak uke for uke`;
  if (told && state.vis !== shownView) scrollTo(0, 0);
  if (told && document.activeElement === document.body) $("innhold").focus({ preventScroll: true });
  shownView = state.vis;
  if (focused && document.activeElement?.id !== focused)
    document.getElementById(focused)?.focus({ preventScroll: true });
  tell(told && told + text);
}

function titleOf() {
  if (state.vis === "oversikt")
    return `Oversikt for ${unitName(data, unitNumber(data, state.enhet))}, ${weekName(weekOf(state, data))}`;
  const { title, unit } = describe(state, data);
  return `${title}, ${unit}`;
}

/** Shows the view that is chosen, and returns it in words. */
function showView() {
  showTab(state.vis);
  const onPaper = printed !== null;
  if (state.vis === "oversikt") {
    front($("oversikt"), state, data, { width: room("oversikt"), theme, change, onPaper });
    return `${titleOf()}.`;
  }
  sync(state);
  return explore($("resultat"), state, data, { width: room("resultat"), theme, change, onPaper });
}

function tell(text: string) {
  $("melding").textContent = text;
}

const room = (id: string) => Math.max(260, $(id).clientWidth - 2);

function chooseUnit(enhet: string) {
  remember("enhet", enhet);
  change({ enhet, ...(state.avdeling !== null && { avdeling: null }) });
}

const sync = controls($("valg"), data, (chosen) => {
  for (const key of KEYS) if (chosen[key]) return change(only(key, chosen[key], state, data));
  change({ ...chosen, ...(chosen.x && weeksFor([chosen.x], state)) });
});

if (innerWidth < 700) $<HTMLDetailsElement>("velg").open = false;
const units = unitsByRegion(data).map(
  (at): Choice => [unitKey(data, at), unitName(data, at), data.enheter[at][0] === "KONTOR"],
);
const field = new Combobox($<HTMLInputElement>("enhet"), $("enhet-liste"), units, { choose: chooseUnit, tell });
surroundings(data);
const showTab = tabs($("visninger"), CHOICES.vis, (vis) => change({ vis }));
$("tema").addEventListener("click", () => {
  theme = theme === "dark" ? "light" : "dark";
  remember("utseende", theme);
  show(theme === "dark" ? "Mørk modus. " : "Lys modus. ");
});
dark.addEventListener("change", () => {
  theme = dark.matches ? "dark" : "light";
  show();
});
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
