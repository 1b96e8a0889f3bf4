// @ts-check
// The page: its state, which the address tells, its controls, and what is drawn again when something changes.

/** @typedef {{rows: number} | {share: number} | null} Capacity */

/**
 * @typedef {{model: number, group: number, threshold: Value, pin: Value, hasPin: boolean, normalize: Normalize,
 *   layout: Layout, costs: Costs, prevalence: Value, capacity: Capacity, goal: "cost" | "point", kept: boolean[], overlay: "one" | "models" | "groups",
 *   metric: string, cell: CellName | null}} State
 */

const START = DATA.chosen ? DATA.chosen.threshold : 0.5;

/** @returns {State} */
function startState() {
  const hasGroups = DATA.models[0].series.length > 1;
  return {
    model: 0,
    group: 0,
    threshold: START,
    pin: 0.5,
    hasPin: START !== 0.5,
    normalize: "true",
    layout: "sklearn",
    costs: { ...DATA.costs },
    prevalence: DATA.problem?.prevalence ?? null,
    capacity: null,
    goal: DATA.problem && !DATA.problem.is_cost ? "point" : "cost",
    kept: (DATA.problem?.constraints ?? []).map(() => true),
    overlay: DATA.models.length > 1 ? "models" : hasGroups ? "groups" : "one",
    metric: "several",
    cell: null,
  };
}

/** @type {State} */
let state = startState();

const COST_INPUTS = /** @type {const} */ ([
  ["cost-fp", "fp", 1],
  ["cost-fn", "fn", 1],
  ["gain-tp", "tp", -1],
  ["gain-tn", "tn", -1],
]);

// --- the address -----------------------------------------------------------------------------------------------------

/** @param {Value} threshold */
function addressThreshold(threshold) {
  return threshold === null ? "none" : String(threshold);
}

/** What the address says of the state: only what differs from the start, and the threshold. */
function addressOf() {
  const start = startState();
  const parts = [`t=${addressThreshold(state.threshold)}`];
  if (state.hasPin) parts.push(`pin=${addressThreshold(state.pin)}`);
  else if (start.hasPin) parts.push("pin=off");
  const put = (/** @type {string} */ key, /** @type {string | number} */ value, /** @type {string | number} */ usual) => {
    if (value !== usual) parts.push(`${key}=${encodeURIComponent(value)}`);
  };
  put("model", state.model, 0);
  put("group", state.group, 0);
  put("share", state.normalize, start.normalize);
  put("layout", state.layout, start.layout);
  for (const [, cell] of COST_INPUTS) put(cell, state.costs[cell], start.costs[cell]);
  put("prevalence", state.prevalence ?? "data", start.prevalence ?? "data");
  put("goal", state.goal, start.goal);
  put("without", state.kept.flatMap((isKept, index) => (isKept ? [] : [index])).join(" "), "");
  if (state.capacity) parts.push(`capacity=${encodeURIComponent(capacityText(state.capacity))}`);
  put("show", state.overlay, start.overlay);
  put("metric", state.metric, start.metric);
  return `#${parts.join("&")}`;
}

/**
 * The state that an address asks for; what it does not understand is left as it is at the start.
 * @param {string} hash
 */
function stateOf(hash) {
  const found = startState();
  const asked = new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B"));
  const threshold = (/** @type {string | null} */ text, /** @type {(value: Value) => void} */ put) => {
    if (text === "none") put(null);
    else if (text !== null && text.trim() !== "" && Number.isFinite(Number(text))) put(Number(text));
  };
  threshold(asked.get("t"), (value) => (found.threshold = value));
  if (asked.get("pin") === "off") found.hasPin = false;
  threshold(asked.get("pin"), (value) => {
    found.pin = value;
    found.hasPin = true;
  });
  const index = (/** @type {string | null} */ text, /** @type {number} */ count) => {
    const value = Number(text ?? 0);
    return Number.isInteger(value) && value >= 0 && value < count ? value : 0;
  };
  found.model = index(asked.get("model"), DATA.models.length);
  found.group = index(asked.get("group"), DATA.models[found.model].series.length);
  const normalize = asked.get("share");
  if (normalize === "true" || normalize === "pred" || normalize === "all") found.normalize = normalize;
  if (asked.get("layout") === "textbook") found.layout = "textbook";
  for (const [, cell] of COST_INPUTS) {
    const cost = parseCost(asked.get(cell) ?? "");
    if (cost !== null) found.costs[cell] = cost;
  }
  const prevalence = asked.get("prevalence");
  if (prevalence !== null) found.prevalence = parseShare(prevalence);
  const goal = asked.get("goal");
  if (goal === "cost" || (goal === "point" && DATA.problem)) found.goal = goal;
  for (const index of (asked.get("without") ?? "").split(" ")) if (index !== "" && index in found.kept) found.kept[Number(index)] = false;
  found.capacity = parseCapacity(asked.get("capacity") ?? "") ?? null;
  const overlay = asked.get("show");
  const isThere = { one: true, models: DATA.models.length > 1, groups: DATA.models[found.model].series.length > 1 };
  if ((overlay === "one" || overlay === "models" || overlay === "groups") && isThere[overlay]) found.overlay = overlay;
  const metric = asked.get("metric");
  if (metric !== null && Object.hasOwn(FORMULAS, metric)) found.metric = metric;
  return found;
}

let addressTimer = 0;

/** The address follows at rest: browsers allow few changes a second. */
function tellAddress() {
  const address = addressOf();
  setAttributes(byId("link"), { href: address });
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => {
    if (location.hash === address) return;
    try {
      history.replaceState(null, "", address);
    } catch {
      location.replace(address);
    }
  }, 200);
}

// --- what people type ------------------------------------------------------------------------------------------------

/** @param {string} text */
function parseNumber(text) {
  const plain = text.trim().replace("−", "-");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : null;
}

/** @param {string} text a cost, in [-1e100, 1e100] */
function parseCost(text) {
  const cost = parseNumber(text);
  return cost !== null && Math.abs(cost) <= 1e100 ? cost : null;
}

/** @param {string} text a share in (0, 1), or per cent */
function parseShare(text) {
  const isPercent = text.trim().endsWith("%");
  const value = parseNumber(isPercent ? text.trim().slice(0, -1) : text);
  const part = value === null ? null : isPercent ? value / 100 : value;
  return part !== null && part > 0 && part < 1 ? part : null;
}

/**
 * @param {string} text
 * @returns {Capacity | undefined} nothing if it is no capacity
 */
function parseCapacity(text) {
  if (text.trim() === "") return null;
  const isPercent = text.trim().endsWith("%");
  const value = parseNumber(isPercent ? text.trim().slice(0, -1) : text);
  if (value === null || value < 0 || (isPercent && value > 100)) return undefined;
  return isPercent ? { share: value / 100 } : { rows: value };
}

/** @param {Capacity} capacity */
function capacityText(capacity) {
  if (capacity === null) return "";
  return "rows" in capacity ? String(capacity.rows) : `${Number((capacity.share * 100).toPrecision(12))}%`;
}

// --- what follows from the state -------------------------------------------------------------------------------------

function hasGroups() {
  return DATA.models[state.model].series.length > 1;
}

function currentSeries() {
  return seriesOf(state.model, state.group);
}

/** @type {Map<string, number | null>} */
const BEST_ROWS = new Map();

/** @param {string} metric */
function bestRowBy(metric) {
  const key = `${state.model}/${state.group}/${metric}`;
  if (!BEST_ROWS.has(key)) BEST_ROWS.set(key, bestRow(currentSeries(), FORMULAS[metric], 1)?.row ?? null);
  return BEST_ROWS.get(key) ?? null;
}

/** Places to snap to: what they are called, and the threshold, unless there is none. */
function snapsNow() {
  const ofRow = (/** @type {number | null | undefined} */ row) =>
    row === null || row === undefined ? undefined : thresholdOf(currentSeries().stops[stopAt(currentSeries(), row)]);
  // Of all rows the best thresholds are always in the page.
  const among = DATA.closed !== null && state.group !== 0 ? " among the thresholds in this page" : "";
  /** @type {{id: string, name: string, about: string, threshold: Value | undefined}[]} */
  const snaps = [
    { id: "half", name: "0.5", about: "the usual threshold of a probability", threshold: 0.5 },
    { id: "f1", name: "max F1", about: `where the F1 score is highest${among}`, threshold: ofRow(bestRowBy("f1")) },
    { id: "youden", name: "Youden", about: `where Youden's J is highest${among}`, threshold: ofRow(bestRowBy("youden")) },
    { id: "cost", ...optimumName(), threshold: ofRow(bestRowNow()?.row) },
  ];
  if (DATA.chosen) snaps.push({ id: "chosen", name: "chosen", about: DATA.chosen.reason, threshold: DATA.chosen.threshold });
  return snaps;
}

/**
 * The curves that charts overlay, each with the number of its colour and what it is called among them.
 * @returns {Shown[]}
 */
function shownSeries() {
  if (state.overlay === "models") {
    return DATA.models.map((model, index) => {
      const name = DATA.models[state.model].series[state.group].name;
      const group = state.group === 0 ? 0 : model.series.findIndex((series, place) => place > 0 && series.name === name);
      const hasRows = group >= 0;
      return { series: seriesOf(index, hasRows ? group : 0), index, name: hasRows ? model.name : `${model.name} (all rows)` };
    });
  }
  if (state.overlay === "groups") {
    return DATA.models[state.model].series.map((_, index) => {
      const series = seriesOf(state.model, index);
      return { series, index, name: index === 0 ? "all rows" : series.name };
    });
  }
  return [{ series: currentSeries(), index: 0, name: currentSeries().name }];
}

// --- what is shown ---------------------------------------------------------------------------------------------------

const matrixView = new MatrixView(byId("matrix"), (cell) => {
  state.cell = cell;
  render();
  byId("rows-head").focus();
});
const metricsView = new MetricsView(byId("metrics"));
const sideView = new SideView(byId("side"));
const chartsView = new ChartsView(
  byId("charts"),
  (row) => goToRow(row),
  (threshold) => goToRow(nearestRow(threshold).row),
);

/** @type {Map<string, HTMLElement>} */
const snapButtons = new Map();

/** @param {Value} threshold moves there, as it was asked for */
function goTo(threshold) {
  state.threshold = threshold;
  schedule();
}

/** @param {number} row moves to the threshold of the current curve that has its matrix */
function goToRow(row) {
  const series = currentSeries();
  goTo(thresholdOf(series.stops[stopAt(series, row)]));
}

/** @param {number} stop */
function goToStop(stop) {
  const { stops } = currentSeries();
  goTo(thresholdOf(stops[Math.min(stops.length - 1, Math.max(0, stop))]));
}

/** @param {1 | -1} direction 1: up, to fewer rows predicted positive */
function goByPercent(direction) {
  const series = currentSeries();
  const flagged = (/** @type {number} */ stop) => series.tp[series.stops[stop]] + series.fp[series.stops[stop]];
  const start = stopAt(series, nearestRow(state.threshold).row);
  const step = (series.positives + series.negatives) / 100;
  let stop = start;
  do stop -= direction;
  while (stop > 0 && stop < series.stops.length - 1 && Math.abs(flagged(stop) - flagged(start)) < step * (1 - 1e-9));
  goToStop(stop);
}

let frame = 0;

/** Shows the state in the next frame, however often it changes before. */
function schedule() {
  if (frame === 0) frame = requestAnimationFrame(render);
}

/** What the static layers of the charts were drawn for. */
let drawnScene = "";
let drawnCosts = "";

function drawCharts() {
  const scene = JSON.stringify([state.model, state.group, state.overlay, state.metric]);
  const costs = JSON.stringify([state.costs, state.prevalence]);
  if (scene === drawnScene && costs === drawnCosts) return;
  const only = scene === drawnScene ? "Cost" : undefined;
  [drawnScene, drawnCosts] = [scene, costs];
  const shown = shownSeries();
  const current = currentSeries();
  // The current curve is drawn above the others.
  const layered = [...shown.filter(({ series }) => series !== current), ...shown.filter(({ series }) => series === current)];
  chartsView.draw({ current, shown: layered, metric: state.metric, costOf: costNow }, only);
  if (only !== undefined) return;
  byId("legend").hidden = shown.length < 2;
  byId("legend").replaceChildren(
    ...shown.map(({ index, name }) => make("li", {}, swatch(index), nameNode(name))),
  );
  byId("side-card").hidden = shown.length < 2;
  const kind = state.overlay === "models" ? "Model" : DATA.group_column ?? "Group";
  const left = DATA.models[state.model].groups_left_out;
  const note = state.overlay === "groups" && left > 0 ? ` The ${countedText(left, "smallest groups")} ${left === 1 ? "is" : "are"} one line, “others”.` : "";
  setText(byId("side-about"), `All at the same threshold.${note}`);
  sideView.begin(kind, shown.length < 2 ? [] : shown);
}

function render() {
  cancelAnimationFrame(frame);
  frame = 0;
  const series = currentSeries();
  const { row, isExact } = nearestRow(state.threshold);
  const cells = cellsOf(series, row);
  const pinRow = state.hasPin ? nearestRow(state.pin).row : null;
  const pinned = pinRow === null ? null : cellsOf(series, pinRow);
  const shownThreshold = isExact ? state.threshold : thresholdOf(row);
  showControls(series, row, isExact, shownThreshold, cells);
  matrixView.show(cells, pinned, state.layout, state.normalize);
  metricsView.show(cells, pinned);
  byId("moved").hidden = pinned === null;
  if (pinned) {
    setText(byId("ledger"), ledgerText(pinned, cells));
    const heads = /** @type {[string, string]} */ ([`pinned: ${shortThreshold(state.pin)}`, `now: ${shortThreshold(shownThreshold)}`]);
    drawSankey(byId("sankey"), pinned, cells, heads);
  }
  setText(byId("holds"), holdsText(series, row));
  showCosts(cells, pinned, shownThreshold);
  drawCharts();
  const pin = pinRow === null ? null : nearestRow(state.pin).isExact ? state.pin : thresholdOf(pinRow);
  chartsView.mark({ row, threshold: shownThreshold, pinRow, pin });
  sideView.show(row);
  showRows(cells, shownThreshold);
  document.body.dataset.row = String(row);
  document.body.dataset.threshold = String(shownThreshold);
  tellAddress();
}

/**
 * @param {Series} series
 * @param {number} row
 * @param {boolean} isExact
 * @param {Value} threshold
 * @param {Cells} cells
 */
function showControls(series, row, isExact, threshold, cells) {
  const slider = inputOf("slider");
  const stop = stopAt(series, row);
  slider.max = String(series.stops.length - 1);
  slider.value = String(series.stops.length - 1 - stop);
  const counts = `${countedText(cells.tp, "true positives")}, ${countedText(cells.fp, "false positives")}, ${countedText(cells.fn, "false negatives")}, ${countedText(cells.tn, "true negatives")}`;
  const spoken = threshold === null ? "above every score" : shortThreshold(threshold);
  slider.setAttribute("aria-valuetext", `threshold ${spoken}: ${counts}`);
  const entry = inputOf("threshold");
  if (document.activeElement !== entry) entry.value = thresholdText(threshold);
  showSentence(threshold, cells);
  for (const snap of snapsNow()) {
    const button = snapButtons.get(snap.id);
    if (!button) continue;
    const isThere = snap.threshold !== undefined && nearestRow(snap.threshold).row === row;
    setAttributes(button, { "aria-pressed": String(isThere), disabled: snap.threshold === undefined });
    setText(button, snap.name);
    button.title = `${snap.about}: ${snap.threshold === undefined ? "there is none" : thresholdText(snap.threshold)}`;
    button.dataset.threshold = String(snap.threshold);
  }
  byId("unpin").hidden = !state.hasPin;
  setText(byId("pinned"), state.hasPin ? `compared with ${shortThreshold(state.pin)}` : "");
  const asked = thresholdText(state.threshold);
  setText(
    byId("note"),
    isExact ? "" : `There is no matrix for ${asked} in this page; shown is the nearest threshold that has one, ${thresholdText(threshold)}.`,
  );
}

/**
 * @param {Value} threshold
 * @param {Cells} cells
 */
function showSentence(threshold, cells) {
  const strong = (/** @type {string} */ text) => make("strong", {}, text);
  const positive = () => nameNode(DATA.names[1]);
  const n = total(cells);
  const unit = DATA.is_weighted ? "by weight" : n === 1 ? "row" : "rows";
  const flagged = cells.tp + cells.fp;
  const parts = [
    ...(threshold === null
      ? ["Predicting nothing as ", positive(), ": "]
      : ["Predicting ", positive(), " from a score of ", strong(shortThreshold(threshold)), " on: "]),
    strong(countText(flagged)),
    ` of ${countText(n)} ${unit} flagged, `,
    strong(countText(cells.tp)),
    ` of them rightly; `,
    strong(countText(cells.fn)),
    ` of ${countText(cells.tp + cells.fn)} missed.`,
  ];
  byId("sentence").replaceChildren(...parts);
}

/**
 * The thresholds that have the matrix of a row, where the page knows all of them.
 * @param {Series} series
 * @param {number} row
 */
function holdsText(series, row) {
  if (DATA.closed !== null) return "";
  const stop = stopAt(series, row);
  const upper = thresholdOf(series.stops[stop]);
  const lower = stop + 1 < series.stops.length ? thresholdOf(series.stops[stop + 1]) : null;
  if (upper === null) return `This matrix holds above ${shortThreshold(lower)}.`;
  if (lower === null) return `This matrix holds up to ${shortThreshold(upper)}.`;
  return `This matrix holds above ${shortThreshold(lower)}, up to ${shortThreshold(upper)}.`;
}

/**
 * @param {Cells} cells
 * @param {Value} threshold
 */
function showRows(cells, threshold) {
  const model = DATA.models[state.model];
  const sample = model.rows;
  const cell = state.cell;
  byId("rows-card").hidden = cell === null;
  if (cell === null) return;
  const name = CELLS[cell].title;
  setText(byId("rows-head"), `Rows: ${name}`);
  const found = sample ? rowsOf(sample, cell, threshold) : [];
  const listed = found.slice(0, MOST_LISTED);
  const isWhole = sample !== null && sample.total === sample.score.length && state.group === 0;
  const about = [`${countedText(cells[cell], name)}${DATA.is_weighted ? " by weight" : ""} at this threshold.`];
  if (sample) {
    const source = isWhole ? "" : ` of a sample of ${countText(sample.score.length)} of ${countedText(sample.total, "rows")}${state.group === 0 ? "" : " of all groups"}`;
    about.push(`Listed: the ${countText(listed.length)} nearest to the threshold${source}.`);
  }
  setText(byId("rows-about"), about.join(" "));
  const heads = [sample?.has_ids ? DATA.id_column ?? "id" : "row", "score", "true class"];
  const body = listed.map((row) =>
    make("tr", {}, make("td", {}, nameNode(String(row.id))), make("td", { class: "number" }, String(row.score)), make("td", {}, nameNode(DATA.names[trueClass(cell)]))),
  );
  byId("rows").replaceChildren(
    make("caption", { class: "hidden" }, "Rows behind the cell, nearest to the threshold first"),
    make("thead", {}, make("tr", {}, ...heads.map((text, index) => make("th", { scope: "col", class: index === 1 ? "number" : "" }, text)))),
    make("tbody", {}, ...body),
  );
  const partner = CELLS[cell].partner;
  const beyond = predictedClass(cell) === 1 ? DATA.thresholds[0] + Math.max(1, Math.abs(DATA.thresholds[0])) : DATA.thresholds[N_ROWS - 2];
  const parts = ["cutpoint", "moves", shellText(model.file), ...model.flags.map(shellText), `--from=${threshold ?? beyond}`, `--to=${beyond}`, "--rows", "rows.csv"];
  byId("rows-command").replaceChildren("All of them, with all columns: ", make("code", {}, parts.join(" ")), ` (those with move ${cell}_to_${partner})`);
}

// --- controls --------------------------------------------------------------------------------------------------------

/** What does not change with the threshold: names, facts, switches. */
function showFrame() {
  const model = DATA.models[state.model];
  const series = currentSeries();
  byId("rule").replaceChildren("Predicts ", nameNode(DATA.names[1]), " where the score is at least the threshold.");
  const rows = series.data.n_samples;
  const n = model.n_thresholds;
  const least = model.is_exact ? "" : "at least ";
  const inPage = DATA.closed === null ? `all ${countText(n)}` : `${countText(seriesOf(state.model, 0).stops.length - 1)} of ${least}${countText(n)}`;
  const all = series.positives + series.negatives;
  /** @type {[string, string][]} */
  const facts = [
    [DATA.is_weighted ? "Rows (weight)" : "Rows", `${rows === null ? "" : countText(rows)}${DATA.is_weighted ? ` (${countText(all)})` : ""}`],
    ["Positive", `${countText(series.positives)} (${percentText(quotient(series.positives, all))})`],
    ["ROC AUC", areaText(series.data.roc_auc)],
    ["Average precision", areaText(series.data.average_precision)],
    ["Brier score", series.data.brier === null ? "–" : metricText(series.data.brier)],
    ["Thresholds in this page", inPage],
  ];
  byId("facts").replaceChildren(...facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
  const about = DATA.is_weighted ? "no intervals: rows have weights" : "Wilson intervals of proportions of rows";
  setText(byId("metrics-about"), about);
}

function buildControls() {
  const choices = (/** @type {string} */ id, /** @type {string[]} */ names) => {
    byId(id).replaceChildren(...names.map((name, index) => make("option", { value: index }, name)));
  };
  byId("model-switch").hidden = DATA.models.length < 2;
  choices("model", DATA.models.map((model) => model.name));
  byId("snaps").replaceChildren(
    ...snapsNow().map((snap) => {
      const button = make("button", { type: "button", "data-snap": snap.id }, snap.name);
      button.addEventListener("click", () => {
        const target = snapsNow().find((one) => one.id === snap.id)?.threshold;
        if (target !== undefined) goTo(target);
      });
      snapButtons.set(snap.id, button);
      return button;
    }),
  );
  const metrics = DATA.metrics.map((metric) => make("option", { value: metric.name }, metric.title));
  byId("metric").replaceChildren(make("option", { value: "several" }, "Precision, recall, F1"), ...metrics);
  byId("about").replaceChildren(
    `Written by ${DATA.generator}. All numbers are counted from the scores; nothing is interpolated, and nothing leaves this file.`,
  );
  fillGroups();
  fillProblem();
  fillInputs();
}

/** The switches of groups and overlays, which depend on the model. */
function fillGroups() {
  const series = DATA.models[state.model].series;
  byId("group-switch").hidden = series.length < 2;
  setText(byId("group-label"), DATA.group_column ?? "Group");
  byId("group").replaceChildren(
    ...series.map((one, index) => make("option", { value: index }, index === 0 ? "all rows" : groupName(one.name))),
  );
  const overlays = [["one", "this curve"]];
  if (DATA.models.length > 1) overlays.push(["models", "all models"]);
  if (series.length > 1) overlays.push(["groups", "all groups"]);
  byId("overlay-switch").hidden = overlays.length < 2;
  byId("overlay").replaceChildren(...overlays.map(([value, name]) => make("option", { value }, name)));
}

/** Puts the state into the inputs. */
function fillInputs() {
  inputOf("model").value = String(state.model);
  inputOf("group").value = String(state.group);
  inputOf("normalize").value = state.normalize;
  inputOf("layout").value = state.layout;
  inputOf("overlay").value = state.overlay;
  inputOf("metric").value = state.metric;
  for (const [id, cell, sign] of COST_INPUTS) inputOf(id).value = String(sign * state.costs[cell] + 0);
  inputOf("prevalence").value = state.prevalence === null ? "" : String(state.prevalence);
  inputOf("prevalence").placeholder = "as in the data";
  inputOf("capacity").value = capacityText(state.capacity);
  inputOf("goal").value = state.goal;
  document.querySelectorAll("[data-constraint]").forEach((input, index) => {
    if (input instanceof HTMLInputElement) input.checked = state.kept[index];
  });
}

/**
 * @param {HTMLInputElement} input
 * @param {boolean} isGood
 */
function judge(input, isGood) {
  setAttributes(input, { "aria-invalid": isGood ? false : "true" });
}

function listen() {
  const slider = inputOf("slider");
  slider.addEventListener("input", () => goToStop(currentSeries().stops.length - 1 - Number(slider.value)));
  slider.addEventListener("keydown", (event) => {
    if (event.key !== "PageUp" && event.key !== "PageDown") return;
    event.preventDefault();
    goByPercent(event.key === "PageUp" ? 1 : -1);
  });
  const step = (/** @type {number} */ by) => goToStop(stopAt(currentSeries(), nearestRow(state.threshold).row) + by);
  byId("step-down").addEventListener("click", () => step(1));
  byId("step-up").addEventListener("click", () => step(-1));
  byId("entry").addEventListener("submit", (event) => {
    event.preventDefault();
    const entry = inputOf("threshold");
    const threshold = entry.value.trim().toLowerCase() === "none" ? null : parseNumber(entry.value);
    const isGood = entry.value.trim().toLowerCase() === "none" || threshold !== null;
    judge(entry, isGood);
    if (isGood) goTo(threshold);
    else setText(byId("note"), "A threshold is a number, or “none” for one above every score.");
  });
  inputOf("threshold").addEventListener("blur", () => {
    judge(inputOf("threshold"), true);
    schedule();
  });
  byId("pin").addEventListener("click", () => {
    const { row, isExact } = nearestRow(state.threshold);
    state.pin = isExact ? state.threshold : thresholdOf(row);
    state.hasPin = true;
    schedule();
  });
  byId("unpin").addEventListener("click", () => {
    state.hasPin = false;
    byId("pin").focus();
    schedule();
  });
  /** @type {[string, (value: string) => void][]} */
  const switches = [
    ["model", (value) => {
      const name = DATA.models[state.model].series[state.group].name;
      state.model = Number(value);
      const group = DATA.models[state.model].series.findIndex((series, index) => index > 0 && series.name === name);
      state.group = state.group === 0 ? 0 : Math.max(0, group);
      if (state.overlay === "groups" && !hasGroups()) state.overlay = "one";
      fillGroups();
      fillInputs();
      showFrame();
    }],
    ["group", (value) => {
      state.group = Number(value);
      showFrame();
    }],
    ["normalize", (value) => (state.normalize = /** @type {Normalize} */ (value))],
    ["layout", (value) => (state.layout = /** @type {Layout} */ (value))],
    ["overlay", (value) => (state.overlay = /** @type {State["overlay"]} */ (value))],
    ["metric", (value) => (state.metric = value)],
    ["goal", (value) => (state.goal = /** @type {State["goal"]} */ (value))],
  ];
  for (const [id, put] of switches) {
    const input = inputOf(id);
    input.addEventListener("change", () => {
      put(input.value);
      schedule();
    });
  }
  for (const [id, cell, sign] of COST_INPUTS) {
    const input = inputOf(id);
    input.addEventListener("input", () => {
      const cost = parseCost(input.value);
      judge(input, cost !== null);
      if (cost !== null) state.costs[cell] = sign * cost + 0;
      schedule();
    });
  }
  const prevalence = inputOf("prevalence");
  prevalence.addEventListener("input", () => {
    const isEmpty = prevalence.value.trim() === "";
    const value = parseShare(prevalence.value);
    judge(prevalence, isEmpty || value !== null);
    if (isEmpty || value !== null) state.prevalence = value;
    schedule();
  });
  const capacity = inputOf("capacity");
  capacity.addEventListener("input", () => {
    const value = parseCapacity(capacity.value);
    judge(capacity, value !== undefined);
    if (value !== undefined) state.capacity = value;
    schedule();
  });
  byId("costs").addEventListener("submit", (event) => event.preventDefault());
  byId("go-cost").addEventListener("click", () => {
    const best = bestRowNow();
    if (best) goToRow(best.row);
  });
  byId("rows-close").addEventListener("click", () => {
    const cell = state.cell;
    state.cell = null;
    render();
    if (cell) matrixView.cells[cell]?.button.focus();
  });
  const shown = () => {
    const { row, isExact } = nearestRow(state.threshold);
    return { cells: cellsOf(currentSeries(), row), threshold: isExact ? state.threshold : thresholdOf(row) };
  };
  byId("save-csv").addEventListener("click", () => {
    const { cells, threshold } = shown();
    saveFile("matrix.csv", new Blob([matrixCsv(cells, state.layout, threshold)], { type: "text/csv" }));
  });
  byId("save-png").addEventListener("click", () => {
    const { cells, threshold } = shown();
    const title = threshold === null ? "Predict none" : `Threshold ${shortThreshold(threshold)}`;
    matrixPng(cells, state.layout, state.normalize, title, (blob) => saveFile("matrix.png", blob));
  });
  addEventListener("hashchange", () => {
    if (location.hash === addressOf()) return;
    state = stateOf(location.hash);
    fillGroups();
    fillInputs();
    showFrame();
    schedule();
  });
}

state = stateOf(location.hash);
buildControls();
listen();
showFrame();
render();
