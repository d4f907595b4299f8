// Bundles the style sheet, the scripts and the icon sprite; called by `build`, which finds Node and the packages.
// Arguments: source folder (web/), output folder, folder that holds node_modules.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [source, out, packages] = process.argv.slice(2);
const root = join(source, "..");
const modules = join(packages, "node_modules");
const require = createRequire(join(packages, "package.json"));
const esbuild = require("esbuild");

// Browsers of domestic desktops lag behind: nothing newer than what Chromium 87 and WebKit 14 know is emitted untranslated.
const browsers = ["chrome87", "firefox91", "safari14"];

const inputs = collect();
const stamp = fingerprint(inputs);
const stampFile = join(out, "stamp");
if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) process.exit(0);

const sprite = icons();
emit("icons.svg", sprite);
emit("app.js", await script("app.js"));
emit("charts.js", await script("charts.js"));
emit("app.css", await styles());
emit("icon.svg", readFileSync(join(source, "src", "icon.svg")));
writeFileSync(stampFile, stamp);

/** Every file that the result depends on. */
function collect() {
  const sources = [...files(join(source, "src")), join(source, "build.mjs"), join(source, "icons.txt"), join(source, "keep.txt"),
    join(source, "package-lock.json")];
  return { sources, markup: markup() };
}

/** Templates and the component code, in which class names are looked for. */
function markup() {
  const found = [...files(join(root, "platform", "ui", "src"))];
  for (const floor of ["platform", "modules"]) {
    const at = join(root, floor);
    if (!existsSync(at)) continue;
    for (const name of readdirSync(at)) found.push(...files(join(at, name, "templates")));
  }
  found.push(...files(join(root, "app", "templates")));
  return found.filter((path) => /\.(html|rs|svg)$/.test(path));
}

function files(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? files(path) : [path];
    });
}

function fingerprint({ sources, markup }) {
  const hash = createHash("sha256").update(process.version);
  for (const path of [...sources, ...markup]) hash.update(path).update("\0").update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

/** One sprite with a `<symbol>` for each icon named in icons.txt. */
function icons() {
  const names = lines("icons.txt");
  const symbols = names.map((name) => {
    const [style, file] = name.includes("/") ? name.split("/") : ["outline", name];
    const svg = readFileSync(join(modules, "@tabler", "icons", "icons", style, `${file}.svg`), "utf8");
    const inner = svg
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/\s+/g, " ")
      .replace(/> </g, "><")
      .trim();
    return `<symbol id="${name.replace("/", "-")}" viewBox="0 0 24 24">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

function lines(file) {
  return readFileSync(join(source, file), "utf8")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter(Boolean);
}

async function script(name) {
  const result = await esbuild.build({
    entryPoints: [join(source, "src", name)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    // htmx uses private methods and `??=`; translating them costs weight, so scripts ask a little more than styles do.
    target: ["chrome94", "firefox93", "safari15"],
    nodePaths: [modules],
    legalComments: "eof",
    logLevel: "warning",
  });
  return Buffer.from(result.outputFiles[0].contents);
}

async function styles() {
  const { PurgeCSS } = require("purgecss");
  const tabler = readFileSync(join(modules, "@tabler", "core", "dist", "css", "tabler.css"), "utf8");
  const own = ["tokens.css", "base.css", "frame.css", "portal.css", "parts.css", "form.css", "table.css", "phone.css", "modes.css", "print.css"]
    .map((file) => readFileSync(join(source, "src", file), "utf8"))
    .join("\n");
  const keep = lines("keep.txt").map((text) => new RegExp(`^(?:${text})$`));
  const content = [...inputs.markup, ...files(join(source, "src")).filter((path) => path.endsWith(".js"))];
  const [purged] = await new PurgeCSS().purge({
    css: [{ raw: plainColours(tabler) }],
    content: content.map((path) => ({ raw: readFileSync(path, "utf8"), extension: path.split(".").pop() })),
    safelist: { standard: keep },
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_:/-]+/g) ?? [],
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  const result = await esbuild.transform(`${purged.css}\n${own}`, {
    loader: "css",
    minify: true,
    target: browsers,
    legalComments: "none",
    logLevel: "error",
  });
  return Buffer.from(`/*! Tabler (MIT), tabler.io; Jinmen (Apache-2.0) */${result.code}`);
}

/** There is one colour scheme: `light-dark(a, b)` becomes `a`, which older browsers understand. */
function plainColours(css) {
  const word = "light-dark(";
  let result = "";
  let at = 0;
  for (;;) {
    const next = css.indexOf(word, at);
    if (next < 0) return result + css.slice(at);
    result += css.slice(at, next);
    let depth = 1;
    let comma = -1;
    let end = next + word.length;
    for (; depth > 0; end++) {
      if (css[end] === "(") depth++;
      else if (css[end] === ")") depth--;
      else if (css[end] === "," && depth === 1 && comma < 0) comma = end;
    }
    result += css.slice(next + word.length, comma).trim();
    at = end;
  }
}

/** Write one asset plain, gzipped and brotlied. */
function emit(name, content) {
  mkdirSync(out, { recursive: true });
  const bytes = Buffer.from(content);
  writeFileSync(join(out, name), bytes);
  writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  writeFileSync(join(out, `${name}.br`), brotli);
}
