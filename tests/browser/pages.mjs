// Which pages are looked at: where each role begins, and what links lead to from there.

/** Beginnings of the roles, in the order in which they are walked. `null` is the public. */
export const ROLES = [
  { role: null, begin: ["/", "/policies", "/calls", "/results", "/organizations", "/search", "/search?q=信创", "/search?q=没有这样的单位", "/sign-in", "/privacy", "/accessibility",
    "/claim", "/help", "/docs/api", "/docs/problems", "/dictionary", "/organizations?q=数", "/work/organizations"] },
  { role: "secretariat", begin: ["/work", "/work/tasks", "/inbox", "/account", "/work/organizations", "/work/organizations/new",
    "/work/people", "/work/people/new", "/work/imports", "/search?q=信创", "/work/accounts",
    "/work/claims", "/work/claims?state=all", "/work/circulars", "/work/circulars/new", "/work/circulars/new?asks=answers",
    "/work/circulars/new?asks=facts", "/work/robots", "/work/organizations?grade=council", "/work/organizations/bulk?q=数",
    "/work/reviews", "/work/reviews/new", "/work/experts", "/work/payments", "/work/payments?state=overdue", "/work/payments/new", "/work/payments/record", "/account/deputies", "/account/tokens", "/account/second-factor"] },
  { role: "district_officer", begin: ["/work", "/work/organizations", "/work/payments", "/work/policies", "/work/policies/new", "/work/plans", "/work/plans/new", "/work/calls", "/work/calls/new", "/work/calls/new/subsidy", "/work/applications"] },
  { role: "enterprise_admin", begin: ["/work", "/work/tasks", "/work/notices", "/work/own-payments", "/work/own-policies", "/work/own-applications"] },
  { role: "talent", begin: ["/work", "/work/me", "/account"] },
  { role: "judge", begin: ["/work", "/work/judging"] },
  { role: "supervisor", begin: ["/work", "/work/reviews"] },
  { role: "system_admin", begin: ["/work", "/work/accounts", "/work/accounts/new", "/work/queue", "/work/settings", "/work/settings/decisions", "/work/settings/sign-in"] },
  { role: "audit_admin", begin: ["/work", "/work/record"] },
];

/** Pages that answer "not here" on purpose: how they do so is looked at like any other page. */
export const REFUSED = { public: ["/work/organizations"], secretariat: ["/work/accounts"] };

/** Links that change something for good, or that lead to what is not a page. */
const NOT_A_PAGE = [/^\/api\//, /^\/assets\//, /^\/language\//, /^\/type-size\//, /^\/sign-out/, /^\/healthz/, /^\/readyz/, /^\/work\/files\//, /^\/claims\/papers\//, /^\/work\/payment-proofs\//,
  /^\/record\/(proof|tile|checkpoint)/, /^\/\.well-known\//, /\.(csv|xlsx|json|pdf|zip)$/];

/** Queries that show another page under the same path. */
const TELLING = ["tab", "step", "view", "asks"];

const IDENTIFIER = /^([0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|[A-Z]{2}-\d{4}-\d+|\d+|[0-9A-HJ-NPQRTUWXY]{18})$/;

/** Below these, a word is an identifier too. */
const KEYED = ["facts"];

/** What two addresses of one kind of page have in common. */
export function pattern(address) {
  const url = new URL(address, "http://site");
  const path = url.pathname
    .split("/")
    .map((part, at, all) => (IDENTIFIER.test(part) || KEYED.includes(all[at - 1]) ? "{}" : part))
    .join("/");
  const query = TELLING.filter((name) => url.searchParams.has(name)).map((name) => `${name}=${url.searchParams.get(name)}`);
  return query.length ? `${path}?${query.join("&")}` : path;
}

/** Links of a page that lead to further pages of this site. */
export async function links(page, site) {
  const found = await page.locator("a[href]:not([download])").evaluateAll((all) => all.map((one) => one.href));
  return found
    .filter((href) => href.startsWith(`${site}/`))
    .map((href) => href.slice(site.length).split("#")[0])
    .filter((path) => !NOT_A_PAGE.some((one) => one.test(path.split("?")[0])));
}

/** A name for files: `/work/organizations/{}?tab=facts` is `work-organizations-x-tab-facts`. */
export function fileName(path) {
  const name = pattern(path).replaceAll("{}", "x").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "home";
  const query = new URL(path, "http://site").searchParams.get("q");
  return query ? `${name}-q-${query}` : name;
}

/**
 * Walks the pages: every beginning of every role, and every kind of page that links lead to and no role has seen.
 * `look` is called with {visitor, role, language, path, response}, for each language with the page loaded.
 *
 * The first language finds the pages, role after role, so that the same are found each time. In a second browser, `behind`,
 * somebody follows and looks at what was found in the other languages, one role later, because the language is kept with
 * the account.
 */
export async function walk(site, behind, languages, look) {
  const seen = new Set();
  let followed = Promise.resolve();
  for (const { role, begin } of ROLES) {
    const found = await discover(site, role, begin, seen, languages[0], look);
    await followed;
    followed = again(behind, role, found, languages, look);
    // A rejection is thrown where it is waited for, one role later.
    followed.catch(() => {});
  }
  await followed;
}

async function enter(site, role, language) {
  const visitor = role ? await site.person(role) : await site.visitor();
  await visitor.language(language);
  visitor.heard();
  return visitor;
}

/** Looks at the beginnings of a role and at what they lead to; gives their addresses. */
async function discover(site, role, begin, seen, language, look) {
  const visitor = await enter(site, role, language);
  const found = [];
  const open = [...begin];
  for (const path of begin) seen.add(pattern(path));
  while (open.length) {
    const path = open.shift();
    const response = await visitor.go(path);
    await look({ visitor, role: role ?? "public", language, path, response });
    found.push(path);
    for (const link of await links(visitor.page, site.address)) {
      if (seen.has(pattern(link))) continue;
      seen.add(pattern(link));
      open.push(link);
    }
  }
  await visitor.close();
  return found;
}

/** Looks at the same pages in the other languages. Identifiers differ from role to role, so it is done for each. */
async function again(site, role, found, languages, look) {
  for (const language of languages.slice(1)) {
    const visitor = await enter(site, role, language);
    for (const path of found) {
      const response = await visitor.go(path);
      await look({ visitor, role: role ?? "public", language, path, response });
    }
    // Whoever comes next begins as everybody does.
    await visitor.language(languages[0]);
    await visitor.close();
  }
}
