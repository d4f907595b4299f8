// A browser on an instance, and people who use it.

import { spawnSync } from "node:child_process";

import { chromium } from "./packages.mjs";

export const LANGUAGES = ["zh-CN", "en"];
export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 375, height: 812 };

const ARGUMENTS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** The browser: $CHROMIUM, or the first that is on PATH. */
function executable() {
  const names = [process.env.CHROMIUM, "chromium", "chromium-browser", "google-chrome"].filter(Boolean);
  for (const name of names) {
    const found = spawnSync("sh", ["-c", 'command -v "$0"', name], { encoding: "utf8" }).stdout.trim();
    if (found) return found;
  }
  throw new Error("no Chromium: install it, or name one in CHROMIUM");
}

export class Site {
  constructor(instance, browser) {
    this.instance = instance;
    this.address = instance.address;
    this.signIns = instance.signIns;
    this.browser = browser;
  }

  static async open(instance) {
    return new Site(instance, await chromium.launch({ executablePath: executable(), args: ARGUMENTS }));
  }

  async close() {
    await this.browser.close();
  }

  /** Somebody at a browser of their own, who has not signed in. */
  async visitor({ viewport = DESK, language = "zh-CN", javaScript = true, phone = false } = {}) {
    const context = await this.browser.newContext({
      baseURL: this.address,
      viewport: phone ? PHONE : viewport,
      locale: language,
      timezoneId: "Asia/Shanghai",
      javaScriptEnabled: javaScript,
      reducedMotion: "reduce",
      ...(phone ? { isMobile: true, hasTouch: true, deviceScaleFactor: 2 } : {}),
    });
    context.setDefaultTimeout(15_000);
    return new Visitor(this, context, await context.newPage());
  }

  /** Somebody who has signed in under a role, through the form. */
  async person(role, options) {
    const visitor = await this.visitor(options);
    await visitor.signIn(role);
    // An account remembers the language that was chosen last.
    await visitor.language(options?.language ?? "zh-CN");
    return visitor;
  }
}

/** What a page may complain of in the console while it is looked at. */
export class Visitor {
  constructor(site, context, page) {
    this.site = site;
    this.context = context;
    this.page = page;
    this.complaints = [];
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(`${error}`));
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(site.address) && !/^(data|blob|about):/.test(url)) this.complaints.push(`asks elsewhere: ${url}`);
    });
  }

  /** What was complained of since the last time. */
  heard() {
    return this.complaints.splice(0);
  }

  async go(path) {
    return this.page.goto(path, { waitUntil: "load" });
  }

  async signIn(role) {
    const known = this.site.signIns.find((one) => one.role === role);
    if (!known) throw new Error(`the demonstration prints no sign-in for ${role}`);
    await this.go("/sign-in");
    await this.page.locator("input[name=account]").fill(known.account);
    await this.page.locator("input[name=password]").fill(known.password);
    await Promise.all([
      this.page.waitForURL((url) => !url.pathname.startsWith("/sign-in")),
      this.page.locator("form:has(input[name=password]) button[type=submit]").click(),
    ]);
  }

  async language(tag) {
    await this.go(`/language/${tag}?next=/`);
  }

  async close() {
    await this.context.close();
  }
}
