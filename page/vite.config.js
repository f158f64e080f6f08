import { defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

// One file, `template.html`, with script and style inside. plugins/page.py puts the data in.
export default defineConfig({
  plugins: [
    viteSingleFile(),
    {
      name: "template",
      enforce: "post",
      generateBundle(_, bundle) {
        bundle["index.html"].fileName = "template.html";
      },
    },
  ],
  build: { outDir: ".", emptyOutDir: false, target: "es2022", copyPublicDir: false },
});
