// What stands around the two views: facts and warnings over them, the other pages, and how the numbers are read.

import type { Data } from "./data.ts";
import { $, h } from "./dom.ts";
import { explanation, hasOfficesElsewhere } from "./query.ts";
import { INTERNAL, moment, weekName } from "./text.ts";

export function surroundings(data: Data) {
  const { uttrekk, publisert } = data.omTallene;
  $("fakta").textContent =
    `Til og med ${weekName(data.uker[data.uker.length - 1])}. Uttrekket er fra ${moment(uttrekk)}, ` +
    `publisert ${moment(publisert)}.`;
  pages(data);
  reading(data);
}

/** @param unknown names in the address that say nothing that is here */
export function warnings(data: Data, unknown: string[]) {
  const warning = (id: string, text: string) => h("p", { class: "warning", id }, text);
  $("varsler").replaceChildren(
    ...(data.omTallene.metode === "INTERN" ? [warning("intern", INTERNAL)] : []),
    ...(unknown.length
      ? [
          warning(
            "ukjent",
            `Lenken viser til noe som ikke finnes i denne utgaven (${unknown.join(", ")}). ` +
              "Det er vist som standard i stedet.",
          ),
        ]
      : []),
  );
}

function pages(data: Data) {
  if (!data.sider.length) return;
  const links = data.sider.map(([file, name]) => h("li", {}, h("a", { href: encodeURIComponent(file) }, name)));
  const title = hasOfficesElsewhere(data) ? "Kontorene er på egne sider" : "Andre sider";
  $("sider").hidden = false;
  $("sider").replaceChildren(h("details", {}, h("summary", {}, title), h("ul", {}, links)));
}

function reading(data: Data) {
  const provisional = data.uker.find((week) => week[4]);
  $("forklaring").replaceChildren(
    h("h2", {}, "Slik leser du tallene"),
    h("p", { id: "personvern" }, explanation(data)),
    h(
      "p",
      {},
      "En person på flere tiltak er med i hvert av dem, og bare én gang i totalen. Summen av tiltakstyper eller " +
        "kontor kan derfor være høyere enn totalen. Den kan også være lavere: regioner og landet har med dem som " +
        "er på enheter som ikke vises for seg. En måned er ukene som har torsdagen sin i den, og et år er ISO-året.",
    ),
    h(
      "p",
      {},
      provisional
        ? `Fra og med ${weekName(provisional)} er tallene foreløpige: de kan endre seg når kildene blir rettet.`
        : "Ingen uker er foreløpige.",
    ),
  );
}
