// The page's own arithmetic against Rust's: every metric at every threshold that is embedded, of counts, of weights, of a
// page that holds some of many thresholds.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Sandbox, TOLERANCE, breastCancer, close, closePage, openPage, random, stopBrowser, tutorial } from "./harness.mjs";

const sandbox = new Sandbox();

after(async () => {
  await stopBrowser();
  sandbox.remove();
});

/** Every embedded row of the first model with the metrics that the page computes of it. */
async function everyRow(page) {
  return page.evaluate(() => {
    const series = seriesOf(0, 0);
    return Array.from({ length: N_ROWS }, (_, row) => {
      const cells = cellsOf(series, row);
      const metrics = Object.fromEntries(Object.entries(FORMULAS).map(([name, formula]) => [name, formula(cells)]));
      return { threshold: thresholdOf(row), ...cells, metrics };
    });
  });
}

/**
 * Holds every row of a page against `sweep`, which holds at a threshold that is no score, too: it is that of the next
 * score up.
 */
async function holds(file, flags, { n_rows, isWeighted = false } = {}) {
  sandbox.ok("report", file, ...flags, "-o", "page.html");
  const page = await openPage(sandbox.path("page.html"));
  const rows = await everyRow(page);
  const table = sandbox.json("sweep", file, ...flags, "--metrics", "all");
  const told = Array.isArray(table) ? table : table.rows;
  assert.ok(told.length > 1, "the program tells a table");
  if (n_rows !== undefined) assert.equal(rows.length, n_rows);
  const names = Object.keys(rows[0].metrics);
  assert.equal(names.length, 25);
  let [at, n_compared, n_undefined] = [0, 0, 0];
  for (const row of rows) {
    while (at + 1 < told.length && row.threshold !== null && told[at + 1].threshold >= row.threshold) at += 1;
    const expected = told[at];
    for (const cell of ["tp", "fp", "fn", "tn"]) {
      if (isWeighted) close(row[cell], expected[cell], `${cell} at ${row.threshold}`);
      else assert.equal(row[cell], expected[cell], `${cell} at ${row.threshold}`);
    }
    for (const name of names) {
      assert.notEqual(expected[name], undefined, `sweep does not know ${name}`);
      close(row.metrics[name], expected[name], `${name} at ${row.threshold}`, TOLERANCE);
      n_compared += 1;
      n_undefined += expected[name] === null ? 1 : 0;
    }
  }
  assert.equal(n_compared, 25 * rows.length);
  assert.ok(n_undefined > 0, "some metrics are undefined at the ends");
  await closePage(page);
  return rows;
}

/** Scores with ties, as CSV; weights if a maker of them is given. */
function manyScores(name, n, seed, round, weight = null) {
  const draw = random(seed);
  const lines = [weight ? "y_true,y_score,w" : "y_true,y_score"];
  for (let row = 0; row < n; row++) {
    const isPositive = draw() < 0.3;
    const score = round((isPositive ? 0.35 : 0) + 0.65 * draw());
    lines.push([isPositive ? 1 : 0, score, ...(weight ? [weight(draw)] : [])].join(","));
  }
  return sandbox.write(name, `${lines.join("\n")}\n`);
}

test("of the tutorial", async () => {
  await holds(tutorial(sandbox), [], { n_rows: 151 });
});

test("of breast cancer", async () => {
  const [file] = breastCancer(sandbox);
  await holds(file, ["--positive", "malignant"]);
});

test("of tied scores that are no probabilities", async () => {
  const file = manyScores("ties.csv", 2000, 7, (score) => Math.round(40 * score) - 17);
  await holds(file, []);
});

test("of weights, from tiny to large", async () => {
  const weight = (draw) => (draw() < 0.1 ? 0 : 10 ** (12 * draw() - 8));
  await holds(manyScores("weights.csv", 1500, 11, (score) => score, weight), ["--weight", "w"], { isWeighted: true });
});

test("of more thresholds than a page holds", async () => {
  const rows = await holds(manyScores("many.csv", 45_000, 13, (score) => score), []);
  assert.ok(rows.length > 15_000 && rows.length < 21_000, `${rows.length} rows`);
  assert.ok(rows.some((row) => row.threshold === 0.5));
  for (const metric of ["f1", "mcc", "youden", "cohen_kappa", "accuracy"]) {
    const best = sandbox.json("choose", "many.csv", "--maximize", metric).threshold;
    assert.ok(rows.some((row) => row.threshold === best), `the best threshold by ${metric}`);
  }
});

test("costs, other prevalences, intervals and net benefits by hand", async () => {
  const page = await openPage(sandbox.path("page.html"));
  const told = await page.evaluate(() => {
    const cells = { tp: 90, fp: 20, fn: 10, tn: 80 };
    return {
      prevalence: atPrevalence(cells, 0.1),
      impossible: atPrevalence({ tp: 0, fp: 1, fn: 0, tn: 1 }, 0.1),
      cost: costPerThousand({ fp: 1, fn: 10, tp: 0, tn: 0 }, { tp: 8, fp: 5, fn: 2, tn: 85 }),
      drift: totalCost({ fp: 0.1, fn: 0.1, tp: 0, tn: 0 }, { tp: 0, fp: 1e16, fn: 3, tn: 0 }),
      wilson: wilson(3, 1, 2),
      empty: wilson(0, 0, 2),
      benefit: netBenefit({ tp: 2, fp: 1, fn: 0, tn: 1 }, 0.2),
    };
  });
  // Half of 200 rows are positive, in the field one of ten is.
  assert.deepEqual(told.prevalence, { tp: 18, fp: 36, fn: 2, tn: 144 });
  assert.equal(told.impossible, null);
  // (5 + 2 · 10) / 100 a row.
  assert.equal(told.cost, 250);
  assert.ok(Number.isFinite(told.drift));
  // 3 of 4, z = 2: (3 + 2 ± 2 sqrt(3 / 4 + 1)) / (4 + 4)
  const half = 2 * Math.sqrt(1.75);
  close(told.wilson[0], (5 - half) / 8, "lower end", 1e-15);
  close(told.wilson[1], (5 + half) / 8, "upper end", 1e-15);
  assert.equal(told.empty, null);
  // (2 - 1 / 4) / 4
  close(told.benefit, 1.75 / 4, "net benefit", 1e-15);
  await closePage(page);
});
