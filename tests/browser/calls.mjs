// Journeys of calls: from the notice to the outcome, at both desks, and what comes without applying.

import { named, newcomer, opens, PAPER, send, text } from "./steps.mjs";

const FIRM = "天津数聚演示科技有限公司";
const RENT = "新八大里数字经济产业创新中心租金补贴";

/** What a firm types: by the name of a question, else any words. */
const TYPED = {
  founded_on: "2019-05-20", region: "120103", industry: "6513", digital_economy_class: "0401", account: "6222020000001234", uscc: "91350100M000100Y43",
  postcode: "300000", registered_capital: "1200", annual_revenue: "1200", rd_spend: "1200", headcount: "120", rd_headcount: "20",
};

/** Answers what a form asks, by hand as a person does; gives the questions: a group is one, however many boxes it has. */
export async function answerAll(page) {
  const controls = page.locator("main form[data-draft] :is(input, textarea, select):visible:not([type=hidden]):not([type=file])");
  const names = await controls.evaluateAll((all) => [...new Set(all.map((one) => one.name))].filter((name) => name && name !== "then"));
  for (const name of names) {
    const all = page.locator(`main form[data-draft] [name="${name}"]:not([type=hidden])`);
    const first = all.first();
    const [tag, type] = await first.evaluate((one) => [one.tagName, one.type]);
    const wanted = TYPED[name] ?? (type === "tel" ? "022-00000000" : type === "email" ? "demo@example.com" : "演示");
    if (type === "radio" || type === "checkbox") await all.first().check();
    else if (tag !== "SELECT") await first.fill(wanted);
    else if (await first.locator(`option[value="${wanted}"]`).count()) await first.selectOption(wanted);
    else await first.selectOption({ index: 1 });
  }
  const choices = ["_track", "_group"];
  return new Set(names.map((name) => name.split(".")[0]).filter((name) => !choices.includes(name)));
}

/** An enterprise that is new to the register, and whoever acts for it. */
async function newFirm(site, open, name) {
  const { page: desk } = await open(site.person("secretariat"));
  await desk.goto("/work/organizations/new");
  await desk.locator("input[name=name_zh]").fill(name);
  await desk.locator("select[name=kind]").selectOption("enterprise");
  await desk.locator("main form button.btn-primary[type=submit]").first().click();
  await desk.waitForURL(/\/work\/organizations\/[0-9a-f-]{36}/);
  return newcomer(site, open, { name: "孙申报", account: "demo-new-firm", organization: name }, "enterprise_admin");
}

export const CALLS = {
  async "a firm reads a call on a phone, hands in, corrects what came back; offices consult, decide, publish, answer an objection, and pay"({ site, open, check }) {
    const { page: firm } = await open(site.person("enterprise_admin", { phone: true }));
    await opens(firm, "/calls", RENT);
    await firm.locator("main a[href*='/work/own-applications/'], main form[action*='/work/own-applications'] button").first().click();
    await firm.waitForURL(/\/work\/own-applications\/[0-9a-f-]{36}/);
    const own = `/work/own-applications/${/[0-9a-f-]{36}/.exec(firm.url())[0]}`;
    await firm.goto(`${own}/form`);
    const asked = await firm.locator("main form input:not([type=hidden]):not([type=file]), main form textarea, main form select").count();
    check(asked <= 3, `the file answers all but account and commitment, not ${asked} questions`);
    await firm.locator("input[name=account]").fill("6222020000009999");
    await firm.locator("input[name=commitment]").check();
    await firm.locator("main form:has(input[name=account]) button.btn-primary").first().click();
    await firm.waitForURL((url) => url.pathname === own);
    await send(firm, firm.locator("form[action*='/submit'] button[type=submit]").first());
    await firm.locator("main", { hasText: /SB-\d{4}-\d{4}/ }).waitFor();
    const number = (await text(firm)).match(/SB-\d{4}-\d{4}/)[0];
    check(/[0-9a-f]{64}/.test((await text(firm)).replaceAll(/\s/g, "")), "the acknowledgement has its digest");

    const { page: officer } = await open(site.person("district_officer"));
    await opens(officer, `/work/applications?q=${number}`, FIRM);
    const desk = new URL(officer.url()).pathname;
    await officer.locator("form[action*='/return'] input[name=fields][value=proof]").check();
    await officer.locator("form[action*='/return'] textarea[name=reason]").fill("请补传租赁协议。");
    await send(officer, officer.locator("form[action*='/return'] button[type=submit]").first());
    await firm.goto(own);
    check((await text(firm)).includes("请补传租赁协议"), "the firm reads what is to be corrected");
    await firm.goto(`${own}/form`);
    check((await firm.locator("input[name=account]").count()) === 0, "what was not named is closed");
    await firm.locator("main input[type=file]").first().setInputFiles(PAPER);
    await firm.locator("form:has(input[type=file]) button[type=submit]").first().click();
    await firm.locator("main", { hasText: "租赁协议.png" }).waitFor();
    await firm.goto(own);
    await send(firm, firm.locator("form[action*='/submit'] button[type=submit]").first());

    const step = async (page, fields) => {
      await page.goto(desk);
      for (const [name, value] of Object.entries(fields)) await page.locator(`#step [name=${name}], form[action*='/steps/'] [name=${name}]`).first().fill(value);
      await send(page, page.locator("form[action*='/steps/'] button.btn-primary").first());
    };
    await step(officer, { opinion: "材料齐全，予以受理" });
    const second = await named(site, open, "demo-district-reviewer", "district_officer");
    await step(second, { opinion: "面积与协议相符，建议支持" });
    const { page: asked2 } = await open(site.person("secretariat"));
    await step(asked2, { opinion: "经营正常" });
    await step(officer, { entitled: "7", present: "7", for_it: "7", against: "0", abstained: "0", granted: "20", opinion: "集体审议通过" });
    const call = await officer.locator("main a[href^='/work/calls/'], aside a[href^='/work/calls/']").first().getAttribute("href").catch(() => null);
    await opens(officer, "/work/calls", RENT);
    const notices = `${new URL(officer.url()).pathname}/notice`;
    check(call === null || notices.startsWith(call), "the application leads to its call");
    await officer.goto(notices);
    await officer.locator("main label", { hasText: FIRM }).first().locator("input").or(officer.locator("tr", { hasText: FIRM }).locator("input[name=id]")).first().check();
    await officer.locator("input[name=title]").fill("租金补贴拟支持名单公示（第三批）");
    await officer.locator("textarea[name=basis], input[name=basis]").first().fill("租金补贴办法第四条");
    await send(officer, officer.locator("form[action*='/notice'] button.btn-primary").first());
    await officer.waitForURL(/\/work\/public-notices\/[0-9a-f-]{36}/);
    const notice = /[0-9a-f-]{36}/.exec(officer.url())[0];

    const { page: objector } = await open(site.person("talent"));
    await objector.goto(`/public-notices/${notice}`);
    check((await text(objector)).includes(FIRM) && (await text(objector)).includes("20 万元"), "the notice names the firm and the sum");
    const form = objector.locator("form[action*='/objections']");
    const choice = form.locator("[name=application]").first();
    if ((await choice.evaluate((field) => field.tagName)) === "SELECT") await choice.selectOption({ index: 1 });
    else await choice.check();
    await form.locator("input[name=name]").fill("林实名");
    await form.locator("input[name=telephone]").fill("022-00000099");
    await form.locator("textarea[name=text]").fill("据了解该企业面积有变化。");
    await send(objector, form.locator("button[type=submit]").first());
    await officer.goto(`/work/public-notices/${notice}`);
    check((await text(officer)).includes("面积有变化") && !(await text(officer)).includes("林实名"), "the office reads what was said and not by whom");
    const answer = officer.locator("form[action*='/answer']").first();
    await answer.locator("input[value=refused], input[name=upheld][value=no]").first().check();
    await answer.locator("textarea").nth(0).fill("现场核查，面积与协议一致。");
    await answer.locator("textarea").nth(1).fill("经核查，面积与协议一致，异议不成立。");
    await send(officer, answer.locator("button.btn-primary").first());
    const visitor = await open(site.visitor());
    await visitor.go(`/public-notices/${notice}`);
    check(!(await text(visitor.page)).includes("核查中"), "the firm is listed again once the objection is answered");
    await firm.goto(own);
    check((await text(firm)).includes("公示"), "the firm sees that it is under public notice");

    await opens(officer, "/work/payments", "租金补贴申报");
    await officer.locator("form[action*='/payments'] input[name=amount]").first().fill("1");
    await officer.locator("form[action*='/payments'] input[name=payer]").first().fill("区级财政");
    await officer.locator("form[action*='/payments'] input[type=file]").first().setInputFiles(PAPER);
    await send(officer, officer.locator("form:has(input[name=payer]) button.btn-primary").first());
    check((await text(officer)).includes("区级财政"), "what was paid stands with its proof");
  },

  async "a firm confirms on a phone what is due to it without applying, and types nothing but its account"({ site, open, check }) {
    const { page: firm } = await open(site.person("enterprise_admin", { phone: true }));
    await firm.goto("/work");
    await firm.locator("main a[href*='/work/own-auto-grants/']").first().click();
    await firm.waitForURL(/\/work\/own-auto-grants\/[0-9a-f-]{36}/);
    const offer = firm.url();
    check((await text(firm)).includes("10 万元") && (await text(firm)).includes("瞪羚企业"), "it says how much is due and why");
    const typed = firm.locator("#accept-form input:not([type=hidden]):not([readonly]), form[action*='/accept'] input:not([type=hidden]):not([readonly])");
    check((await typed.count()) === 2, "bank and number are all that is asked");
    await firm.locator("form[action*='/accept'] input[name=bank]").fill("演示银行天津分行");
    await firm.locator("form[action*='/accept'] input[name=account]").fill("6222020000008888");
    await send(firm, firm.locator("form[action*='/accept'] button.btn-primary").first());
    await firm.locator("main", { hasText: /SB-\d{4}-\d{4}/ }).waitFor();
    const { page: officer } = await open(site.person("district_officer"));
    await opens(officer, "/work/calls", "瞪羚企业奖励");
    const call = new URL(officer.url()).pathname;
    await officer.goto(`${call}/auto-grant`);
    await officer.locator("main a[href*='/work/auto-grants/']").first().click();
    await officer.waitForURL(/\/work\/auto-grants\/[0-9a-f-]{36}/);
    const list = await officer.locator("main tr, main li", { hasText: FIRM }).first().innerText();
    check(list.includes("已确认"), `the office sees that the firm confirmed: ${list}`);
    check(!(await text(officer)).includes("6222020000008888"), "the number is masked at the desk");
    await officer.goto(`${call}/notice`);
    check((await text(officer)).includes(FIRM), "the firm waits for the public notice");
    await firm.goto(offer);
    check((await firm.locator("form[action*='/accept']").count()) === 0, "nobody confirms twice");
  },

  async "a firm that is new types its file once: the second call of another kind asks a fifth of the first, the third a tenth"({ site, open, check }) {
    const firm = await newFirm(site, open, "天津初来演示科技有限公司");
    const { page: officer } = await open(site.person("district_officer"));
    const closes = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const counts = [];
    for (const [template, title] of Object.entries({ membership: "入会", competition: "大赛报名", subsidy: "资金申报" })) {
      await officer.goto(`/work/calls/new/${template}`);
      await officer.locator("input[name=title_zh]").fill(`初来企业${title}（演示）`);
      await officer.locator("input[name=closes_on]").fill(closes);
      await officer.locator("main form button.btn-primary[type=submit]").first().click();
      await officer.waitForURL(/\/work\/calls\/[0-9a-f-]{36}/);
      const call = /[0-9a-f-]{36}/.exec(officer.url())[0];
      await send(officer, officer.locator("form[action*='/publish'] button[type=submit]").first());
      await firm.goto(`/calls/${call}`);
      await firm.locator("main form[action*='/work/own-applications'] button").first().click();
      await firm.waitForURL(/\/work\/own-applications\/[0-9a-f-]{36}/);
      const own = `/work/own-applications/${/[0-9a-f-]{36}/.exec(firm.url())[0]}`;
      await firm.goto(`${own}/form`);
      const asked = new Set();
      // Answers may open further questions.
      for (let before = -1; before < asked.size; ) {
        before = asked.size;
        for (const name of await answerAll(firm)) asked.add(name);
      }
      counts.push(asked.size);
      await firm.locator("main form[data-draft] button.btn-primary").first().click();
      await firm.waitForURL((url) => url.pathname === own);
      await send(firm, firm.locator("form[action*='/submit'] button[type=submit]").first());
      await firm.locator("main", { hasText: "受理回执" }).waitFor();
    }
    const [first, second, third] = counts;
    check(first >= 20 && second * 5 <= first && third * 10 <= first, `questions asked: ${counts.join(", ")}`);
  },
};
