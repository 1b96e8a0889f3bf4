// A page for everyone: readers of screens, of phones, of paper, in the dark; and a page that nothing gets out of.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { Sandbox, breastCancer, closePage, openPage, settled, stopBrowser, tutorial } from "./harness.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const sandbox = new Sandbox();
const EVIL = `</script><img src=x onerror="window.caught=1">`;

before(() => {
  tutorial(sandbox);
  sandbox.ok("report", "tutorial/scores.csv", "-o", "tutorial.html");
  const files = breastCancer(sandbox);
  const flags = ["--positive", "malignant", "--group", "site", "--id", "patient", "--threshold", "0.3"];
  sandbox.ok("report", ...files, "-o", "cancer.html", ...flags);
  const problem = ["--maximize", "precision", "--subject-to", "likelihood_ratio_positive>=1.5", "--subject-to", "fp<=40"];
  sandbox.ok("choose", "tutorial/scores.csv", ...problem, "--prevalence", "0.2", "--save", "point.json");
  sandbox.ok("report", "tutorial/scores.csv", "-o", "point.html", "--point", "point.json");
});

after(async () => {
  await stopBrowser();
  sandbox.remove();
});

async function violations(page) {
  await settled(page);
  await page.evaluate(AXE);
  const result = await page.evaluate(() => axe.run(document, { resultTypes: ["violations", "incomplete"] }));
  assert.ok(result.passes.length > 20, "the check ran");
  return result.violations.map((one) => `${one.id}: ${one.help}\n${one.nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`).join("\n")}`);
}

for (const scheme of ["light", "dark"]) {
  for (const width of [1280, 390]) {
    test(`axe finds no violation: ${scheme}, ${width} pixels`, async () => {
      for (const name of ["tutorial.html", "cancer.html", "point.html"]) {
        const page = await openPage(sandbox.path(name), { scheme, width, hash: "#t=0.2&pin=0.6" });
        assert.deepEqual(await violations(page), [], name);
        await page.click("[data-cell=fp]");
        await page.fill("#cost-fn", "12");
        assert.deepEqual(await violations(page), [], `${name}, with rows`);
        await closePage(page);
      }
    });
  }
}

test("nothing is wider than a phone, whatever is open", async () => {
  for (const name of ["tutorial.html", "cancer.html", "point.html"]) {
    const page = await openPage(sandbox.path(name), { width: 390, height: 844, hash: "#t=0.2&pin=0.6" });
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok((await width()) <= 390, `${name}: ${await width()}`);
    await page.click("[data-cell=tn]");
    await page.selectOption("#metric", "mcc");
    await settled(page);
    assert.ok((await width()) <= 390, `${name}: ${await width()}`);
    const tooWide = await page.$$eval("body *", (elements) =>
      elements
        .filter((element) => !element.closest(".scroll") && element.getBoundingClientRect().right > 391)
        .map((element) => element.outerHTML.slice(0, 90)),
    );
    assert.deepEqual(tooWide, []);
    await closePage(page);
  }
});

test("the keyboard reaches everything in the order of the page", async () => {
  const page = await openPage(sandbox.path("tutorial.html"), { hash: "#t=0.4&pin=0.5" });
  const order = [];
  for (let count = 0; count < 60; count++) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      return element === document.body ? "" : element.id || element.dataset.snap || element.dataset.cell || element.textContent;
    });
    if (name === "") break;
    order.push(name);
  }
  const wanted = ["Skip to the threshold", "step-down", "slider", "step-up", "threshold", "half", "pin", "unpin", "normalize", "tn", "fp", "fn", "tp", "save-csv", "cost-fp", "capacity", "go-cost", "metric"];
  const places = wanted.map((name) => order.indexOf(name));
  assert.ok(places.every((place) => place >= 0), `${wanted.filter((_, index) => places[index] < 0)} of ${order}`);
  assert.deepEqual([...places].sort((one, other) => one - other), places, `${order}`);
  await page.focus("#slider");
  const outline = await page.$eval("#slider", (slider) => getComputedStyle(slider).outlineStyle);
  assert.notEqual(outline, "none", "the focus can be seen");
  await closePage(page);
});

test("on paper there are no controls, and all numbers", async () => {
  const page = await openPage(sandbox.path("tutorial.html"), { scheme: "dark", hash: "#t=0.4&pin=0.5" });
  await page.emulateMedia({ media: "print" });
  for (const gone of ["#slider", "#pin", "#save-csv", "#normalize"]) assert.ok(await page.isHidden(gone), gone);
  for (const there of ["#sentence", "#matrix [data-cell=tp]", "#metrics [data-metric=mcc]", "#plot-0 svg"]) assert.ok(await page.isVisible(there), there);
  assert.equal(await page.$eval("body", (body) => getComputedStyle(body).backgroundColor), "rgb(255, 255, 255)");
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 10_000);
  await closePage(page);
});

test("what people call things stays text, and nothing leaves the page", async () => {
  const lines = ["y_true,y_score,site,who"];
  for (let row = 0; row < 40; row++) {
    const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
    lines.push([quoted(row % 3 === 0 ? EVIL : "<b>good</b>"), ((row * 7) % 40) / 40, quoted(row % 2 ? EVIL : "&amp;"), quoted(`${EVIL}${row}`)].join(","));
  }
  sandbox.write("evil<b>.csv", `${lines.join("\n")}\n`);
  const flags = ["--positive", EVIL, "--group", "site", "--id", "who", "--title", EVIL];
  sandbox.ok("report", "evil<b>.csv", "-o", "evil.html", ...flags);
  const html = sandbox.read("evil.html");
  assert.equal(html.split("<img").length, 1, "no tag of the data is in the file");
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)[1];
  assert.match(policy, /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; img-src data: blob:; base-uri 'none'; form-action 'none'$/);
  const page = await openPage(sandbox.path("evil.html"), { hash: "#t=0.4&pin=0.5" });
  await page.click("[data-cell=tp]");
  await page.selectOption("#overlay", "groups");
  await settled(page);
  assert.equal(await page.title(), EVIL);
  assert.equal(await page.textContent("h1"), EVIL);
  assert.equal(await page.evaluate(() => window.caught), undefined);
  assert.deepEqual(await page.$$eval("img, b, script", (found) => found.map((one) => one.localName)), ["script", "script"]);
  for (const place of ["#matrix", "#sentence", "#rows", "#side", "#legend", "#group"]) assert.ok((await page.textContent(place)).includes(EVIL), place);
  // Neither scripts nor requests get past the policy, if something else were to put them there.
  assert.deepEqual(page.problems, []);
  const caught = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "window.caught = 2";
    document.body.append(script);
    const request = await fetch("https://example.org/").then(() => "sent", () => "refused");
    return [window.caught, request];
  });
  assert.deepEqual(caught, [undefined, "refused"]);
  assert.ok(page.problems.length > 0 && page.problems.every((problem) => /Content Security Policy/.test(problem)), `${page.problems}`);
  await page.context().close();
});
