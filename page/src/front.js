// The front view: Monday's question at a glance.

import { h } from "./dom.js";
import { draw, summary } from "./figure.js";
import { OFFICES_ELSEWHERE, compute, hasOfficesElsewhere } from "./query.js";
import { defaults, serialise } from "./state.js";
import { DOT, capital, number, percent, signed, weekDays, weekName } from "./text.js";

const MOST = 3;

export function front(section, state, data, { width, theme }) {
  const view = (changes) => ({ ...defaults(data), enhet: state.enhet, vis: "utforsk", ...changes });
  const link = (text, changes) => h("a", { href: serialise(view(changes), data) }, text);
  const compared = { perioder: ["siste"], mot: ["uke", "aar"] };
  const now = (maal) => compute(view({ x: "uke", maal, ...compared }), data).cells[0];
  const level = state.enhet.split(":")[0];
  const week = data.uker.at(-1);

  const figure = (changes, id) => {
    const chosen = view(changes);
    const result = compute(chosen, data);
    if (result.suppressed === result.cells.length) return h("p", {}, `${DOT} Tallene er prikket.`);
    const drawn = draw(result, chosen, data, { width, theme, id });
    drawn.setAttribute("aria-label", summary(result, chosen, data));
    return drawn;
  };

  const people = now("personer");
  const waiting = now("venter");
  const places = now("plasser");
  const types = compute(view({ x: "tiltak", ...compared }), data).cells;
  const waits = compute(view({ x: "tiltak", maal: "venter", perioder: ["siste"] }), data).cells;

  section.replaceChildren(
    h("h2", {}, `${capital(weekName(week))} (${weekDays(week)})${week[4] ? " – foreløpige tall" : ""}`),
    h(
      "div",
      { class: "cards" },
      card(
        "Personer på tiltak",
        "kort-personer",
        big(people.value),
        changes(people),
        link("Se utviklingen", { x: "uke", figur: "linje", perioder: ["siste52"], mot: ["aar"] }),
      ),
      card(
        "Venter på tiltak",
        "kort-venter",
        big(waiting.value),
        changes(waiting),
        list(
          "Flest venter på",
          waits
            .filter((cell) => cell.value)
            .slice(0, MOST)
            .map((cell) => [cell.x.label, number(cell.value)]),
        ),
        link("Se hvem som venter på hva", { x: "tiltak", maal: "venter" }),
      ),
      card(
        "Plasser i bruk",
        "kort-plasser",
        big(places.value, true),
        changes(places, true),
        use(),
        link("Se plassene", { x: "tiltak", maal: "plasser" }),
      ),
    ),
    h("h2", {}, "Hvor har det endret seg mest?"),
    h("p", { class: "note" }, "Tiltakstyper der begge tallene kan vises. Personer på tiltak."),
    h("div", { class: "cards" }, moved("uke", "Fra uken før"), moved("aar", "Fra samme uke året før")),
    h("p", {}, link("Se alle tiltakstypene", { x: "tiltak", ...compared })),
    h("h2", {}, "Siste 52 uker"),
    h(
      "div",
      {
        class: "scroll figure",
        id: "oversikt-figur",
        role: "region",
        "aria-label": "Figur: siste 52 uker",
        tabindex: "0",
      },
      figure({ x: "uke", figur: "linje", perioder: ["siste52"] }, "oversikt"),
    ),
    h("p", {}, link("Se figuren som tabell, eller endre den", { x: "uke", figur: "linje", perioder: ["siste52"] })),
  );

  function moved(reference, title) {
    const known = types
      .filter((cell) => cell.value !== null && typeof cell.references[reference]?.value === "number")
      .map((cell) => ({
        label: cell.x.label,
        change: cell.value - cell.references[reference].value,
        value: cell.value,
      }));
    const part = (sign) =>
      known
        .filter(({ change }) => change * sign > 0)
        .sort((a, b) => sign * (b.change - a.change) || a.label.localeCompare(b.label, "nb"))
        .slice(0, MOST)
        .map(({ label, change, value }) => [label, `${signed(change)} (til ${number(value)})`]);
    const [up, down] = [part(1), part(-1)];
    return card(
      title,
      `endring-${reference}`,
      list("Mest opp", up),
      list("Mest ned", down),
      !up.length &&
        !down.length &&
        h("p", {}, known.length ? "Ingen endring." : "Ingen tiltakstyper har tall som kan vises for begge ukene."),
    );
  }

  function use() {
    if (level === "KONTOR") {
      const cells = compute(view({ x: "bruk", maal: "kapasitet", sorter: "fast" }), data).cells;
      const [own, others, elsewhere] = cells.map((cell) => [cell.x.label, written(cell.value, true)]);
      return h("div", {}, list("Deltakelser på plassene", [own, others]), list("Deltakelser utenfor", [elsewhere]));
    }
    if (hasOfficesElsewhere(data)) return h("p", {}, OFFICES_ELSEWHERE);
    const cells = compute(view({ x: "kontor", del: "bruk", maal: "kapasitet", perioder: ["siste"] }), data).panels[0]
      .cells;
    const others = cells
      .map((row) => ({
        label: row[0].x.label,
        from: row.find((cell) => cell.part.key === "fra_andre_antall").value,
        own: row.find((cell) => cell.part.key === "egne_antall").value,
        elsewhere: row.find((cell) => cell.part.key === "hos_andre_antall").value,
      }))
      // Those who follow up nobody (an employer) have others' people only.
      .filter(({ from, own, elsewhere }) => from && own !== null && own + elsewhere > 0)
      .sort((a, b) => b.from - a.from)
      .slice(0, MOST);
    return others.length
      ? list(
          "Enheter der andre bruker flest plasser",
          others.map(({ label, from, own }) => [
            label,
            `${number(from, true)} av ${number(from + own, true)} deltakelser`,
          ]),
        )
      : h(
          "p",
          {},
          cells.flat().some((cell) => cell.value)
            ? "Hvem som bruker plassene, vises for hvert kontor."
            : `${DOT} Hvem som bruker plassene, kan ikke vises for noe kontor denne uken.`,
        );
  }
}

const written = (value, decimals) => (value === null ? DOT : number(value, decimals));

const card = (title, id, ...content) =>
  h(
    "section",
    { class: "card", id, "aria-labelledby": `${id}-tittel` },
    h("h3", { id: `${id}-tittel` }, title),
    ...content,
  );

const big = (value, decimals) =>
  h(
    "p",
    { class: "big" },
    value === null
      ? [h("span", { "aria-hidden": "true" }, DOT), h("span", { class: "note" }, " Prikket av hensyn til personvernet")]
      : number(value, decimals),
  );

function changes(cell, decimals) {
  const line = (reference, text) => {
    const before = cell.references[reference];
    if (!before) return h("li", {}, `${capital(text)}: finnes ikke i statistikken`);
    if (before.value === null || cell.value === null) return h("li", {}, `${capital(text)}: kan ikke vises`);
    const change = cell.value - before.value;
    if (Math.abs(change) < 0.05) return h("li", {}, `Uendret fra ${text}`);
    const share = before.value ? ` (${percent(Math.abs(change) / before.value)})` : "";
    return h("li", {}, `${change > 0 ? "▲ Opp" : "▼ Ned"} ${number(Math.abs(change), decimals)}${share} fra ${text}`);
  };
  return h("ul", { class: "plain" }, line("uke", "uken før"), line("aar", "samme uke året før"));
}

const list = (title, rows) =>
  rows.length > 0 &&
  h(
    "div",
    {},
    h("h4", {}, title),
    h(
      "dl",
      { class: "pairs" },
      rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    ),
  );
