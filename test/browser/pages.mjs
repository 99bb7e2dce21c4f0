// SPDX-License-Identifier: MIT
// Every page in Chromium: in both languages and appearances, narrow and wide, with script and without.
//
// usage: pages.mjs BASE PATH... [--own PATH]... [--mail FILE]... [--screenshots DIR]
//                                                                  (test/browser.py starts the service and this)
//        pages.mjs BASE --check DOMAIN... [--screenshots DIR]             (test/browser_check.py, in the lab)
//
// BASE is the address of the service; --own are pages of an administrator, whose name and password are in the
// environment as USER_NAME and PASSWORD; --mail are the HTML parts of mails that ask for a confirmation, one for each
// of the looks, in its language.  Of each page: axe finds nothing, the console is silent, nothing
// is fetched from elsewhere, and 320 pixels are wide enough.  Then what pages do for those who use them.
// Prints what is wrong and exits 1.

import { readFileSync } from "node:fs";

import { LOOKS, axe, base, end, everyPage, expect, fault, looks, noticed, options, paths, photograph, signedIn, visitor } from "./look.mjs";

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

/** From a mail to its page, where nothing happens unasked, and to what is said then: in the language of the mail,
 *  whatever that of the browser. */
async function confirmation(look, mail) {
  const page = await visitor(look, { javaScriptEnabled: Boolean(look.axe), locale: look.language === "de" ? "en" : "de" });
  const shoot = async (name) => options.screenshots && photograph(page, look, name);
  const seen = async (name) => {
    await looks(page, look);
    if (look.axe)
      await axe(page);
    await shoot(name);
  };
  await page.setContent(readFileSync(mail, "utf8"));
  expect("mail", "language", await page.locator("html").getAttribute("lang"), look.language);
  expect("mail", "headings", await page.getByRole("heading", { level: 1 }).count(), 1);
  expect("mail", "loaded", await page.locator("img, link, style, script").count(), 0);
  await shoot("mail-confirm");
  const link = await page.getByRole("link").getAttribute("href");
  expect("mail", "its link", link.startsWith(`${base}alerts/confirm/`), true);
  const button = page.getByRole("main").getByRole("button");
  for (const time of ["first", "second"]) {
    await page.goto(link);
    expect(page.where(), `asks the ${time} time`, await button.count(), 1);
  }
  await seen("alert-confirm");
  expect("mail", "names the button", readFileSync(mail, "utf8").includes(await button.textContent()), true);
  await button.click();
  expect(page.where(), "is said", await page.locator("main .notice").count(), 1);
  await seen("alert-confirmed");
  await page.goto(link);
  expect(page.where(), "is used up", await button.count(), 0);
  await seen("alert-confirm-used");
  await page.context().close();
}

/** Would any of this be noticed? */
async function notice() {
  const look = { width: 320, scheme: "light", language: "en" };
  const page = await visitor(look, { bypassCSP: true });
  const text = await noticed(async () => {
    await page.goto(base);
    await page.evaluate(() => {
      document.body.insertAdjacentHTML("beforeend", `<h1 style="width: 900px">Second</h1><img src="https://example.org/x.png"><img src=x>
        <p id="main" style="color: #ccc; background: #fff">faint</p>`);
      console.log("a word");
    });
    await looks(page, look);
    await axe(page);
    await page.context().close();
  });
  for (const word of ["console: a word", "elsewhere: https://example.org", '"headings":2', '"duplicates":["main"]', '"inline":2', '"strange":1', "axe: image-alt", "axe: color-contrast"])
    if (!text.includes(word) || /"wider":0/.test(text.split("expected")[0]))
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
  await end(`checks of ${options.check.length} domains`);
}

await notice();
for (const look of LOOKS)
  await everyPage(look, paths);
if (options.own.length) {
  const state = await signedIn();
  for (const look of LOOKS)
    await everyPage(look, options.own, { storageState: state });
}
for (const [i, mail] of options.mail.entries())
  await confirmation(LOOKS[i], mail);
for (const part of [withoutScript, choices, search, copying, typing, keyboard, markup, print])
  await part();
await end(`${paths.length} pages`);
