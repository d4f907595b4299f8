// Photographs of every page; see `../photograph`.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { fileName, walk } from "./pages.mjs";
import { runs, start } from "./program.mjs";
import { DESK, LANGUAGES, PHONE, Site } from "./site.mjs";

/** Of a longer page the beginning is shown. */
const HIGHEST = 2400;

const [folder, program] = process.argv.slice(2);

const fonts = runs("fc-list", [":lang=zh"]);
if (fonts.error || !fonts.stdout.trim()) {
  console.error("photograph: no Chinese font is installed (Debian: apt-get install fonts-noto-cjk fontconfig)");
  process.exit(2);
}

const instance = await start(program);
const site = await Site.open(instance);
const behind = await Site.open(instance);
let taken = 0;
try {
  await walk(site, behind, LANGUAGES, async ({ visitor, role, language, path }) => {
    for (const size of [DESK, PHONE]) {
      const place = join(folder, language, String(size.width));
      mkdirSync(place, { recursive: true });
      await visitor.page.setViewportSize(size);
      // The window is made as high as the page, so that what is fixed to its edge stays there.
      const height = await visitor.page.evaluate(() => document.documentElement.scrollHeight);
      await visitor.page.setViewportSize({ width: size.width, height: Math.min(Math.max(height, size.height), HIGHEST) });
      await visitor.page.screenshot({ path: join(place, `${role}-${fileName(path)}.png`) });
      taken += 1;
    }
    await visitor.page.setViewportSize(DESK);
  });
} finally {
  await behind.close();
  await site.close();
  await instance.stop();
}
console.log(`${taken} photographs in ${folder}`);
