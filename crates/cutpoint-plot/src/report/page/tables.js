// @ts-check
// Tables of numbers: the metrics with their intervals, curves side by side, and rows of the data. What they mean is the
// catalogue's.

/** @typedef {{value: HTMLElement, interval: HTMLElement, glyph: SVGElement, pinned: HTMLElement, change: HTMLElement}} MetricRow */

/** Every metric at the threshold, against the pinned one. */
class MetricsView {
  /** @param {HTMLElement} table */
  constructor(table) {
    this.table = table;
    /** @type {Map<string, MetricRow>} */
    this.rows = new Map();
    const level = `${Number((100 * DATA.confidence).toPrecision(6))}% interval`;
    const heads = ["Metric", "Value", level, "Pinned", "Change"];
    const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
    head.children[3].className = "vs";
    head.children[4].className = "vs";
    const body = make("tbody");
    for (const metric of DATA.metrics) {
      const value = make("td", { class: "number", "data-metric": metric.name });
      const interval = make("td", { class: "interval" });
      const glyph = makeSvg("svg", { class: "glyph", viewBox: "0 0 100 12", preserveAspectRatio: "none", "aria-hidden": "true" });
      const pinned = make("td", { class: "number vs" });
      const change = make("td", { class: "number vs", "data-change": metric.name });
      const name = make("th", { scope: "row", title: `${metric.name} = ${metric.formula}` }, metric.title);
      body.append(make("tr", {}, name, value, interval, pinned, change));
      this.rows.set(metric.name, { value, interval, glyph, pinned, change });
    }
    const caption = make("caption", { class: "hidden" }, "Metrics at the threshold, and at the pinned one");
    table.replaceChildren(caption, make("thead", {}, head), body);
  }

  /**
   * @param {Cells} cells
   * @param {Cells | null} pinned
   */
  show(cells, pinned) {
    this.table.classList.toggle("has-pin", pinned !== null);
    for (const metric of DATA.metrics) {
      const view = /** @type {MetricRow} */ (this.rows.get(metric.name));
      const formula = FORMULAS[metric.name];
      const value = formula(cells);
      const before = pinned ? formula(pinned) : null;
      putMetric(view.value, value, metric);
      const interval = DATA.is_weighted || metric.share === null ? null : wilson(...parts(metric.share, cells), DATA.z);
      if (interval) {
        const [low, high] = interval;
        view.interval.dataset.low = String(low);
        view.interval.dataset.high = String(high);
        const text = `${low.toFixed(4)} – ${high.toFixed(4)}`;
        if (view.interval.firstChild !== view.glyph) view.interval.replaceChildren(view.glyph, make("span", {}, text));
        else setText(/** @type {Node} */ (view.interval.lastChild), text);
        drawGlyph(view.glyph, interval, value, before);
      } else {
        delete view.interval.dataset.low;
        delete view.interval.dataset.high;
        view.interval.replaceChildren();
      }
      if (pinned) {
        putMetric(view.pinned, before, metric);
        const change = value !== null && before !== null ? value - before : null;
        setText(view.change, change === null ? "–" : changeText(change));
        view.change.dataset.value = String(change);
        const sign = change === null || metric.direction === "neutral" ? 0 : Math.sign(change) * (metric.direction === "higher" ? 1 : -1);
        view.change.classList.toggle("better", sign > 0);
        view.change.classList.toggle("worse", sign < 0);
      } else {
        setText(view.pinned, "");
        setText(view.change, "");
      }
    }
  }
}

/**
 * @param {HTMLElement} cell
 * @param {Value} value
 * @param {MetricInfo} metric
 */
function putMetric(cell, value, metric) {
  setText(cell, metricText(value));
  cell.dataset.value = String(value);
  cell.title = value === null ? `undefined: ${metric.undefined_when}` : String(value);
  cell.classList.toggle("undefined", value === null);
}

/**
 * @param {SVGElement} glyph
 * @param {[number, number]} interval
 * @param {Value} value
 * @param {Value} pinned
 */
function drawGlyph(glyph, [low, high], value, pinned) {
  if (glyph.childElementCount === 0) {
    const bar = (/** @type {string} */ name, /** @type {number} */ y, /** @type {number} */ height, width = 100) =>
      makeSvg("rect", { class: name, x: 0, y, width, height });
    glyph.append(bar("whole", 5, 2), bar("span", 3.5, 5), bar("pin", 0, 12, 1.4), bar("here", 1, 10, 2));
  }
  const [, span, pin, here] = glyph.children;
  setAttributes(span, { x: 100 * low, width: Math.max(0.8, 100 * (high - low)) });
  setAttributes(pin, { x: 100 * (pinned ?? 0) - 0.7, display: pinned === null ? "none" : false });
  setAttributes(here, { x: 100 * (value ?? 0) - 1, display: value === null ? "none" : false });
}

/** The metrics that are shown side by side. */
const SIDE_METRICS = ["prevalence", "predicted_positive_rate", "precision", "recall", "fpr", "f1", "accuracy", "mcc"];

/** Several curves at one threshold, and by how much they differ. */
class SideView {
  /** @param {HTMLElement} table */
  constructor(table) {
    this.table = table;
    this.metrics = SIDE_METRICS.flatMap((name) => DATA.metrics.find((metric) => metric.name === name) ?? []);
    /** @type {{series: Series, counts: HTMLElement[], values: HTMLElement[]}[]} */
    this.rows = [];
    /** @type {HTMLElement[]} */
    this.gaps = [];
  }

  /**
   * Begins a table.
   * @param {string} kind what the curves are: models or groups
   * @param {Shown[]} shown
   */
  begin(kind, shown) {
    const titles = [kind, DATA.is_weighted ? "Weight" : "Rows", "ROC AUC", "TP", "FP", "FN", "TN"];
    titles.push(...this.metrics.map((metric) => metric.title));
    const head = make("tr", {}, ...titles.map((text) => make("th", { scope: "col" }, text)));
    const numbers = (/** @type {number} */ count) => Array.from({ length: count }, () => make("td", { class: "number" }));
    const body = make("tbody");
    this.rows = shown.map(({ series, index, name }) => {
      const [counts, values] = [numbers(5), numbers(this.metrics.length)];
      values.forEach((cell, place) => setAttributes(cell, { "data-side": this.metrics[place].name }));
      const area = make("td", { class: "number" }, areaText(series.data.roc_auc));
      const title = make("th", { scope: "row" }, swatch(index), nameNode(name));
      body.append(make("tr", { "data-series": name }, title, counts[0], area, ...counts.slice(1), ...values));
      return { series, counts, values };
    });
    this.gaps = numbers(this.metrics.length);
    const blanks = Array.from({ length: 6 }, () => make("td"));
    body.append(make("tr", { class: "gap" }, make("th", { scope: "row" }, "Largest gap"), ...blanks, ...this.gaps));
    const caption = make("caption", { class: "hidden" }, "Side by side at the threshold");
    this.table.replaceChildren(caption, make("thead", {}, head), body);
  }

  /** @param {number} row */
  show(row) {
    const ends = this.metrics.map(() => /** @type {number[]} */ ([]));
    for (const { series, counts, values } of this.rows) {
      const cells = cellsOf(series, row);
      [total(cells), cells.tp, cells.fp, cells.fn, cells.tn].forEach((count, place) => setText(counts[place], countText(count)));
      this.metrics.forEach((metric, place) => {
        const value = FORMULAS[metric.name](cells);
        if (value !== null) ends[place].push(value);
        putMetric(values[place], value, metric);
      });
    }
    ends.forEach((values, place) => {
      const size = values.length > 1 ? Math.max(...values) - Math.min(...values) : null;
      setText(this.gaps[place], size === null ? "–" : metricText(size));
    });
  }
}

/** @param {[number, number] | null} bounds */
function areaText(bounds) {
  if (bounds === null) return "undefined";
  const [low, high] = bounds.map((value) => value.toFixed(4));
  return low === high ? low : `${low} – ${high}`;
}

/** @param {number} index of a curve */
function swatch(index) {
  const line = makeSvg("path", { class: `line s${index % 7} d${index % 4}`, d: "M1 6H27" });
  return makeSvg("svg", { class: "swatch", viewBox: "0 0 28 12", width: 28, height: 12, "aria-hidden": "true" }, line);
}

/** How many rows behind a cell are listed. */
const MOST_LISTED = 50;

/**
 * Rows of a cell, those nearest to the threshold first.
 * @param {RowSample} sample
 * @param {CellName} cell
 * @param {Value} threshold
 * @returns {{id: string | number, score: number}[]}
 */
function rowsOf(sample, cell, threshold) {
  const found = [];
  for (let index = 0; index < sample.score.length; index++) {
    const isPredicted = threshold !== null && sample.score[index] >= threshold;
    if (sample.positive[index] === trueClass(cell) && isPredicted === (predictedClass(cell) === 1)) {
      found.push({ id: sample.id[index], score: sample.score[index] });
    }
  }
  const distance = (/** @type {{score: number}} */ row) => (threshold === null ? -row.score : Math.abs(row.score - threshold));
  return found.sort((one, other) => distance(one) - distance(other));
}
