import { defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

// One file with script and style inside. The build script puts it in `template.html`, and
// tiltaksstatistikk/export/page.py puts the data there.
export default defineConfig({
  plugins: [viteSingleFile()],
  build: { target: "es2022" },
});
