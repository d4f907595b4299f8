// The packages of package-lock.json, which `with-packages` keeps outside the source tree.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const folder = process.env.JINMEN_TEST_PACKAGES;
if (!folder) throw new Error("start this through tests/browser/with-packages");
const require = createRequire(join(folder, "package.json"));

export const { chromium } = require("playwright-core");
export const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
export const vnuJar = join(folder, "node_modules", "vnu-jar", "build", "dist", "vnu.jar");

/** Where results may be written. */
export const output = process.env.JINMEN_TEST_OUTPUT;
