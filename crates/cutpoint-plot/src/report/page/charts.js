// @ts-check
// The seven charts: what each draws for which curves, and where the operating points stand on it.

/** @typedef {{series: Series, index: number, name: string}} Shown A curve, its colour, and its name among others. */

/**
 * What the charts are drawn for.
 * @typedef {{current: Series, shown: Shown[], metric: string, costOf: (cells: Cells) => Value}} Scene
 */

/**
 * The operating points: rows, and the threshold as it was asked for.
 * @typedef {{row: number, threshold: Value, pinRow: number | null, pin: Value}} Places
 */

/** @typedef {{name: string, x: string, y: string, isWide?: boolean, draw: (plot: Plot, scene: Scene) => string,
 *   marks: (scene: Scene, places: Places) => {marks: Mark[], text: string}, pick?: "threshold" | "plane",
 *   plane?: (cells: Cells) => [Value, Value], about?: (scene: Scene) => string | Node}} ChartKind */

/** @param {number} index of a curve */
function seriesClass(index) {
  return `s${index % 7} d${index % 4}`;
}

/** @param {Scene} scene the lowest and the highest score of what is shown */
function scoreRange(scene) {
  const edges = scene.shown.map(({ series }) => series.data.histogram.edges);
  /** @type {Pair} */
  const range = [Math.min(...edges.map((each) => each[0])), Math.max(...edges.map((each) => each[each.length - 1]))];
  return range;
}

/**
 * A value along the thresholds, ascending: each holds above the next lower threshold and up to its own.
 * @param {Series} series
 * @param {(cells: Cells) => Value} value
 * @param {Pair} range
 * @returns {Generator<[number, Value]>}
 */
function* alongThresholds(series, value, [low, high]) {
  const stops = drawnStops(series);
  let from = low;
  for (let stop = stops.length - 1; stop >= 0; stop--) {
    const row = stops[stop];
    const found = value(cellsOf(series, row));
    const to = thresholdOf(row) ?? high;
    yield [from, found];
    yield [to, found];
    from = to;
  }
}

/**
 * @param {Scene} scene
 * @param {Places} places
 * @param {(cells: Cells, threshold: Value) => [Value, Value]} at
 * @param {boolean} [isAlone] whether the current curve alone has a mark
 * @returns {Mark[]}
 */
function marksAt(scene, places, at, isAlone = false) {
  /** @type {Mark[]} */
  const marks = [];
  for (const { series, index } of scene.shown) {
    if (isAlone && series !== scene.current) continue;
    const put = (/** @type {number} */ row, /** @type {Value} */ threshold, /** @type {boolean} */ isOpen) => {
      const [x, y] = at(cellsOf(series, row), threshold);
      if (x !== null && y !== null) marks.push({ x, y, className: seriesClass(index), isOpen });
    };
    if (places.pinRow !== null) put(places.pinRow, places.pin, true);
    put(places.row, places.threshold, false);
  }
  return marks;
}

/**
 * @param {Places} places
 * @returns {Mark[]} vertical lines at the thresholds
 */
function guidesAt(places) {
  const guide = (/** @type {Value} */ x, /** @type {boolean} */ isOpen) =>
    x === null ? [] : [{ x, y: 0, className: "", isOpen, isGuide: true }];
  return [...(places.pinRow === null ? [] : guide(places.pin, true)), ...guide(places.threshold, false)];
}

/**
 * A curve in the plane of two metrics.
 * @param {string} name
 * @param {string} xMetric
 * @param {string} yMetric
 * @param {boolean} isStepped
 * @returns {Pick<ChartKind, "draw" | "marks" | "plane" | "pick">}
 */
function planeChart(name, xMetric, yMetric, isStepped) {
  const plane = (/** @type {Cells} */ c) => /** @type {[Value, Value]} */ ([FORMULAS[xMetric](c), FORMULAS[yMetric](c)]);
  const title = (/** @type {string} */ metric) => DATA.metrics.find((one) => one.name === metric)?.title ?? metric;
  return {
    pick: "plane",
    plane,
    draw: (plot, scene) => {
      const { positives, negatives } = scene.current;
      if (positives === 0 || (negatives === 0 && xMetric === "fpr")) return "There is no such curve: it needs rows of both classes.";
      plot.begin([0, 1], [0, 1]);
      if (xMetric === "fpr") plot.line([[0, 0], [1, 1]], "faint");
      else {
        const base = positives / (positives + negatives);
        plot.line([[0, base], [1, base]], "faint");
      }
      for (const { series, index } of scene.shown) {
        /** @returns {Generator<[number, Value]>} */
        const points = function* () {
          let before = 0;
          for (const row of drawnStops(series)) {
            const [x, y] = plane(cellsOf(series, row));
            if (x === null) continue;
            if (isStepped && x !== before) yield [before, y];
            before = x;
            yield [x, y];
          }
        };
        plot.line(points(), `${seriesClass(index)} ${series === scene.current ? "current" : ""}`);
      }
      return "";
    },
    marks: (scene, places) => {
      const [x, y] = plane(cellsOf(scene.current, places.row));
      const text = `${name} of ${scene.current.name}. Now: ${title(xMetric)} ${metricText(x)}, ${title(yMetric)} ${metricText(y)}.`;
      return { marks: marksAt(scene, places, plane), text };
    },
  };
}

/** The metrics of the chart along thresholds. @param {Scene} scene */
function metricsShown(scene) {
  return scene.metric === "several" ? (scene.shown.length > 1 ? ["f1"] : ["precision", "recall", "f1"]) : [scene.metric];
}

/** @type {ChartKind[]} */
const CHARTS = [
  {
    name: "ROC",
    x: "False positive rate",
    y: "Recall",
    about: (scene) => `area ${areaText(scene.current.data.roc_auc)}`,
    ...planeChart("ROC curve", "fpr", "recall", false),
  },
  {
    name: "Precision and recall",
    x: "Recall",
    y: "Precision",
    about: (scene) => `average precision ${areaText(scene.current.data.average_precision)}`,
    ...planeChart("Precision-recall curve", "recall", "precision", true),
  },
  {
    name: "Calibration",
    x: "Mean predicted probability",
    y: "Share of positive rows",
    pick: "threshold",
    about: (scene) => {
      const error = scene.current.data.calibration?.error;
      return error === undefined ? "" : `expected error ${metricText(error)}, Brier ${metricText(scene.current.data.brier)}`;
    },
    draw: (plot, scene) => {
      if (!scene.current.data.calibration) return "Not shown: the scores are no probabilities, or do not all fit into memory.";
      plot.begin([0, 1], [0, 1]);
      plot.line([[0, 0], [1, 1]], "faint");
      for (const { series, index } of scene.shown) {
        const bins = series.data.calibration;
        if (!bins) continue;
        const name = seriesClass(index);
        // The intervals of many curves would hide the curves.
        if (scene.shown.length <= 3 || series === scene.current) {
          bins.mean.forEach((x, bin) => plot.line([[x, bins.low[bin]], [x, bins.high[bin]]], `${name} whisker`));
        }
        plot.line(bins.mean.map((x, bin) => [x, bins.share[bin]]), `${name} ${series === scene.current ? "current" : ""}`);
        for (const [bin, x] of bins.mean.entries()) {
          plot.layers.append(makeSvg("circle", { class: `dot ${name}`, cx: plot.toX(x), cy: plot.toY(bins.share[bin]), r: 3 }));
        }
      }
      return "";
    },
    marks: (scene, places) => ({
      marks: guidesAt(places),
      text: `How often probabilities come true, in ${scene.current.data.calibration?.mean.length ?? 0} bins with intervals.`,
    }),
  },
  {
    name: "Metric by threshold",
    isWide: true,
    x: "Threshold",
    y: "",
    pick: "threshold",
    about: (scene) => {
      const names = metricsShown(scene).map((name) => DATA.metrics.find((one) => one.name === name)?.title ?? name);
      if (names.length === 1) return names[0];
      return make("ul", { class: "legend" }, ...names.map((name, index) => make("li", {}, swatch(index), name)));
    },
    draw: (plot, scene) => {
      const range = scoreRange(scene);
      const names = metricsShown(scene);
      const infos = names.flatMap((name) => DATA.metrics.find((metric) => metric.name === name) ?? []);
      let [low, high] = [Math.min(...infos.map((info) => info.low ?? 0)), Math.max(...infos.map((info) => info.high ?? 0))];
      if (infos.some((info) => info.high === null)) {
        const values = scene.shown.flatMap(({ series }) =>
          [...drawnStops(series)].flatMap((row) => FORMULAS[names[0]](cellsOf(series, row)) ?? []),
        );
        // An odds ratio runs off near the ends: the largest twentieth would leave nothing to see of the rest.
        values.sort((one, other) => one - other);
        high = values.length > 0 ? Math.max(1, values[Math.floor(values.length * 0.95)]) : 1;
      }
      plot.begin(range, [low, high]);
      for (const { series, index } of scene.shown) {
        names.forEach((name, place) => {
          const line = names.length > 1 ? place : index;
          const isCurrent = series === scene.current ? "current" : "";
          plot.line(alongThresholds(series, FORMULAS[name], range), `${seriesClass(line)} ${isCurrent}`);
        });
      }
      return "";
    },
    marks: (scene, places) => {
      const names = metricsShown(scene);
      const [row, none] = [places.row, /** @type {Value} */ (null)];
      const points = names.flatMap((name, place) => {
        if (names.length === 1) return marksAt(scene, places, (cells, threshold) => [threshold ?? none, FORMULAS[name](cells)]);
        const value = FORMULAS[name](cellsOf(scene.current, row));
        return places.threshold === null || value === null
          ? []
          : [{ x: places.threshold, y: value, className: seriesClass(place) }];
      });
      const values = names.map((name) => `${name} ${metricText(FORMULAS[name](cellsOf(scene.current, row)))}`);
      return { marks: [...guidesAt(places), ...points], text: `Now: ${values.join(", ")}.` };
    },
  },
  {
    name: "Net benefit",
    x: "Chance from which one would act",
    y: "True positives a row",
    pick: "threshold",
    about: (scene) => {
      const net = scene.current.data.net_benefit;
      return net ? "dotted: acting always" : "";
    },
    draw: (plot, scene) => {
      const net = scene.current.data.net_benefit;
      if (!net) return "Not shown: the scores are no probabilities.";
      const highest = Math.max(...scene.shown.flatMap(({ series }) => series.data.net_benefit?.model ?? []), 0.01);
      const most = highest * 1.08;
      plot.begin([0, 1], [-most / 3, most]);
      plot.line([[0, 0], [1, 0]], "axis");
      plot.line(net.chance.map((x, place) => [x, net.all[place]]), "faint");
      for (const { series, index } of scene.shown) {
        const other = series.data.net_benefit;
        if (!other) continue;
        const isCurrent = series === scene.current ? "current" : "";
        plot.line(other.chance.map((x, place) => [x, other.model[place]]), `${seriesClass(index)} ${isCurrent}`);
      }
      return "";
    },
    marks: (scene, places) => {
      const at = (/** @type {Cells} */ cells, /** @type {Value} */ chance) =>
        /** @type {[Value, Value]} */ (chance === null || chance >= 1 ? [null, null] : [chance, netBenefit(cells, chance)]);
      const [, now] = at(cellsOf(scene.current, places.row), places.threshold);
      const marks = scene.current.data.net_benefit ? marksAt(scene, places, at) : [];
      return { marks: [...guidesAt(places), ...marks], text: `Net benefit now: ${metricText(now)}.` };
    },
  },
  {
    name: "Scores",
    isWide: true,
    x: "Score",
    y: "Share of the class",
    pick: "threshold",
    about: () => {
      const entry = (/** @type {number} */ index, /** @type {string} */ name, /** @type {string} */ where) => {
        const box = makeSvg("rect", { class: `bar ${name}`, x: 1, y: 1, width: 10, height: 10 });
        return make("li", {}, makeSvg("svg", { viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" }, box), nameNode(DATA.names[index]), ` ${where}`);
      };
      return make("ul", { class: "legend" }, entry(1, "positive", "above"), entry(0, "negative", "below"));
    },
    draw: (plot, scene) => {
      const { edges, positives, negatives } = scene.current.data.histogram;
      const shares = (/** @type {number[]} */ counts, /** @type {number} */ all) => counts.map((count) => (all > 0 ? count / all : 0));
      const [up, down] = [shares(positives, scene.current.positives), shares(negatives, scene.current.negatives)];
      const most = Math.max(1e-9, ...up, ...down) * 1.06;
      plot.begin(/** @type {Pair} */ ([edges[0], edges[edges.length - 1]]), [-most, most], {
        yText: (value) => `${tickText(Math.abs(100 * value))}%`,
      });
      up.forEach((value, bin) => plot.bar(edges[bin], edges[bin + 1], 0, value, "bar positive"));
      down.forEach((value, bin) => plot.bar(edges[bin], edges[bin + 1], -value, 0, "bar negative"));
      plot.line([[edges[0], 0], [edges[edges.length - 1], 0]], "axis");
      return "";
    },
    marks: (scene, places) => {
      const cells = cellsOf(scene.current, places.row);
      const text = `Histogram of the scores of ${DATA.names[1]} and ${DATA.names[0]}. At or above the threshold: ${countText(cells.tp)} and ${countText(cells.fp)}.`;
      return { marks: guidesAt(places), text };
    },
  },
  {
    name: "Cost",
    x: "Threshold",
    y: "Cost per 1,000 rows",
    pick: "threshold",
    about: () => "with the costs above",
    draw: (plot, scene) => {
      const range = scoreRange(scene);
      let [low, high] = [Infinity, -Infinity];
      for (const { series } of scene.shown) {
        for (const row of drawnStops(series)) {
          const cost = scene.costOf(cellsOf(series, row));
          if (cost === null) continue;
          low = Math.min(low, cost);
          high = Math.max(high, cost);
        }
      }
      if (!(low <= high)) return "There is no cost: at another prevalence, it takes rows of both classes.";
      if (low > 0 && low < high / 3) low = 0;
      const margin = (high - low || Math.abs(high) || 1) * 0.05;
      plot.begin(range, [low === 0 ? 0 : low - margin, high + margin]);
      for (const { series, index } of scene.shown) {
        const isCurrent = series === scene.current ? "current" : "";
        plot.line(alongThresholds(series, scene.costOf, range), `${seriesClass(index)} ${isCurrent}`);
      }
      return "";
    },
    marks: (scene, places) => {
      const marks = marksAt(scene, places, (cells, threshold) => [threshold, scene.costOf(cells)]);
      const now = scene.costOf(cellsOf(scene.current, places.row));
      return { marks: [...guidesAt(places), ...marks], text: `Cost per 1,000 rows now: ${metricText(now)}.` };
    },
  },
];

/** All charts. What is static is drawn again only when the scene changes. */
class ChartsView {
  /**
   * @param {HTMLElement} host
   * @param {(row: number) => void} onRow
   * @param {(threshold: number) => void} onThreshold
   */
  constructor(host, onRow, onThreshold) {
    /** @type {Scene | null} */
    this.scene = null;
    /** @type {Places | null} */
    this.places = null;
    this.charts = CHARTS.map((kind, index) => {
      const id = `plot-${index}`;
      const about = make("div", { class: "quiet" });
      const missing = make("p", { class: "quiet missing", hidden: true });
      const plotHost = make("div", { id, class: "host" });
      const caption = make("figcaption", {}, make("h3", {}, kind.name), about);
      host.append(make("figure", { class: kind.isWide ? "card wide" : "card", "data-chart": kind.name }, caption, plotHost, missing));
      const plot = new Plot(plotHost, {
        title: kind.name,
        x: kind.x,
        y: kind.y,
        isWide: kind.isWide,
        onPick: (x, y) => {
          if (kind.pick === "threshold") onThreshold(x);
          else if (kind.plane && this.scene) onRow(nearestInPlane(this.scene.current, kind.plane, x, y));
        },
      });
      return { kind, plot, about, missing, plotHost, isDrawn: false };
    });
    let width = host.clientWidth;
    new ResizeObserver(() => {
      if (host.clientWidth === width) return;
      width = host.clientWidth;
      if (this.scene) this.draw(this.scene);
    }).observe(host);
  }

  /**
   * @param {Scene} scene
   * @param {string} [only] the name of the one chart to draw
   */
  draw(scene, only) {
    this.scene = scene;
    for (const chart of this.charts) {
      if (only !== undefined && chart.kind.name !== only) continue;
      const missing = chart.kind.draw(chart.plot, scene);
      chart.isDrawn = missing === "";
      chart.missing.hidden = chart.isDrawn;
      chart.plotHost.hidden = !chart.isDrawn;
      setText(chart.missing, missing);
      chart.about.replaceChildren(chart.kind.about?.(scene) ?? "");
    }
    if (this.places) this.mark(this.places);
  }

  /** @param {Places} places */
  mark(places) {
    this.places = places;
    if (!this.scene) return;
    for (const chart of this.charts) {
      if (!chart.isDrawn) continue;
      const { marks, text } = chart.kind.marks(this.scene, places);
      chart.plot.mark(marks, text);
    }
  }
}

/**
 * The row of a curve that is nearest to a point of its plane.
 * @param {Series} series
 * @param {(cells: Cells) => [Value, Value]} plane
 * @param {number} x
 * @param {number} y
 */
function nearestInPlane(series, plane, x, y) {
  let [best, least] = [0, Infinity];
  for (const row of series.stops) {
    const [rowX, rowY] = plane(cellsOf(series, row));
    if (rowX === null || rowY === null) continue;
    const distance = (rowX - x) ** 2 + (rowY - y) ** 2;
    if (distance < least) [best, least] = [row, distance];
  }
  return best;
}
