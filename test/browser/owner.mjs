// SPDX-License-Identifier: MIT
// What an owner does, in Chromium, with the domains of the demo (test/browser_demo.py) or with hostile ones
// (test/browser_hostile.py).
//
// usage: owner.mjs BASE --own PATH... [--screenshots DIR] [--docs DIR]
//
// --own are pages of an administrator, as of pages.mjs; "reports/first" is the first that /reports leads to.  With
// --docs only the screenshots of the documentation are taken.

import { LOOKS, axe, base, end, everyPage, expect, looks, numbered, options, photograph, signedIn, visitor } from "./look.mjs";

const FAILING = "northmail.example";

/** A report as a sender would issue it: what failed there is there still, or is not. */
const reportOn = (domain, host, sender = "A <b>Sender</b>") => JSON.stringify({
  "organization-name": sender, "contact-info": "a@sender.example", "report-id": "1",
  "date-range": { "start-datetime": "2026-11-01T00:00:00Z", "end-datetime": "2026-11-01T23:59:59Z" },
  "policies": [{ "policy": { "policy-type": "sts", "policy-domain": domain },
    "summary": { "total-successful-session-count": 40, "total-failure-session-count": 3 },
    "failure-details": [{ "result-type": "certificate-expired", "failed-session-count": 3, "receiving-mx-hostname": host }] }] });

async function uploads(page, name, text, now) {
  await page.goto(base + "tools/report");
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
  await page.getByRole("checkbox").setChecked(now);
  await page.locator("main form button").click();
  await page.getByRole("heading", { level: 2 }).first().waitFor({ timeout: 60000 });
}

/** An uploaded report, and beside it what fails now: the page streams it, without script as well. */
async function reportRetested(state) {
  for (const look of LOOKS) {
    const page = await visitor(look, { storageState: state, javaScriptEnabled: Boolean(look.axe) });
    for (const [domain, host, still] of [[FAILING, `mx2.${FAILING}`, true], ["alpine-cheese.example", "mx.alpine-cheese.example", false]]) {
      await uploads(page, "report.json", reportOn(domain, host), true);
      const row = page.locator("section[slot=now] tr").filter({ hasText: host });
      await row.first().waitFor({ timeout: 60000 });
      expect(page.where(), `${host} still fails`, await row.first().locator(".mark.bad").count() === 1, still);
      expect(page.where(), "markup", await page.locator("main b").filter({ hasText: "Sender" }).count(), 0);
      await looks(page, look);
      if (look.axe)
        await axe(page);
      if (options.screenshots)
        await photograph(page, look, `report-retested-${domain}`);
    }
    await uploads(page, "report.json", reportOn(FAILING, `mx2.${FAILING}`), false);
    expect(page.where(), "nothing is checked unasked", await page.locator("section[slot=now]").count(), 0);
    await page.context().close();
  }
}

/** A typed policy, beside the MX hosts that its domain has now. */
async function typedWithDomain() {
  for (const look of LOOKS.filter((one) => one.axe)) {
    const page = await visitor(look);
    await page.goto(base + "tools/lint");
    await page.locator("textarea").fill("version: STSv1\nmode: testing\nmx: mx1.northmail.example\nmax_age: 86400\n");
    await page.getByRole("main").getByRole("textbox").nth(1).fill(FAILING);
    await page.keyboard.press("Tab"); // it is looked up when it is typed to its end
    const row = (name) => page.locator("main tr").filter({ has: page.locator("th", { hasText: name }) });
    await row(`mx2.${FAILING}`).waitFor({ timeout: 60000 });
    expect(page.where(), "covered", await row(`mx1.${FAILING}`).locator("td", { hasText: `mx1.${FAILING}` }).count(), 1);
    await looks(page, look);
    await axe(page);
    if (options.screenshots)
      await photograph(page, look, "tools/lint-with-domain");
    await page.context().close();
  }
}

// ---- the documentation ----

/** Four pages as a window shows them. */
async function documentation(state) {
  const look = (scheme) => ({ width: 1100, scheme, language: "en" });
  const shoot = (page, name) => page.screenshot({ path: `${options.docs}/serve-${name}.png` });
  const page = await visitor(look("light"), { storageState: state });
  await page.setViewportSize({ width: 1100, height: 1000 });
  await page.goto(base + "overview");
  await shoot(page, "overview");
  await page.goto(base + "d/northmail.example");
  await shoot(page, "domain");
  await page.goto(base);
  await page.getByRole("main").getByRole("textbox").fill(FAILING);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/c\/[^/]+$/, { timeout: 90000 });
  await page.getByRole("heading", { level: 2 }).first().waitFor({ timeout: 90000 });
  await page.reload();
  await shoot(page, "check");
  await page.context().close();
  const dark = await visitor(look("dark"), { storageState: state });
  await dark.setViewportSize({ width: 1100, height: 1000 });
  await uploads(dark, "report.json", reportOn(FAILING, `mx2.${FAILING}`, "Google Inc."), true);
  await dark.getByRole("row").filter({ hasText: `mx2.${FAILING}` }).first().waitFor({ timeout: 60000 });
  await dark.locator("section[slot=now]").evaluate((heading) => heading.scrollIntoView());
  await shoot(dark, "report");
  await dark.context().close();
}

const state = await signedIn();
if (options.docs) {
  await documentation(state);
  await end("screenshots of the documentation");
}
const own = await numbered(options.own, state);
for (const look of LOOKS)
  await everyPage(look, own, { storageState: state, javaScriptEnabled: Boolean(look.axe) });
if (process.env.DEMO) {
  await reportRetested(state);
  await typedWithDomain();
}
await end(`${own.length} pages of an owner`);
