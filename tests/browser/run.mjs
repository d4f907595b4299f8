// All tests in the browser; see `run`.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { accessible, downloads, drawn, fits, large, texts } from "./checks.mjs";
import { faults } from "./html.mjs";
import { journeys } from "./journeys.mjs";
import { output } from "./packages.mjs";
import { fileName, REFUSED, walk } from "./pages.mjs";
import { start } from "./program.mjs";
import { DESK, LANGUAGES, PHONE, Site } from "./site.mjs";

const [program = "target/debug/jinmen", ...parts] = process.argv.slice(2);
// `pages`, `journeys`, or words of the names of some journeys.
const words = parts.filter((part) => part !== "pages" && part !== "journeys");
const wanted = (part) => parts.length === 0 || parts.includes(part) || (part === "journeys" && words.length > 0);
let passed = 0;
const failed = [];
// What is wrong in a frame is wrong on every page: each finding is told once, with the pages it is on.
const findings = new Map();

function count(name, lines) {
  if (lines.length === 0) return (passed += 1);
  failed.push(name);
  for (const line of lines) {
    const finding = line.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…");
    findings.set(finding, [...(findings.get(finding) ?? []), name]);
  }
}

function tell() {
  for (const [finding, names] of findings) {
    const others = names.length > 3 ? ` and ${names.length - 3} more` : "";
    console.log(`FAILED ${names.slice(0, 3).join(", ")}${others}\n  ${finding.replaceAll("\n", "\n  ")}`);
  }
}

async function pages(site) {
  const saved = join(output, "html");
  rmSync(saved, { recursive: true, force: true });
  const asked = new Set();
  let number = 0;
  const behind = await Site.open(instance);
  await walk(site, behind, LANGUAGES, async ({ visitor, role, language, path, response }) => {
    const { page } = visitor;
    const name = `${role} ${decodeURI(path)} ${language}`;
    const refused = REFUSED[role]?.includes(path);
    const lines = [];
    if (response.status() >= 400 && !refused) lines.push(`answers ${response.status()}`);
    if (refused && response.status() !== 404) lines.push(`answers ${response.status()} where it should not say that there is such a page`);
    await page.setViewportSize(DESK);
    // What axe finds depends on the width or on the language, hardly ever on both: each page is looked at by phone in the first
    // language, at a desk in the second.
    const first = language === LANGUAGES[0];
    lines.push(...(await texts(page, language)), ...(await fits(page)), ...(first ? [] : await accessible(page)), ...(await downloads(page, asked)));
    lines.push(...visitor.heard().filter((text) => !(refused && text.includes("404"))));
    count(`${name} ${DESK.width}`, lines);
    await page.setViewportSize(PHONE);
    await drawn(page);
    const narrow = first ? await accessible(page) : [];
    count(`${name} ${PHONE.width}`, [...(await fits(page)), ...narrow, ...(await large(page)), ...visitor.heard()]);
    await page.setViewportSize(DESK);
    const folder = join(saved, role, language);
    mkdirSync(folder, { recursive: true });
    number += 1;
    writeFileSync(join(folder, `${number}-${fileName(path)}.html`), await response.text());
  });
  await behind.close();
  console.log(`${number} pages looked at, ${asked.size} files asked for`);
  count("HTML validity", faults(saved));
}

const instance = await start(program);
console.log(`${instance.address} answered after ${instance.seconds.toFixed(1)} s`);
const site = await Site.open(instance);
try {
  if (wanted("pages")) await pages(site);
  if (wanted("journeys")) await journeys(site, count, (name) => words.length === 0 || words.some((word) => name.includes(word)));
} catch (error) {
  count("the run itself", [error.stack, "--- the program's log", ...instance.log().split("\n").slice(-20)]);
} finally {
  await site.close();
  await instance.stop();
}
tell();
console.log(`browser: ${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length ? 1 : 0;
