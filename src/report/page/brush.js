// brush.js - a small histogram of a column, over which one drags to choose a range; and the scatter of two columns.

const BRUSH = {
  w: 92,
  h: 34,
  bins: 16
};

/** @param {Column} c @returns {SVGElement} */
function brushOf(c) {
  const values = D.meta.runs.map((_, r) => Number(c.of(r))), known = values.filter(isFinite);
  const lo = Math.min(...known), hi = Math.max(...known), x = linearScale(lo, hi > lo ? hi : lo + 1, 3, BRUSH.w - 3);
  const svg = svgElement('svg',
    {viewBox: `0 0 ${BRUSH.w} ${BRUSH.h}`, width: BRUSH.w, height: BRUSH.h, class: 'brush', 'aria-hidden': 'true'});
  const bins = (/** @type {(r: number) => boolean} */ counted) => {
    const n = new Array(BRUSH.bins).fill(0);
    values.forEach((v, r) => {
      if (isFinite(v) && counted(r)) n[Math.min(BRUSH.bins - 1, Math.floor((v - lo) / (x.hi - lo) * BRUSH.bins))]++;
    });
    return n;
  };
  const all = bins(() => true), shown = bins(r => model.shown[r] === 1), most = Math.max(1, ...all),
        w = (BRUSH.w - 6) / BRUSH.bins, pen = new SvgPen(svg);
  const bar = (/** @type {number} */ n, /** @type {number} */ i, /** @type {string} */ fill) => {
    const h = n ? Math.max(2, n / most * (BRUSH.h - 6)) : 0;
    pen.rect(3 + i * w, BRUSH.h - 3 - h, w - 1, h, {fill});
  };
  all.forEach((n, i) => bar(n, i, C.line));
  shown.forEach((n, i) => bar(n, i, C.link));
  pen.begin();
  pen.trace([3, BRUSH.w - 3], [BRUSH.h - 2.5, BRUSH.h - 2.5], 0, 2);
  pen.end({stroke: C.quiet});
  const range = svgElement('rect', {y: 0, height: BRUSH.h, class: 'range', width: 0});
  svg.append(range);
  const show = (/** @type {number} */ a, /** @type {number} */ b) => {
    range.setAttribute('x', String(a));
    range.setAttribute('width', String(Math.max(1, b - a)));
  };
  const now = S.brush[c.id];
  if (now) show(x.at(clamp(now[0], x.lo, x.hi)), x.at(clamp(now[1], x.lo, x.hi)));
  attendBrush(svg, c, x, show);
  return svg;
}

/** @param {SVGElement} svg @param {Column} c @param {Scale} x @param {(a: number, b: number) => void} show */
function attendBrush(svg, c, x, show) {
  let start = NaN;
  const at = (/** @type {PointerEvent} */ event) => clamp(
    (event.clientX - svg.getBoundingClientRect().left) / svg.getBoundingClientRect().width * BRUSH.w, 3, BRUSH.w - 3);
  svg.addEventListener('pointerdown', event => {
    start = at(event);
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener('pointermove', event => {
    if (!isFinite(start)) return;
    const a = Math.min(start, at(event)), b = Math.max(start, at(event));
    show(a, b);
    showCard([`${c.title}: ${num(x.back(a))} to ${num(x.back(b))}`], event.clientX, event.clientY);
  });
  svg.addEventListener('pointerup', event => {
    const a = Math.min(start, at(event)), b = Math.max(start, at(event)), rest = {...S.brush};
    showCard(null);
    start = NaN;
    delete rest[c.id];
    const tip = (x.hi - x.lo) * 1e-6; /* the ends include the extreme values */
    set({brush: b - a < 3 ? rest : {...rest, [c.id]: [x.back(a) - tip, x.back(b) + tip]}});
  });
  svg.addEventListener('pointercancel', () => {
    showCard(null);
    start = NaN;
  });
}

class ScatterPanel extends Panel {
  constructor() {
    super('scatter', 'Does compression go with accuracy?', '', ['shown', 'pick', 'est', 'sx', 'sy'], ['pins', 'spot']);
    this.across = choice('across', [], v => set({sx: v}));
    this.up = choice('up', [], v => set({sy: v}));
    this.extra.append(this.across.label, this.up.label);
    this.place = make('div', {class: 'place'});
    this.finding = make('p', {class: 'finding'});
    this.body.append(this.finding, this.place);
    this.chart = new Chart(this.place, 'Two quantities of all networks');
    /** @type {{r: number, x: number, y: number}[]} */
    this.dots = [];
    this.attend();
    this.root.hidden = D.meta.runs.length < 3;
  }

  extent() { return [this.chart.w, this.chart.h]; }

  /** @returns {Column[]} across and up */
  chosen() {
    const columns = axisColumns(),
          of = (/** @type {string} */ id, /** @type {number} */ otherwise) =>
            columns.find(c => c.id === id) ?? columns[Math.min(otherwise, columns.length - 1)];
    return columns.length ? [of(S.sx, 0), of(S.sy, 1)] : [];
  }

  draw() {
    const [x, y] = this.chosen();
    const options = () => axisColumns().map(c => make('option', {value: c.id}, c.title));
    this.across.select.replaceChildren(...options());
    this.up.select.replaceChildren(...options());
    if (!x || !y || !this.chart.fit()) return;
    this.across.select.value = x.id;
    this.up.select.value = y.id;
    this.about.textContent = 'A mark is a network' +
      (D.meta.groups.length > 1 ? '; its shape is the configuration: ' +
            D.meta.groups.slice(0, 5).map((_, g) => `${SHAPES[g]} ${groupName(g)}`).join(', ') + '.' :
                                  '.');
    this.finding.textContent = togetherSentence(x, y);
    this.chart.clear();
    this.paint(this.chart.resting, this.chart.texts);
    this.move();
  }

  /** @param {Pen} pen @param {Pen} texts */
  paint(pen, texts) {
    const [cx, cy] = this.chosen(), {w, h} = this.chart, box = {x: 54, y: 10, w: w - 68, h: h - 52};
    const runs = D.meta.runs.map((_, r) => r)
                   .filter(r => model.shown[r] && isFinite(Number(cx.of(r))) && isFinite(Number(cy.of(r))));
    this.dots = [];
    if (!runs.length) {
      const text = model.shown.includes(1) ? 'No network has both.' : NO_NETWORK;
      return texts.text(w / 2, 40, text, {fill: C.quiet, anchor: 'middle'});
    }
    const span = (/** @type {Column} */ c) => {
      const v = runs.map(r => Number(c.of(r))), lo = Math.min(...v), hi = Math.max(...v),
            pad = (hi - lo || Math.abs(hi) || 1) * 0.06;
      return [lo - pad, hi + pad];
    };
    const [x0, x1] = span(cx), [y0, y1] = span(cy), x = linearScale(x0, x1, box.x, box.x + box.w),
               y = linearScale(y0, y1, box.y + box.h, box.y);
    drawAxes(texts, box, x, y, {x: cx.title, y: cy.title});
    this.dots = runs.map(r => ({r, x: x.at(Number(cx.of(r))), y: y.at(Number(cy.of(r)))}));
    for (const d of this.dots) {
      const g = D.meta.runs[d.r].group ?? 0;
      pen.mark(d.x, d.y, 4.5, SHAPES[g % 5], {fill: C.layer[g % C.layer.length], alpha: 0.75, stroke: C.page});
    }
  }

  move() {
    if (!this.chart.w) return;
    this.chart.wipe(this.chart.top);
    this.paintMoving(this.chart.moving);
    this.chart.top.setAttribute('aria-label', this.finding.textContent ?? '');
  }

  /** @param {Pen} pen */
  paintMoving(pen) {
    const run = S.spot ? D.lines[S.spot.line].run : null;
    for (const d of this.dots)
      if (d.r === run || S.pins.includes(d.r)) pen.mark(d.x, d.y, 7, 'circle', {stroke: C.text, width: 2});
  }

  /** @param {SvgPen} pen */
  picture(pen) {
    this.paint(pen, pen);
    this.paintMoving(pen);
  }

  attend() {
    const top = this.chart.top, near = (/** @type {MouseEvent} */ event) => {
      const [x, y] = this.chart.pointer(event), d = this.dots.map(p => Math.hypot(p.x - x, p.y - y)),
                least = Math.min(...d);
      return least < 12 ? this.dots[d.indexOf(least)].r : -1;
    };
    top.addEventListener('pointermove', event => {
      const r = near(event), [x, y] = this.chosen();
      if (r < 0) {
        showCard(null);
        if (S.spot) set({spot: null});
        return;
      }
      const line = D.lineOf[r];
      if (line >= 0 && S.spot?.line !== line) set({spot: {line, slot: S.pick, epoch: S.epoch}});
      showCard(
        [
          runName(r), `${x.title}: ${num(Number(x.of(r)), 4)}`, `${y.title}: ${num(Number(y.of(r)), 4)}`,
          'click: pin this network'
        ],
        event.clientX, event.clientY);
    });
    top.addEventListener('pointerleave', () => {
      showCard(null);
      set({spot: null});
    });
    top.addEventListener('click', event => {
      const r = near(event);
      if (r >= 0) togglePin(r);
    });
  }

  sheet() {
    const [x, y] = this.chosen(), runs = D.meta.runs.map((_, r) => r).filter(r => model.shown[r]);
    return {
      caption: this.title,
      heads: ['network', x.title, y.title],
      rows: runs.map(r => [runName(r), x.of(r), y.of(r)])
    };
  }
}

/** Whether two columns go together, within configurations and over all.
 * @param {Column} x @param {Column} y @returns {string} */
function togetherSentence(x, y) {
  const runs = D.meta.runs.map((_, r) => r).filter(r => model.shown[r]);
  const of = (/** @type {number[]} */ list) =>
    correlation(list.map(r => Number(x.of(r))), list.map(r => Number(y.of(r))));
  const all = of(runs), bare = (/** @type {Column} */ c) => c.title.replace(/, bits$/, '');
  if (!runs.length) return '';
  if (x.id === y.id || !isFinite(all.r)) return 'Too few different values to say whether they go together.';
  const range = isFinite(all.low) ? `, 95 % interval ${num(all.low, 2)} to ${num(all.high, 2)}` : '';
  const clear = isFinite(all.low) && all.low * all.high > 0;
  const word = clear ?
    `Where the ${bare(x)} is larger, the ${bare(y)} tends to be ${all.r > 0 ? 'larger' : 'smaller'}` :
    'No clear relation';
  const within = D.meta.groups.length > 1 ?
    D.meta.groups.map((group, g) => ({g, c: of(group.runs.filter(r => model.shown[r]))}))
      .filter(w => isFinite(w.c.r) && w.c.n > 3)
      .slice(0, 6)
      .map(w => `${num(w.c.r, 2)} in ${groupName(w.g)}`) :
    [];
  return `${word}: r = ${num(all.r, 2)} (${count(all.n, 'network')}${range}).` +
    (within.length ? ` Within configurations: ${listed(within)}.` : '');
}
