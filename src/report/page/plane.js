// plane.js - P1: the information plane. Trails rest; the layers at the epoch, the pointer and pinned networks move.

/** @typedef {{group: number, box: Box, x: Scale, y: Scale}} Facet a plane of one configuration */
/** @typedef {{line: number, slot: number, e: number, x: number, y: number}} Near */

/** Values of a line on the axes: bits, or shares of H(X) and H(Y).
 * @param {Line} l @param {'ixt'|'ity'} name @returns {number} */
function unitOf(l, name) {
  const g = D.meta.groups[l.group], h = name === 'ixt' ? g.hx : g.hy;
  return S.share && h ? 1 / h : 1;
}

/** Whether curves are quantiles over networks, of which there are too many. */
const areQuantiles = () => D.lines.some(l => l.quantile !== null);

/** @returns {string} */
function pathWords() {
  if (areQuantiles())
    return 'Large marks are medians over the networks of a configuration, small ones and thin lines other quantiles (5, 25, 75, 95 %).';
  return D.lines.length > 1 ?
    'Large marks are means over the networks, small ones single networks; thin lines are their paths.' :
    'Lines are the paths of the layers.';
}

class PlanePanel extends Panel {
  constructor() {
    super('plane', 'Information plane',
      'Each mark is a layer at the epoch of the slider. Further right: it knows more about the input X. Further up: more about the label Y. ' +
        pathWords(),
      ['est', 'layers', 'groups', 'zoom', 'share', 'shown'], ['epoch', 'spot', 'pins', 'cfg', 'pick']);
    this.place = make('div', {class: 'place tall'});
    this.body.append(this.place);
    this.chart = new Chart(this.place, 'Information plane');
    /** @type {Facet[]} */
    this.facets = [];
    this.points = {
      n: 0,
      x: new Float32Array(0),
      y: new Float32Array(0),
      line: new Int32Array(0),
      slot: new Uint8Array(0),
      e: new Int32Array(0)
    };
    this.back = button('whole', 'Show the whole plane (or double click)', () => set({zoom: null}));
    this.zoomButtons();
    attendPlane(this);
    this.root.hidden = !D.meta.estimators.length;
  }

  zoomButtons() {
    this.extra.append(
      button('+', 'Zoom in', () => this.zoomBy(0.6)), button('−', 'Zoom out', () => this.zoomBy(1 / 0.6)), this.back);
  }

  extent() { return [this.chart.w, this.chart.h]; }

  /** The configurations that are drawn, and where.
   * @param {number} w @param {number} h */
  layOut(w, h) {
    const groups = S.groups.filter(g => linesIn(g).length).slice(0, 6), n = Math.max(1, groups.length);
    const columns = n === 1 ? 1 : w < 480 ? 1 : n === 3 || n > 4 ? 3 : 2, rows = Math.ceil(n / columns);
    const [x0, y0, x1, y1] = S.zoom ?? this.whole(groups);
    const top = n > 1 ? 20 : 8;
    this.facets = groups.map((group, i) => {
      const left = 44, across = (w - left - 8) / columns, down = (h - 40) / rows, c = i % columns,
            r = Math.floor(i / columns);
      const box = {x: left + c * across, y: top + r * down, w: across - 10, h: down - top - (rows > 1 ? 8 : 0)};
      return {group, box, x: linearScale(x0, x1, box.x, box.x + box.w), y: linearScale(y0, y1, box.y + box.h, box.y)};
    });
    return {columns, rows};
  }

  /** Bounds that hold everything.
   * @param {number[]} groups @returns {number[]} */
  whole(groups) {
    let x = 0, y = 0;
    for (const g of groups) {
      const {hx, hy} = D.meta.groups[g], mean = meanOf(g, S.est);
      if (hx !== null) x = Math.max(x, S.share ? 1 : hx);
      if (hy !== null) y = Math.max(y, S.share ? 1 : hy);
      if (!mean) continue;
      for (const v of mean.high.ixt)
        for (const a of v)
          if (isFinite(a)) x = Math.max(x, a * unitOf(mean.line, 'ixt'));
      for (const v of mean.high.ity)
        for (const a of v)
          if (isFinite(a)) y = Math.max(y, a * unitOf(mean.line, 'ity'));
    }
    return [0, 0, (x || 1) * 1.03, (y || 1) * 1.05];
  }

  draw() {
    this.back.hidden = !S.zoom;
    const n = S.groups.filter(g => linesIn(g).length).slice(0, 6).length;
    this.place.style.setProperty('--planes', String(n > 1 ? n : 0)); /* below each other on a phone: page.css */
    if (!this.chart.fit()) return;
    this.chart.clear();
    this.paint(this.chart.resting, this.chart.texts, true);
    this.move();
  }

  /** @param {Pen} pen @param {Pen} texts @param {boolean} remember */
  paint(pen, texts, remember) {
    const {columns} = this.layOut(this.chart.w, this.chart.h);
    if (remember) this.points.n = 0;
    if (!this.facets.length)
      return texts.text(this.chart.w / 2, 40, S.groups.length ? NO_NETWORK : 'No configuration is ticked.',
        {fill: C.quiet, anchor: 'middle'});
    this.facets.forEach((f, i) => {
      const last = i + columns >= this.facets.length, first = i % columns === 0;
      drawAxes(texts, f.box, f.x, f.y, {numbers: last ? first ? 'both' : 'x' : first ? 'y' : 'none'});
      if (this.facets.length > 1)
        texts.text(f.box.x, f.box.y - 6, groupName(f.group), {fill: C.text, size: 12, bold: f.group === S.cfg});
      pen.clip(f.box.x, f.box.y, f.box.w, f.box.h);
      drawBounds(pen, texts, f);
      this.drawTrails(pen, f, remember);
      pen.free();
    });
    const unit = S.share ? ['share of H(X)', 'share of H(Y)'] : ['bits', 'bits'];
    texts.text(this.chart.w / 2, this.chart.h - 4, `I(X;T), ${unit[0]}: what the layer knows about the input`,
      {fill: C.text, size: 12, anchor: 'middle'});
    texts.text(13, this.chart.h / 2, `I(T;Y), ${unit[1]}: about the label`,
      {fill: C.text, size: 12, anchor: 'middle', rotate: true});
  }

  /** Thin paths of all networks, and the path of the mean.
   * @param {Pen} pen @param {Facet} f @param {boolean} remember */
  drawTrails(pen, f, remember) {
    const lines = linesIn(f.group), mean = meanOf(f.group, S.est);
    for (const slot of S.layers) {
      const k = layerOf(slot, D.meta.groups[f.group].layers.length);
      if (k < 0) continue;
      pen.begin();
      for (const l of lines) this.traceLine(pen, f, l, slot, k, remember);
      pen.end({
        stroke: colorOf(slot),
        width: 1,
        alpha: lines.length > 1 ? Math.max(0.12, 0.5 / Math.sqrt(lines.length)) : 0.9
      });
      if (!mean || lines.length < 2) continue;
      const [x, y] = pathOf(f, mean.line, mean.ixt[k], mean.ity[k]);
      pen.begin();
      pen.trace(x, y, 0, mean.n);
      pen.end({stroke: colorOf(slot), width: 1.5, alpha: 0.6});
    }
  }

  /** @param {Pen} pen @param {Facet} f @param {Line} l @param {number} slot @param {number} k @param {boolean} remember */
  traceLine(pen, f, l, slot, k, remember) {
    const ixt = estimateOf('ixt', l, S.est, k), ity = estimateOf('ity', l, S.est, k);
    if (!ixt || !ity) return;
    const [x, y] = pathOf(f, l, ixt, ity);
    pen.trace(x, y, 0, l.n);
    if (!remember) return;
    const p = this.roomFor(l.n), index = D.lines.indexOf(l);
    for (let e = 0; e < l.n; e++) {
      if (!(x[e] === x[e] && y[e] === y[e])) continue;
      p.x[p.n] = x[e];
      p.y[p.n] = y[e];
      p.line[p.n] = index;
      p.slot[p.n] = slot;
      p.e[p.n++] = e;
    }
  }

  /** @param {number} n more points */
  roomFor(n) {
    const p = this.points;
    if (p.n + n <= p.x.length) return p;
    const size = Math.max(4096, 2 * (p.n + n));
    const grow = (/** @type {any} */ from, /** @type {any} */ to) => {
      to.set(from);
      return to;
    };
    p.x = grow(p.x, new Float32Array(size));
    p.y = grow(p.y, new Float32Array(size));
    p.line = grow(p.line, new Int32Array(size));
    p.slot = grow(p.slot, new Uint8Array(size));
    p.e = grow(p.e, new Int32Array(size));
    return p;
  }

  move() {
    if (!this.chart.w) return;
    this.chart.wipe(this.chart.top);
    this.paintMoving(this.chart.moving);
    this.chart.top.setAttribute('aria-label', planeLabel());
  }

  /** @param {Pen} pen */
  paintMoving(pen) {
    for (const f of this.facets) {
      pen.clip(f.box.x - 6, f.box.y - 6, f.box.w + 12, f.box.h + 12);
      drawHeads(pen, f);
      pen.free();
    }
  }

  /** @param {SvgPen} pen */
  picture(pen) {
    this.paint(pen, pen, false);
    this.paintMoving(pen);
  }

  /** About the middle, or a place.
   * @param {number} factor @param {number} [x] @param {number} [y] */
  zoomBy(factor, x, y) {
    const [x0, y0, x1, y1] = S.zoom ?? this.whole(this.facets.map(f => f.group)),
                       all = this.whole(this.facets.map(f => f.group));
    const cx = x ?? (x0 + x1) / 2, cy = y ?? (y0 + y1) / 2;
    const zoom = [cx + (x0 - cx) * factor, cy + (y0 - cy) * factor, cx + (x1 - cx) * factor, cy + (y1 - cy) * factor];
    const wide = zoom[2] - zoom[0] >= (all[2] - all[0]) * 1.2;
    if (wide)
      set({zoom: null});
    else if (zoom[2] - zoom[0] > all[2] * 1e-4)
      set({zoom});
  }

  sheet() {
    const rows = [];
    for (const g of S.groups)
      for (const l of linesIn(g))
        for (const slot of S.layers) {
          const k = layerOf(slot, l.depth), i = indexAt(l.epochs, S.epoch);
          if (k < 0) continue;
          rows.push([
            lineName(l), slotName(slot), estimatorName(S.est), l.epochs[i],
            (estimateOf('ixt', l, S.est, k) ?? [NaN])[i], (estimateOf('ity', l, S.est, k) ?? [NaN])[i]
          ]);
        }
    return {
      caption: `Information plane at epoch ${S.epoch}, ${estimatorName(S.est)}, in bits`,
      heads: ['network', 'layer', 'estimator', 'epoch', 'I(X;T), bits', 'I(T;Y), bits'],
      rows
    };
  }
}
