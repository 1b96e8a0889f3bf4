// The formulas of the page of a report against the catalogue, without a browser. Reads what the example `page_cells`
// prints from the file that is named, evaluates the page's own scripts, and compares every metric of every row.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

/** Rust and the page round in the same places, but for products that only Rust divides with all their digits. */
const TOLERANCE = 4 * Number.EPSILON;
const N_ROWS = 200;
const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const SCRIPTS = path.join(ROOT, "crates/cutpoint-plot/src/report/page");

const golden = JSON.parse(readFileSync(process.argv[2], "utf8"));
const data = JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(golden.page)[1]);
// Scripts that share one scope, as on the page; none of these needs a document.
const source = ["formulas.js", "problem.js"].map((name) => readFileSync(path.join(SCRIPTS, name), "utf8")).join("");
const { formulas, formulaOf, parts, wilson } = vm.runInNewContext(
  `"use strict";
  ${source}
  const FORMULAS = formulasOf(metrics);
  ({ formulas: FORMULAS, formulaOf, parts, wilson })`,
  { metrics: data.metrics },
);
const others = {
  f3: formulaOf({ name: "f3", costs: null, is_of_amounts: false }),
  f0_3: formulaOf({ name: "f0_3", costs: null, is_of_amounts: false }),
  cost: formulaOf({ name: "cost", costs: golden.costs, is_of_amounts: false }),
};

const wrong = [];
const counted = { values: 0, undefined: 0, intervals: 0 };
let worst = 0;

function compare(got, expected, what) {
  counted.values += 1;
  counted.undefined += expected === null ? 1 : 0;
  if (expected === null || got === null || typeof got !== "number") {
    if (got !== expected) wrong.push(`${what}: the page has ${got}, the catalogue ${expected}`);
    return;
  }
  const size = Math.max(Math.abs(got), Math.abs(expected));
  const error = size === 0 ? 0 : Math.abs(got - expected) / size;
  worst = Math.max(worst, error);
  if (!(error <= TOLERANCE)) wrong.push(`${what}: the page has ${got}, the catalogue ${expected}`);
}

assert.equal(golden.rows.length, N_ROWS);
for (const { cells, metrics, others: more, intervals } of golden.rows) {
  const of = `of ${JSON.stringify(cells)}`;
  assert.deepEqual(Object.keys(formulas).sort(), Object.keys(metrics).sort());
  for (const [name, expected] of Object.entries(metrics)) compare(formulas[name](cells), expected, `${name} ${of}`);
  assert.deepEqual(Object.keys(others).sort(), Object.keys(more).sort());
  for (const [name, expected] of Object.entries(more)) compare(others[name](cells), expected, `${name} ${of}`);
  for (const { name, share } of Object.keys(intervals).length > 0 ? data.metrics : []) {
    const interval = share === null ? null : wilson(...parts(share, cells), data.z);
    assert.equal(interval === null, intervals[name] === null, `the interval of ${name} ${of}`);
    interval?.forEach((end, index) => compare(end, intervals[name][index], `an end of the interval of ${name} ${of}`));
    counted.intervals += interval === null ? 0 : 1;
  }
}
assert.ok(counted.undefined > 100 && counted.intervals > 1000, JSON.stringify(counted));
for (const line of wrong.slice(0, 20)) console.error(line);
if (wrong.length > 0) {
  console.error(`${wrong.length} of ${counted.values} values differ from the catalogue`);
  process.exit(1);
}
console.log(
  `${N_ROWS} matrices: ${counted.values} values as in the catalogue to ${worst.toExponential(1)}, ` +
    `${counted.undefined} undefined in both, ${counted.intervals} intervals`,
);
