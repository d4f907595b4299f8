// The HTML checker of the W3C over saved pages.

import { spawnSync } from "node:child_process";

import { vnuJar } from "./packages.mjs";

/** Lines about what is not valid. */
export function faults(folder) {
  const run = spawnSync("java", ["-Xss4m", "-jar", vnuJar, "--errors-only", "--format", "json", "--skip-non-html", folder], {
    encoding: "utf8",
    maxBuffer: 256 << 20,
  });
  if (run.error) throw run.error;
  const start = run.stderr.indexOf("{");
  if (start < 0) throw new Error(`the HTML checker said nothing: ${run.stderr || run.stdout}`);
  const { messages } = JSON.parse(run.stderr.slice(start));
  return messages.map(({ url, lastLine, message, extract }) => {
    const file = decodeURIComponent(url ?? "").split("/").slice(-2).join("/");
    return `${file}:${lastLine}: ${message}${extract ? `: ${extract.replace(/\s+/g, " ").trim()}` : ""}`;
  });
}
