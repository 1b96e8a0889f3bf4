// @ts-check
// Charts: axes, lines, steps, areas and marks as SVG with real text. What is static is drawn once; moving the slider
// moves marks only. What is shown is decided elsewhere.

/** @typedef {[number, number]} Pair */
/** @typedef {{x: number, y: number, className: string, isOpen?: boolean, isGuide?: boolean}} Mark */

/**
 * Round numbers within a range.
 * @param {number} low
 * @param {number} high
 * @param {number} wanted how many, about
 */
function ticksOf(low, high, wanted) {
  const rough = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999);
  const ticks = [];
  if (step === undefined || !(step > 0)) return [low, high];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index++) ticks.push(index * step);
  return ticks;
}

/** @param {number} value a tick */
function tickText(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return Number(value.toPrecision(3)).toExponential().replace("e+", "e");
  return COUNT.format(Number(value.toPrecision(6)));
}

/**
 * A path in the making. Of the points in one quarter of a pixel it keeps the first, the last, the highest and the lowest.
 */
class Path {
  /** @type {string[]} */
  parts = [];
  isBroken = true;
  column = NaN;
  /** Places and numbers of the points that are kept of the column. */
  first = [0, 0];
  last = [0, 0, 0];
  low = [0, 0, 0];
  high = [0, 0, 0];
  count = 0;

  /**
   * @param {number} x in pixels
   * @param {number} y
   */
  add(x, y) {
    const column = Math.floor(x * 4);
    if (column !== this.column) {
      this.flush();
      this.column = column;
      this.first = [x, y];
      this.low = this.high = this.last = [x, y, 0];
      this.count = 1;
      return;
    }
    this.last = [x, y, this.count];
    if (y < this.low[1]) this.low = this.last;
    if (y > this.high[1]) this.high = this.last;
    this.count += 1;
  }

  /** Breaks the line. */
  skip() {
    this.flush();
    this.isBroken = true;
  }

  flush() {
    if (Number.isNaN(this.column)) return;
    this.put(this.first[0], this.first[1]);
    const [one, other] = this.low[2] < this.high[2] ? [this.low, this.high] : [this.high, this.low];
    if (one[2] > 0) this.put(one[0], one[1]);
    if (other[2] > one[2]) this.put(other[0], other[1]);
    if (this.last[2] > other[2]) this.put(this.last[0], this.last[1]);
    this.column = NaN;
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  put(x, y) {
    this.parts.push(this.isBroken ? "M" : "L", x.toFixed(1), " ", y.toFixed(1));
    this.isBroken = false;
  }

  text() {
    this.flush();
    return this.parts.join("");
  }
}

/** A chart with its axes. */
class Plot {
  /**
   * @param {HTMLElement} host
   * @param {{title: string, x: string, y: string, isWide?: boolean, onPick?: (x: number, y: number) => void}} options
   */
  constructor(host, options) {
    this.host = host;
    this.options = options;
    const titleId = `${host.id}-title`;
    const textId = `${host.id}-text`;
    this.title = makeSvg("title", { id: titleId }, options.title);
    this.text = makeSvg("desc", { id: textId });
    this.back = makeSvg("g", { class: "axes", "aria-hidden": "true" });
    this.layers = makeSvg("g", { class: "layers", "clip-path": `url(#${host.id}-clip)` });
    this.marks = makeSvg("g", { class: "marks" });
    this.clip = makeSvg("rect");
    this.svg = makeSvg(
      "svg",
      { role: "img", "aria-labelledby": `${titleId} ${textId}`, class: "plot" },
      this.title,
      this.text,
      makeSvg("clipPath", { id: `${host.id}-clip` }, this.clip),
      this.back,
      this.layers,
      this.marks,
    );
    host.replaceChildren(this.svg);
    this.x = { low: 0, high: 1 };
    this.y = { low: 0, high: 1 };
    this.area = { left: 0, top: 0, width: 1, height: 1 };
    const pick = options.onPick;
    if (pick) {
      this.svg.classList.add("pickable");
      this.svg.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        this.pick(event, pick);
        this.svg.setPointerCapture(event.pointerId);
      });
      this.svg.addEventListener("pointermove", (event) => {
        if (this.svg.hasPointerCapture(event.pointerId)) this.pick(event, pick);
      });
    }
  }

  /**
   * @param {PointerEvent} event
   * @param {(x: number, y: number) => void} pick
   */
  pick(event, pick) {
    const box = this.svg.getBoundingClientRect();
    const { left, top, width, height } = this.area;
    const scale = this.width / box.width;
    const across = ((event.clientX - box.left) * scale - left) / width;
    const up = 1 - ((event.clientY - box.top) * scale - top) / height;
    pick(this.x.low + across * (this.x.high - this.x.low), this.y.low + up * (this.y.high - this.y.low));
  }

  /**
   * Clears the chart and draws axes for these ranges.
   * @param {Pair} x
   * @param {Pair} y
   * @param {{xText?: (value: number) => string, yText?: (value: number) => string}} [texts]
   */
  begin(x, y, texts = {}) {
    const xText = texts.xText ?? tickText;
    const yText = texts.yText ?? tickText;
    this.width = Math.max(260, Math.round(this.host.clientWidth || 360));
    this.height = Math.round(Math.min(330, Math.max(250, this.width * (this.options.isWide && this.width > 560 ? 0.36 : 0.74))));
    this.x = { low: x[0], high: x[1] };
    this.y = { low: y[0], high: y[1] };
    const yTicks = ticksOf(y[0], y[1], 5);
    const widest = Math.max(...yTicks.map((value) => yText(value).length));
    const area = { left: 30 + 6.4 * widest, top: 10, width: 0, height: 0 };
    area.width = this.width - area.left - 14;
    area.height = this.height - area.top - 44;
    this.area = area;
    setAttributes(this.svg, { viewBox: `0 0 ${this.width} ${this.height}`, width: this.width, height: this.height });
    setAttributes(this.clip, { x: area.left, y: area.top - 3, width: area.width, height: area.height + 6 });
    const parts = [];
    const xTicks = ticksOf(x[0], x[1], Math.max(2, Math.floor(area.width / 62)));
    const bottom = area.top + area.height;
    for (const value of yTicks) {
      const place = this.toY(value);
      parts.push(
        makeSvg("line", { class: "grid", x1: area.left, x2: area.left + area.width, y1: place, y2: place }),
        makeSvg("text", { x: area.left - 7, y: place + 4, "text-anchor": "end" }, yText(value)),
      );
    }
    for (const value of xTicks) {
      const place = this.toX(value);
      parts.push(
        makeSvg("line", { class: "grid", x1: place, x2: place, y1: area.top, y2: bottom }),
        makeSvg("text", { x: place, y: bottom + 17, "text-anchor": "middle" }, xText(value)),
      );
    }
    const middle = area.top + area.height / 2;
    parts.push(
      makeSvg(
        "text",
        { class: "label", x: area.left + area.width / 2, y: this.height - 7, "text-anchor": "middle" },
        this.options.x,
      ),
      makeSvg(
        "text",
        { class: "label", x: 13, y: middle, "text-anchor": "middle", transform: `rotate(-90 13 ${middle})` },
        this.options.y,
      ),
    );
    this.back.replaceChildren(...parts);
    this.layers.replaceChildren();
    this.marks.replaceChildren();
  }

  width = 360;
  height = 270;

  /** @param {number} value */
  toX(value) {
    return this.area.left + ((value - this.x.low) / (this.x.high - this.x.low)) * this.area.width;
  }

  /** @param {number} value */
  toY(value) {
    return this.area.top + (1 - (value - this.y.low) / (this.y.high - this.y.low)) * this.area.height;
  }

  /**
   * @param {Iterable<[number, Value]>} points
   * @param {string} className
   */
  line(points, className) {
    const path = new Path();
    for (const [x, y] of points) {
      if (y === null) path.skip();
      else path.add(this.toX(x), this.toY(y));
    }
    this.layers.append(makeSvg("path", { class: `line ${className}`, d: path.text() }));
  }

  /**
   * @param {number} left
   * @param {number} right
   * @param {number} from
   * @param {number} to
   * @param {string} className
   */
  bar(left, right, from, to, className) {
    const [x1, x2] = [this.toX(left), this.toX(right)];
    const [y1, y2] = [this.toY(Math.max(from, to)), this.toY(Math.min(from, to))];
    const width = Math.max(0.8, x2 - x1 - 0.6);
    this.layers.append(makeSvg("rect", { class: className, x: x1, y: y1, width, height: y2 - y1 }));
  }

  /**
   * Moves the marks, the pinned ones (open) below the others.
   * @param {Mark[]} marks
   * @param {string} text what the chart says now
   */
  mark(marks, text) {
    const { left, top, width, height } = this.area;
    const parts = marks.flatMap((mark) => {
      const x = this.toX(mark.x);
      if (!(x >= left - 1 && x <= left + width + 1)) return [];
      const y = Math.min(top + height, Math.max(top, this.toY(mark.y)));
      const kind = mark.isOpen ? "mark open" : "mark";
      if (mark.isGuide) {
        return [makeSvg("line", { class: `guide ${kind}`, x1: x, x2: x, y1: top, y2: top + height })];
      }
      const radius = mark.isOpen ? 4.5 : 5;
      return [makeSvg("circle", { class: `${kind} ${mark.className}`, cx: x, cy: y, r: radius })];
    });
    this.marks.replaceChildren(...parts);
    setText(this.text, text);
  }
}
