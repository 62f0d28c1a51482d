// series.js - curves over the epochs: rows of plots below each other with one axis of epochs, a hand for them all.

/** One curve. `dashed` and `marked`: the indices of saturated stretches, and of epochs with a mark.
 * @typedef {{text: string, color: string, epochs: Float64Array, y: Float32Array, low?: Float32Array, high?: Float32Array,
 *   dash?: number[], width?: number, alpha?: number, saturated?: Uint8Array, marked?: Uint8Array, slot?: number,
 *   line?: number, outline?: boolean, end?: string}} Curve */
/** @typedef {{title: string, what?: string, curves: Curve[], log?: boolean, least?: number, most?: number, notes?: {epoch: number, text: string}[]}} Row */
/** @typedef {{row: Row, box: Box, x: Scale, y: Scale}} Plot */

class SeriesPanel extends Panel {
  /** @param {string} id @param {string} title @param {string} about @param {string[]} rests @param {string[]} moves */
  constructor(id, title, about, rests, moves) {
    super(id, title, about, ['span', 'linear', 'cfg', 'vs', 'shown', 'pins', ...rests], ['epoch', 'spot', ...moves]);
    this.place = make('div', {class: 'place'});
    this.body.append(this.place);
    this.chart = new Chart(this.place, title);
    /** @type {Plot[]} */
    this.plots = [];
    attendSeries(this);
  }

  extent() { return [this.chart.w, this.chart.h]; }

  /** What is drawn.
   * @returns {Row[]} */
  rows() { return []; }

  /** Curves of the network under the pointer, in the row of this index.
   * @param {number} i @returns {Curve[]} */
  spotCurves(i) { return i < 0 ? [{text: '', color: '', epochs: new Float64Array(0), y: new Float32Array(0)}] : []; }

  /** @returns {string} */
  label() { return this.title; }

  draw() {
    if (!this.chart.fit()) return;
    this.chart.clear();
    this.plots = layOutRows(linesIn(S.cfg).length ? this.rows() : [], this.chart.w, this.chart.h);
    this.paint(this.chart.resting, this.chart.texts);
    this.move();
  }

  /** @param {Pen} pen @param {Pen} texts */
  paint(pen, texts) {
    if (!this.plots.length)
      texts.text(this.chart.w / 2, 40, linesIn(S.cfg).length ? 'The run files have nothing to show here.' : NO_NETWORK,
        {fill: C.quiet, anchor: 'middle'});
    this.plots.forEach((p, i) => {
      const last = i === this.plots.length - 1;
      drawAxes(texts, p.box, p.x, p.y, {numbers: last ? 'both' : 'y', x: last ? 'epoch' : ''});
      texts.text(p.box.x, p.box.y - 6, p.row.title, {fill: C.text, size: 12});
      pen.clip(p.box.x, p.box.y - 1, p.box.w, p.box.h + 2);
      for (const c of p.row.curves) drawBand(pen, p, c);
      for (const c of p.row.curves) drawCurve(pen, p, c);
      pen.free();
      for (const note of p.row.notes ?? []) drawNote(texts, p, note);
      labelCurves(texts, p);
    });
  }

  move() {
    if (!this.chart.w) return;
    this.chart.wipe(this.chart.top);
    this.paintMoving(this.chart.moving);
    this.chart.top.setAttribute('aria-label', this.label());
  }

  /** @param {Pen} pen */
  paintMoving(pen) {
    this.plots.forEach((p, i) => {
      const x = p.x.at(S.epoch);
      pen.clip(p.box.x - 5, p.box.y - 5, p.box.w + 10, p.box.h + 10);
      pen.begin();
      pen.trace([x, x], [p.box.y, p.box.y + p.box.h], 0, 2);
      pen.end({stroke: C.text, width: 1.5});
      for (const c of p.row.curves) {
        if (c.line !== undefined) continue;
        const e = indexAt(c.epochs, S.epoch);
        if (c.y[e] === c.y[e])
          pen.mark(p.x.at(c.epochs[e]), p.y.at(c.y[e]), 4, c.slot === undefined ? 'circle' : shapeOf(c.slot),
            {fill: c.color, stroke: C.page});
      }
      for (const c of this.spotCurves(i)) drawCurve(pen, p, {...c, width: 2.5, alpha: 1});
      pen.free();
    });
  }

  /** @param {SvgPen} pen */
  picture(pen) {
    this.paint(pen, pen);
    this.paintMoving(pen);
  }

  /** @returns {string} */
  caption() { return `${this.title}${S.vs >= 0 ? '' : `: ${groupName(S.cfg)}`}`; }

  /** A row an epoch, a column a curve.
   * @returns {Sheet} */
  shownSheet() {
    const rows = linesIn(S.cfg).length ? this.rows() : [],
          curves =
            rows.flatMap(row => row.curves.map(c => ({c, row, at: new Map([...c.epochs].map((e, i) => [e, i]))})));
    const epochs = [...new Set(curves.flatMap(x => [...x.c.epochs]))].sort((a, b) => a - b);
    return {
      caption: `${this.caption()}. Lowest and highest networks are in the download.`,
      heads: ['epoch', ...curves.map(x => rows.length > 1 ? `${x.row.what ?? ''} ${x.c.text}`.trim() : x.c.text)],
      rows: epochs.map(e => [e, ...curves.map(x => x.c.y[x.at.get(e) ?? -1] ?? NaN)])
    };
  }

  sheet() {
    /** @type {(string|number|null)[][]} */
    const out = [];
    for (const row of this.rows())
      for (const c of row.curves)
        for (let e = 0; e < c.y.length; e++)
          if (c.y[e] === c.y[e])
            out.push([row.title, c.text, c.epochs[e], c.y[e], c.low ? c.low[e] : null, c.high ? c.high[e] : null]);
    return {caption: this.caption(), heads: ['quantity', 'curve', 'epoch', 'value', 'lowest', 'highest'], rows: out};
  }
}

/** @param {Row[]} rows @param {number} w @param {number} h @returns {Plot[]} */
function layOutRows(rows, w, h) {
  const last = D.epochs[D.epochs.length - 1] ?? 1, [from, to] = S.span ?? [0, last], left = 48;
  const right = 12 + 7.6 * Math.max(1, ...rows.flatMap(r => r.curves.map(c => (c.end ?? '').length)));
  const down = (h - 36) / Math.max(1, rows.length);
  return rows.map((row, i) => {
    const box = {x: left, y: 20 + i * down, w: w - left - right, h: down - 26};
    const x = (S.linear ? linearScale : epochScale)(Math.max(0, from), Math.max(to, from + 1e-6), box.x, box.x + box.w);
    const [lo, hi] = boundsOf(row);
    return {row, box, x, y: (row.log ? logScale : linearScale)(lo, hi, box.y + box.h, box.y)};
  });
}

/** @param {Row} row @returns {number[]} */
function boundsOf(row) {
  let lo = Infinity, hi = -Infinity;
  for (const c of row.curves)
    for (const v of [c.y, c.low, c.high])
      for (let e = 0; v && e < v.length; e++) {
        if (!isFinite(v[e]) || row.log && v[e] <= 0) continue;
        if (S.span && (c.epochs[e] < S.span[0] || c.epochs[e] > S.span[1])) continue;
        if (v[e] < lo) lo = v[e];
        if (v[e] > hi) hi = v[e];
      }
  if (!(lo <= hi)) return row.log ? [0.1, 1] : [row.least ?? 0, row.most ?? 1];
  if (row.log) return [lo, hi > lo ? hi : lo * 10];
  lo = row.least ?? lo;
  hi = row.most ?? hi;
  const pad = (hi - lo || Math.abs(hi) || 1) * 0.04;
  return [row.least === undefined ? lo - pad : lo, hi + pad];
}

/** @param {Pen} pen @param {Plot} p @param {Curve} c */
function drawBand(pen, p, c) {
  const {low, high} = c;
  if (!low || !high) return;
  const x = Array.from(c.epochs, e => p.x.at(e)), up = Array.from(high, v => p.y.at(v)),
        down = Array.from(low, v => p.y.at(v));
  const ok = x.map((_, i) => i).filter(i => isFinite(up[i]) && isFinite(down[i]));
  pen.begin();
  if (c.outline) {
    pen.trace(x, up, 0, x.length);
    pen.trace(x, down, 0, x.length);
    pen.end({stroke: c.color, width: 0.8, alpha: 0.6, dash: c.dash});
    return;
  }
  const round = [...ok, ...ok.slice().reverse()];
  pen.trace(round.map(i => x[i]), round.map((i, j) => j < ok.length ? up[i] : down[i]), 0, round.length);
  pen.end({fill: c.color, alpha: 0.13});
}

/** @param {Pen} pen @param {Plot} p @param {Curve} c */
function drawCurve(pen, p, c) {
  const x = Float32Array.from(c.epochs, e => p.x.at(e)), y = Float32Array.from(c.y, v => p.y.at(v)), n = c.y.length;
  const ink = {stroke: c.color, width: c.width ?? 2, alpha: c.alpha ?? 1};
  const flags = c.saturated;
  for (let from = 0; from < n - 1;) {
    let to = from + 1;
    while (to < n - 1 && (flags?.[to] ?? 0) === (flags?.[from] ?? 0)) to++;
    pen.begin();
    pen.trace(x, y, from, to + 1);
    pen.end({...ink, dash: flags?.[from] ? [8, 3, 2, 3] : c.dash});
    from = to;
  }
  if (n === 1) pen.mark(x[0], y[0], 3, 'circle', {fill: c.color});
  if (!c.marked) return;
  pen.begin();
  for (let e = 0; e < n; e++)
    if (c.marked[e] && y[e] === y[e]) {
      pen.trace([x[e] - 4, x[e] + 4], [y[e] - 4, y[e] + 4], 0, 2);
      pen.trace([x[e] - 4, x[e] + 4], [y[e] + 4, y[e] - 4], 0, 2);
    }
  pen.end({stroke: C.text, width: 1.2});
}

/** A dotted vertical line with a word at its top.
 * @param {Pen} texts @param {Plot} p @param {{epoch: number, text: string}} note */
function drawNote(texts, p, note) {
  const x = p.x.at(note.epoch);
  if (!(x >= p.box.x && x <= p.box.x + p.box.w)) return;
  texts.begin();
  texts.trace([x, x], [p.box.y, p.box.y + p.box.h], 0, 2);
  texts.end({stroke: C.quiet, dash: [2, 3]});
  const from = p.box.x + 7.2 * p.row.title.length + 12, to = p.box.x + p.box.w, half = 3.2 * note.text.length;
  texts.text(clamp(x, from + half, Math.max(from + half, to - half)), p.box.y - 6, note.text,
    {fill: C.quiet, size: 11, anchor: 'middle', halo: C.page});
}

/** Names at the right end, moved apart; where the last seven values of a curve are, because single ones can be noise.
 * @param {Pen} texts @param {Plot} p */
function labelCurves(texts, p) {
  const ends = p.row.curves.filter(c => c.end)
                 .map(c => {
                   const at = [];
                   for (let e = c.y.length - 1; e >= 0 && at.length < 7; e--) {
                     const y = p.y.at(c.y[e]);
                     if (isFinite(y) && c.epochs[e] <= p.x.hi) at.push(y);
                   }
                   return {y: median(at), c};
                 })
                 .filter(e => isFinite(e.y))
                 .sort((a, b) => a.y - b.y);
  const y = ends.map(e => clamp(e.y, p.box.y, p.box.y + p.box.h) + 4);
  for (let i = 1; i < y.length; i++) y[i] = Math.max(y[i], y[i - 1] + 12);
  for (let i = y.length - 1, most = p.box.y + p.box.h + 4; i >= 0; i--, most -= 12) y[i] = Math.min(y[i], most);
  ends.forEach(
    (end, i) => texts.text(p.box.x + p.box.w + 5, y[i], end.c.end ?? '', {fill: end.c.color, bold: true, size: 11}));
}
