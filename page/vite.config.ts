import { defineConfig, type Plugin } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

/** A style without the tokens that nothing in it uses, the colours that no element asks for, and empty rules. */
function withoutUnused(css: string): string {
  const used = new Set([...css.matchAll(/var\((--ax-[\w-]+)/g)].map(([, name]) => name));
  const kept = css
    .replace(/(?<=\})\[data-color=[\w-]+\]\{[^{}]*\}/g, "")
    .replace(/(--ax-[\w-]+):[^;{}]*;?/g, (declared, name) => (used.has(name) ? declared : ""))
    .replace(/(?<=[{};])[^{};]+\{\}/g, "");
  return kept === css ? css : withoutUnused(kept);
}

const tokens: Plugin = {
  name: "only-used-tokens",
  enforce: "post",
  generateBundle(_, bundle) {
    for (const asset of Object.values(bundle))
      if (asset.type === "asset" && asset.fileName.endsWith(".css")) asset.source = withoutUnused(String(asset.source));
  },
};

// One file with script and style inside. The build script puts it in `template.html`, and
// tiltaksstatistikk/export/page.py puts the data there.
export default defineConfig({
  plugins: [tokens, viteSingleFile()],
  build: { target: "es2022" },
});
