// A report of the tutorial and of breast cancer, driven as people drive it; after each step everything on the page is
// what the program says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import {
  Sandbox,
  agrees,
  breastCancer,
  close,
  closePage,
  onlyRows,
  openPage,
  settled,
  shown,
  stopBrowser,
  tutorial,
  typed,
} from "./harness.mjs";

const sandbox = new Sandbox();
let scores;
const MALIGNANT = ["--label", "y_true", "--positive", "malignant"];

before(() => {
  scores = tutorial(sandbox);
  sandbox.ok("report", scores, "-o", "tutorial.html");
  const files = breastCancer(sandbox);
  sandbox.ok("report", ...files, "-o", "cancer.html", ...MALIGNANT, "--group", "site", "--id", "patient", "--threshold", "0.3", "--cost", "fp=1,fn=8");
});

after(async () => {
  await stopBrowser();
  sandbox.remove();
});

/** Types into an input, as a person does. */
async function enter(page, selector, text) {
  await page.fill(selector, text);
  await page.press(selector, "Enter");
}

test("the slider steps through every matrix of the tutorial", async () => {
  const page = await openPage(sandbox.path("tutorial.html"));
  const first = await agrees(page, sandbox, scores);
  assert.deepEqual(first.cells.tp.value, 48);
  await page.focus("#slider");
  const flagged = (now) => now.cells.tp.value + now.cells.fp.value;
  let was = flagged(first);
  for (const [key, change] of [
    ["ArrowRight", -1],
    ["ArrowRight", -1],
    ["ArrowUp", -1],
    ["ArrowLeft", 1],
    ["ArrowDown", 1],
    // One percent of 150 rows is 1.5: two rows.
    ["PageUp", -2],
    ["PageUp", -2],
    ["PageDown", 2],
  ]) {
    await page.press("#slider", key);
    const now = await agrees(page, sandbox, scores);
    assert.equal(flagged(now) - was, change, key);
    was = flagged(now);
  }
  await page.press("#slider", "End");
  const none = await agrees(page, sandbox, scores);
  assert.equal(none.threshold, null);
  assert.equal(flagged(none), 0);
  await page.press("#slider", "Home");
  assert.equal(flagged(await agrees(page, sandbox, scores)), 150);
  await page.click("#step-up");
  assert.equal(flagged(await agrees(page, sandbox, scores)), 149);
  const spoken = await page.getAttribute("#slider", "aria-valuetext");
  assert.match(spoken, /^threshold 0\.\d+: 65 true positives, 84 false positives, 0 false negatives, 1 true negative$/);
  await closePage(page);
});

test("a threshold can be typed, and snapped to", async () => {
  const page = await openPage(sandbox.path("tutorial.html"));
  for (const text of ["0.3", ".75", "7e-1", "-2", "1.5"]) {
    await enter(page, "#threshold", text);
    assert.equal((await agrees(page, sandbox, scores)).threshold, Number(text));
  }
  await enter(page, "#threshold", "half");
  assert.equal(await page.getAttribute("#threshold", "aria-invalid"), "true");
  assert.match(await page.textContent("#note"), /a number/i);
  assert.equal((await shown(page)).threshold, 1.5, "what is no number changes nothing");
  for (const [snap, ...flags] of [
    ["f1", "--maximize", "f1"],
    ["youden", "--maximize", "youden"],
    ["cost", "--cost", "fp=1,fn=1"],
  ]) {
    await page.click(`[data-snap=${snap}]`);
    const now = await agrees(page, sandbox, scores);
    assert.equal(now.threshold, sandbox.json("choose", scores, ...flags).threshold, snap);
    assert.equal(await page.getAttribute(`[data-snap=${snap}]`, "aria-pressed"), "true");
  }
  await page.click("[data-snap=half]");
  assert.equal((await agrees(page, sandbox, scores)).threshold, 0.5);
  await closePage(page);
});

test("what moved from the pinned threshold is what `moves` tells", async () => {
  const page = await openPage(sandbox.path("tutorial.html"));
  await page.click("#pin");
  for (const threshold of ["0.37", "0.8", "0.5"]) {
    await enter(page, "#threshold", threshold);
    await agrees(page, sandbox, scores);
    const told = sandbox.json("moves", scores, "--from", "0.5", "--to", threshold);
    const flows = await page.$$eval("[data-flow]", (spans) => spans.map((span) => [span.dataset.flow, Number(span.dataset.value)]));
    const expected = ["tp_to_fn", "fp_to_tn", "fn_to_tp", "tn_to_fp"].map((flow) => [flow, told[flow]]).filter(([, rows]) => rows > 0);
    assert.deepEqual(flows.sort(), expected.sort());
    const changes = await page.$$eval("[data-change]", (cells) => cells.map((cell) => [cell.dataset.change, cell.dataset.value]));
    assert.equal(changes.length, 25);
    for (const [name, value] of changes) {
      const change = told.change[name];
      if (change === null) assert.equal(value, "null", name);
      // A difference of two rates loses digits: by the size of the rates, not of the difference.
      else assert.ok(Math.abs(Number(value) - change) <= 1e-12 * Math.max(1, Math.abs(told.before[name])), `${name}: ${value}, ${change}`);
    }
    const sankey = await page.getAttribute("#sankey svg", "aria-label");
    for (const [, rows] of expected) assert.match(sankey, new RegExp(`\\b${rows} (true|false) `));
    if (expected.length === 0) assert.match(sankey, /Nothing/);
  }
  await page.click("#unpin");
  await settled(page);
  assert.ok(await page.isHidden("#moved"));
  await closePage(page);
});

test("shares and layouts are those of `evaluate`", async () => {
  const page = await openPage(sandbox.path("tutorial.html"), { hash: "#t=0.37" });
  for (const normalize of ["pred", "all", "true"]) {
    for (const layout of ["textbook", "sklearn"]) {
      await page.selectOption("#normalize", normalize);
      await page.selectOption("#layout", layout);
      const now = await agrees(page, sandbox, scores);
      const told = sandbox.json("evaluate", scores, "--threshold", "0.37", "--normalize", normalize, "--layout", layout);
      const counts = now.layout.map((row) => row.map((cell) => now.cells[cell].value));
      assert.deepEqual(counts, told.confusion_matrix);
      const shares = await page.$$eval("[data-cell]", (cells) => cells.map((cell) => [cell.dataset.share, cell.querySelector(".share").textContent]));
      told.normalized.flat().forEach((expected, index) => {
        close(Number(shares[index][0]), expected, `${normalize} ${layout}`);
        assert.equal(shares[index][1], `${(100 * expected).toFixed(1)}%`);
      });
    }
  }
  await closePage(page);
});

test("intervals are those that an operating point is saved with", async () => {
  sandbox.ok("choose", scores, "--maximize", "f1", "--save", "point.json");
  const point = JSON.parse(sandbox.read("point.json"));
  sandbox.ok("report", scores, "-o", "point.html", "--point", "point.json");
  const page = await openPage(sandbox.path("point.html"));
  const now = await agrees(page, sandbox, scores);
  assert.equal(now.threshold, point.threshold, "the page begins at the chosen threshold");
  assert.match(await page.getAttribute("[data-snap=chosen]", "title"), /^point\.json: maximize f1/);
  const wilson = point.intervals.filter((interval) => interval.method === "wilson");
  assert.ok(wilson.length >= 8, "the point has intervals to compare with");
  for (const { metric, low, high } of wilson) {
    close(now.metrics[metric].low, low, metric);
    close(now.metrics[metric].high, high, metric);
  }
  for (const name of ["f1", "mcc", "youden", "diagnostic_odds_ratio"]) assert.equal(now.metrics[name].low, null, name);
  await closePage(page);
});

test("the optimum follows costs, prevalence and capacity as `choose` does", async () => {
  const page = await openPage(sandbox.path("tutorial.html"));
  const cases = [
    [{ "cost-fp": "1", "cost-fn": "6" }, ["--cost", "fp=1,fn=6"]],
    [{ "cost-fp": "2.5", "cost-fn": "0.3" }, ["--cost", "fp=2.5,fn=0.3"]],
    [{ "cost-fp": "1", "cost-fn": "6", "gain-tp": "2", "gain-tn": "0.1" }, ["--cost", "fp=1,fn=6,tp=-2,tn=-0.1"]],
    [{ prevalence: "10%" }, ["--cost", "fp=1,fn=6,tp=-2,tn=-0.1", "--prevalence", "0.1"]],
    [{ capacity: "20" }, ["--cost", "fp=1,fn=6,tp=-2,tn=-0.1", "--prevalence", "0.1", "--capacity", "20"]],
    [{ capacity: "8%", prevalence: "" }, ["--cost", "fp=1,fn=6,tp=-2,tn=-0.1", "--capacity", "8%"]],
    [{ capacity: "0" }, ["--cost", "fp=1,fn=6,tp=-2,tn=-0.1", "--capacity", "0"]],
  ];
  for (const [inputs, flags] of cases) {
    for (const [id, text] of Object.entries(inputs)) await page.fill(`#${id}`, text);
    await settled(page);
    const told = sandbox.json("choose", scores, ...flags);
    const cost = (row) => page.getAttribute(`[data-cost=${row}]`, "data-value").then(Number);
    close(await cost("best"), (1000 * told.objective.value) / 150, flags.join(" "));
    const half = told.alternatives.find((one) => one.name === "half");
    close(await cost("now"), (1000 * half.objective_value) / 150, `${flags.join(" ")} at 0.5`);
    await page.click("#go-cost");
    const now = await agrees(page, sandbox, scores);
    assert.equal(now.threshold, told.threshold, flags.join(" "));
    assert.ok((await page.textContent("#cost-command")).includes(`choose ${scores} ${flags.join(" ")}`), flags.join(" "));
    await enter(page, "#threshold", "0.5");
  }
  await page.fill("#cost-fp", "dear");
  assert.equal(await page.getAttribute("#cost-fp", "aria-invalid"), "true");
  await page.fill("#capacity", "120%");
  assert.equal(await page.getAttribute("#capacity", "aria-invalid"), "true");
  await closePage(page);
});

test("a page begins with what its point was chosen for", async () => {
  // The scores of the tutorial twice, so that counts are of half as many rows as they are meant for, or of as many.
  const [head, ...lines] = sandbox.read(scores).trim().split("\n");
  sandbox.write("twice.csv", `${[head, ...lines, ...lines].join("\n")}\n`);
  const cases = [
    ["--cost", "fp=1,fn=6,tp=-0.5", "--subject-to", "precision>=0.7", "--subject-to", "fp<=20"],
    ["--maximize", "precision", "--subject-to", "recall>=0.8", "--subject-to", "predicted_positive_rate<=0.5"],
    ["--maximize", "f3", "--subject-to", "specificity>=0.75", "--prevalence", "0.1"],
    ["--minimize", "fpr", "--subject-to", "balanced_accuracy>=0.8"],
    ["--maximize", "utility(tp=3,fp=-1)", "--capacity", "40", "--prevalence", "0.3"],
    ["--maximize", "tp", "--subject-to", "cost(fp=1,fn=2)<=40"],
  ];
  for (const flags of cases) {
    const what = flags.join(" ");
    sandbox.ok("choose", scores, ...flags, "--save", "point.json");
    const told = sandbox.json("choose", scores, ...flags);
    for (const file of [scores, "twice.csv"]) {
      sandbox.ok("report", file, "-o", "point.html", "--point", "point.json");
      const page = await openPage(sandbox.path("point.html"));
      assert.equal((await agrees(page, sandbox, file)).threshold, told.threshold, what);
      // It does not argue for another one, and says of no constraint that it is broken.
      assert.ok(!(await page.textContent("#cost-note")).includes("violates"), what);
      await enter(page, "#threshold", "0.123");
      await page.click("#go-cost");
      assert.equal((await agrees(page, sandbox, file)).threshold, told.threshold, `${what}, ${file}`);
      const goal = await page.getAttribute("[data-goal=best]", "data-value").catch(() => null);
      const isCost = flags[0] === "--cost" || flags[1].startsWith("utility");
      if (!isCost) {
        const factor = flags[1] === "tp" && file !== scores ? 2 : 1;
        close(Number(goal), factor * told.objective.value, what);
      } else assert.equal(await page.locator("[data-goal]").count(), 0, what);
      // The command that it shows chooses the same of these rows.
      const command = (await page.textContent("#cost-command code")).replace(" --bootstrap 2000", "");
      const words = command.match(/'[^']*'|\S+/g).map((word) => word.replaceAll("'", ""));
      assert.equal(sandbox.json(...words.slice(1)).threshold, told.threshold, command);
      await closePage(page);
    }
  }
});

test("constraints of a point can be left out, and the costs be the goal", async () => {
  const flags = ["--maximize", "precision", "--subject-to", "recall>=0.8", "--subject-to", "fpr<=0.2"];
  sandbox.ok("choose", scores, ...flags, "--save", "point.json");
  sandbox.ok("report", scores, "-o", "point.html", "--point", "point.json");
  const page = await openPage(sandbox.path("point.html"));
  await page.uncheck('[data-constraint="recall>=0.8"]');
  await page.click("#go-cost");
  const free = sandbox.json("choose", scores, "--maximize", "precision", "--subject-to", "fpr<=0.2");
  assert.equal((await agrees(page, sandbox, scores)).threshold, free.threshold);
  await page.check('[data-constraint="recall>=0.8"]');
  await settled(page);
  const recall = sandbox.json("evaluate", scores, "--threshold", String(free.threshold)).recall;
  assert.match(await page.textContent("#cost-note"), new RegExp(`violates Recall ≥ 0\\.8 \\(${recall.toFixed(4)}\\)`));
  await page.uncheck('[data-constraint="fpr<=0.2"]');
  await page.selectOption("#goal", "cost");
  await page.click("#go-cost");
  const cheapest = sandbox.json("choose", scores, "--cost", "fp=1,fn=1", "--subject-to", "recall>=0.8");
  assert.equal((await agrees(page, sandbox, scores)).threshold, cheapest.threshold);
  // The address knows.
  const link = await page.getAttribute("#link", "href");
  assert.match(link, /&goal=cost&without=1/);
  const other = await openPage(sandbox.path("point.html"), { hash: link });
  assert.equal(await other.inputValue("#goal"), "cost");
  assert.deepEqual(await other.$$eval("[data-constraint]", (inputs) => inputs.map((input) => input.checked)), [true, false]);
  for (const each of [page, other]) await closePage(each);
});

test("a point chosen by amounts is no argument for another threshold", async () => {
  const [head, ...lines] = sandbox.read(scores).trim().split("\n");
  const priced = lines.map((line, index) => `${line},${1 + (index % 7)}`);
  sandbox.write("priced.csv", `${[`${head},amount`, ...priced].join("\n")}\n`);
  sandbox.ok("choose", "priced.csv", "--cost", "fp=1,fn=2*amount", "--subject-to", "recall>=0.5", "--save", "point.json");
  sandbox.ok("report", "priced.csv", "-o", "point.html", "--point", "point.json");
  const page = await openPage(sandbox.path("point.html"));
  assert.match(await page.textContent("#cost-note"), /amounts of their own is not in this page/);
  assert.ok(await page.isDisabled("#go-cost"));
  assert.match(await page.textContent("#cost-command"), /--cost 'fp=1,fn=2\*amount' --subject-to 'recall>=0.5'/);
  await closePage(page);
});

test("models and groups are switched, and stand side by side", async () => {
  const north = { "one.csv": "one-north.csv", "two.csv": "two-north.csv" };
  for (const [file, target] of Object.entries(north)) onlyRows(sandbox, file, "site", "north", target);
  const page = await openPage(sandbox.path("cancer.html"));
  assert.equal((await agrees(page, sandbox, "one.csv", ...MALIGNANT)).threshold, 0.3);
  const side = (name) => page.$$eval(`#side tr[data-series] [data-side=${name}]`, (cells) => cells.map((cell) => Number(cell.dataset.value)));
  const recalls = (files, threshold) => files.map((file) => sandbox.json("evaluate", file, ...MALIGNANT, "--threshold", typed(threshold)).recall);
  (await side("recall")).forEach((value, index) => close(value, recalls(["one.csv", "two.csv"], 0.3)[index], "recall side by side"));
  await page.selectOption("#model", "1");
  await agrees(page, sandbox, "two.csv", ...MALIGNANT);
  await page.selectOption("#group", { label: "north" });
  await agrees(page, sandbox, "two-north.csv", ...MALIGNANT);
  await page.focus("#slider");
  for (const key of ["ArrowLeft", "ArrowLeft", "PageDown", "ArrowRight"]) {
    await page.press("#slider", key);
    await agrees(page, sandbox, "two-north.csv", ...MALIGNANT);
  }
  await page.selectOption("#model", "0");
  const now = await agrees(page, sandbox, "one-north.csv", ...MALIGNANT);
  await page.selectOption("#overlay", "groups");
  await settled(page);
  assert.deepEqual(await page.$$eval("#side tr[data-series] .name", (names) => names.map((name) => name.textContent)), ["all rows", "north", "south"]);
  close((await side("recall"))[1], recalls(["one-north.csv"], now.threshold)[0], "recall of a group");
  await page.click("[data-snap=f1]");
  assert.equal((await agrees(page, sandbox, "one-north.csv", ...MALIGNANT)).threshold, sandbox.json("choose", "one-north.csv", ...MALIGNANT, "--maximize", "f1").threshold);
  const area = await page.textContent("[data-chart=ROC] figcaption");
  const auc = sandbox.json("evaluate", "one-north.csv", ...MALIGNANT).roc_auc;
  assert.ok(area.includes(auc.toFixed(4)), area);
  await closePage(page);
});

test("the rows behind a cell are rows of that cell, the nearest first", async () => {
  const page = await openPage(sandbox.path("cancer.html"));
  await page.click("[data-cell=fn]");
  const now = await agrees(page, sandbox, "one.csv", ...MALIGNANT);
  const listed = await page.$$eval("#rows tbody tr", (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  const rows = sandbox.read("one.csv").trim().split("\n").slice(1).map((line) => line.split(","));
  const expected = rows.filter(([label, score]) => label === "malignant" && Number(score) < 0.3).sort((one, other) => other[1] - one[1]);
  assert.equal(expected.length, now.cells.fn.value);
  assert.ok(expected.length > 1, "there are rows to list");
  assert.deepEqual(listed, expected.slice(0, 50).map(([label, score, id]) => [id, String(Number(score)), label]));
  // The command lists all of them.
  const command = await page.textContent("#rows-command code");
  sandbox.ok(...command.split(" ").slice(1));
  const moved = sandbox.read("rows.csv").trim().split("\n").filter((line) => line.endsWith(",fn_to_tp"));
  assert.equal(moved.length, expected.length);
  assert.equal(await page.evaluate(() => document.activeElement.id), "rows-head", "the focus follows");
  await page.click("#rows-close");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.cell), "fn", "and comes back");
  await closePage(page);
});

test("an address is a view", async () => {
  const page = await openPage(sandbox.path("cancer.html"));
  await page.selectOption("#model", "1");
  await page.selectOption("#group", { label: "south" });
  await page.selectOption("#layout", "textbook");
  await page.fill("#cost-fn", "3");
  await page.fill("#capacity", "10%");
  await enter(page, "#threshold", "0.37");
  await page.waitForFunction(() => location.hash.includes("t=0.37"));
  const link = await page.getAttribute("#link", "href");
  assert.match(link, /^#t=0\.37&pin=0\.5&model=1&group=2&layout=textbook&fn=3&capacity=10%25$/);
  const other = await openPage(sandbox.path("cancer.html"), { hash: link });
  assert.deepEqual(await shown(other), await shown(page));
  assert.equal(await other.inputValue("#capacity"), "10%");
  await other.evaluate(() => (location.hash = "#t=none&pin=0.2"));
  await other.waitForFunction(() => document.body.dataset.threshold === "null");
  await agrees(other, sandbox, "one.csv", ...MALIGNANT);
  // What makes no sense is left out.
  const wild = await openPage(sandbox.path("cancer.html"), { hash: "#t=abc&pin=<img>&model=99&group=-1&fn=x&show=%&metric=constructor" });
  assert.equal((await agrees(wild, sandbox, "one.csv", ...MALIGNANT)).threshold, 0.3);
  for (const each of [page, other, wild]) await closePage(each);
});

test("the matrix can be taken along", async () => {
  const page = await openPage(sandbox.path("tutorial.html"), { hash: "#t=0.37" });
  const [csv] = await Promise.all([page.waitForEvent("download"), page.click("#save-csv")]);
  assert.equal(readFileSync(await csv.path(), "utf8"), "threshold,true,predicted 0,predicted 1\n0.37,0,72,13\n0.37,1,13,52\n");
  const [png] = await Promise.all([page.waitForEvent("download"), page.click("#save-png")]);
  const bytes = readFileSync(await png.path());
  assert.deepEqual([bytes.toString("latin1", 1, 4), bytes.readUInt32BE(16), bytes.readUInt32BE(20)], ["PNG", 1040, 840]);
  await closePage(page);
});

test("charts follow the threshold and can be clicked", async () => {
  const page = await openPage(sandbox.path("cancer.html"));
  const marks = () => page.$$eval("[data-chart] .marks", (groups) => groups.map((group) => group.innerHTML));
  const before = await marks();
  const layers = () => page.$$eval("[data-chart] .layers", (groups) => groups.map((group) => group.innerHTML.length));
  const drawn = await layers();
  assert.ok(drawn.every((length) => length > 200), `every chart is drawn: ${drawn}`);
  await page.focus("#slider");
  await page.press("#slider", "PageUp");
  await page.press("#slider", "PageUp");
  await page.press("#slider", "PageUp");
  await settled(page);
  const later = await marks();
  assert.ok(before.every((mark, index) => mark !== later[index]), "every mark moved");
  assert.deepEqual(await layers(), drawn, "and nothing else did");
  for (const chart of ["ROC", "Precision and recall", "Scores", "Cost"]) {
    const was = (await shown(page)).threshold;
    await page.locator(`[data-chart="${chart}"] svg.plot`).click({ position: { x: 120, y: 110 } });
    const now = await agrees(page, sandbox, "one.csv", ...MALIGNANT);
    assert.notEqual(now.threshold, was, chart);
    await enter(page, "#threshold", "0.3");
  }
  await page.selectOption("#metric", "diagnostic_odds_ratio");
  await settled(page);
  assert.match(await page.textContent('[data-chart="Metric by threshold"] figcaption'), /Diagnostic odds ratio/);
  await closePage(page);
});
