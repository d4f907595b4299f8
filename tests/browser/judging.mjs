// Journeys of judging: an invitation, a final from the lots to the result that anybody computes again, what goes wrong in it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { answerAll } from "./calls.mjs";
import { runs } from "./program.mjs";
import { invited, newcomer, opens, send, text } from "./steps.mjs";

const CONTEST = "专题赛";
const ALLIANCE = "天津市电子信息与大数据人才创新创业联盟（演示）";
const FIRM = "天津数聚演示科技有限公司";
const JUDGE = "苏砚清";

/** What a card asks, and two sets of marks for it: 88.50 and 82.00. */
const HIGH = { technology: "27.5", business: "22", market: "21", team: "18" };
const LOW = { technology: "25", business: "20", market: "20", team: "17" };

/** A round of the contest's track with these judges seated and asked; gives its path and what the office was told. */
async function round(office, { kind, track, judges, fields = {}, call = CONTEST }) {
  await office.goto("/work/reviews/new");
  const option = office.locator("select[name=call] option", { hasText: call }).first();
  await office.locator("select[name=call]").selectOption(await option.getAttribute("value"));
  await office.locator(`input[name=kind][value=${kind}]`).check();
  await send(office, office.locator("main form button.btn-primary").first());
  await office.locator("input[name=title_zh]").fill(`${track} ${kind}（演示）`);
  await office.locator("select[name=panels]").selectOption("track");
  if (track) await office.locator("select[name=track]").selectOption(track);
  for (const [name, value] of Object.entries(fields)) await office.locator(`main [name=${name}]`).first().fill(value);
  await send(office, office.locator("main form button.btn-primary").first());
  await office.waitForURL(/\/work\/reviews\/[0-9a-f-]{36}/);
  const path = new URL(office.url()).pathname;
  await send(office, office.locator(`form[action*='${path}/entries'] button`));
  await office.goto(`${path}?tab=judges`);
  const choose = office.locator("form[action*='/choose']");
  await choose.locator("select[name=panel]").selectOption({ index: 1 });
  for (const name of judges) await choose.locator("label", { hasText: name }).locator("input").check();
  await send(office, choose.locator("button.btn-primary"));
  await send(office, office.locator("form[action*='/invite'] button"));
  return { path, id: path.split("/").pop(), told: await text(office) };
}

/** The address by which somebody without an account comes in. */
const linkOf = (told, name) => told.match(new RegExp(`${name} \\S*(/invitation/\\S+)`))[1];

async function accept(judge, id) {
  await judge.goto(`/work/judging/${id}`);
  await judge.locator("input[name=signed]").check();
  await send(judge, judge.locator("form[action*='/accept'] button[type=submit]"));
}

async function open(office, path) {
  await office.goto(path);
  await send(office, office.locator(`form[action*='${path}/open'] button`));
}

/** What the API says, as the one who is signed in sees it. */
const asked = (page, path) => page.evaluate((path) => fetch(path).then((answer) => answer.json()), path);

/** The office's control room and what is done in it. */
class Room {
  constructor(office, path, panel) {
    Object.assign(this, { office, path: `${path}/live/${panel}`, panel });
  }

  /** Opens the room. It draws itself again when something happens, which may be just now. */
  async enter(page = this.office) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await page.goto(this.path);
      } catch (error) {
        if (tries === 3 || !/ERR_ABORTED|interrupted by another navigation/.test(error.message)) throw error;
      }
    }
  }

  async does(what, page = this.office) {
    await this.enter(page);
    const deed = page.locator(`form[action*='/clock']:has(input[name=deed][value='${what}']) button`);
    await send(page, page.locator(`form[action*='${this.path}/${what}'] button`).or(deed).first());
  }

  async slip(page, judge, marks) {
    await this.enter(page);
    await page.locator("details:has(form[action*='/slip']) > summary").click();
    const form = page.locator("form[action*='/slip']");
    await form.locator("select[name=seat]").selectOption({ label: judge });
    for (const [key, mark] of Object.entries(marks)) await form.locator(`[name='mark.${key}']`).fill(mark);
    await send(page, form.locator("button.btn-primary"));
  }

  async judges() {
    await this.enter();
    return this.office.locator("#stage").innerText();
  }
}

/** Nothing waits in the pad's line any more: the server has it, whether its answer came or it told so afterwards. */
const arrived = (pad) => pad.locator("[data-note]:not(.is-unsaved)").waitFor({ state: "attached" });

/** Types marks on the pad and locks them. */
async function lock(pad, marks, { sent = true } = {}) {
  await pad.locator(".jm-pad-lock").waitFor();
  for (const [key, mark] of Object.entries(marks)) await pad.locator(`#pad-${key}`).fill(mark);
  await pad.locator(".jm-pad-lock").click();
  await pad.locator(".jm-pad-total", { hasText: "已锁定" }).waitFor();
  if (sent) await arrived(pad);
}

/** A judge's pad; whether one is sure is answered with yes. */
async function padOf(judge, id) {
  judge.on("dialog", (dialog) => dialog.accept());
  await judge.goto(`/work/judging/${id}/live`);
  return judge;
}

/** Two finalists of one group, and the codes of everybody, those two first. */
async function finalists(office, id) {
  const { items } = await asked(office, `/api/v1/reviews/${id}/entries?limit=50`);
  const first = items.find((one) => items.some((other) => other !== one && other.group === one.group));
  const second = items.find((one) => one !== first && one.group === first.group);
  const rest = items.filter((one) => one !== first && one !== second);
  return { two: [first, second], rest, codes: [first, second, ...rest].map((one) => one.code).join(" ") };
}

async function lots(office, path, codes) {
  await office.goto(`${path}?tab=draws`);
  await office.locator("details:has(form[action*='/paper-draws']) > summary").click();
  const form = office.locator("form[action*='/paper-draws']");
  await form.locator("select[name=panel]").selectOption({ index: 1 });
  await form.locator("textarea[name=order]").fill(codes);
  await form.locator("input[name=witness]").fill("祁正衡");
  await send(office, form.locator("button.btn-primary"));
}

/** The screen of the hall; keeps every score that it was ever told, with the time. */
async function screenOf(site, opening, panel) {
  const { page } = await opening(site.visitor());
  const told = [];
  page.on("response", async (answer) => {
    if (!answer.url().includes(`/live/${panel}/state`) || !answer.ok()) return;
    const state = await answer.json().catch(() => undefined);
    for (const entry of state?.entries ?? []) if (entry.score) told.push(entry.code);
  });
  await page.goto(`/live/${panel}`);
  return { page, told };
}

export const JUDGING = {
  async "an expert without an account comes in by the invitation, says where they are close, and locks a score on a phone"({ site, open: opening, check }) {
    const { page: office } = await opening(site.person("secretariat"));
    const name = "冯湛";
    const { path, id, told } = await round(office, { kind: "desk", track: "industry", judges: [name, "蒋桐"] });
    const judge = await invited(site, opening, linkOf(told, name), { phone: true });
    await opens(judge, "/work/judging", "industry");
    check((await text(judge)).includes("评审承诺"), "what is promised is read before anything else");
    const close = judge.locator("form[action*='/accept'] input[name=conflict]").first();
    const firm = (await judge.locator("form[action*='/accept'] label:has(input[name=conflict])").first().innerText()).trim();
    await close.check();
    await judge.locator("input[name=signed]").check();
    await send(judge, judge.locator("form[action*='/accept'] button[type=submit]"));
    await open(office, path);
    await judge.goto(`/work/judging/${id}`);
    const mine = await asked(judge, `/api/v1/judging/${id}/entries`);
    const { items } = await asked(office, `/api/v1/reviews/${id}/entries?limit=50`);
    check(mine.length === items.length - 1 && items.length > 1, `the judge reads ${mine.length} of ${items.length}`);
    const kept = items.find((one) => firm.includes(one.applicant));
    check(kept && !mine.some((one) => one.id === kept.id), `${firm} is not among them`);
    await judge.locator("main a[href*='/work/judging/']", { hasText: /P\d+/ }).first().click();
    await judge.waitForURL(/\/work\/judging\/[0-9a-f-]{36}\/[0-9a-f-]{36}/);
    const packet = new URL(judge.url()).pathname;
    const read = items.find((one) => packet.endsWith(one.id));
    check(!(await text(judge)).includes(read.applicant), "the packet does not say whose it is");
    for (const [key, mark] of Object.entries(HIGH)) await judge.locator(`[name='mark.${key}']`).fill(mark);
    await judge.locator("textarea[name=comment]").fill("技术扎实，场景明确。");
    await judge.waitForResponse((answer) => answer.url().endsWith("/card") && answer.ok());
    await send(judge, judge.locator("form[action*='/score'] button.btn-primary"));
    await judge.waitForURL((url) => url.pathname !== packet);
    await judge.goto(packet);
    check((await text(judge)).includes("88.50") && (await judge.locator("form[action*='/score']").count()) === 0, "what is locked stays as it is");
    await office.goto(`${path}?tab=judges`);
    check(/1\/\d/.test(await office.locator("#judges tr", { hasText: name }).innerText()), "the office sees how far the judge is");
  },

  async "a secretary leads a final with a slip of paper and a tie, the supervisor confirms, a visitor computes the result again"({ site, open: opening, check, forgive }) {
    forgive(/ERR_INTERNET_DISCONNECTED|status of 409/);
    const { page: office } = await opening(site.person("secretariat"));
    const colleague = await newcomer(site, opening, { name: "田计分", account: "demo-counter", organization: ALLIANCE }, "secretariat");
    const { page: supervisor } = await opening(site.person("supervisor"));
    const { page: judge, context } = await opening(site.person("judge", { phone: true }));
    const { path, id, told } = await round(office, {
      kind: "live", track: "content", judges: [JUDGE, "顾穗屿"], fields: { ties: "technology, revote" },
    });
    await accept(judge, id);
    await accept(await invited(site, opening, linkOf(told, "顾穗屿")), id);
    const { two, rest, codes } = await finalists(office, id);
    await open(office, path);
    await lots(office, path, codes);
    const { panels } = await asked(office, `/api/v1/reviews/${id}`);
    const room = new Room(office, path, panels[0].id);
    const screen = await screenOf(site, opening, panels[0].id);
    const pad = await padOf(judge, id);

    for (const [at, entry] of two.entries()) {
      await room.does("call");
      for (const deed of ["pitch", "questions", "score"]) await room.does(deed);
      await pad.locator(".jm-pad-phase", { hasText: entry.code }).waitFor();
      // The network of the hall goes away while the second one is judged.
      if (at === 1) {
        await context.setOffline(true);
        await lock(pad, HIGH, { sent: false });
        await pad.locator("[data-note].is-unsaved").waitFor();
        await pad.waitForTimeout(4_000);
        check(!(await room.judges()).includes("88.50"), "nothing arrived without a network");
        await context.setOffline(false);
        await arrived(pad);
      } else {
        await lock(pad, HIGH);
      }
      await room.slip(office, "顾穗屿", LOW);
      await room.slip(colleague, "顾穗屿", LOW);
      const seen = await room.judges();
      check(seen.includes("88.50") && seen.includes("82.00") && seen.includes("85.25"), `the tally is 85.25: ${seen}`);
      await room.does("tally");
      check(!screen.told.includes(entry.code), `the screen did not show ${entry.code} before it was confirmed`);
      await room.does("confirm", supervisor);
      await screen.page.locator(".jm-hall-score", { hasText: "85.25" }).waitFor();
      await screen.page.locator("[data-last]", { hasText: entry.title }).waitFor();
    }
    for (const _ of rest) await room.does("absent");
    check((await pad.locator(".jm-pad-total, [data-note]").first().count()) === 1, "the pad is still there");

    await office.goto(path);
    await office.locator("details:has(form[action*='/close']) > summary").click();
    await send(office, office.locator("form[action*='/close'] button.btn-primary"));
    await supervisor.goto(`${path}?tab=results`);
    await supervisor.goto(path);
    await send(supervisor, supervisor.locator(`form[action*='${path}/confirm'] button`));
    check((await text(supervisor)).includes("并列"), "equals wait for the vote of the panel");
    await office.goto(`${path}?tab=results`);
    for (const [at, entry] of two.entries()) await office.locator(`[name='votes.${entry.id}']`).fill(at === 1 ? "2" : "0");
    await send(office, office.locator("form[action*='/votes'] button.btn-primary"));
    await supervisor.goto(path);
    await send(supervisor, supervisor.locator(`form[action*='${path}/confirm'] button`));
    await office.goto(path);
    await send(office, office.locator(`form[action*='${path}/publish'] button`));

    const { page: visitor } = await opening(site.visitor());
    await opens(visitor, "/results", "content");
    const shown = await text(visitor);
    check(shown.indexOf(two[1].applicant) < shown.indexOf(two[0].applicant), "the panel's vote decided");
    check(!shown.includes(JUDGE) && !shown.includes("顾穗屿"), "judges stay letters and numbers");
    await verified({ site, visitor, id, check });
  },

  async "the server is killed while judges lock, and no score is lost, none is there twice, the screen shows nothing unconfirmed"({ site, open: opening, check, forgive }) {
    // What a browser says of a server that is gone is no fault of the pages.
    forgive(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED|Failed to fetch/);
    const { page: office } = await opening(site.person("secretariat"));
    const { page: supervisor } = await opening(site.person("supervisor"));
    const { page: judge } = await opening(site.person("judge", { phone: true }));
    const second = "孟泽";
    const { path, id, told } = await round(office, { kind: "live", track: "security", judges: [JUDGE, second] });
    const other = await invited(site, opening, linkOf(told, second), { phone: true });
    await accept(judge, id);
    await accept(other, id);
    const { codes } = await finalists(office, id);
    await open(office, path);
    await lots(office, path, codes);
    const { panels } = await asked(office, `/api/v1/reviews/${id}`);
    const room = new Room(office, path, panels[0].id);
    const screen = await screenOf(site, opening, panels[0].id);
    const pads = [await padOf(judge, id), await padOf(other, id)];
    const order = codes.split(" ");
    for (const [at, wait] of [0, 15, 60, 250].entries()) {
      const code = order[at];
      await room.does("call");
      for (const pad of pads) await pad.locator(".jm-pad-phase", { hasText: code }).waitFor();
      const given = [HIGH, LOW];
      const locking = pads.map((pad, seat) => lock(pad, given[seat]));
      await Promise.all(pads.map((pad) => pad.locator(".jm-pad-total", { hasText: "已锁定" }).waitFor()));
      await new Promise((then) => setTimeout(then, wait));
      await site.instance.kill();
      await site.instance.again();
      await Promise.all(locking);
      const seen = await room.judges();
      check(seen.includes("88.50") && seen.includes("82.00") && seen.includes("85.25"), `${code}: both scores are there: ${seen}`);
      await office.goto(`${path}?tab=judges`);
      for (const name of [JUDGE, second]) {
        const row = await office.locator("#judges tr", { hasText: name }).innerText();
        check(row.includes(`${at + 1}/`), `${name} locked ${at + 1}, once each: ${row}`);
      }
      check(!screen.told.includes(code), `the screen did not show ${code} before it was confirmed`);
      await room.does("tally");
      await room.does("confirm", supervisor);
    }
    await screen.page.waitForTimeout(3_000);
    check(order.slice(0, 4).every((code) => screen.told.includes(code)), "the screen goes on by itself");
  },

  async "a firm enters a competition, is judged, reads its prize and stands under public notice"({ site, open: opening, check }) {
    const { page: office } = await opening(site.person("secretariat"));
    const { page: supervisor } = await opening(site.person("supervisor"));
    const closes = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    await office.goto("/work/calls/new/competition");
    await office.locator("input[name=title_zh]").fill("小小创新赛（演示）");
    await office.locator("input[name=closes_on]").fill(closes);
    await office.locator("main form button.btn-primary[type=submit]").first().click();
    await office.waitForURL(/\/work\/calls\/[0-9a-f-]{36}/);
    const call = /[0-9a-f-]{36}/.exec(office.url())[0];
    await send(office, office.locator("form[action*='/publish'] button[type=submit]").first());

    const { page: firm } = await opening(site.person("enterprise_admin", { phone: true }));
    await opens(firm, "/calls", "小小创新赛");
    await firm.locator("main form[action*='/work/own-applications'] button").first().click();
    await firm.waitForURL(/\/work\/own-applications\/[0-9a-f-]{36}/);
    const own = `/work/own-applications/${/[0-9a-f-]{36}/.exec(firm.url())[0]}`;
    await firm.goto(`${own}/form`);
    await answerAll(firm);
    await firm.locator("main form[data-draft] button.btn-primary").first().click();
    await firm.waitForURL((url) => url.pathname === own);
    await send(firm, firm.locator("form[action*='/submit'] button[type=submit]").first());
    const number = (await text(firm)).match(/[A-Z]{2}-\d{4}-\d{4,}/)[0];

    const step = async (fields) => {
      await opens(office, `/work/applications?q=${number}`, FIRM);
      for (const [name, value] of Object.entries(fields)) await office.locator(`form[action*='/steps/'] [name=${name}]`).first().fill(value);
      await send(office, office.locator("form[action*='/steps/'] button.btn-primary").first());
    };
    await step({ opinion: "符合参赛条件" });
    const { path, id } = await round(office, {
      kind: "desk", track: "", call: "小小创新赛", judges: [JUDGE], fields: { prizes: "1 | 一等奖 | 50000" },
    });
    const { page: judge } = await opening(site.person("judge"));
    await accept(judge, id);
    await open(office, path);
    await judge.goto(`/work/judging/${id}`);
    await judge.locator("main a[href*='/work/judging/']", { hasText: /P\d+/ }).first().click();
    await judge.waitForURL(/\/work\/judging\/[0-9a-f-]{36}\/[0-9a-f-]{36}/);
    for (const [key, mark] of Object.entries(HIGH)) await judge.locator(`[name='mark.${key}']`).fill(mark);
    await send(judge, judge.locator("form[action*='/score'] button.btn-primary"));
    await firm.goto(own);
    check(!(await text(firm)).includes(JUDGE) && !(await text(firm)).includes("88.50"), "the firm reads neither judge nor score before the result is out");
    await office.goto(path);
    await office.locator("details:has(form[action*='/close']) > summary").click();
    await send(office, office.locator("form[action*='/close'] button.btn-primary"));
    await supervisor.goto(path);
    await send(supervisor, supervisor.locator(`form[action*='${path}/confirm'] button`));
    await office.goto(path);
    await send(office, office.locator(`form[action*='${path}/publish'] button`));
    await send(office, office.locator(`form[action*='${path}/hand-over'] button`));
    await step({ entitled: "9", present: "9", for_it: "9", against: "0", abstained: "0", opinion: "组委会一致通过" });
    await office.goto(`/work/calls/${call}/notice`);
    await office.locator("main label", { hasText: FIRM }).first().locator("input").or(office.locator("tr", { hasText: FIRM }).locator("input[name=id]")).first().check();
    await office.locator("input[name=title]").fill("小小创新赛拟获奖名单公示");
    await office.locator("textarea[name=basis], input[name=basis]").first().fill("大赛章程");
    await send(office, office.locator("form[action*='/notice'] button.btn-primary").first());
    await office.waitForURL(/\/work\/public-notices\/[0-9a-f-]{36}/);
    await firm.goto(own);
    check((await text(firm)).includes("进入公示"), "the firm reads that it is under public notice");
    await firm.goto("/inbox");
    await firm.locator("main li", { hasText: "小小创新赛" }).filter({ hasText: "评审结果已公布" }).locator("button[name=open]").click();
    await firm.waitForURL(/\/results\//);
    check((await text(firm)).includes("一等奖") && (await text(firm)).includes("88.50"), "the message leads to the result and the prize");
    const { page: visitor } = await opening(site.visitor());
    await visitor.goto(`/results/${id}`);
    check((await text(visitor)).includes("88.50") && (await text(visitor)).includes(FIRM), "everybody reads the result");
  },
};

/** A visitor takes the result document and lets the program compute it again, then one in which a score was changed. */
async function verified({ site, visitor, id, check }) {
  const folder = mkdtempSync(join(tmpdir(), "jinmen-result-"));
  try {
    const file = join(folder, "result.json");
    // The record is signed within a second or two.
    for (let tries = 0; tries < 20; tries += 1) {
      const answer = await visitor.request.get(`/results/${id}/bundle.json`);
      if (answer.ok()) {
        writeFileSync(file, await answer.body());
        break;
      }
      await visitor.waitForTimeout(500);
    }
    const done = runs(site.instance.program, ["verify", file, "--format", "json"]);
    check(done.status === 0 && JSON.parse(done.stdout).kind === "result", `verified: ${done.stdout}${done.stderr}`);
    const document = JSON.parse(readFileSync(file, "utf8"));
    const changed = document.statement.panels[0].scores[0];
    changed.marks[0] = "1";
    writeFileSync(file, JSON.stringify(document));
    const altered = runs(site.instance.program, ["verify", file, "--format", "json"]);
    check(altered.status === 1 && altered.stdout.includes(changed.entry), `the changed score is named: ${altered.stdout}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
