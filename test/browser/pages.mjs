// SPDX-License-Identifier: MIT
// Every page in Chromium: in both languages and appearances, narrow and wide, with script and without.
//
// usage: pages.mjs BASE PATH... [--own PATH]... [--screenshots DIR]      (test/browser.py starts the service and this)
//        pages.mjs BASE --own PATH...                                    (test/browser_demo.py)
//        pages.mjs BASE --check DOMAIN... [--screenshots DIR]             (test/browser_check.py, in the lab)
//
// BASE is the address of the service; --own are pages of an administrator, whose name and password are in the
// environment as USER_NAME and PASSWORD.  Of each page: axe finds nothing, the console is silent, nothing
// is fetched from elsewhere, and 320 pixels are wide enough.  Then what pages do for those who use them.
// Prints what is wrong and exits 1.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const { values: options, positionals } = parseArgs({
  options: { screenshots: { type: "string" }, own: { type: "string", multiple: true, default: [] },
             check: { type: "string", multiple: true, default: [] } }, allowPositionals: true });
const [base, ...paths] = positionals;

// What axe looks at: narrow and dark in German, wide and light in English; the other two only otherwise.
const LOOKS = [
  { width: 1100, scheme: "light", language: "en", axe: true },
  { width: 320, scheme: "dark", language: "de", axe: true },
  { width: 1100, scheme: "dark", language: "de" },
  { width: 320, scheme: "light", language: "en" },
];

let faults = 0;
const fault = (where, text) => { faults++; console.log(`${where}: ${text}`); };
const expect = (where, what, found, wanted) => {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    fault(where, `${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`);
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-prefers-reduced-motion"],
});

/** A browser of its own, which says what should not be. */
async function visitor(look, more = {}) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 800 }, colorScheme: look.scheme, locale: look.language, ...more });
  const page = await context.newPage();
  page.where = () => `${page.url().slice(base.length - 1)} (${look.width} ${look.scheme} ${look.language})`;
  page.on("console", (message) => {
    // The page itself is an answer of 404 where that is looked at.
    if (!(message.text().includes("status of 4") && message.location().url === page.url()))
      fault(page.where(), `console: ${message.text()} ${JSON.stringify(message.location())}`);
  });
  page.on("pageerror", (error) => fault(page.where(), `script: ${error.message}`));
  page.on("dialog", (dialog) => { fault(page.where(), `dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith("data:"))
      fault(page.where(), `fetched from elsewhere: ${request.url()}`);
  });
  return page;
}

/** What every page keeps. */
async function looks(page, look) {
  const seen = await page.evaluate(() => ({
    language: document.documentElement.lang,
    headings: document.querySelectorAll("h1").length,
    wider: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    inline: document.querySelectorAll("[style], script:not([src]), style").length,
    duplicates: [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i),
    header: innerWidth < 1000 || document.querySelector(".top").offsetHeight < 80, // one line
    small: [...document.querySelectorAll("button, input:not([type=hidden]), select, textarea, nav a")]
      .filter((e) => e.checkVisibility() && Math.min(e.offsetWidth, e.offsetHeight) < 24).map((e) => e.outerHTML),
  }));
  expect(page.where(), "what it is made of", seen,
    { language: look.language, headings: 1, wider: 0, inline: 0, duplicates: [], header: true, small: [] });
}

/** Without preloading, for which axe would write a style into the page. */
async function axe(page) {
  const found = await page.evaluate(AXE + `;axe.run(document, { resultTypes: ["violations"], preload: false,
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })`);
  for (const violation of found.violations)
    for (const node of violation.nodes)
      fault(page.where(), `axe: ${violation.id}: ${node.html} ${node.failureSummary}`);
}

async function photograph(page, look, path) {
  const name = `${path.replace(/[^a-z0-9]+/gi, "-") || "home"}-${look.width}-${look.scheme}-${look.language}.png`;
  await page.screenshot({ path: `${options.screenshots}/${name}`, fullPage: true });
}

async function everyPage(look, paths, more) {
  const page = await visitor(look, more);
  for (const path of paths) {
    await page.goto(base + path);
    await looks(page, look);
    if (look.axe)
      await axe(page);
    if (options.screenshots)
      await photograph(page, look, path);
  }
  await page.context().close();
}

/** The same words are there without script, and fit. */
async function withoutScript() {
  const look = { width: 320, scheme: "light", language: "de" };
  const page = await visitor(look, { javaScriptEnabled: false });
  for (const path of paths) {
    await page.goto(base + path);
    await looks(page, look);
    expect(page.where(), "buttons of scripts", await page.locator("pre button").count(), 0);
  }
  await page.context().close();
}

// ---- what pages do ----

/** An administrator's session, by the form and without script. */
async function signedIn() {
  const page = await visitor({ width: 1100, scheme: "light", language: "en" }, { javaScriptEnabled: false });
  await page.goto(base + options.own[0]);
  expect(page.where(), "leads to sign-in", page.url().startsWith(base + "login"), true);
  await page.getByLabel("User name").fill(process.env.USER_NAME);
  await page.getByLabel("Password").fill(process.env.PASSWORD);
  await page.getByRole("main").getByRole("button").click();
  expect(page.where(), "leads back", page.url(), base + options.own[0]);
  const state = await page.context().storageState();
  await page.context().close();
  return state;
}

/** "reports/first": the first that /reports leads to.  Its address is found, as the store gives the numbers. */
async function numbered(paths, state) {
  const page = await visitor({ width: 1100, scheme: "light", language: "en" }, { storageState: state });
  const found = [];
  for (const path of paths) {
    const [list, , query] = path.split(/[/?]/);
    if (!path.includes("/first")) {
      found.push(path);
      continue;
    }
    await page.goto(`${base}${list}?${query || ""}`);
    const links = await page.getByRole("main").getByRole("link").evaluateAll((all) => all.map((one) => one.href));
    const address = links.find((one) => new RegExp(`/${list}/[0-9]+$`).test(one));
    expect(page.where(), `leads to one of ${list}`, Boolean(address), true);
    if (address)
      found.push(address.slice(base.length));
  }
  await page.context().close();
  return found;
}

/** Language and appearance are chosen by links, stay chosen, and lead back to where one was. */
async function choices() {
  const page = await visitor({ width: 1100, scheme: "light", language: "en" }, { javaScriptEnabled: false });
  await page.goto(base + "explain?q=dane&lang=en");
  await page.getByRole("link", { name: "Deutsch" }).click();
  expect(page.where(), "address", page.url(), base + "explain?q=dane");
  expect(page.where(), "language", await page.locator("html").getAttribute("lang"), "de");
  await page.getByRole("link", { name: "Dunkel" }).click();
  expect(page.where(), "class", await page.locator("html").getAttribute("class"), "dark");
  const ground = () => page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
  const dark = await ground();
  await page.getByRole("link", { name: "Hell", exact: true }).click();
  expect(page.where(), "the same ground", dark === await ground(), false);
  await page.getByRole("link", { name: "System" }).click();
  expect(page.where(), "class", await page.locator("html").getAttribute("class"), null);
  expect(page.where(), "address", page.url(), base + "explain?q=dane");
  await page.context().close();
}

/** From a word to its entry, by typing, without script. */
async function search() {
  const page = await visitor({ width: 1100, scheme: "light", language: "en" }, { javaScriptEnabled: false });
  await page.goto(base + "explain");
  await page.getByRole("searchbox").fill("mx-cert-expired");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "The MX host's certificate has expired" }).first().click();
  expect(page.where(), "address", page.url(), base + "explain/mx-cert-expired");
  await page.goto(base + "explain/MX_CERT_EXPIRED");
  expect(page.where(), "address", page.url(), base + "explain/mx-cert-expired");
  await page.goto(base + "explain/mx-cert-expird");
  await page.getByRole("link", { name: "mx-cert-expired" }).click();
  expect(page.where(), "address", page.url(), base + "explain/mx-cert-expired");
  await page.context().close();
}

/** Lines to copy have a button that copies them; times tell the local one. */
async function copying() {
  const look = { width: 1100, scheme: "light", language: "en" };
  const page = await visitor(look, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(base + "explain/mx-cert-expired");
  const block = page.locator("pre.copy").first();
  const text = await block.locator("code").textContent();
  await block.getByRole("button", { name: "Copy" }).click();
  await block.getByRole("button", { name: "Copied" }).waitFor();
  expect(page.where(), "copied", await page.evaluate(() => navigator.clipboard.readText()), text);
  await page.context().close();
}

/** A text is checked as it is typed: some requests, not one a letter, and one stays where one is. */
async function typing() {
  for (const look of LOOKS.filter((one) => one.axe)) {
    const page = await visitor(look);
    let asked = 0;
    page.on("request", (request) => { asked += request.url().endsWith("tools/lint/result"); });
    await page.goto(base + "tools/lint");
    const field = page.locator("textarea");
    await field.focus();
    const text = "version: STSv1\nmode: Enforced\nmx: mx1.example.org\nmx: <img src=x>\nmax_age: 1 week\n";
    await page.keyboard.type(text, { delay: 10 });
    const wrong = page.getByRole("link").filter({ has: page.locator("mark", { hasText: "Enforced" }) });
    await wrong.waitFor();
    expect(page.where(), "requests are few", asked > 0 && asked < 10, true);
    expect(page.where(), "one is still there", await field.evaluate((e) => [e === document.activeElement, e.selectionStart]), [true, text.length]);
    expect(page.where(), "is told", (await page.getByRole("status").textContent()).length > 10, true);
    const reason = await wrong.evaluate((link) => document.getElementById(link.getAttribute("aria-describedby").split(" ")[0]).textContent);
    expect(page.where(), "why", /7: ./.test(reason), true);
    expect(page.where(), "elements", await page.locator("img[src=x]").count(), 0);
    await looks(page, look);
    await axe(page);
    if (options.screenshots)
      await photograph(page, look, "tools/lint-typed");
    await wrong.press("Enter");
    expect(page.where(), "leads to the finding", await page.evaluate(() => document.querySelector(":target").matches("details.finding")), true);
    await field.fill("version: STSv1\nmode: testing\nmx: mx1.example.org\nmax_age: 86400\n");
    await page.locator("mark").first().waitFor({ state: "detached" });
    await page.context().close();
  }
}

/** By keyboard alone: the first stop skips to the content, and where one is can be seen. */
async function keyboard() {
  const page = await visitor({ width: 1100, scheme: "light", language: "en" });
  await page.goto(base);
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  expect(page.where(), "the first stop is seen", await skip.evaluate((link) => link === document.activeElement && link.getBoundingClientRect().top >= 0), true);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const field = page.getByRole("textbox").first();
  expect(page.where(), "then the field", await field.evaluate((e) => e === document.activeElement), true);
  expect(page.where(), "outline", await field.evaluate((e) => getComputedStyle(e).outlineStyle), "solid");
  await page.context().close();
}

/** Markup that came as text stays text. */
async function markup() {
  const look = { width: 1100, scheme: "light", language: "en" };
  const page = await visitor(look);
  const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>'{{7*7}}`;
  // A path with %2F is refused before there is a page.
  for (const path of ["explain?q=", "explain/", "nowhere/", "?domain=", "preferences?lang=en&back="]) {
    await page.goto(base + path + encodeURIComponent(path.includes("?") ? hostile : hostile.replace("</", "<")));
    expect(page.where(), "elements", await page.locator("img[src=x], script:not([src])").count(), 0);
    await looks(page, look);
  }
  for (const back of ["//example.org/", "\\\\example.org", "https://example.org", "/\t/example.org"]) {
    await page.goto(base + "preferences?theme=light&back=" + encodeURIComponent(back));
    expect(page.where(), `back=${back} stays here`, page.url().startsWith(base), true);
  }
  await page.context().close();
}

/** On paper: no navigation, no buttons, what is folded is open. */
async function print() {
  const page = await visitor({ width: 800, scheme: "dark", language: "en" });
  await page.emulateMedia({ media: "print" });
  await page.goto(base + "explain/mx-cert-expired");
  expect(page.where(), "navigation", await page.getByRole("navigation").isVisible(), false);
  expect(page.where(), "ground", await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor), "rgb(255, 255, 255)");
  await page.context().close();
}

/** Would any of this be noticed? */
async function notice() {
  const look = { width: 320, scheme: "light", language: "en" };
  const page = await visitor(look, { bypassCSP: true });
  const before = faults, log = console.log;
  let noticed = "";
  console.log = (text) => { noticed += text + "\n"; };
  await page.goto(base);
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", `<h1 style="width: 900px">Second</h1><img src="https://example.org/x.png">
      <p id="main" style="color: #ccc; background: #fff">faint</p>`);
    console.log("a word");
  });
  await looks(page, look);
  await axe(page);
  await page.context().close();
  console.log = log;
  faults = before;
  for (const word of ["console: a word", "elsewhere: https://example.org", '"headings":2', '"duplicates":["main"]', '"inline":2', "axe: image-alt", "axe: color-contrast"])
    if (!noticed.includes(word) || /"wider":0/.test(noticed.split("expected")[0]))
      fault("these tests", `do not notice ${word}`);
}

/** A check from the first page on: while it runs, and its result at its own address. */
async function check(domain, look, more) {
  const page = await visitor(look, more);
  await page.goto(base);
  await page.getByRole("textbox").fill(domain);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/c\/[^/]+$/, { timeout: 90000 });
  await page.getByRole("heading", { level: 2 }).first().waitFor({ timeout: 90000 });
  expect(page.where(), "steps", await page.locator(".step:not(.host)").count() >= 7, true);
  expect(page.where(), "running", await page.locator(".step.wait").filter({ visible: true }).count(), 0);
  for (const again of [false, true]) {
    if (again)
      await page.reload();
    await looks(page, look);
    expect(page.where(), "domain", (await page.getByRole("heading", { level: 1 }).filter({ visible: true }).allTextContents()), [domain]);
    if (look.axe)
      await axe(page);
    if (options.screenshots)
      await photograph(page, look, `${domain}-${again ? "result" : "live"}`);
  }
  await page.context().close();
}

/** A policy for a domain from the form on: while the domain is checked, and the files. */
async function generate(domain, look, more) {
  const page = await visitor(look, more);
  await page.goto(base + "tools/generate");
  await page.getByRole("main").getByRole("textbox").first().fill(domain);
  await page.getByRole("main").getByRole("combobox").first().selectOption("enforce");
  await page.getByRole("main").getByRole("button").click();
  await page.waitForURL(/tools\/generate\/./);
  await page.getByRole("main").getByRole("heading", { level: 2 }).first().waitFor({ timeout: 90000 });
  for (const again of [false, true]) {
    if (again)
      await page.reload();
    expect(page.where(), "waits", await page.locator(".waiting").filter({ visible: true }).count(), 0);
    await looks(page, look);
    if (look.axe)
      await axe(page);
    if (options.screenshots)
      await photograph(page, look, `generate-${domain}`);
  }
  await page.context().close();
}

if (options.check.length) {
  for (const domain of options.check)
    for (const look of LOOKS.filter((one) => one.axe || domain === options.check[0]))
      await generate(domain, look, { javaScriptEnabled: look.axe });
  for (const domain of options.check)
    for (const look of LOOKS)
      await check(domain, look, { javaScriptEnabled: look.axe });
  await browser.close();
  console.log(`browser: checks of ${options.check.length} domains, ${faults} faults`);
  process.exit(faults ? 1 : 0);
}

if (!paths.length) {
  const state = await signedIn();
  const own = await numbered(options.own, state);
  for (const look of LOOKS)
    await everyPage(look, own, { storageState: state, javaScriptEnabled: Boolean(look.axe) });
  await browser.close();
  console.log(`browser: ${options.own.length} pages of an owner, ${faults} faults`);
  process.exit(faults ? 1 : 0);
}

await notice();
for (const look of LOOKS)
  await everyPage(look, paths);
if (options.own.length) {
  const state = await signedIn();
  for (const look of LOOKS)
    await everyPage(look, options.own, { storageState: state });
}
for (const part of [withoutScript, choices, search, copying, typing, keyboard, markup, print])
  await part();
await browser.close();
console.log(`browser: ${paths.length} pages, ${faults} faults`);
process.exit(faults ? 1 : 0);
