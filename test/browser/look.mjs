// SPDX-License-Identifier: MIT
// What the tests of pages in Chromium share: a browser that says what should not be, and what every page keeps.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const { values: options, positionals } = parseArgs({
  options: { screenshots: { type: "string" }, docs: { type: "string" }, own: { type: "string", multiple: true, default: [] },
             mail: { type: "string", multiple: true, default: [] },
             check: { type: "string", multiple: true, default: [] } }, allowPositionals: true });
export const [base, ...paths] = positionals;

// What axe looks at: narrow and dark in German, wide and light in English; the other two only otherwise.
export const LOOKS = [
  { width: 1100, scheme: "light", language: "en", axe: true },
  { width: 320, scheme: "dark", language: "de", axe: true },
  { width: 1100, scheme: "dark", language: "de" },
  { width: 320, scheme: "light", language: "en" },
];

let faults = 0;
export const fault = (where, text) => { faults++; console.log(`${where}: ${text}`); };
export const expect = (where, what, found, wanted) => {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    fault(where, `${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`);
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-prefers-reduced-motion"],
});

/** A browser of its own, which says what should not be. */
export async function visitor(look, more = {}) {
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
export async function looks(page, look) {
  const seen = await page.evaluate(() => ({
    language: document.documentElement.lang,
    headings: document.querySelectorAll("h1").length,
    wider: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    inline: document.querySelectorAll("[style], script:not([src]), style").length,
    strange: document.querySelectorAll("img[src=x], svg[onload], script:not([src]), iframe, object").length, // markup that came as text
    duplicates: [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i),
    header: innerWidth < 1000 || document.querySelector(".top").offsetHeight < 80, // one line
    squeezed: innerWidth > 640 ? [] : [...document.querySelectorAll("td[data-label]")] // a card's cells take its width
      .filter((e) => e.checkVisibility() && e.offsetWidth < e.parentElement.offsetWidth * 0.8).map((e) => e.outerHTML.slice(0, 80)),
    small: [...document.querySelectorAll("button, input:not([type=hidden]), select, textarea, nav a")]
      .filter((e) => e.checkVisibility() && Math.min(e.offsetWidth, e.offsetHeight) < 24).map((e) => e.outerHTML),
  }));
  expect(page.where(), "what it is made of", seen,
    { language: look.language, headings: 1, wider: 0, inline: 0, strange: 0, duplicates: [], header: true, squeezed: [], small: [] });
}

/** Without preloading, for which axe would write a style into the page. */
export async function axe(page) {
  const found = await page.evaluate(AXE + `;axe.run(document, { resultTypes: ["violations"], preload: false,
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })`);
  for (const violation of found.violations)
    for (const node of violation.nodes)
      fault(page.where(), `axe: ${violation.id}: ${node.html} ${node.failureSummary}`);
}

export async function photograph(page, look, path) {
  const name = `${path.replace(/[^a-z0-9]+/gi, "-") || "home"}-${look.width}-${look.scheme}-${look.language}.png`;
  await page.screenshot({ path: `${options.screenshots}/${name}`, fullPage: true });
}

export async function everyPage(look, paths, more) {
  const page = await visitor(look, more);
  for (const path of paths) {
    const answer = await page.goto(base + path);
    if (answer.status() >= 500)
      fault(page.where(), `status ${answer.status()}`);
    await looks(page, look);
    if (look.axe)
      await axe(page);
    if (options.screenshots)
      await photograph(page, look, path);
  }
  await page.context().close();
}

/** An administrator's session, by the form and without script. */
export async function signedIn() {
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
export async function numbered(paths, state) {
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

/** Faults that were meant: what `act` finds is given back in place of being printed. */
export async function noticed(act) {
  const before = faults, log = console.log;
  let text = "";
  console.log = (line) => { text += line + "\n"; };
  await act();
  console.log = log;
  faults = before;
  return text;
}

/** Says how many faults there were, and ends. */
export async function end(what) {
  await browser.close();
  console.log(`browser: ${what}, ${faults} faults`);
  process.exit(faults ? 1 : 0);
}
