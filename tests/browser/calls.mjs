// Journeys of calls: from the notice to the outcome, at both desks, and what comes without applying.

const FIRM = "天津数聚演示科技有限公司";
const RENT = "新八大里数字经济产业创新中心租金补贴";
const PAPER = { name: "租赁协议.png", mimeType: "image/png", buffer: Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64") };

/** Sends a form; where it asks whether one is sure, one is. */
async function send(page, button) {
  await button.click();
  const sure = page.locator("dialog[open] .jm-dialog-actions button").last();
  if (await page.locator("dialog[open]").count()) await sure.click();
  await page.waitForLoadState("load");
}

/** Whoever signs in with a name and the password of a role. */
async function named(site, open, account, role) {
  const visitor = await open(site.visitor());
  await visitor.go("/sign-in");
  await visitor.page.locator("input[name=account]").fill(account);
  await visitor.page.locator("input[name=password]").fill(site.signIns.find((one) => one.role === role).password);
  await visitor.page.locator("form:has(input[name=password]) button[type=submit]").click();
  await visitor.page.waitForURL(/\/work/);
  return visitor.page;
}

/** Opens the first line of a list that says this. */
async function opens(page, list, words) {
  await page.goto(list);
  await page.locator("main a[href*='/']", { hasText: words }).first().click();
  await page.waitForURL((url) => url.pathname !== new URL(list, page.url()).pathname);
}

const text = (page) => page.locator("main").innerText();

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
};
