// @ts-check
// The matrix at the threshold: as a heatmap with counts and shares, with what moved into and out of its cells, and as a
// file. Costs and metrics are elsewhere.

/** @typedef {"tp" | "fp" | "fn" | "tn"} CellName */
/** @typedef {"sklearn" | "textbook"} Layout */
/** @typedef {"true" | "pred" | "all"} Normalize */

/** @type {Record<CellName, {title: string, partner: CellName, isRight: boolean}>} */
const CELLS = {
  tp: { title: "true positives", partner: "fn", isRight: true },
  fn: { title: "false negatives", partner: "tp", isRight: false },
  fp: { title: "false positives", partner: "tn", isRight: false },
  tn: { title: "true negatives", partner: "fp", isRight: true },
};

/** Rows true, columns predicted. @type {Record<Layout, [CellName, CellName][]>} */
const LAYOUTS = {
  sklearn: [
    ["tn", "fp"],
    ["fn", "tp"],
  ],
  textbook: [
    ["tp", "fn"],
    ["fp", "tn"],
  ],
};

/** What a cell is shown as a share of. @type {Record<Normalize, (cells: Cells, cell: CellName) => Value>} */
const SHARES = {
  true: (c, cell) => share(c[cell], c[CELLS[cell].partner]),
  pred: (c, cell) =>
    cell === "tp" || cell === "fp" ? quotient(c[cell], c.tp + c.fp) : quotient(c[cell], c.tn + c.fn),
  all: (c, cell) => quotient(c[cell], total(c)),
};

/**
 * How many rows moved between two matrices of the same rows, from the first named cell to the second.
 * @param {Cells} before
 * @param {Cells} after
 * @returns {{from: CellName, to: CellName, rows: number}[]}
 */
function movesBetween(before, after) {
  const up = (/** @type {CellName} */ cell) => Math.max(0, after[cell] - before[cell]);
  return [
    { from: "tp", to: "fn", rows: up("fn") },
    { from: "fp", to: "tn", rows: up("tn") },
    { from: "fn", to: "tp", rows: up("tp") },
    { from: "tn", to: "fp", rows: up("fp") },
  ];
}

/** @param {CellName} cell 0 for the negative class */
function trueClass(cell) {
  return cell === "tp" || cell === "fn" ? 1 : 0;
}

/** @param {CellName} cell 0 for the negative class */
function predictedClass(cell) {
  return cell === "tp" || cell === "fp" ? 1 : 0;
}

/** The table of the matrix, filled as often as the threshold moves. */
class MatrixView {
  /**
   * @param {HTMLElement} table
   * @param {(cell: CellName) => void} onCell
   */
  constructor(table, onCell) {
    this.table = table;
    this.onCell = onCell;
    /** @type {Partial<Record<CellName, {button: HTMLElement, count: HTMLElement, share: HTMLElement}>>} */
    this.cells = {};
    /** @type {HTMLElement[]} */
    this.gutters = [];
    /** @type {HTMLElement[]} */
    this.heads = [];
    /** @type {HTMLElement[]} */
    this.sides = [];
    this.layout = /** @type {Layout} */ ("sklearn");
    this.build("sklearn");
  }

  /** @param {Layout} layout */
  build(layout) {
    this.layout = layout;
    this.gutters = [];
    const grid = LAYOUTS[layout];
    this.heads = grid[0].map(() => make("span", { class: "sum" }));
    this.sides = grid.map(() => make("span", { class: "sum" }));
    const column = (/** @type {number} */ place) =>
      make("th", { scope: "col" }, nameNode(DATA.names[predictedClass(grid[0][place])]), this.heads[place]);
    const head = make(
      "thead",
      {},
      make("tr", {}, make("td", { class: "corner" }), make("th", { colspan: 3, scope: "colgroup" }, "Predicted")),
      make("tr", {}, make("td", { class: "corner" }, "True"), column(0), make("td", { class: "gutter" }), column(1)),
    );
    const rows = grid.map(([left, right], index) => {
      const gutter = make("td", { class: "gutter" });
      this.gutters.push(gutter);
      const side = make("th", { scope: "row" }, nameNode(DATA.names[trueClass(left)]), this.sides[index]);
      return make("tr", {}, side, this.cell(left), gutter, this.cell(right));
    });
    const caption = make("caption", { class: "hidden" }, "Confusion matrix: rows are true classes, columns predicted ones");
    const sized = (/** @type {string} */ name) => make("col", { class: name });
    const columns = make("colgroup", {}, sized("names"), sized("side"), sized("between"), sized("side"));
    this.table.replaceChildren(caption, columns, head, make("tbody", {}, ...rows));
  }

  /** @param {CellName} cell */
  cell(cell) {
    const count = make("span", { class: "count" });
    const part = make("span", { class: "share" });
    const label = make("span", { class: "what" }, CELLS[cell].title);
    const button = make("button", { type: "button", class: "cell", "data-cell": cell }, count, part, label);
    button.addEventListener("click", () => this.onCell(cell));
    this.cells[cell] = { button, count, share: part };
    return make("td", { class: CELLS[cell].isRight ? "right" : "wrong" }, button);
  }

  /**
   * @param {Cells} cells
   * @param {Cells | null} pinned
   * @param {Layout} layout
   * @param {Normalize} normalize
   */
  show(cells, pinned, layout, normalize) {
    if (layout !== this.layout) this.build(layout);
    for (const name of /** @type {CellName[]} */ (Object.keys(CELLS))) {
      const view = this.cells[name];
      if (!view) continue;
      const part = SHARES[normalize](cells, name);
      setText(view.count, countText(cells[name]));
      setText(view.share, percentText(part));
      view.button.dataset.value = String(cells[name]);
      view.button.dataset.share = String(part);
      view.button.style.setProperty("--heat", String(Math.round(1000 * (part ?? 0)) / 1000));
    }
    const grid = LAYOUTS[layout];
    for (const place of [0, 1]) {
      const sum = (/** @type {CellName} */ one, /** @type {CellName} */ other) => countText(cells[one] + cells[other]);
      setText(this.heads[place], sum(grid[0][place], grid[1][place]));
      setText(this.sides[place], sum(grid[place][0], grid[place][1]));
    }
    const moves = pinned ? movesBetween(pinned, cells) : [];
    grid.forEach(([left, right], index) => {
      const move = moves.find((one) => one.rows > 0 && (one.from === left || one.from === right));
      const gutter = this.gutters[index];
      if (!move) {
        gutter.replaceChildren();
        return;
      }
      const isForward = move.from === left;
      const arrow = makeSvg(
        "svg",
        { class: "arrow", viewBox: "0 0 44 14", "aria-hidden": "true" },
        makeSvg("path", { d: isForward ? "M2 7H40M34 2L41 7L34 12" : "M42 7H4M10 2L3 7L10 12" }),
      );
      const words = make("span", { class: "hidden" }, ` from ${CELLS[move.from].title} to ${CELLS[move.to].title}`);
      const count = make("span", { class: "flow", "data-flow": `${move.from}_to_${move.to}`, "data-value": move.rows });
      count.append(countText(move.rows), words);
      gutter.replaceChildren(count, arrow);
    });
  }
}

/**
 * What moved, in words.
 * @param {Cells} before
 * @param {Cells} after
 */
function ledgerText(before, after) {
  const moves = movesBetween(before, after).filter((move) => move.rows > 0);
  if (moves.length === 0) return "Nothing: both thresholds have the same matrix.";
  const parts = moves.map((move) => {
    const titles = CELLS[move.to].title;
    return `${countedText(move.rows, CELLS[move.from].title)} became ${move.rows === 1 ? `a ${oneOf(titles)}` : titles}`;
  });
  return `${parts.join(", ")}.`;
}

/** Cells from the top: rows of one class move between neighbours only, so that no flow crosses the other class's. */
const NODES = /** @type {CellName[]} */ (["tp", "fn", "fp", "tn"]);

/**
 * What stays and what moves between two matrices, as a Sankey.
 * @param {HTMLElement} host
 * @param {Cells} before
 * @param {Cells} after
 * @param {[string, string]} heads
 */
function drawSankey(host, before, after, heads) {
  const [width, height, top, gap, bar] = [Math.max(280, Math.round(host.clientWidth || 420)), 232, 26, 13, 12];
  const all = total(before);
  const room = height - top - 8 - gap * 4;
  const size = (/** @type {number} */ rows) => (all > 0 ? (rows / all) * room : 0);
  const thick = (/** @type {number} */ rows) => Math.max(1.5, size(rows));
  const side = Math.min(150, Math.max(96, width * 0.3));
  const [left, right] = [side, width - side - bar];
  const tops = [before, after].map((cells) => {
    let y = top;
    return NODES.map((name, index) => {
      const place = y;
      y += Math.max(13, size(cells[name])) + gap + (index === 1 ? gap : 0);
      return place;
    });
  });
  const longest = Math.max(...tops.map((places, index) => places[3] + size([before, after][index].tn)));
  const used = tops.map((places) => [...places]);
  const parts = [];
  /** @type {{y: number, text: string}[]} */
  const texts = [];
  const flow = (/** @type {CellName} */ from, /** @type {CellName} */ to, /** @type {number} */ rows) => {
    if (!(rows > 0)) return;
    const [start, end] = [used[0][NODES.indexOf(from)], used[1][NODES.indexOf(to)]];
    used[0][NODES.indexOf(from)] += size(rows);
    used[1][NODES.indexOf(to)] += size(rows);
    const [x1, x2, middle, deep] = [left + bar, right, (left + bar + right) / 2, thick(rows)];
    const d = `M${x1} ${start}C${middle} ${start} ${middle} ${end} ${x2} ${end}V${end + deep}C${middle} ${end + deep} ${middle} ${start + deep} ${x1} ${start + deep}Z`;
    parts.push(makeSvg("path", { class: `ribbon ${from} ${from === to ? "stays" : "moves"}`, d }));
    if (from !== to) texts.push({ y: (start + end + deep) / 2, text: `${countText(rows)} move` });
  };
  const moves = movesBetween(before, after);
  for (const name of NODES) {
    for (const to of NODES) {
      if (name === to) flow(name, name, Math.min(before[name], after[name]));
      const move = moves.find((one) => one.from === name && one.to === to);
      if (move) flow(name, to, move.rows);
    }
  }
  [before, after].forEach((cells, index) => {
    const x = index === 0 ? left : right;
    const anchor = index === 0 ? "end" : "start";
    const textX = index === 0 ? left - 7 : right + bar + 7;
    parts.push(makeSvg("text", { class: "label", x: textX, y: 13, "text-anchor": anchor }, heads[index]));
    NODES.forEach((name, place) => {
      const y = tops[index][place];
      parts.push(makeSvg("rect", { class: `node ${name}`, x, y, width: bar, height: thick(cells[name]) }));
      const middle = y + Math.max(13, size(cells[name])) / 2 + 4;
      parts.push(
        makeSvg("text", { x: textX, y: middle, "text-anchor": anchor }, `${countText(cells[name])} ${name.toUpperCase()}`),
      );
    });
  });
  for (const { y, text } of texts) {
    parts.push(makeSvg("text", { class: "moving", x: (left + right + bar) / 2, y: y + 4, "text-anchor": "middle" }, text));
  }
  const words = `From ${heads[0]} to ${heads[1]}: ${ledgerText(before, after)}`;
  const svg = makeSvg(
    "svg",
    { role: "img", "aria-label": words, class: "plot", viewBox: `0 0 ${width} ${Math.ceil(longest + 10)}` },
    ...parts,
  );
  setAttributes(svg, { width, height: Math.ceil(longest + 10) });
  host.replaceChildren(svg);
}

/**
 * @param {string} name
 * @param {Blob} content
 */
function saveFile(name, content) {
  const address = URL.createObjectURL(content);
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** @param {string | number} value */
function csvField(value) {
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The matrix as CSV: one row a true class, and which threshold it is of.
 * @param {Cells} cells
 * @param {Layout} layout
 * @param {Value} threshold
 */
function matrixCsv(cells, layout, threshold) {
  const grid = LAYOUTS[layout];
  const head = ["threshold", "true", ...grid[0].map((cell) => `predicted ${DATA.names[predictedClass(cell)]}`)];
  const lines = grid.map((row) => [threshold ?? "", DATA.names[trueClass(row[0])], ...row.map((cell) => cells[cell])]);
  return [head, ...lines].map((line) => `${line.map(csvField).join(",")}\n`).join("");
}

/**
 * The matrix as a picture.
 * @param {Cells} cells
 * @param {Layout} layout
 * @param {Normalize} normalize
 * @param {string} title
 * @param {(blob: Blob) => void} done
 */
function matrixPng(cells, layout, normalize, title, done) {
  const scale = 2;
  const canvas = /** @type {HTMLCanvasElement} */ (make("canvas", { width: 520 * scale, height: 420 * scale }));
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.scale(scale, scale);
  const font = getComputedStyle(document.body).fontFamily;
  const write = (
    /** @type {string} */ text,
    /** @type {number} */ x,
    /** @type {number} */ y,
    /** @type {string} */ size,
    /** @type {CanvasTextAlign} */ align = "center",
    most = 190,
  ) => {
    pen.font = `${size} ${font}`;
    pen.textAlign = align;
    pen.fillText(text, x, y, most);
  };
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, 520, 420);
  pen.fillStyle = "#1a1d21";
  write(title, 260, 28, "600 16px", "center", 500);
  write("Predicted", 320, 60, "13px");
  LAYOUTS[layout].forEach((row, down) => {
    row.forEach((cell, across) => {
      const [x, y] = [120 + across * 200, 92 + down * 156];
      const part = SHARES[normalize](cells, cell);
      const mix = (/** @type {number} */ end) => Math.round(255 + (end - 255) * 0.5 * (part ?? 0));
      pen.fillStyle = CELLS[cell].isRight ? `rgb(${mix(0)},${mix(114)},${mix(178)})` : `rgb(${mix(213)},${mix(94)},${mix(0)})`;
      pen.fillRect(x, y, 196, 152);
      pen.strokeStyle = "#c9cdd3";
      pen.strokeRect(x, y, 196, 152);
      pen.fillStyle = "#1a1d21";
      write(countText(cells[cell]), x + 98, y + 72, "600 30px");
      write(percentText(part), x + 98, y + 98, "15px");
      write(CELLS[cell].title, x + 98, y + 124, "12px");
      if (down === 0) write(DATA.names[predictedClass(cell)], x + 98, 82, "600 14px");
      if (across === 0) write(DATA.names[trueClass(cell)], 112, y + 82, "600 14px", "right", 104);
    });
  });
  canvas.toBlob((blob) => blob && done(blob), "image/png");
}
