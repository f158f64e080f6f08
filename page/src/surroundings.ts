// What stands around the two views: facts and warnings over them, the other pages, and how the numbers are read.

import type { Data } from "./data.ts";
import { $, h } from "./dom.ts";
import { hasOfficesElsewhere } from "./query.ts";
import { aboutNumbers } from "./reading.ts";
import { INTERNAL, moment, weekName } from "./text.ts";

export function surroundings(data: Data) {
  const { uttrekk } = data.omTallene;
  $("fakta").textContent =
    `Til og med ${weekName(data.uker[data.uker.length - 1])}. Tallene ble hentet ${moment(uttrekk)}.`;
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

/** What a reader may ask about the numbers: who has them from where, when there are new ones, what they leave out. */
function reading(data: Data) {
  $("forklaring").replaceChildren(
    h("h2", {}, "Om tallene"),
    h(
      "dl",
      { class: "about" },
      aboutNumbers(data).map(([title, text, id]) => h("div", {}, h("dt", {}, title), h("dd", { id }, text))),
    ),
  );
}
