// What people come for, done as they do it. Each journey stands alone; `check` says in words what must hold.

import { CALLS } from "./calls.mjs";
import { gb18030 } from "./gb18030.mjs";
import { JUDGING } from "./judging.mjs";

/**
 * A journey that fails says where; the others go on. `forgive` names what a page may complain of where the journey breaks
 * something on purpose.
 */
export async function journeys(site, count, wanted = () => true) {
  for (const [name, journey] of Object.entries(JOURNEYS).filter(([name]) => wanted(name))) {
    const lines = [];
    const visitors = [];
    const forgiven = [];
    const open = async (making) => {
      const visitor = await making;
      visitors.push(visitor);
      return visitor;
    };
    try {
      const forgive = (what) => forgiven.push(what);
      await journey({ site, open, check: (holds, what) => holds || lines.push(what), forgive });
      const heard = visitors.flatMap((visitor) => visitor.heard());
      lines.push(...heard.filter((line) => !forgiven.some((what) => what.test(line))));
    } catch (error) {
      lines.push(error.stack ?? `${error}`);
      for (const { page } of visitors) {
        const said = await page.locator("main .jm-alert").allInnerTexts().catch(() => []);
        lines.push([`at ${page.url()}`, ...said].join(" "));
      }
    }
    for (const visitor of visitors) await visitor.close();
    count(`journey: ${name}`, lines);
  }
}

const ENTER = (role) => `form[action='/demo/enter'] button[name=role][value='${role}']`;
const ROW_LINKS = "#rows a[href^='/work/organizations/']:not([href$='/new'])";
const MAIN_BUTTON = "main form button.btn-primary[type=submit]";

/** A picture of one point. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

/** Waits for work that is done in the queue: the page is asked again until it shows this. */
async function appears(page, selector) {
  for (let tries = 0; tries < 40; tries += 1) {
    if ((await page.locator(selector).count()) > 0) return;
    await page.waitForTimeout(500);
    await page.goto(page.url());
  }
  const shown = (await page.locator("main").innerText()).replaceAll(/\s+/g, " ").slice(0, 400);
  throw new Error(`${selector} does not appear on ${page.url()}: ${shown}`);
}

/** One journey in several languages: each with its name and what differs. */
function inEach(languages, journey) {
  return Object.fromEntries(Object.entries(languages).map(([language, [differs, name]]) => [name, journey(language, differs)]));
}

const JOURNEYS = {
  ...CALLS,
  ...JUDGING,

  async "a visitor finds 信创 and reads an organisation's page"({ site, open, check }) {
    const { page } = await open(site.visitor());
    await page.goto("/");
    check(await page.locator(ENTER("secretariat")).first().isVisible(), "the first page offers to enter as secretariat");
    await page.goto("/search");
    await page.locator("main input[name=q]").fill("信创");
    await page.locator("main input[name=q]").press("Enter");
    await page.waitForURL(/q=/);
    const found = page.locator("main a[href^='/organizations/']");
    check((await found.count()) > 0, "信创 finds organisations");
    const name = (await found.first().innerText()).trim();
    await found.first().click();
    await page.waitForURL(/\/organizations\/./);
    check(name.includes(await page.locator("h1").innerText()), "the result leads to the organisation of that name");
  },

  async "the secretariat enters in one tap, narrows the list and opens a file"({ site, open, check }) {
    const { page } = await open(site.visitor());
    await page.goto("/");
    await page.locator(ENTER("secretariat")).first().click();
    await page.waitForURL(/\/work/);
    const menu = await page.locator("nav.jm-side a").count();
    check(menu >= 2 && menu <= 5, `the menu has ${menu} entries, not two to five`);
    await page.goto("/work/organizations");
    const all = await page.locator("main .jm-pager-total").innerText();
    await page.locator("main input[name=q]").fill("科技");
    await page.locator("main input[name=q]").press("Enter");
    await page.waitForURL(/q=/);
    check((await page.locator("main .jm-chip").count()) > 0, "the filter in force is shown");
    check((await page.locator("main .jm-pager-total").innerText()) !== all, "the filter narrows the list");
    await page.locator(ROW_LINKS).first().click();
    await page.waitForURL(/\/work\/organizations\/[0-9a-f-]{36}/);
    for (const tab of ["people", "relations", "documents", "history"]) {
      await page.locator(`main a[href$='tab=${tab}']`).first().click();
      await page.waitForURL(new RegExp(`tab=${tab}`));
    }
  },

  async "a fact is added and carries its source"({ site, open, check }) {
    const { page } = await open(site.person("secretariat"));
    await page.goto("/work/organizations");
    await page.locator(ROW_LINKS).first().click();
    await page.waitForURL(/\/work\/organizations\/[0-9a-f-]{36}/);
    const file = page.url();
    await page.goto(`${file}/facts?group=identity`);
    await page.locator("input[name=registered_address]").fill("天津市河西区演示路 8 号");
    await page.locator("input[name=source][value=verified]").check();
    await page.locator("input[name=source_note]").fill("营业执照");
    await page.locator(MAIN_BUTTON).click();
    await page.waitForURL(file);
    const line = page.locator("main .jm-fact", { hasText: "演示路 8 号" });
    check((await line.count()) === 1, "the new value stands in the file");
    check((await line.locator(".jm-dot-verified").count()) === 1, "its mark says verified");
    check((await page.locator("[role=status]").first().innerText()).trim() !== "", "the page says that it was saved");
    await page.goto(`${file}?tab=history`);
    check((await page.locator("main").innerText()).includes("注册地址"), "the history names the fact");
  },

  async "a messy table is imported and undone"({ site, open, check }) {
    const { page } = await open(site.person("secretariat"));
    const count = async () => {
      await page.goto("/work/organizations?q=试验导入");
      return page.locator(ROW_LINKS).count();
    };
    check((await count()) === 0, "nothing of the table is there before");
    await page.goto("/work/imports");
    await page.locator("main input[type=file]").setInputFiles({ name: "成员单位.csv", mimeType: "text/csv", buffer: table() });
    await page.locator("main form:has(input[type=file]) button[type=submit]").click();
    await page.waitForURL(/\/work\/imports\/[0-9a-f-]{36}/);
    const columns = page.locator("form[action*='/mapping'] select[name^=key]");
    const guessed = await columns.evaluateAll((all) => all.map((one) => one.value));
    for (const key of ["name_zh", "uscc", "founded_on", "registered_capital"]) check(guessed.includes(key), `a column is taken for ${key}`);
    await page.locator("form[action*='/mapping'] button.btn-primary").click();
    await appears(page, "form[action*='/run']");
    const faults = page.locator("main table", { hasText: "91120199" }).or(page.locator("main table")).first();
    const rows = await faults.locator("tbody tr").allInnerTexts();
    check(rows.length === 1 && /\b6\b/.test(rows[0]), `the dry run names row 6 alone, not ${rows.length} rows: ${rows.join(" | ")}`);
    check((await page.locator("main").innerText()).match(/\b2\b/) !== null, "two rows can be taken");
    const writes = page.url();
    check((await count()) === 0, "the dry run writes nothing");
    await page.goto(writes);
    await page.locator("form[action*='/run'] button[type=submit]").click();
    await appears(page, "form[action*='/undo']");
    check((await count()) === 2, "the good rows are imported");
    await page.goto(writes);
    await page.locator("form[action*='/undo'] button[type=submit]").click();
    await page.locator("dialog button.btn-danger").click();
    await page.waitForURL((url) => !url.hash);
    // The undo is work in the queue: the page says when it is over.
    await appears(page, "main .jm-alert:has-text('这次导入已撤销')");
    check((await count()) === 0, "the undo takes them away again");
  },

  async "language and hat are switched in one tap"({ site, open, check }) {
    const { page } = await open(site.person("secretariat"));
    await page.goto("/work");
    check((await page.locator("html").getAttribute("lang")) === "zh-CN", "the page is in Chinese first");
    await page.locator("a[href^='/language/en']:visible").first().click();
    await page.waitForURL(/\/work/);
    check((await page.locator("html").getAttribute("lang")) === "en", "one tap makes it English");
    await page.goto("/");
    check((await page.locator("html").getAttribute("lang")) === "en", "and the choice is kept");
    await page.locator("a[href^='/language/zh-CN']:visible").first().click();
    await page.goto("/work");
    await page.locator("details.jm-hat summary").click();
    const hats = page.locator("details.jm-hat button[name=hat]");
    check((await hats.count()) > 0, "the hats one has are listed");
    await hats.last().click();
    await page.waitForURL(/\/work/);
    check((await page.locator("h1").count()) === 1, "the page comes back under the chosen hat");
  },

  async "a link opened without signing in leads back after signing in"({ site, open, check }) {
    const visitor = await open(site.visitor());
    const { page } = visitor;
    const known = site.signIns.find((one) => one.role === "secretariat");
    await page.goto("/work/organizations");
    visitor.heard();
    await page.locator("main a[href^='/sign-in'], main form[action='/sign-in'] button").first().click();
    await page.locator("input[name=account]").fill(known.account);
    await page.locator("input[name=password]").fill(known.password);
    await page.locator("form:has(input[name=password]) button[type=submit]").click();
    await page.waitForURL(/\/work\/organizations/);
    check((await page.locator(ROW_LINKS).count()) > 0, "the list one wanted is shown");
  },

  async "somebody signs in on a phone by the code that came to it"({ site, open, check }) {
    const { page } = await open(site.visitor({ phone: true }));
    await page.goto("/sign-in?next=/work/organizations");
    await page.locator("input[name=mobile]").fill("199 0000 1001");
    await page.locator("form[action='/sign-in/code'] button[type=submit]").click();
    await page.locator("input[name=code]").waitFor();
    const code = (await page.locator(".jm-alert").innerText()).match(/\d{6}/)?.[0] ?? "";
    check(code !== "", "the demonstration shows the code that it does not send");
    check((await page.locator("input[name=code]").getAttribute("inputmode")) === "numeric", "the number pad comes up");
    await page.locator("input[name=code]").fill(code);
    await page.locator("form[action='/sign-in/code/enter'] button[type=submit]").click();
    await page.waitForURL(/\/work\/organizations/);
    check((await page.locator(ROW_LINKS).count()) > 0, "the list one wanted is shown");
  },

  async "an organisation is claimed on a phone from the printed letter, corrected at once, checked, and counted"({ site, open, check }) {
    const { page: desk } = await open(site.person("secretariat"));
    await desk.goto("/work/claims");
    check(/137\D+204/.test(await desk.locator("main").innerText()), "137 of 204 have claimed before");
    await desk.locator("form[action*='/work/claims/letters'] button[type=submit]").click();
    await desk.waitForURL(/\/work\/claims\/letters\//);
    const letter = desk.locator("main .jm-paper").last();
    const code = (await letter.locator(".jm-paper-big").innerText()).trim();
    const name = (await letter.locator("strong").first().innerText()).match(/天津[^：:（(]*/)?.[0].trim() ?? "";
    check(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(code), `the letter has a code: ${code}`);
    await desk.goto(`/work/organizations?q=${encodeURIComponent(name)}`);
    await desk.locator(ROW_LINKS).first().click();
    await desk.waitForURL(/\/work\/organizations\/[0-9a-f-]{36}/);
    const file = desk.url();
    const uscc = (await desk.locator("main").innerText()).match(/91120199[0-9A-Z]{10}/)?.[0] ?? "";

    const began = Date.now();
    const { page } = await open(site.visitor({ phone: true }));
    await page.goto(`/claim/${code}`);
    check((await page.locator("h1").innerText()).includes(name), "the letter's page says whose file it is");
    await page.locator("input[name=mobile]").fill("19900009876");
    await page.locator("form[action='/sign-in/code'] button[type=submit]").click();
    await page.locator("input[name=code]").waitFor();
    await page.locator("input[name=code]").fill((await page.locator(".jm-alert").innerText()).match(/\d{6}/)?.[0] ?? "");
    await page.locator("form[action='/sign-in/code/enter'] button[type=submit]").click();
    await page.waitForURL(/\/claim\//);
    await page.locator("form[action^='/claim/'] button[type=submit]").click();
    await page.waitForURL(/\/claims\/[0-9a-f-]{36}/);
    await page.locator("input[name=office_address]").fill("天津市河西区认领路 1 号");
    await page.locator("form[action*='/facts'] button[type=submit]").click();
    await page.locator("[role=status]").first().waitFor();
    check((await page.locator("input[name=office_address]").inputValue()).includes("认领路 1 号"), "what was corrected stands there");
    const seconds = (Date.now() - began) / 1000;
    check(seconds < 120, `from the letter to the first corrected fact: ${seconds.toFixed(1)} s`);
    await page.locator("input[name=name]").fill("赵认领");
    await page.locator("input[name=uscc]").fill(uscc);
    await page.locator("input[name=representative]").fill("钱负责");
    for (const paper of ["license", "authorisation"]) {
      await page.locator(`input[name=${paper}]`).setInputFiles({ name: `${paper}.png`, mimeType: "image/png", buffer: PNG });
    }
    await page.locator("form[action^='/claims/']:has(input[name=license]) button[type=submit]").click();
    await page.locator("main", { hasText: "赵认领" }).waitFor();
    await page.locator("form:has(input[name=license])").waitFor({ state: "detached" });

    await desk.goto("/work/claims");
    await desk.locator("main a", { hasText: name }).first().click();
    await desk.waitForURL(/\/work\/claims\/[0-9a-f-]{36}/);
    const shown = await desk.locator("main").innerText();
    check(shown.includes("赵认领") && shown.includes("认领路 1 号"), "the desk sees who claims and what was said");
    await desk.locator("input[name=outcome][value=approve]").check();
    await desk.locator("form[action*='/decide'] button[type=submit]").click();
    await desk.locator("[role=status]").first().waitFor();
    await desk.goto("/work/claims");
    check(/138\D+204/.test(await desk.locator("main").innerText()), "138 of 204 have claimed now");
    await desk.goto(file);
    check((await desk.locator("main").innerText()).includes("认领路 1 号"), "the corrected fact is in the file");
  },

  async "a circular is written, sent, answered on a phone, and counted"({ site, open, check }) {
    const { page: desk } = await open(site.person("secretariat"));
    await desk.goto("/work/circulars/new?asks=answers");
    await desk.locator("input[name=title]").fill("关于走访会员单位的通知");
    await desk.locator("textarea[name=body]").fill("下周走访，请确认时间。");
    await desk.locator("input[name=q1_label]").fill("哪天方便");
    await desk.locator("select[name=q1_kind]").selectOption("choice");
    await desk.locator("input[name=q1_options]").fill("周一/周三/周五");
    await desk.locator(MAIN_BUTTON).click();
    await desk.locator("main .jm-alert").first().waitFor();
    check((await desk.locator("main .jm-alert").first().innerText()).includes("204"), "it says whom it reaches before it goes");
    await desk.locator(MAIN_BUTTON).click();
    const sure = desk.locator("dialog[open] button.btn-danger, dialog[open] button.btn-primary");
    if (await sure.count()) await sure.first().click();
    await desk.waitForURL(/\/work\/circulars\/[0-9a-f-]{36}/);
    const circular = desk.url();

    const { page } = await open(site.person("enterprise_admin", { phone: true }));
    await page.goto("/work/notices");
    await page.locator("main a", { hasText: "走访会员单位" }).first().click();
    await page.waitForURL(/\/work\/notices\/[0-9a-f-]{36}/);
    await page.locator("input[name=q1][value='周三']").check();
    await page.locator("form[action*='/work/notices/'] button[type=submit]").click();
    await page.locator("[role=status]").first().waitFor();
    check((await page.locator("main").innerText()).includes("周三"), "the answer stands on the page");
    await desk.goto(circular);
    check((await desk.locator("main").innerText()).includes("周三 1"), "the desk counts the answer");
  },

  async "an officer is stopped by a red line, mends it, and the draft may go to public comment"({ site, open, check }) {
    const officer = await open(site.person("district_officer"));
    const desk = officer.page;
    await desk.goto("/work/policies?q=企业迁入奖励");
    await desk.locator("#rows a[href^='/work/policies/']:not([href$='/new'])").first().click();
    await desk.waitForURL(/\/work\/policies\/[0-9a-f-]{36}/);
    const draft = desk.url().split("#")[0];
    await desk.locator("#life button[type=submit]").first().click();
    await desk.locator("#life .is-invalid, #life [role=alert]").first().waitFor();
    check((await desk.locator("main").innerText()).includes("红线"), "a red line stops the draft and says so");
    officer.heard();
    await desk.goto(`${draft}/text`);
    check((await desk.locator("#red-lines").innerText()).includes("公平竞争审查条例"), "the editor names the article");
    await desk.locator("textarea[name=clause_zh]").first().fill("入驻创新中心、租用面积不少于100平方米的企业，按每平方米每月30元给予租金补贴，每年最高30万元。");
    await desk.locator("#red-lines").waitFor({ state: "detached" });
    const program = desk.locator("textarea[name=text]");
    const written = await program.inputValue();
    await program.fill(written.replace("clauses:", "clauses: 1 +"));
    await desk.locator("#check li", { hasText: "行" }).first().waitFor();
    await program.fill(written);
    await desk.locator("#check li").first().waitFor({ state: "detached" });
    await desk.locator(MAIN_BUTTON).first().click();
    await desk.waitForURL((url) => !url.pathname.endsWith("/text"));
    await desk.locator("#life button[type=submit]").first().click();
    await desk.locator("#life input[name=until]").waitFor();
    check((await desk.locator("#life").innerText()).includes("30 日"), "the next step is the public comment of 30 days");
  },

  ...inEach({
    "zh-CN": [{ title: "中小企业用云补贴", number: "演示〔2026〕9号", days: "20 个工作日" },
      "a review by another person and a vote let a policy be issued and published"],
    en: [{ title: "企业上云诊断补贴", number: "演示〔2026〕10号", days: "20 working days" },
      "in English, a review by another person and a vote let a policy be issued and published"],
  }, (language, { title, number, days }) => async ({ site, open, check }) => {
    const officer = await open(site.person("district_officer", { language }));
    const desk = officer.page;
    await desk.goto(`/work/policies?q=${title}`);
    await desk.locator("#rows a[href^='/work/policies/']:not([href$='/new'])").first().click();
    await desk.waitForURL(/\/work\/policies\/[0-9a-f-]{36}/);
    const path = new URL(desk.url()).pathname;
    await desk.locator("#life textarea[name=opinion]").fill("未收到意见。");
    await desk.locator("#life button[type=submit]").first().click();
    await desk.waitForURL(/#life$/);

    const reviewer = await open(site.visitor({ language }));
    const other = reviewer.page;
    await other.goto("/sign-in");
    await other.locator("input[name=account]").fill("demo-district-reviewer");
    await other.locator("input[name=password]").fill(site.signIns.find((one) => one.role === "district_officer").password);
    await other.locator("form:has(input[name=password]) button[type=submit]").click();
    await other.waitForURL(/\/work/);
    await reviewer.language(language);
    await other.goto(path);
    await other.locator("#life textarea[name=basis]").fill("第八条至第十条");
    await other.locator("#life input[name=result][value=clean]").check();
    await other.locator("#life textarea[name=opinion]").fill("未发现排除限制竞争的内容。");
    await other.locator("#life button[type=submit]").first().click();
    await other.waitForURL(/#life$/);
    await other.locator("#life textarea[name=opinion]").fill("合法。");
    await other.locator("#life button[type=submit]").first().click();
    await other.waitForURL(/#life$/);

    await desk.goto(path);
    for (const [name, value] of [["entitled", "9"], ["present", "8"], ["for_it", "8"], ["against", "0"], ["abstained", "0"]]) {
      await desk.locator(`#life input[name=${name}]`).fill(value);
    }
    await desk.locator("#life button[type=submit]").first().click();
    await desk.locator("#life input[name=doc_no]").fill(number);
    await desk.locator("#life button[type=submit]").first().click();
    await desk.locator("#life", { hasText: days }).waitFor();
    await desk.locator("#life button[type=submit]").first().click();
    await desk.locator("#life textarea[name=interpretation]").waitFor();
    const visitor = await open(site.visitor());
    await visitor.page.goto(`/policies?q=${title}`);
    check((await visitor.page.locator("main").innerText()).includes(number), "the public library shows the document number");
  }),

  async "an enterprise on a phone sees what it gets, what it lacks by how much, and answers two questions"({ site, open, check }) {
    const { page } = await open(site.person("enterprise_admin", { phone: true }));
    await page.goto("/work/own-policies");
    const all = await page.locator("main").innerText();
    check(all.includes("差 0.17 个百分点") || all.includes("0.17 个百分点"), `the share of high-tech income is 0.17 points short: ${all}`);
    check(all.includes("差 4"), "four people are missing for the award of growing enterprises");
    await page.locator("#asks a", { hasText: "智能制造" }).first().click();
    await page.waitForURL(/\/work\/own-policies\/[0-9a-f-]{36}/);
    await page.locator("#questions input[name=diagnosis_fee]").fill("60000");
    await page.locator("#questions button[type=submit]").first().click();
    await page.waitForURL((url) => !url.pathname.endsWith("/answers"));
    await page.locator("#questions input[name=solution_fee]").fill("0");
    await page.locator("#questions button[type=submit]").first().click();
    await page.locator("main", { hasText: "6 万元" }).waitFor();
    const proof = await page.locator("main").innerText();
    check(proof.includes("满足") && proof.includes("咨询诊断费"), "the proof shows what was answered");
  },

  ...inEach({ "zh-CN": [1_000_000, "an officer tries another threshold and the numbers are those of two full evaluations"],
    en: [100, "in English, another threshold is tried and the numbers are those of two full evaluations"] },
  (language, fen) => async ({ site, open, check }) => {
    const { page } = await open(site.person("district_officer", { language }));
    await page.goto("/work/policies?q=成长企业支持");
    await page.locator("#rows a[href^='/work/policies/']:not([href$='/new'])").first().click();
    await page.waitForURL(/\/work\/policies\/[0-9a-f-]{36}/);
    const path = new URL(page.url()).pathname;
    await page.goto(`${path}/sandbox`);
    await page.locator("input[name='set.staff']").fill("80");
    await page.locator(MAIN_BUTTON).first().click();
    await page.locator("#difference").waitFor();
    const numbers = await page.locator("#clauses table").first().locator("tbody td").allTextContents();
    const amount = (text) => Number((text.match(/-?[\d.,]+/) ?? ["0"])[0].replaceAll(",", ""));
    const [before, after, change] = numbers.slice(-3).map(amount);
    check(after > before && Math.abs(after - before - change) < 0.001, `${before} and ${change} make ${after}`);
    const api = await page.evaluate(async (path) => {
      const id = path.split("/").at(-1);
      const reach = await (await fetch(`/api/v1/own-policies/${id}/reach`)).json();
      return reach.fen;
    }, path);
    check(Math.abs(api / fen - before) < 0.001, `the reach says ${api} fen, the sandbox ${before}`);
  }),

  async "in English, an officer drafts a policy, is stopped by a red line, mends it, and it goes to public comment"({ site, open, check }) {
    const officer = await open(site.person("district_officer", { language: "en" }));
    const desk = officer.page;
    await desk.goto("/work/policies/new");
    await desk.locator("input[name=title_zh]").fill("试验补贴办法（虚构）");
    await desk.locator("input[name=title_en]").fill("Trial support (invented)");
    await desk.locator("input[name=issuer]").fill("河西区演示局");
    for (const name of ["level", "topic"]) await desk.locator(`select[name=${name}]`).selectOption({ index: 1 });
    await desk.locator(MAIN_BUTTON).first().click();
    await desk.waitForURL(/\/work\/policies\/[0-9a-f-]{36}/);
    const draft = `/work/policies/${/[0-9a-f-]{36}/.exec(desk.url())[0]}`;
    await desk.goto(`${draft}/text`);
    const sentence = desk.locator("textarea[name=clause_zh]").first();
    await sentence.fill("对新迁入本区的企业给予奖励，获奖企业须承诺五年内不迁出本区。");
    await desk.locator("#red-lines", { hasText: "Article" }).waitFor();
    check((await desk.locator("textarea[name=text]").evaluate((text) => getComputedStyle(text).getPropertyValue("--height"))) !== "",
      "the lines about the clause are marked beside its sentence");
    await desk.locator(MAIN_BUTTON).first().click();
    await desk.waitForURL((url) => !url.pathname.endsWith("/text"));
    await desk.locator("#life button[type=submit]").first().click();
    await desk.locator("#life [role=alert], #life .is-invalid").first().waitFor();
    check((await desk.locator("main").innerText()).includes("red line"), "a red line stops the draft and says so in English");
    // The answer 422 is told in the console.
    officer.heard();
    await desk.goto(`${draft}/text`);
    await sentence.fill("上一年营业收入不低于一千万元的企业，给予十万元奖励。");
    await desk.locator("#red-lines").waitFor({ state: "detached" });
    await desk.locator(MAIN_BUTTON).first().click();
    await desk.waitForURL((url) => !url.pathname.endsWith("/text"));
    await desk.locator("#life button[type=submit]").first().click();
    await desk.locator("#life input[name=until]").waitFor();
    check((await desk.locator("#life").innerText()).includes("30 days"), "the next step is the public comment of 30 days");
  },

  async "in English, an enterprise on a phone finds a policy, answers two questions and sees amount and proof"({ site, open, check }) {
    const enterprise = await open(site.person("enterprise_admin", { phone: true, language: "en" }));
    await enterprise.page.goto("/work/own-policies");
    const all = await enterprise.page.locator("main").innerText();
    check(all.includes("0.17 percentage points short"), `the share of high-tech income is 0.17 points short: ${all}`);
    check(all.includes("4 short"), "four people are missing for the award of growing enterprises");
    const { page } = await open(site.visitor({ phone: true, language: "en" }));
    await page.goto("/policies");
    await page.locator("main input[name=q]").fill("智能制造");
    await page.locator("main input[name=q]").press("Enter");
    await page.waitForURL(/q=/);
    await page.locator("main a[href^='/policies/']").first().click();
    await page.waitForURL(/\/policies\/[0-9a-f-]{36}/);
    await page.locator("input[name=diagnosis_fee]").fill("60000");
    await page.locator("input[name=solution_fee]").fill("0");
    await page.locator(MAIN_BUTTON).first().click();
    const answer = page.locator("[id^=clause-]", { hasText: "CNY 60,000.00" }).first();
    await answer.waitFor();
    const proof = await answer.innerText();
    check(proof.includes("Holds") && proof.includes("fee of the diagnosis"), `the proof shows what was answered: ${proof}`);
  },

  async "dues are written down, paid in part with a slip, and seen by the member on a phone"({ site, open, check }) {
    const secretary = await open(site.person("secretariat"));
    const desk = secretary.page;
    await desk.goto("/work/payments?q=优秀会员单位奖励");
    const member = (await desk.locator("main tbody tr").first().locator("td").first().innerText()).trim();
    await desk.goto("/work/payments/new");
    await desk.locator("input[name=direction][value=in]").check();
    await desk.locator("input[name=subject]").fill(member);
    await desk.locator("input[name=title]").fill("走访活动分摊费");
    await desk.locator("input[name=amount]").fill("1200");
    await desk.locator("input[name='instalments.0.amount']").fill("500");
    await desk.locator("input[name='instalments.1.amount']").fill("800");
    await desk.locator(MAIN_BUTTON).click();
    await desk.locator("[role=alert]").first().waitFor();
    check((await desk.locator("main").innerText()).includes("1,300.00"), "instalments that do not sum are refused with both sums");
    // The answer 422 is told in the console.
    secretary.heard();
    await desk.locator("input[name='instalments.1.amount']").fill("700");
    await desk.locator(MAIN_BUTTON).click();
    await desk.waitForURL(/\/work\/payments\/[0-9a-f-]{36}/);
    await desk.locator("#pay input[name=file]").setInputFiles({ name: "slip.png", mimeType: "image/png", buffer: PNG });
    await desk.locator("#pay button[type=submit]").click();
    await desk.locator("main a", { hasText: "slip.png" }).waitFor();
    const shown = await desk.locator("main").innerText();
    check(shown.includes("500.00") && shown.includes("700.00"), "the first instalment is paid, the second is left");

    const { page } = await open(site.person("enterprise_admin", { phone: true }));
    await page.goto("/work/own-payments");
    await page.locator("main a", { hasText: "走访活动分摊费" }).first().click();
    await page.waitForURL(/\/work\/own-payments\/[0-9a-f-]{36}/);
    const own = await page.locator("main").innerText();
    check(own.includes("700.00") && !own.includes("slip.png"), "the member sees what is left, and no paper of the office");
  },

  async "a wrong password is refused in words"({ site, open, check }) {
    const visitor = await open(site.visitor());
    const { page } = visitor;
    await page.goto("/sign-in");
    await page.locator("input[name=account]").fill("nobody-here");
    await page.locator("input[name=password]").fill("not the password");
    await page.locator("form:has(input[name=password]) button[type=submit]").click();
    await page.locator("[role=alert]").first().waitFor();
    check((await page.locator("input[name=account]").inputValue()) === "nobody-here", "what was typed is still there");
    // The answer 422 is told in the console.
    visitor.heard();
  },

  async "a phone shows the list as cards and the menu within reach"({ site, open, check }) {
    const { page } = await open(site.person("secretariat", { phone: true }));
    for (const path of ["/work", "/work/organizations", "/work/people"]) {
      await page.goto(path);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      check(wide <= 0, `${path} sticks out by ${wide} px`);
    }
    await page.goto("/work/organizations");
    const row = await page.locator("main tbody tr").first().boundingBox();
    check(row !== null && row.width <= 375 && row.height > 60, "a line of the table has become a card");
    await page.locator(ROW_LINKS).first().click();
    await page.waitForURL(/\/work\/organizations\/[0-9a-f-]{36}/);
    check(await page.locator("h1").isVisible(), "the file opens");
  },

  async "everything goes on without scripts"({ site, open, check }) {
    const { page } = await open(site.person("secretariat", { javaScript: false }));
    await page.goto("/work/organizations");
    await page.locator("main input[name=q]").fill("科技");
    await page.locator("main form[role=search] button[type=submit]").click();
    await page.waitForURL(/q=/);
    await page.locator(ROW_LINKS).first().click();
    await page.waitForURL(/\/work\/organizations\/[0-9a-f-]{36}/);
    const file = page.url();
    await page.goto(`${file}/facts?group=identity`);
    await page.locator("input[name=enterprise_type]").fill("有限责任公司（演示）");
    await page.locator(MAIN_BUTTON).click();
    await page.waitForURL(file);
    check((await page.locator("main").innerText()).includes("有限责任公司（演示）"), "a form is sent and saved");
  },

  async "the keyboard reaches the content first"({ site, open, check }) {
    const { page } = await open(site.visitor());
    await page.goto("/organizations");
    await page.keyboard.press("Tab");
    check(await page.evaluate(() => document.activeElement?.getAttribute("href") === "#main"), "the first Tab offers to skip to the content");
    await page.keyboard.press("Enter");
    check(await page.evaluate(() => document.activeElement?.id === "main"), "and does so");
  },
};

/** A table as offices send them: GB18030, title rows, a unit in the heading, full-width digits, a total, and faults. */
function table() {
  const lines = [
    "天津演示联盟成员单位信息表,,,,",
    "填报日期：2021年5月20日,,,,",
    "序号,企业名称,统一社会信用代码,成立时间,注册资本（万元）",
    "1,试验导入甲科技有限公司,,2018年3月1日,１２０",
    '2,试验导入乙科技有限公司,,2019/4/15,"1,500.5"',
    "3,试验导入丙科技有限公司,91120199MA0000000,2020-01-02,80",
    "合计,,,,1700.5",
  ];
  return gb18030(lines.join("\r\n"));
}
