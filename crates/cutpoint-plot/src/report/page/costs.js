// @ts-check
// What a threshold is worth: by the goal, at the prevalence in use, within the capacity and the constraints; and what the
// page says of that.

/**
 * The cells that costs are taken from: at the prevalence in use.
 * @param {Cells} cells
 */
function cellsInUse(cells) {
  return atPrevalence(cells, state.prevalence);
}

/** @param {Cells} cells */
function costNow(cells) {
  const inUse = cellsInUse(cells);
  return inUse === null ? null : costPerThousand(state.costs, inUse);
}

/** @param {Cells} cells whether no more rows are flagged than can be looked at */
function isWithinCapacity(cells) {
  if (state.capacity === null) return true;
  if ("rows" in state.capacity) return cells.tp + cells.fp <= state.capacity.rows;
  const rate = share(cells.tp + cells.fp, cells.fn + cells.tn);
  return rate !== null && rate <= state.capacity.share;
}

/** The constraints of the point that a threshold has to satisfy. */
function keptConstraints() {
  return (DATA.problem?.constraints ?? []).filter((_, index) => state.kept[index]);
}

/**
 * What is to be as good as can be; nothing where the cells do not tell it.
 * @param {Cells} cells
 */
function goalValue(cells) {
  if (state.goal === "point" && DATA.problem) return valueInUse(DATA.problem.metric, cells, state.prevalence);
  const inUse = cellsInUse(cells);
  return inUse === null ? null : totalCost(state.costs, inUse);
}

/** @param {Cells} cells the constraints that are violated, and their values */
function brokenConstraints(cells) {
  const values = keptConstraints().map((constraint) => ({ constraint, value: constraintValue(constraint, cells, state.prevalence) }));
  return values.filter(({ constraint, value }) => !isMet(constraint, value));
}

/** @type {{key: string, best: {row: number, value: number} | null}} */
let bestCache = { key: "", best: null };

/** The embedded row that is best by the goal, within the capacity and the constraints. */
function bestRowNow() {
  const key = JSON.stringify([state.model, state.group, state.costs, state.prevalence, state.capacity, state.goal, state.kept]);
  if (bestCache.key !== key) {
    const value = (/** @type {Cells} */ cells) => {
      const inUse = cellsInUse(cells);
      const isAllowed = inUse !== null && isWithinCapacity(inUse) && brokenConstraints(cells).length === 0;
      return isAllowed ? goalValue(cells) : null;
    };
    const sign = state.goal === "point" && DATA.problem?.goal === "maximize" ? 1 : -1;
    bestCache = { key, best: bestRow(currentSeries(), value, sign) };
  }
  return bestCache.best;
}

/** What the best threshold is called, and why it is. */
function optimumName() {
  const among = DATA.closed !== null ? " among the thresholds in this page" : "";
  const kept = keptConstraints().map((constraint) => constraint.text);
  const within = kept.length > 0 ? ` with ${kept.join(", ")}` : "";
  if (state.goal === "point" && DATA.problem) return { name: "optimum", about: `to ${DATA.problem.text}${within}${among}` };
  return { name: "cost-optimal", about: `where the costs below are lowest${within}${among}` };
}

/**
 * @param {Cells} cells
 * @param {Cells | null} pinned
 * @param {Value} threshold
 */
function showCosts(cells, pinned, threshold) {
  const best = bestRowNow();
  const series = currentSeries();
  const last = series.stops[series.stops.length - 1];
  const bestCells = best ? cellsOf(series, best.row) : null;
  const flagged = (/** @type {Cells} */ found) => {
    const inUse = cellsInUse(found);
    return inUse === null ? null : share(inUse.tp + inUse.fp, inUse.fn + inUse.tn);
  };
  /** @type {[string, string, Cells | null, string][]} */
  const lines = [
    ["now", "This threshold", cells, shortThreshold(threshold)],
    ["pinned", "Pinned", pinned, shortThreshold(state.pin)],
    ["best", "Optimum", bestCells, best ? shortThreshold(thresholdOf(best.row)) : "–"],
    ["none", "Predict none", cellsOf(series, 0), "none"],
    ["all", "Predict all", cellsOf(series, last), shortThreshold(thresholdOf(last))],
  ];
  const ofGoal = state.goal === "point" && DATA.problem && !DATA.problem.metric.is_of_amounts ? DATA.problem.metric : null;
  const titles = ["", "Threshold", ...(ofGoal ? [ofGoal.title] : []), "Cost per 1,000", "Flagged"];
  const head = make("tr", {}, ...titles.map((text) => (text === "" ? make("td") : make("th", { scope: "col", class: text === "Cost per 1,000" ? "of-cost" : "" }, text))));
  const body = lines.flatMap(([key, name, found, at]) => {
    if (found === null && key === "pinned") return [];
    const cost = found ? costNow(found) : null;
    const number = make("td", { class: "number of-cost", "data-cost": key, "data-value": String(cost) }, cost === null ? "–" : countText(Number(cost.toPrecision(6))));
    const rate = make("td", { class: "number", "data-flagged": key }, percentText(found ? flagged(found) : null));
    const value = ofGoal && found ? valueInUse(ofGoal, found, state.prevalence) : null;
    const goal = ofGoal ? [make("td", { class: "number", "data-goal": key, "data-value": String(value) }, metricText(value))] : [];
    return [make("tr", { class: key }, make("th", { scope: "row" }, name), make("td", { class: "number" }, at), ...goal, number, rate)];
  });
  const caption = make("caption", { class: "hidden" }, "Expected cost per 1,000 cases");
  byId("cost-table").classList.toggle("has-goal", ofGoal !== null);
  byId("cost-table").replaceChildren(caption, make("thead", {}, head), make("tbody", {}, ...body));
  /** @type {HTMLButtonElement} */ (byId("go-cost")).disabled = best === null;
  const model = DATA.models[state.model];
  const isThinned = DATA.closed !== null;
  const notes = [];
  const lacksClass = state.prevalence !== null && (series.positives === 0 || series.negatives === 0);
  const isUntold = state.goal === "point" && DATA.problem?.metric.is_of_amounts === true;
  const broken = brokenConstraints(cells);
  if (isUntold) notes.push("What rows cost by amounts of their own is not in this page; the command tells the optimum.");
  else if (best === null && lacksClass) notes.push("At another prevalence, costs take rows of both classes.");
  else if (best === null) notes.push(state.kept.includes(true) ? "No threshold satisfies all of this." : "No threshold stays within the capacity.");
  if (broken.length > 0) {
    const told = broken.map(({ constraint, value }) => `${constraintText(constraint)} (${metricText(value)})`);
    notes.push(`This threshold violates ${told.join(", ")}.`);
  }
  const inUse = cellsInUse(cells);
  if (best !== null && inUse !== null && !isWithinCapacity(inUse)) notes.push("This threshold flags more than the capacity allows.");
  if (isThinned) notes.push("The optimum is looked for among the thresholds in this page; for all of them, run the command.");
  setText(byId("cost-note"), notes.join(" "));
  const parts = ["cutpoint", "choose", shellText(model.file), ...model.flags.map(shellText)];
  if (state.goal === "point" && DATA.problem) {
    const { goal, metric } = DATA.problem;
    const amounts = /^cost\((.*)\)$/.exec(metric.text);
    if (metric.is_of_amounts && amounts) parts.push("--cost", shellText(amounts[1]));
    else parts.push(`--${goal}`, shellText(metric.text));
  } else {
    const costs = COST_INPUTS.filter(([, cell]) => cell === "fp" || cell === "fn" || state.costs[cell] !== 0);
    parts.push("--cost", costs.map(([, cell]) => `${cell}=${state.costs[cell]}`).join(","));
  }
  const all = series.positives + series.negatives;
  for (const constraint of keptConstraints()) parts.push("--subject-to", shellText(constraintFlag(constraint, all)));
  if (state.prevalence !== null) parts.push("--prevalence", String(state.prevalence));
  if (state.capacity !== null) parts.push("--capacity", capacityText(state.capacity));
  byId("cost-command").replaceChildren("For all rows, with intervals: ", make("code", {}, `${parts.join(" ")} --bootstrap 2000`));
}

/** The goal and the constraints of the point, if the page has one. */
function fillProblem() {
  const problem = DATA.problem;
  byId("goal-switch").hidden = problem === null || problem.is_cost;
  byId("kept").hidden = problem === null || problem.constraints.length === 0;
  if (problem === null) return;
  setText(byId("costs-head"), "Goal, costs and capacity");
  byId("goal").replaceChildren(make("option", { value: "point" }, problem.text), make("option", { value: "cost" }, "lowest cost"));
  const inputs = problem.constraints.map((constraint, index) => {
    const input = make("input", { type: "checkbox", "data-constraint": constraint.text });
    input.addEventListener("change", () => {
      state.kept[index] = /** @type {HTMLInputElement} */ (input).checked;
      schedule();
    });
    return make("label", {}, input, ` ${constraintText(constraint)}`);
  });
  const hasCounts = problem.constraints.some((constraint) => constraint.metric.costs !== null);
  const note = hasCounts ? [make("p", { class: "quiet" }, `Counts and costs are for ${countText(problem.n_rows)} ${DATA.is_weighted ? "by weight" : "rows"}.`)] : [];
  byId("kept").replaceChildren(make("legend", {}, "Constraints"), ...inputs, ...note);
}
