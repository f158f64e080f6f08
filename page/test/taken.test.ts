import { strFromU8, unzipSync } from "fflate";
import { expect, test } from "vitest";
import { about, nameOf } from "../src/about.ts";
import { csv, csvs, pastedTable, tabbed } from "../src/exporting.ts";
import { type Grid, grid, head, spans } from "../src/grid.ts";
import { mondaySheet, rows } from "../src/monday.ts";
import { compute } from "../src/query.ts";
import { periodsOf, type State } from "../src/state.ts";
import { contentOf } from "../src/table.ts";
import { xlsx } from "../src/workbook.ts";
import { chosen, type Series, type World, world } from "./world.ts";

const OFFICE = "KONTOR:0301";
const ALL = ["LAND:ALLE", "REGION:0300", "REGION:0400", OFFICE, "KONTOR:0302"];
const SERIES = ALL.flatMap((enhet): Series[] => [
  { enhet, numbers: { person_antall: [20, 21, 22] } },
  { enhet, tiltak: "A", numbers: { person_antall: [15, 16, null] } },
  { enhet, tiltak: "B", numbers: { person_antall: [9, 8, 7] } },
  { enhet, innsats: "VARIG", numbers: { person_antall: [9, 8, 7] } },
  { enhet, tiltak: "B", innsats: "VARIG", numbers: { person_antall: [9, 8, 7] } },
]);

async function taken(changes: Partial<State>, given: Partial<World> = {}) {
  const data = await world({ series: SERIES, ...given });
  const state = chosen(data, { enhet: OFFICE, ...changes });
  const result = compute(state, data);
  const subject = { result, state, content: contentOf(result, state, data) };
  return { data, subject, table: grid(subject.content, state.tabell, data), name: nameOf(result, state, data) };
}
const labels = ({ columns }: Grid) => columns.map(({ label }) => label);
const named = (name: string, found: [string, string][]) =>
  found.filter(([its]) => its === name).map(([, text]) => text);

test("a code stands beside its name, and the whole has none", async () => {
  const { table } = await taken({ x: "tiltak" });
  expect(labels(table)).toEqual(["Tiltakstype", "Tiltakskode", "Personer"]);
  expect(table.columns.map(({ kind }) => kind)).toEqual(["text", "code", "number"]);
  expect(table.rows).toEqual([
    ["I alt", null, 22],
    ["Opplæring", "B", 7],
    ["Avklaring", "A", "•"],
  ]);
});

test("an office has its number, with its zero, and a week its Monday", async () => {
  const { table } = await taken({ enhet: "LAND:ALLE", x: "kontor", del: "uke", perioder: ["alt"], form: "lang" });
  expect(labels(table)).toEqual(["Kontor", "Enhetsnummer", "Uke", "ISO-uke", "Mandag", "Personer"]);
  expect(table.rows[0]).toEqual(["Nav Alna", "0301", "uke 4 2026", "2026-W04", "2026-01-19", 22]);
});

test("a period has its first and its last day", async () => {
  const { table } = await taken({ form: "lang", perioder: ["siste", "2026W02-2026W03"] });
  const [first] = table.rows.filter(([period]) => String(period).startsWith("Uke 2"));
  expect(labels(table).slice(0, 5)).toEqual(["Periode", "Fra og med", "Til og med", "Tiltakstype", "Tiltakskode"]);
  expect(first.slice(1, 3)).toEqual(["2026-01-05", "2026-01-18"]);
});

test("codes of what is across stand over it", async () => {
  const { table } = await taken({ x: "tiltak", del: "uke", perioder: ["alt"] });
  expect(head(table).lines).toEqual([
    ["ISO-uke", "", "2026-W04", "2026-W03", "2026-W02"],
    ["Mandag", "", "2026-01-19", "2026-01-12", "2026-01-05"],
    ["Tiltakstype", "Tiltakskode", "uke 4 2026", "uke 3 2026", "uke 2 2026"],
  ]);
});

test("groups of columns are a line of the header, over what each has", async () => {
  const { table } = await taken({ x: "tiltak", del: "innsats", mot: ["uke"] });
  expect(head(table).lines.slice(1)).toEqual([
    ["", "", "I alt", "I alt", "Varig tilpasset innsats", "Varig tilpasset innsats"],
    ["Tiltakstype", "Tiltakskode", "Personer", "Endring fra uken før", "Personer", "Endring fra uken før"],
  ]);
  expect(spans(head(table).groups)).toEqual([
    ["", 0, 0],
    ["", 1, 1],
    ["I alt", 2, 3],
    ["Varig tilpasset innsats", 4, 5],
  ]);
});

test("rows are in the order that is chosen on the page", async () => {
  const { table } = await taken({ x: "tiltak", tabell: "0:opp" });
  expect(table.rows.map(([name]) => name)).toEqual(["I alt", "Avklaring", "Opplæring"]);
});

test("the sheet about the numbers says of whom, when and what, and what stands in place of numbers", async () => {
  const { data, subject } = await taken({ x: "tiltak", tiltak: ["A", "B"], perioder: ["2026W02-2026W04"] });
  const found = about(subject, data, "side.html#enhet=KONTOR:0301");
  expect(named("Enhet", found)).toEqual(["Nav Alna"]);
  expect(named("Enhetsnummer", found)).toEqual(["0301"]);
  expect(named("Bare tiltakstype", found)).toEqual(["Avklaring (A)", "Opplæring (B)"]);
  const days = "2026-01-05 til 2026-01-25 (2026-W02 til 2026-W04)";
  expect(named("Periode", found)).toEqual([`Uke 2 2026–uke 4 2026: ${days}`]);
  expect(named("Personer på tiltak", found)[0]).toMatch(/^Ulike personer/);
  expect(named("•", found)[0]).toMatch(/^Tallet er prikket/);
  expect(named("Merknad", found)[0]).toMatch(/gjennomsnitt per uke/);
  expect(named("Uttrekk", found)).toEqual(["26. januar 2026 kl. 04.30"]);
  expect(named("Kilde", found)[0]).toMatch(/^Nav/);
  expect(named("Lenke", found)).toEqual(["side.html#enhet=KONTOR:0301"]);
});

test("the country has no number, and an empty cell is explained", async () => {
  const { data, subject } = await taken({ enhet: "LAND:ALLE", x: "tiltak", mot: ["aar"] });
  const found = about(subject, data, "");
  expect(named("Enhetsnummer", found)).toEqual([]);
  expect(named("Tom celle", found)).toHaveLength(1);
});

test("a CSV has decimal commas, quotes where it must, and no formulas", () => {
  expect(csv([["=1+1", "-2", "@a", "a;b", 'a"b', 0.1 + 0.2, -2.5, null]])).toBe(
    '\ufeff\'=1+1;\'-2;\'@a;"a;b";"a""b";0,3;-2,5;\r\n',
  );
});

test("beside the CSV is a file that says what it is, with the codes of its columns", async () => {
  const { data, subject, table } = await taken({ enhet: "LAND:ALLE", x: "tiltak", del: "kontor" });
  const files = unzipSync(csvs(table, about(subject, data, "side.html")));
  expect(Object.keys(files)).toEqual(["tabell.csv", "om-tallene.csv"]);
  const [numbers, told] = Object.values(files).map((file) => strFromU8(file).split("\r\n"));
  expect(numbers.slice(0, 2)).toEqual(["Tiltakstype;Tiltakskode;I alt;Nav Alna;Nav Bjerke", "I alt;;22;22;22"]);
  expect(told).toContain("Kolonne: Nav Alna;Enhetsnummer 0301");
  expect(told).toContain("Lenke;side.html");
});

test("who opens a CSV with leading zeros is told to import them as text", async () => {
  const told = async (changes: Partial<State>) => {
    const { table } = await taken({ enhet: "LAND:ALLE", ...changes });
    return strFromU8(unzipSync(csvs(table, []))["om-tallene.csv"]);
  };
  expect(await told({ x: "kontor" })).toContain("nullen foran");
  expect(await told({ x: "tiltak" })).not.toContain("nullen foran");
});

test("text for the clipboard has tabs, and no formula", async () => {
  const { data, subject } = await taken(
    { x: "tiltak" },
    {
      tiltak: [
        ["A", "=1+1"],
        ["B", "B\tC"],
      ],
    },
  );
  const table = grid(subject.content, "", data, false);
  expect(tabbed(table)).toBe("Tiltakstype\tPersoner\r\nI alt\t22\r\nB C\t7\r\n'=1+1\t•");
});

test("HTML for the clipboard tells Excel what is a number and what is text, and has no tags of its names", async () => {
  const { data, subject } = await taken(
    { x: "tiltak", mot: ["uke"] },
    {
      tiltak: [
        ["A", "=<b>1"],
        ["B", "B"],
      ],
    },
  );
  const html = pastedTable(grid(subject.content, "", data, false), "Tittel <1>", ["Kilde: Nav"]);
  expect(html).toContain("=&lt;b&gt;1");
  expect(html).toContain("Tittel &lt;1&gt;");
  expect(html).toMatch(/<td x:num="-1" sdval="-1"[^>]*>-1<\/td>/);
  expect(html).toMatch(/<td sdnum="1044;0;@" style="[^"]*mso-number-format[^"]*">•<\/td>/);
  expect(html.indexOf("Kilde: Nav")).toBeGreaterThan(html.indexOf("</table>"));
});

/** The cells of a workbook's sheet by their addresses, if they have anything: a number, or text. */
async function cells(table: Grid, sheet = 1) {
  const files = unzipSync(await xlsx(table, [["Innhold", "=1+1"]]));
  const xml = (part: string) => strFromU8(files[`xl/${part}.xml`]);
  const shared = [...xml("sharedStrings").matchAll(/<si>(.*?)<\/si>/gs)].map(([, text]) => text.replace(/<.*?>/g, ""));
  const found = xml(`worksheets/sheet${sheet}`).matchAll(/<c ([^>]*[^/])>(.*?)<\/c>/gs);
  return Object.fromEntries(
    [...found].map(([, attributes, content]) => {
      const value = Number(content.match(/<v>(.*?)<\/v>/)?.[1]);
      return [attributes.match(/r="(\w+)"/)?.[1], attributes.includes('t="s"') ? shared[value] : value];
    }),
  );
}

test("a workbook has numbers as numbers, days as days, and nothing where there is nothing", async () => {
  const { table } = await taken({ form: "lang", x: "uke", perioder: ["alt"], mot: ["uke"] });
  const found = await cells(table);
  expect([found.A1, found.C1, found.D1]).toEqual(["Uke", "Mandag", "Personer"]);
  // 2026-01-05 in Excel's days.
  expect([found.A4, found.B4, found.C4, found.D4, found.E4]).toEqual(["uke 2 2026", "2026-W02", 46027, 20, undefined]);
  expect("E4" in found).toBe(false);
});

test("a workbook has as text what looks like a formula, a number or a part of every object", async () => {
  const names = ["=1+1", "constructor", "__proto__", "\u0001A&<"];
  const tiltak = names.map((name, at): [string, string] => [`0${at}`, name]);
  const series = tiltak.map(([code]): Series => ({ enhet: OFFICE, tiltak: code, numbers: { person_antall: 9 } }));
  const { table } = await taken({ x: "tiltak", sorter: "fast" }, { tiltak, series });
  const found = await cells(table);
  expect([found.A2, found.A3, found.A4, found.A5]).toEqual(["=1+1", "constructor", "__proto__", "_x0001_A&amp;&lt;"]);
  expect([found.B2, found.B3, found.B4, found.B5]).toEqual(["00", "01", "02", "03"]);
  expect((await cells(table, 2)).B1).toBe("=1+1");
});

test("a workbook links to a page that has an address", async () => {
  const { table } = await taken({ x: "tiltak" });
  const rels = async (address: string) =>
    Object.entries(unzipSync(await xlsx(table, [["Lenke", address]])))
      .filter(([name]) => name.includes("sheet2.xml.rels"))
      .map(([, file]) => strFromU8(file));
  expect((await rels("https://tall.nav.no/#x=uke")).join()).toContain('Target="https://tall.nav.no/#x=uke"');
  expect(await rels("side.html#x=uke")).toEqual([]);
});

test("LibreOffice is told which range the filter is of", async () => {
  const { table } = await taken({ x: "tiltak", del: "uke", perioder: ["alt"] });
  const book = strFromU8(unzipSync(await xlsx(table, []))["xl/workbook.xml"]);
  expect(book).toMatch(/<definedName name="_xlnm._FilterDatabase"[^>]*>Tabell!\$A\$3:\$E\$6</);
});

test("Monday's table has the codes of its rows and of the units beside", async () => {
  const data = await world({ series: SERIES });
  const state = chosen(data, { enhet: "REGION:0300" });
  const content = mondaySheet("tiltak", rows("tiltak", state, data, periodsOf(state, data)), data);
  const table = grid(content, "", data);
  expect(head(table).lines).toEqual([
    ["Enhetsnummer", "", "", "", "", "0301", "0302"],
    ["Tiltakstype", "Tiltakskode", "Personer", "Fra uken før", "Fra året før", "Nav Alna", "Nav Bjerke"],
  ]);
  expect(table.rows).toEqual([
    ["I alt", null, 22, 1, null, 22, 22],
    ["Opplæring", "B", 7, -1, null, 7, 7],
    ["Avklaring", "A", "•", "•", null, "•", "•"],
  ]);
});

test("a file is named by what it is of and its weeks, and by what must stay inside", async () => {
  const internal = await taken({ x: "tiltak", perioder: ["siste"] }, { metode: "INTERN" });
  expect(internal.name).toBe("intern-personer-på-tiltak-etter-tiltakstype-nav-alna-2026w04");
  const open = await taken({ x: "tiltak", perioder: ["2026W02-2026W03"] });
  expect(open.name).toBe("personer-på-tiltak-etter-tiltakstype-nav-alna-2026w02-2026w03");
});
