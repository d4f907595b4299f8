// What people do on many journeys.

/** A scan of a page. */
export const PAPER = { name: "租赁协议.png", mimeType: "image/png", buffer: Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64") };

/** Sends a form; where it asks whether one is sure, one is. */
export async function send(page, button) {
  await button.click();
  const sure = page.locator("dialog[open] .jm-dialog-actions button").last();
  if (await page.locator("dialog[open]").count()) await sure.click();
  await page.waitForLoadState("load");
}

/** Whoever signs in with a name and the password of a role. */
export async function named(site, open, account, role) {
  const visitor = await open(site.visitor());
  await visitor.go("/sign-in");
  await visitor.page.locator("input[name=account]").fill(account);
  await visitor.page.locator("input[name=password]").fill(site.signIns.find((one) => one.role === role).password);
  await visitor.page.locator("form:has(input[name=password]) button[type=submit]").click();
  await visitor.page.waitForURL(/\/work/);
  return visitor.page;
}

/** Opens the first line of a list that says this. */
export async function opens(page, list, words) {
  await page.goto(list);
  await page.locator("main a[href*='/']", { hasText: words }).first().click();
  await page.waitForURL((url) => url.pathname !== new URL(list, page.url()).pathname);
}

/** What stands on a page. */
export const text = (page) => page.locator("main").innerText();

/** Goes in by the link of an invitation. */
export async function invited(site, open, link, options) {
  const { page } = await open(site.visitor(options));
  const url = new URL(link, site.address);
  await page.goto(url.pathname + url.search);
  for (const field of await page.locator("input[type=password]").all()) await field.fill("qiao-lou-shan-hua-47-xue");
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForURL(/\/work/);
  return page;
}

/** Somebody new, for whom the administrator opens an account: name, account, organization. */
export async function newcomer(site, open, fields, role) {
  const { page: admin } = await open(site.person("system_admin"));
  await admin.goto("/work/accounts/new");
  for (const [field, value] of Object.entries(fields)) await admin.locator(`main input[name=${field}]`).fill(value);
  await admin.locator("select[name=role]").selectOption(role);
  await admin.locator("main form button.btn-primary[type=submit]").first().click();
  await admin.waitForURL(/\/work\/accounts\/[0-9a-f-]{36}/);
  const link = (await text(admin)).match(/https?:\/\/\S+\/invitation\S*|\/invitation\S+/)?.[0];
  return invited(site, open, link);
}
