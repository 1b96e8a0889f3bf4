// @ts-check
// What the cells say: the formulas of the catalogue, Wilson's interval, costs, other prevalences. Which rows a rate is
// the share of, the catalogue tells with the data of the page; what is no such share is written here, with the
// arithmetic of Rust, to the last digits. Tests hold every metric against the catalogue, under node (`tests/node`) and
// at every threshold of a page (`tests/browser`). Nothing is drawn here.

/**
 * The cells of a matrix: counts, or sums of weights.
 * @typedef {{tp: number, fp: number, fn: number, tn: number}} Cells
 */

/** @typedef {number | null} Value A number, or undefined. */

/**
 * What one row of each cell costs; below 0 it gains.
 * @typedef {{fp: number, fn: number, tp: number, tn: number}} Costs
 */

/**
 * @param {number} numerator
 * @param {number} denominator
 * @returns {Value}
 */
function quotient(numerator, denominator) {
  const ratio = numerator / denominator;
  return Number.isFinite(ratio) ? ratio : null;
}

/**
 * The share that a part has of itself and the rest.
 * @param {number} part
 * @param {number} rest
 */
function share(part, rest) {
  return quotient(part, part + rest);
}

/**
 * A product and what rounding took from it: together they are exact.
 * Dekker, 1971, A floating-point technique for extending the available precision, Numerische Mathematik 18.
 * @param {number} left
 * @param {number} right
 * @returns {[number, number]}
 */
function twoProduct(left, right) {
  const SPLITTER = 134217729;
  /** @param {number} value */
  const high = (value) => {
    const shifted = SPLITTER * value;
    return shifted - (shifted - value);
  };
  const product = left * right;
  const [leftHigh, rightHigh] = [high(left), high(right)];
  const [leftLow, rightLow] = [left - leftHigh, right - rightHigh];
  const error = leftLow * rightLow - (product - leftHigh * rightHigh - leftLow * rightHigh - leftHigh * rightLow);
  return [product, Number.isFinite(error) ? error : 0];
}

/** @param {Cells} cells */
function total(cells) {
  return cells.tp + cells.tn + (cells.fp + cells.fn);
}

/**
 * The same proportions with a total near 1, by a power of two, so that products stay within range.
 * @param {Cells} cells
 * @returns {Cells}
 */
function scaled(cells) {
  const size = total(cells);
  const scale = size > 0 ? 2 ** Math.min(1023, Math.max(-1022, -Math.floor(Math.log2(size)))) : 1;
  return { tp: cells.tp * scale, fp: cells.fp * scale, fn: cells.fn * scale, tn: cells.tn * scale };
}

/**
 * tp tn - fp fn, whose plain form loses every digit near independence.
 * @param {Cells} cells
 */
function determinant(cells) {
  const [right, rightError] = twoProduct(cells.tp, cells.tn);
  const [wrong, wrongError] = twoProduct(cells.fp, cells.fn);
  return right - wrong + (rightError - wrongError);
}

/**
 * @param {Cells} cells
 * @param {number} beta
 */
function fbeta(cells, beta) {
  const square = beta * beta;
  return share((1 + square) * cells.tp, square * cells.fn + cells.fp);
}

/** @param {Cells} cells */
function youden(cells) {
  const c = scaled(cells);
  return quotient(determinant(c), (c.tp + c.fn) * (c.fp + c.tn));
}

/** @param {Cells} cells */
function markedness(cells) {
  const c = scaled(cells);
  return quotient(determinant(c), (c.tp + c.fp) * (c.fn + c.tn));
}

/** @param {Cells} cells */
function mcc(cells) {
  if (total(cells) === 0) return null;
  const [ofTruth, ofPrediction] = [youden(cells), markedness(cells)];
  if (ofTruth === null || ofPrediction === null) return 0;
  const size = Math.sqrt(Math.abs(ofTruth)) * Math.sqrt(Math.abs(ofPrediction));
  return ofTruth < 0 ? -size : size;
}

/** @param {Cells} cells */
function kappa(cells) {
  const c = scaled(cells);
  const det = determinant(c);
  const difference = c.fp - c.fn;
  const rest =
    det < 0
      ? 4 * c.tp * c.tn + (difference * difference + (c.fp + c.fn) * (c.tp + c.tn))
      : (c.fp + c.fn) * total(c);
  const size = share(2 * Math.abs(det), rest);
  return size !== null && det < 0 ? -size : size;
}

/**
 * @param {Value} left
 * @param {Value} right
 */
function ratio(left, right) {
  return left === null || right === null ? null : quotient(left, right);
}

/**
 * The cells of the numerator and of the denominator of a share, each a bit: 1 for tp, 2 for fp, 4 for fn, 8 for tn.
 * @typedef {[number, number]} Share
 */

/**
 * The rows that a share counts, and the others of its denominator.
 * @param {Share} share
 * @param {Cells} cells
 * @returns {[number, number]}
 */
function parts([part, whole], { tp, fp, fn, tn }) {
  const sum = (/** @type {number} */ mask) =>
    (mask & 1 ? tp : 0) + (mask & 2 ? fp : 0) + ((mask & 4 ? fn : 0) + (mask & 8 ? tn : 0));
  return [sum(part), sum(whole & ~part)];
}

/**
 * The metrics of the catalogue that are no shares of rows whose number is given, by name.
 * @type {Record<string, (cells: Cells) => Value>}
 */
const NO_SHARES = {
  balanced_accuracy: (c) => {
    const [recall, specificity] = [share(c.tp, c.fn), share(c.tn, c.fp)];
    return recall !== null && specificity !== null ? (recall + specificity) / 2 : recall ?? specificity;
  },
  f1: (c) => fbeta(c, 1),
  f2: (c) => fbeta(c, 2),
  f0_5: (c) => fbeta(c, 0.5),
  jaccard: (c) => share(c.tp, c.fp + c.fn),
  mcc,
  cohen_kappa: kappa,
  youden,
  markedness,
  fowlkes_mallows: (c) => {
    const [precision, recall] = [share(c.tp, c.fp), share(c.tp, c.fn)];
    return precision === null || recall === null ? null : Math.sqrt(precision) * Math.sqrt(recall);
  },
  likelihood_ratio_positive: (c) => ratio(share(c.tp, c.fn), share(c.fp, c.tn)),
  likelihood_ratio_negative: (c) => ratio(share(c.fn, c.tp), share(c.tn, c.fp)),
  diagnostic_odds_ratio: (c) => {
    const [ofPositive, ofNegative] = [quotient(c.tp, c.fp), quotient(c.tn, c.fn)];
    return ofPositive === null || ofNegative === null ? null : quotient(ofPositive * ofNegative, 1);
  },
};

/**
 * The formulas of the catalogue by name.
 * @param {{name: string, share: Share | null}[]} metrics
 * @returns {Record<string, (cells: Cells) => Value>}
 */
function formulasOf(metrics) {
  const formulas = metrics.map(({ name, share: masks }) => {
    const formula = masks === null ? NO_SHARES[name] : (/** @type {Cells} */ cells) => share(...parts(masks, cells));
    if (formula === undefined) throw new Error(`no formula for ${name}`);
    return /** @type {const} */ ([name, formula]);
  });
  return Object.fromEntries(formulas);
}

/**
 * The proportions that so many of a count do not rule out; nothing of none. `z`: the normal quantile of the confidence.
 * Wilson, 1927, Probable inference, the law of succession, and statistical inference, JASA 22, 209-212.
 * @param {number} successes
 * @param {number} others
 * @param {number} z
 * @returns {[number, number] | null}
 */
function wilson(successes, others, z) {
  const count = successes + others;
  if (count === 0) return null;
  const centre = successes / count + (z * z) / 2 / count;
  const half = z * Math.sqrt(((successes / count) * (others / count) + (z * z) / 4 / count) / count);
  const whole = 1 + (z * z) / count;
  const low = successes > 0 ? (centre - half) / whole : 0;
  const high = others > 0 ? (centre + half) / whole : 1;
  return [Math.max(low, 0), Math.min(high, 1)];
}

/**
 * What all rows cost together, every product with its rounding error.
 * @param {Costs} costs
 * @param {Cells} cells
 */
function totalCost(costs, cells) {
  let [high, low] = [0, 0];
  /** @param {number} value */
  const add = (value) => {
    const sum = high + value;
    const part = sum - high;
    const error = high - (sum - part) + (value - part) + low;
    high = sum + error;
    low = error - (high - sum);
  };
  for (const cell of /** @type {const} */ (["fp", "fn", "tp", "tn"])) {
    const [product, error] = twoProduct(costs[cell], cells[cell]);
    add(product);
    add(error);
  }
  return high + low;
}

/**
 * The mean cost of 1,000 rows; undefined without rows.
 * @param {Costs} costs
 * @param {Cells} cells
 */
function costPerThousand(costs, cells) {
  return quotient(1000 * totalCost(costs, cells), total(cells));
}

/**
 * The cells of as many rows, had a share of them been positive; undefined if a class has no rows.
 * Elkan, 2001, The foundations of cost-sensitive learning, IJCAI, section 2.
 * @param {Cells} cells
 * @param {Value} prevalence in (0, 1); null leaves the cells as they are
 * @returns {Cells | null}
 */
function atPrevalence(cells, prevalence) {
  if (prevalence === null) return cells;
  const [positives, negatives] = [cells.tp + cells.fn, cells.fp + cells.tn];
  const rows = positives + negatives;
  const positive = (prevalence * rows) / positives;
  const negative = ((1 - prevalence) * rows) / negatives;
  if (!Number.isFinite(positive) || !Number.isFinite(negative)) return null;
  return { tp: cells.tp * positive, fp: cells.fp * negative, fn: cells.fn * positive, tn: cells.tn * negative };
}

/**
 * What acting on the scores is worth, in true positives a row, where one would act from this chance on.
 * Vickers and Elkin, 2006, Decision curve analysis, Medical Decision Making 26, 565-574.
 * @param {Cells} cells
 * @param {number} chance
 */
function netBenefit(cells, chance) {
  const rows = total(cells);
  return quotient(cells.tp - cells.fp * (chance / (1 - chance)), rows);
}
