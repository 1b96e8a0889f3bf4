// What all browser tests share: the program, the browser, and what a page shows against what the program says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const PROGRAM = process.env.CUTPOINT_BIN ?? path.join(ROOT, "target/debug/cutpoint");
const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
const BROWSER_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Rust and the page round in the same places; the last digits of a sum may still differ. */
export const TOLERANCE = 1e-12;

/** A folder of its own for a test file. */
export class Sandbox {
  folder = mkdtempSync(path.join(tmpdir(), "cutpoint-browser-"));

  path(name) {
    return path.join(this.folder, name);
  }

  write(name, text) {
    writeFileSync(this.path(name), text);
    return name;
  }

  read(name) {
    return readFileSync(this.path(name), "utf8");
  }

  /** Runs the program, whatever comes of it. */
  run(...args) {
    const run = spawnSync(PROGRAM, args, { cwd: this.folder, encoding: "utf8", maxBuffer: 1 << 30 });
    if (run.error) throw run.error;
    assert.ok(!run.stderr.includes("panicked"), run.stderr);
    return run;
  }

  /** Runs the program, which must succeed; what it prints. */
  ok(...args) {
    const run = this.run(...args);
    assert.equal(run.status, 0, `cutpoint ${args.join(" ")}\n${run.stderr}`);
    return run.stdout;
  }

  json(...args) {
    return JSON.parse(this.ok(...args, "--format", "json"));
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The tutorial's scores: 150 rows, labels 0 and 1. */
export function tutorial(sandbox) {
  sandbox.ok("tutorial", "--output", "tutorial");
  return "tutorial/scores.csv";
}

/** Scores of two models of the breast-cancer data, with ids and two groups: `one.csv`, `two.csv`. */
export function breastCancer(sandbox) {
  const data = path.join(ROOT, "data/breast_cancer.csv");
  const target = ["--target", "diagnosis"];
  sandbox.ok("split", data, ...target, "--stratify", "--train", "train.csv", "--test", "test.csv", "--test-size", "0.6");
  for (const [name, c] of [["one.csv", "0.001"], ["two.csv", "0.00001"]]) {
    sandbox.ok("fit", "train.csv", "-o", "model.json", ...target, "--positive", "malignant", "--c", c, "--max-iter", "100");
    sandbox.ok("predict", "model.json", "test.csv", "-o", name);
    const [head, ...rows] = sandbox.read(name).trim().split("\n");
    const named = rows.map((row, index) => `${row},patient ${index},${index % 3 === 0 ? "north" : "south"}`);
    sandbox.write(name, `${[`${head},patient,site`, ...named].join("\n")}\n`);
  }
  return ["one.csv", "two.csv"];
}

/** The rows of a file that have a value in a column, as a file of their own. */
export function onlyRows(sandbox, file, column, value, target) {
  const [head, ...rows] = sandbox.read(file).trim().split("\n");
  const place = head.split(",").indexOf(column);
  const kept = rows.filter((row) => row.split(",")[place] === value);
  return sandbox.write(target, `${[head, ...kept].join("\n")}\n`);
}

/** A repeatable stream of numbers in [0, 1): Park and Miller's. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state - 1) / 2147483646;
  };
}

let browser = null;

export async function startBrowser() {
  browser ??= await chromium.launch({ executablePath: BROWSER, args: BROWSER_FLAGS });
  return browser;
}

export async function stopBrowser() {
  await browser?.close();
  browser = null;
}

/**
 * Opens a page from a file. What it must not do is collected: errors and warnings of the console, requests of anything
 * but itself.
 */
export async function openPage(file, { width = 1280, height = 900, scheme = "light", hash = "" } = {}) {
  const context = await (await startBrowser()).newContext({ viewport: { width, height }, colorScheme: scheme });
  const page = await context.newPage();
  page.problems = [];
  const address = pathToFileURL(file).href;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => page.problems.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (url.split("#")[0] !== address && !url.startsWith("blob:")) page.problems.push(`request: ${url}`);
  });
  await page.goto(address + hash);
  await settled(page);
  return page;
}

/** Waits until the page has drawn its state. */
export async function settled(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Closes a page that must have had no problem. */
export async function closePage(page) {
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

/** What a page shows now, as text and as numbers. */
export async function shown(page) {
  await settled(page);
  return page.evaluate(() => {
    const number = (text) => (text === undefined || text === "null" ? null : Number(text));
    const cells = {};
    for (const button of document.querySelectorAll("[data-cell]")) {
      const text = (name) => button.querySelector(name).textContent;
      cells[button.dataset.cell] = { value: number(button.dataset.value), text: text(".count"), share: text(".share") };
    }
    const metrics = {};
    for (const cell of document.querySelectorAll("[data-metric]")) {
      const interval = cell.nextElementSibling;
      metrics[cell.dataset.metric] = {
        value: number(cell.dataset.value),
        text: cell.textContent,
        low: interval.dataset.low === undefined ? null : Number(interval.dataset.low),
        high: interval.dataset.high === undefined ? null : Number(interval.dataset.high),
        title: cell.title,
      };
    }
    const layout = [...document.querySelectorAll("#matrix tbody tr")].map((row) =>
      [...row.querySelectorAll("[data-cell]")].map((button) => button.dataset.cell),
    );
    return { cells, metrics, layout, threshold: number(document.body.dataset.threshold) };
  });
}

export function close(got, expected, what, tolerance = TOLERANCE) {
  if (expected === null || got === null) {
    assert.equal(got, expected, what);
    return;
  }
  const size = Math.max(Math.abs(got), Math.abs(expected));
  assert.ok(Math.abs(got - expected) <= tolerance * size, `${what}: the page has ${got}, the program ${expected}`);
}

/** A threshold as the program takes it; "predict none" as one above every score. */
export function typed(threshold) {
  return threshold === null ? "1.7e308" : String(threshold);
}

/**
 * Holds every cell and every metric that a page shows against `evaluate` at the threshold it shows.
 * @returns {Promise<object>} what it shows
 */
export async function agrees(page, sandbox, file, ...flags) {
  const now = await shown(page);
  const told = sandbox.json("evaluate", file, ...flags, `--threshold=${typed(now.threshold)}`);
  const [[tn, fp], [fn, tp]] = told.confusion_matrix;
  for (const [name, expected] of Object.entries({ tp, fp, fn, tn })) {
    assert.equal(now.cells[name].value, expected, `${name} at ${now.threshold}`);
    const text = expected.toLocaleString("en", { maximumFractionDigits: 3 });
    assert.equal(now.cells[name].text, text, `${name} at ${now.threshold}`);
  }
  assert.equal(Object.keys(now.metrics).length, 25);
  for (const [name, metric] of Object.entries(now.metrics)) {
    const expected = told[name];
    assert.notEqual(expected, undefined, `evaluate does not know ${name}`);
    close(metric.value, expected, `${name} at ${now.threshold}`);
    if (expected === null) {
      assert.equal(metric.text, "undefined", name);
      assert.match(metric.title, /^undefined: /, name);
    } else {
      assert.ok(Math.abs(Number(metric.text) - expected) <= Math.max(5.001e-5, 1e-5 * Math.abs(expected)), `${name}: ${metric.text}`);
    }
  }
  return now;
}
