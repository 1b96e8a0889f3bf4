// @ts-check
// What the page knows: the embedded sweeps, decoded, and which matrix belongs to which threshold. Counts are never
// interpolated: a threshold without a matrix of its own in the page is taken to one that has it.

/**
 * @typedef {{name: string, title: string, formula: string, direction: "higher" | "lower" | "neutral",
 *   low: number | null, high: number | null, undefined_when: string, share: Share | null}} MetricInfo
 * @typedef {{edges: number[], positives: number[], negatives: number[]}} Histogram
 * @typedef {{lower: number[], upper: number[], count: number[], mean: number[], share: number[], low: number[],
 *   high: number[], error: number}} Calibration
 * @typedef {{chance: number[], model: number[], all: number[]}} NetBenefit
 * @typedef {{name: string, n_samples: number | null, tp: number[], fp: number[], fn?: number[], tn?: number[],
 *   roc_auc: [number, number] | null, average_precision: [number, number] | null, brier: Value, log_loss: Value,
 *   histogram: Histogram, calibration: Calibration | null, net_benefit: NetBenefit | null}} SeriesData
 * @typedef {{has_ids: boolean, total: number, id: string[] | number[], score: number[], positive: number[]}} RowSample
 * @typedef {{name: string, file: string, flags: string[], n_thresholds: number, is_exact: boolean, groups_left_out: number,
 *   series: SeriesData[], rows: RowSample | null}} ModelData
 * @typedef {{generator: string, title: string, names: [string, string], classes: [string, string], group_column: string | null, id_column: string | null, is_weighted: boolean, thresholds: number[],
 *   closed: number[] | null, chosen: {threshold: number, reason: string} | null, problem: Problem | null, costs: Costs, confidence: number,
 *   z: number, metrics: MetricInfo[], models: ModelData[]}} PageData
 */

/**
 * One curve: a model's rows, all of them or a group.
 * @typedef {{name: string, data: SeriesData, tp: Float64Array, fp: Float64Array, fn: Float64Array, tn: Float64Array,
 *   stops: Int32Array, positives: number, negatives: number}} Series
 */

/** @type {PageData} */
const DATA = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("data")).textContent ?? "");

/** The catalogue by name. */
const FORMULAS = formulasOf(DATA.metrics);

/** Rows of the table: "predict none" is row 0 and has no threshold; row i has the i-th threshold, descending. */
const N_ROWS = DATA.thresholds.length + 1;

/** Whether the thresholds down to the next embedded one all have the matrix of a row. */
const CLOSED = new Uint8Array(N_ROWS).fill(DATA.closed === null ? 1 : 0);
for (const row of DATA.closed ?? []) CLOSED[row] = 1;

/**
 * @param {number} row
 * @returns {Value}
 */
function thresholdOf(row) {
  return row === 0 ? null : DATA.thresholds[row - 1];
}

/**
 * The row whose matrix holds at a threshold, were all thresholds embedded.
 * @param {Value} threshold
 */
function rowAt(threshold) {
  if (threshold === null) return 0;
  let [low, high] = [0, DATA.thresholds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (DATA.thresholds[middle] >= threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The row to show for a threshold, and whether its matrix is that of the threshold itself.
 * @param {Value} threshold
 * @returns {{row: number, isExact: boolean}}
 */
function nearestRow(threshold) {
  const row = rowAt(threshold);
  const upper = thresholdOf(row);
  if (threshold === null || threshold === upper || CLOSED[row]) return { row, isExact: true };
  if (row + 1 >= N_ROWS) return { row, isExact: false };
  const lower = DATA.thresholds[row];
  const isNearer = upper === null || threshold - lower < upper - threshold;
  return { row: isNearer ? row + 1 : row, isExact: false };
}

/**
 * @param {SeriesData} data
 * @param {string} name
 * @returns {Series}
 */
function decodeSeries(data, name) {
  /** @param {number[]} steps */
  const summed = (steps) => {
    const column = new Float64Array(N_ROWS);
    for (let row = 1; row < N_ROWS; row++) column[row] = column[row - 1] + steps[row - 1];
    return column;
  };
  const isWeighted = data.fn !== undefined && data.tn !== undefined;
  const tp = isWeighted ? Float64Array.from(data.tp) : summed(data.tp);
  const fp = isWeighted ? Float64Array.from(data.fp) : summed(data.fp);
  const last = N_ROWS - 1;
  const rest = (/** @type {Float64Array} */ column) => column.map((value) => column[last] - value);
  const fn = data.fn ? Float64Array.from(data.fn) : rest(tp);
  const tn = data.tn ? Float64Array.from(data.tn) : rest(fp);
  const stops = [];
  for (let row = 0; row < N_ROWS; row++) {
    if (row === 0 || tp[row] !== tp[row - 1] || fp[row] !== fp[row - 1]) stops.push(row);
  }
  return { name, data, tp, fp, fn, tn, stops: Int32Array.from(stops), positives: fn[0], negatives: tn[0] };
}

/** The curves by model, each with "all rows" first. Decoded when they are first asked for. */
const SERIES = /** @type {(Series | undefined)[][]} */ (DATA.models.map((model) => model.series.map(() => undefined)));

/**
 * @param {number} model
 * @param {number} group 0: all rows
 */
function seriesOf(model, group) {
  const known = SERIES[model][group];
  if (known) return known;
  const data = DATA.models[model].series[group];
  const series = decodeSeries(data, group === 0 ? DATA.models[model].name : groupName(data.name));
  SERIES[model][group] = series;
  return series;
}

/** @param {string} name */
function groupName(name) {
  return name === "" ? "(no name)" : name;
}

/**
 * @param {Series} series
 * @param {number} row
 * @returns {Cells}
 */
function cellsOf(series, row) {
  return { tp: series.tp[row], fp: series.fp[row], fn: series.fn[row], tn: series.tn[row] };
}

/**
 * Which stop of the slider has the matrix of a row.
 * @param {Series} series
 * @param {number} row
 */
function stopAt(series, row) {
  let [low, high] = [0, series.stops.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (series.stops[middle] <= row) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The best embedded row by a value, `sign` 1 for the highest and -1 for the lowest. Of several the highest threshold is
 * taken; "predict none" only where it is better than every threshold. By less than noise is not better.
 * @param {Series} series
 * @param {(cells: Cells) => Value} value undefined never wins
 * @param {1 | -1} sign
 * @returns {{row: number, value: number} | null}
 */
function bestRow(series, value, sign) {
  /** @type {{row: number, value: number} | null} */
  let best = null;
  const isBetter = (/** @type {number} */ found) =>
    best === null || sign * (found - best.value) > NOISE * Math.max(Math.abs(found), Math.abs(best.value));
  for (const row of series.stops) {
    if (row === 0) continue;
    const found = value(cellsOf(series, row));
    if (found !== null && isBetter(found)) best = { row, value: found };
  }
  const none = value(cellsOf(series, 0));
  return none !== null && isBetter(none) ? { row: 0, value: none } : best;
}

/**
 * The stops that a line is drawn through: all, or of many those near both ends, where a few rows matter, and others
 * evenly. Each is an exact point; a picture has no room for more.
 * @param {Series} series
 * @returns {Int32Array}
 */
function drawnStops(series) {
  const [MOST, NEAR] = [4000, 700];
  const { stops } = series;
  if (stops.length <= MOST) return stops;
  const stride = Math.ceil((stops.length - 2 * NEAR) / (MOST - 2 * NEAR));
  return stops.filter((_, stop) => stop < NEAR || stop >= stops.length - NEAR || stop % stride === 0);
}
