// @ts-check
// Numbers as people read them, and elements that hold text as text: nothing from the data is ever parsed as HTML.

const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });
const PERCENT = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** @param {number} value a count, or a sum of weights */
function countText(value) {
  return Math.abs(value) >= 1e12 || (value !== 0 && Math.abs(value) < 5e-4) ? value.toPrecision(6) : COUNT.format(value);
}

/** @param {string} things such as "rows" */
function oneOf(things) {
  return things.slice(0, -1);
}

/**
 * So many things: 1 row, 2 rows.
 * @param {number} value a count, or a sum of weights
 * @param {string} things
 */
function countedText(value, things) {
  return `${countText(value)} ${value === 1 ? oneOf(things) : things}`;
}

/** @param {Value} value */
function percentText(value) {
  return value === null ? "–" : PERCENT.format(value);
}

/** @param {Value} value a metric */
function metricText(value) {
  if (value === null) return "undefined";
  return Math.abs(value) >= 1e5 ? value.toPrecision(6) : value.toFixed(4);
}

/** @param {number} value a difference, with its sign */
function changeText(value) {
  const text = Math.abs(value) >= 1e5 ? value.toPrecision(6) : value.toFixed(4);
  if (Number(text) === 0) return value === 0 ? "0" : "±0.0000";
  return value > 0 ? `+${text}` : text.replace("-", "−");
}

/** @param {Value} threshold */
function thresholdText(threshold) {
  return threshold === null ? "none" : String(threshold);
}

/** @param {Value} threshold short enough for a label */
function shortThreshold(threshold) {
  if (threshold === null) return "none";
  return String(Number(threshold.toPrecision(4)));
}

/** @param {string} text for a POSIX shell */
function shellText(text) {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The element of that id, which the page has.
 * @param {string} id
 */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page lacks #${id}`);
  return element;
}

/** @param {string} id */
function inputOf(id) {
  return /** @type {HTMLInputElement} */ (byId(id));
}

/**
 * A new element with attributes and children; text children are text.
 * @param {string} tag
 * @param {Record<string, string | number | boolean>} attributes
 * @param {...(Node | string)} children
 */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/**
 * The same in SVG.
 * @param {string} tag
 * @param {Record<string, string | number | boolean>} attributes
 * @param {...(Node | string)} children
 */
function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/**
 * @param {Element} element
 * @param {Record<string, string | number | boolean>} attributes
 */
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * A name of the data, whatever script it is written in.
 * @param {string} name
 */
function nameNode(name) {
  return make("bdi", { class: "name", title: name }, name === "" ? "(no name)" : name);
}

/**
 * A node in two ways: fill it only where it changes, so that moving the slider stays cheap.
 * @param {Node} node
 * @param {string} text
 */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
