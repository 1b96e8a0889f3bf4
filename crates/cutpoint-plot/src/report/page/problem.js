// @ts-check
// What a threshold is to be good at and which constraints it has to satisfy: the problem that an operating point was
// chosen for, whose metrics need not be those of the catalogue.

/**
 * @typedef {{name: string, title: string, text: string, is_within_classes: boolean, is_of_amounts: boolean,
 *   costs: Costs | null}} Meant
 * @typedef {{text: string, metric: Meant, relation: ">=" | "<=", bound: number}} Constraint
 * @typedef {{text: string, goal: "maximize" | "minimize", metric: Meant, is_cost: boolean, constraints: Constraint[],
 *   prevalence: Value, n_rows: number}} Problem
 */

/**
 * Quotients may be one bit off in another order of rounding; counts and decimal bounds that differ at all differ by more.
 * What is reached exactly must be met, and what is equally good must not be better.
 */
const NOISE = 1e-12;

/**
 * What a metric makes of cells; nothing for one that cells do not tell.
 * @param {Meant} metric
 * @returns {((cells: Cells) => Value) | null}
 */
function formulaOf(metric) {
  const { name, costs } = metric;
  if (metric.is_of_amounts) return null;
  if (costs !== null) return (cells) => totalCost(costs, cells);
  if (Object.hasOwn(FORMULAS, name)) return FORMULAS[name];
  const beta = /^f(\d+(?:_\d+)?)$/.exec(name);
  return beta ? (cells) => fbeta(cells, Number(beta[1].replace("_", "."))) : null;
}

/**
 * A metric at a prevalence; what does not depend on it is not rounded on the way.
 * @param {Meant} metric
 * @param {Cells} cells
 * @param {Value} prevalence
 * @returns {Value}
 */
function valueInUse(metric, cells, prevalence) {
  if (prevalence !== null && metric.name === "prevalence") return prevalence;
  const inUse = metric.is_within_classes ? cells : atPrevalence(cells, prevalence);
  return inUse === null ? null : formulaOf(metric)?.(inUse) ?? null;
}

/**
 * The value that is held against the bound of a constraint: counts and costs of as many rows as the bound is meant for.
 * @param {Constraint} constraint
 * @param {Cells} cells
 * @param {Value} prevalence
 */
function constraintValue(constraint, cells, prevalence) {
  const value = valueInUse(constraint.metric, cells, prevalence);
  if (value === null || constraint.metric.costs === null || DATA.problem === null) return value;
  const rows = total(cells);
  return rows === DATA.problem.n_rows ? value : quotient(value * DATA.problem.n_rows, rows);
}

/**
 * @param {Constraint} constraint
 * @param {Value} value
 */
function isMet(constraint, value) {
  if (value === null) return false;
  const noise = NOISE * Math.abs(constraint.bound);
  return constraint.relation === ">=" ? value >= constraint.bound - noise : value <= constraint.bound + noise;
}

/**
 * A constraint as `choose` takes it for so many rows.
 * @param {Constraint} constraint
 * @param {number} rows
 */
function constraintFlag({ text, metric, relation, bound }, rows) {
  const meant = DATA.problem?.n_rows ?? rows;
  return metric.costs === null || meant === rows ? text : `${metric.text}${relation}${(bound * rows) / meant}`;
}

/** @param {Constraint} constraint for people */
function constraintText({ metric, relation, bound }) {
  return `${metric.costs === null ? metric.title : metric.text} ${relation === ">=" ? "≥" : "≤"} ${bound}`;
}
