// What every page must hold, in both languages and widths. Each check gives lines about what is wrong.

import { axeSource } from "./packages.mjs";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** No finding of axe. */
export async function accessible(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  const violations = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] })
      .then((result) => result.violations),
    RULES,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 3).map((node) => `axe ${id}: ${help}: ${node.html.slice(0, 200)} (${node.failureSummary?.split("\n").slice(1, 3).join(" ").trim()})`),
  );
}

/** Waits until the page has been drawn in the size that it was given: before that, lengths in `vw` are the old ones. */
export async function drawn(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
}

/** Nothing sticks out to the right. */
export async function fits(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.querySelectorAll("body *")].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.width > 0 && box.right > width + 1 && getComputedStyle(one).position !== "fixed";
    });
    const names = wide.slice(-3).map((one) => one.outerHTML.slice(0, 120));
    return [`wider than the window (${document.documentElement.scrollWidth} of ${width}): ${names.join(" | ")}`];
  });
}

/** Large type: nothing sticks out, and what is tapped is at least 48 pixels high. */
export async function large(page) {
  const set = (on) => page.evaluate((on) => document.documentElement.classList.toggle("large", on), on);
  await set(true);
  // Transitions, however short, end with a later frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(done), 50))));
  const lines = await fits(page);
  let small = await low(page);
  // Under load a style may be a moment late.
  for (let tries = 0; small.length > 0 && tries < 5; tries += 1) {
    await page.waitForTimeout(200);
    small = await low(page);
  }
  await set(false);
  return [...lines, ...small].map((line) => `in large type ${line}`);
}

/** What is tapped and is lower than 48 pixels. */
async function low(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("button, .btn, summary, select, textarea, input:not([type=hidden], [type=checkbox], [type=radio])")]
      .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest(".visually-hidden"))
      .map((one) => [one.getBoundingClientRect().height, one.outerHTML.slice(0, 100)])
      .filter(([height]) => height > 0 && height < 47.5)
      .map(([height, html]) => `${Math.round(height)} px high: ${html}`),
  );
}

/** A missing text is shown as its key in brackets. */
export async function texts(page, language) {
  return page.evaluate((wanted) => {
    const shown = [document.title, document.body.innerText];
    for (const one of document.querySelectorAll("[placeholder],[title],[aria-label],[alt],[value]")) {
      for (const name of ["placeholder", "title", "aria-label", "alt"]) shown.push(one.getAttribute(name) ?? "");
    }
    const missing = new Set(shown.join("\n").match(/\[[a-z]{2,}(-[a-z0-9]+)+\]/g) ?? []);
    const lines = [...missing].map((key) => `no text for ${key}`);
    if (document.documentElement.lang !== wanted) lines.push(`the page says it is in ${document.documentElement.lang}`);
    if (!document.title.trim()) lines.push("no title");
    if (document.querySelectorAll("h1").length !== 1) lines.push(`${document.querySelectorAll("h1").length} first headings`);
    return lines;
  }, language);
}

/** Files that a page offers are there. */
export async function downloads(page, asked) {
  const hrefs = await page.locator("a[href][download]").evaluateAll((all) => all.map((one) => one.href));
  const lines = [];
  for (const href of hrefs) {
    const key = new URL(href).pathname;
    if (asked.has(key)) continue;
    asked.add(key);
    const response = await page.request.get(href);
    if (!response.ok()) lines.push(`${href} answers ${response.status()}`);
    if (/text\/html/.test(response.headers()["content-type"] ?? "")) lines.push(`${href} is a page, not a file`);
  }
  return lines;
}
