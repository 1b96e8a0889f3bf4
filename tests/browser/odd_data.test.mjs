// Odd data: a page that can be read, or a clear error.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { Sandbox, agrees, closePage, openPage, random, settled, shown, stopBrowser } from "./harness.mjs";

const sandbox = new Sandbox();

after(async () => {
  await stopBrowser();
  sandbox.remove();
});

/** Writes rows, makes a report of them and opens it. */
async function opened(name, rows, flags = [], options = {}) {
  const head = `y_true,y_score${flags.includes("--group") ? ",g" : ""}`;
  sandbox.write(`${name}.csv`, `${[head, ...rows].join("\n")}\n`);
  sandbox.ok("report", `${name}.csv`, "-o", `${name}.html`, ...flags);
  return openPage(sandbox.path(`${name}.html`), options);
}

/** Goes through all stops of the slider, at most some, and holds each against the program. */
async function agreesEverywhere(page, file, ...flags) {
  await page.focus("#slider");
  await page.press("#slider", "Home");
  for (let step = 0; step < 6; step++) {
    await agrees(page, sandbox, file, ...flags);
    await page.press("#slider", "ArrowRight");
  }
  await page.press("#slider", "End");
  await agrees(page, sandbox, file, ...flags);
}

test("one class only", async () => {
  for (const [name, label] of [["ones", 1], ["zeros", 0]]) {
    const page = await opened(name, [`${label},0.2`, `${label},0.7`, `${label},0.9`]);
    await agreesEverywhere(page, `${name}.csv`);
    assert.match(await page.textContent("[data-chart=ROC]"), /needs rows of both classes/);
    assert.match(await page.getAttribute('[data-metric="youden"]', "title"), /^undefined: either class has no rows/);
    await page.fill("#prevalence", "0.1");
    await settled(page);
    assert.match(await page.textContent("#cost-note"), /rows of both classes/);
    await closePage(page);
  }
});

test("all scores equal", async () => {
  const page = await opened("equal", ["1,0.4", "0,0.4", "0,0.4", "1,0.4", "0,0.4"]);
  await agreesEverywhere(page, "equal.csv");
  assert.equal(await page.getAttribute("#slider", "max"), "1");
  await closePage(page);
});

test("two rows, one row, scores far out", async () => {
  const cases = { two: ["1,0.9", "0,0.1"], single: ["1,0"], wide: ["1,1e300", "0,-1e300", "1,5e-324", "0,0", "1,-3.5"] };
  for (const [name, rows] of Object.entries(cases)) {
    const page = await opened(name, rows);
    await agreesEverywhere(page, `${name}.csv`);
    assert.doesNotMatch(await page.innerHTML("main"), /NaN|Infinity/, name);
    await closePage(page);
  }
});

test("ten thousand groups, and one more", async () => {
  const draw = random(5);
  const rows = Array.from({ length: 20_000 }, (_, row) => `${draw() < 0.3 ? 1 : 0},${Math.round(1000 * draw()) / 1000},g${row % 10_000}`);
  const page = await opened("groups", rows, ["--group", "g"]);
  const options = await page.$$eval("#group option", (found) => found.map((option) => option.textContent));
  assert.equal(options.length, 14);
  assert.equal(options[13], "others (9988 groups)");
  await page.selectOption("#group", "13");
  const now = await shown(page);
  const cells = Object.values(now.cells).map((cell) => cell.value);
  assert.equal(cells.reduce((sum, cell) => sum + cell), 20_000 - 24);
  await closePage(page);
  sandbox.write("more.csv", `y_true,y_score,g\n${rows.join("\n")}\n1,0.5,another\n`);
  const run = sandbox.run("report", "more.csv", "-o", "more.html", "--group", "g");
  assert.equal(run.status, 1);
  assert.match(run.stderr, /error: more\.csv, column `g`: must name at most 10000 groups, got more/);
});

test("groups without a class, and in any script", async () => {
  const long = "a hospital whose name ".repeat(40);
  const names = ["-", "قسم الطوارئ", "👩‍⚕️🏥", "שלום <world>", long];
  const draw = random(9);
  const rows = Array.from({ length: 300 }, (_, row) => {
    const isPositive = row % 5 === 2 ? 0 : draw() < 0.4 ? 1 : 0;
    return `${isPositive},${draw()},${names[row % 5]}`;
  });
  for (const width of [1280, 390]) {
    const page = await opened("names", rows, ["--group", "g", "--names", `${"نعم".repeat(30)},${"🙂".repeat(60)}`], { width, hash: "#t=0.4&pin=0.6&show=groups" });
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
    const side = await page.$$eval("#side tr[data-series] .name", (found) => found.map((name) => name.textContent));
    assert.deepEqual(side.slice(1).sort(), [...names].sort());
    await page.selectOption("#group", { label: "👩‍⚕️🏥" });
    await settled(page);
    assert.match(await page.textContent("[data-chart=ROC]"), /needs rows of both classes/);
    await page.click("[data-cell=fp]");
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
    await closePage(page);
  }
});

test("a threshold between those of a page goes to the nearest, and the page says so", async () => {
  const draw = random(3);
  const rows = Array.from({ length: 60_000 }, () => {
    const isPositive = draw() < 0.2;
    return `${isPositive ? 1 : 0},${0.7 * draw() + (isPositive ? 0.3 : 0)}`;
  });
  const page = await opened("many", rows, ["--threshold", "0.4321"]);
  assert.equal((await agrees(page, sandbox, "many.csv")).threshold, 0.4321, "the chosen threshold is always there");
  assert.match(await page.textContent("#facts"), /19,9\d\d of 60,000/);
  const embedded = await page.evaluate(() => DATA.thresholds);
  assert.ok(embedded.length <= 20_000);
  const between = (embedded[4000] + embedded[4001]) / 2 + (embedded[4000] - embedded[4001]) / 8;
  await page.fill("#threshold", String(between));
  await page.press("#threshold", "Enter");
  const now = await agrees(page, sandbox, "many.csv");
  if (now.threshold !== between) {
    assert.equal(now.threshold, embedded[4000]);
    assert.match(await page.textContent("#note"), /no matrix for .* nearest threshold that has one/);
  }
  // A step of the keys changes the matrix; one percent is a hundredth of the rows.
  await page.focus("#slider");
  const flagged = (view) => view.cells.tp.value + view.cells.fp.value;
  await page.press("#slider", "PageUp");
  const up = await agrees(page, sandbox, "many.csv");
  assert.ok(Math.abs(flagged(now) - flagged(up) - 600) < 8, `${flagged(now)} to ${flagged(up)}`);
  for (const snap of ["f1", "youden", "half"]) {
    await page.click(`[data-snap=${snap}]`);
    await agrees(page, sandbox, "many.csv");
  }
  assert.equal((await shown(page)).threshold, 0.5);
  await closePage(page);
});

test("weights", async () => {
  const rows = ["1,0.9,0.5", "1,0.8,2.25", "0,0.8,1", "1,0.3,0.125", "0,0.2,3", "0,0.1,0.75"];
  sandbox.write("weights.csv", `y_true,y_score,w\n${rows.join("\n")}\n`);
  sandbox.ok("report", "weights.csv", "-o", "weights.html", "--weight", "w");
  const page = await openPage(sandbox.path("weights.html"));
  await agreesEverywhere(page, "weights.csv", "--weight", "w");
  assert.match(await page.textContent("#metrics-about"), /no intervals/);
  await closePage(page);
});

test("stdin, and bad usage", async () => {
  const { spawnSync } = await import("node:child_process");
  const program = process.env.CUTPOINT_BIN;
  const piped = (args) => spawnSync(program ?? "../../target/debug/cutpoint", args, { input: "y_true,y_score\n1,0.9\n0,0.2\n", encoding: "utf8" });
  const run = piped(["report", "-", "-o", "-"]);
  assert.equal(run.status, 0, run.stderr);
  assert.match(run.stdout, /^<!DOCTYPE html>/);
  assert.equal(piped(["report", "-", "-o", "-", "--group", "g"]).status, 2);
});
