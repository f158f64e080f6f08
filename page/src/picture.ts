// The figure as a file of its own: with a margin and its source, as SVG and as PNG.

import { svg } from "./dom.ts";

const MARGIN = 24;
const LINE = 20;
const PIXELS = 2;
// No browser's canvas is larger.
const LARGEST = 16_000;

const sizeOf = (figure: SVGSVGElement) => ["width", "height"].map((name) => Number(figure.getAttribute(name)));

/** Gives a figure a margin, and its source as the last line. */
export function framed(figure: SVGSVGElement, source: string, background: string) {
  const [width, height] = sizeOf(figure);
  const outer = { width: width + 2 * MARGIN, height: height + LINE + 2 * MARGIN };
  figure.prepend(svg("rect", { x: -MARGIN, y: -MARGIN, ...outer, fill: background }));
  figure.append(svg("text", { x: 0, y: height + LINE - 8, "font-size": 12 }, source));
  figure.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${outer.width} ${outer.height}`);
  figure.setAttribute("width", String(outer.width));
  figure.setAttribute("height", String(outer.height));
  return figure;
}

export const svgText = (figure: SVGSVGElement) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(figure)}`;

/** The figure as pixels, two for each of the screen's, or fewer when the figure is too large for a canvas. */
export async function png(figure: SVGSVGElement) {
  const [width, height] = sizeOf(figure);
  const scale = Math.min(PIXELS, LARGEST / height, LARGEST / width);
  const image = new Image(width, height);
  const address = URL.createObjectURL(new Blob([svgText(figure)], { type: "image/svg+xml" }));
  try {
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("The figure is no image"))), "image/png"),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}
