// axes.js - a chart: a canvas for the marks that rest, one for those that move, and an SVG for axes and texts.

/** @type {Chart[]} */
const charts = [];

class Chart {
  /** @param {HTMLElement} host @param {string} label of the picture, for people who do not see it */
  constructor(host, label) {
    this.host = host;
    this.base = document.createElement('canvas');
    this.top = document.createElement('canvas');
    this.svg = /** @type {SVGElement} */ (svgElement('svg', {'aria-hidden': 'true'}));
    this.top.tabIndex = 0;
    this.top.setAttribute('role', 'img');
    this.top.setAttribute('aria-label', label);
    this.base.setAttribute('aria-hidden', 'true');
    host.classList.add('chart');
    host.append(this.base, this.svg, this.top);
    this.w = 0;
    this.h = 0;
    this.larger = 1; /* in a panel that fills the screen */
    this.resting = new CanvasPen(contextOf(this.base));
    this.moving = new CanvasPen(contextOf(this.top));
    this.texts = new SvgPen(this.svg);
    charts.push(this);
  }

  /** Takes the size of its place.
   * @returns {boolean} whether it can be drawn on */
  fit() {
    const box = this.host.getBoundingClientRect(), ratio = Math.min(2, window.devicePixelRatio || 1);
    this.larger = this.host.closest('.full') ? 1.5 : 1;
    this.w = Math.floor(box.width / this.larger);
    this.h = Math.floor(box.height / this.larger);
    for (const canvas of [this.base, this.top]) {
      const w = Math.max(1, Math.round(box.width * ratio)), h = Math.max(1, Math.round(box.height * ratio));
      if (canvas.width !== w || canvas.height !== h) {
        canvas.width = w;
        canvas.height = h;
      }
    }
    this.svg.setAttribute('viewBox', `0 0 ${Math.max(1, this.w)} ${Math.max(1, this.h)}`);
    return this.w > 40 && this.h > 40;
  }

  /** @returns {boolean} whether its place has another size than it */
  outgrown() {
    const box = this.host.getBoundingClientRect();
    return Math.floor(box.width / this.larger) !== this.w || Math.floor(box.height / this.larger) !== this.h;
  }

  /** @param {HTMLCanvasElement} canvas */
  wipe(canvas) {
    const to = contextOf(canvas), ratio = canvas.width / Math.max(1, this.w);
    to.setTransform(1, 0, 0, 1, 0, 0);
    to.clearRect(0, 0, canvas.width, canvas.height);
    to.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  clear() {
    this.wipe(this.base);
    this.texts.clear();
  }

  /** Where the pointer is, in pixels of the chart.
   * @param {MouseEvent} event @returns {number[]} */
  pointer(event) {
    const box = this.top.getBoundingClientRect();
    return [(event.clientX - box.left) / this.larger, (event.clientY - box.top) / this.larger];
  }
}

/** @param {HTMLCanvasElement} canvas @returns {CanvasRenderingContext2D} */
function contextOf(canvas) {
  const to = canvas.getContext('2d');
  if (!to) throw new Error('this browser has no canvas');
  return to;
}

/** @typedef {{x: number, y: number, w: number, h: number}} Box */

/** Frame, grid and numbers of a plot.
 * @param {Pen} pen @param {Box} b @param {Scale} x @param {Scale} y
 * @param {{x?: string, y?: string, numbers?: 'both'|'x'|'y'|'none', yTicks?: number, xTicks?: number}} names */
function drawAxes(pen, b, x, y, names) {
  const numbers = names.numbers ?? 'both', ink = {fill: C.quiet, size: 11};
  const xs = x.ticks(names.xTicks ?? Math.max(2, b.w / 80)), ys = y.ticks(names.yTicks ?? Math.max(2, b.h / 45));
  pen.begin();
  for (const t of xs) pen.trace([x.at(t), x.at(t)], [b.y, b.y + b.h], 0, 2);
  for (const t of ys) pen.trace([b.x, b.x + b.w], [y.at(t), y.at(t)], 0, 2);
  pen.end({stroke: C.grid});
  pen.begin();
  pen.trace([b.x, b.x, b.x + b.w], [b.y, b.y + b.h, b.y + b.h], 0, 3);
  pen.end({stroke: C.quiet});
  if (numbers === 'both' || numbers === 'x')
    for (const t of xs) pen.text(x.at(t), b.y + b.h + 14, num(t, 6), {...ink, anchor: 'middle'});
  if (numbers === 'both' || numbers === 'y')
    for (const t of ys) pen.text(b.x - 5, y.at(t) + 4, num(t, 6), {...ink, anchor: 'end'});
  if (names.x) pen.text(b.x + b.w / 2, b.y + b.h + 30, names.x, {fill: C.text, size: 12, anchor: 'middle'});
  if (names.y) pen.text(13, b.y + b.h / 2, names.y, {fill: C.text, size: 12, anchor: 'middle', rotate: true});
}
