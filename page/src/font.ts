// The font of the page: loaded before texts are measured, and put in the figures that are taken out.

import { svg } from "./dom.ts";

/** Ready when the font can be measured. A browser that refuses it shows the next one of the list. */
export const loadFont = () => document.fonts.load('1em "Source Sans 3"').catch(() => []);

/** A figure with the font inside. Otherwise its texts, measured in it, would be wider than their places elsewhere. */
export function withFont(drawn: SVGSVGElement) {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const faces = rules.filter((rule) => rule instanceof CSSFontFaceRule).map((rule) => rule.cssText);
  drawn.prepend(svg("style", {}, faces.join("\n")));
  return drawn;
}
