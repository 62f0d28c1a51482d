// geometry.js - P4: gradients, weights, geometry and other series, by choice; and the pointer on curves of all panels.

/** Names of series as a reader knows them.
 * @type {Object<string, string>} */
const SERIES_NAMES = {
  gradient_ratio: 'gradients: mean / standard deviation',
  gradient_mean: 'norm of the mean gradient',
  gradient_std: 'norm of the gradients’ standard deviation',
  weight_norm: 'norm of the weights',
  constant_units: 'units that never vary',
  ixt_given_y: 'I(X;T|Y)',
  train_usable_bits: 'usable bits, training',
  test_usable_bits: 'usable bits, test',
  'geometry/nc1': 'spread within classes / between classes (NC1)',
  'geometry/effective_rank': 'effective rank',
};

/** @param {string} name @returns {string} */
function seriesTitle(name) {
  const unit = D.spec[name] && D.spec[name].unit;
  return (SERIES_NAMES[name] ?? name.replace(/_/g, ' ').replace('/', ': ')) + (unit && unit !== '1' ? `, ${unit}` : '');
}

class GeometryPanel extends SeriesPanel {
  constructor() {
    super('geometry', 'Gradients, weights, geometry', '', ['layers', 'geo'], []);
    const names =
      Object.values(D.spec)
        .filter(b => (b.of === 'layers' || b.of === 'metrics') && !/^(train|test)_(loss|accuracy)$/.test(b.name))
        .map(b => b.name);
    if (names.includes('gradient_mean') && names.includes('gradient_std')) names.unshift('gradient_ratio');
    this.names = names;
    const {label, select} = choice('', names.map(n => [n, seriesTitle(n)]), v => set({geo: v}));
    this.select = select;
    select.setAttribute('aria-label', 'Quantity');
    this.extra.append(label);
    this.finding = make('p', {class: 'finding'});
    this.root.insertBefore(this.finding, this.body);
    this.root.hidden = !names.length;
  }

  /** @returns {string} */
  chosen() { return this.names.includes(S.geo) ? S.geo : this.names[0] ?? ''; }

  draw() {
    this.select.value = this.chosen();
    const cross = this.chosen() === 'gradient_ratio' ? ' ' + crossingSentence(S.cfg) : '';
    this.about.textContent = bandWords();
    this.finding.textContent = cross.trim();
    super.draw();
  }

  rows() {
    const name = this.chosen();
    if (!name) return [];
    const ratio = name === 'gradient_ratio', curves = this.curvesOf(name);
    const log = ratio || D.spec[name].scale === 'log' && curves.every(c => c.y.every(v => !(v < 0)));
    return curves.length ? [{title: seriesTitle(name), curves: [...curves, ...this.pinned(name)], log}] : [];
  }

  /** @param {string} name @returns {Curve[]} */
  curvesOf(name) {
    const depth = D.meta.groups[S.cfg].layers.length;
    const one = name !== 'gradient_ratio' && D.spec[name].of === 'metrics';
    if (one) {
      const m = seriesMean(name, S.cfg, 0);
      return m ? [{text: seriesTitle(name), color: C.layer[0], epochs: m.epochs, y: m.mean, low: m.low, high: m.high}] :
                 [];
    }
    return S.layers.flatMap(slot => {
      const k = layerOf(slot, depth),
            m = k < 0             ? null :
        name === 'gradient_ratio' ? ratioMean(S.cfg, k) :
                                    seriesMean(name, S.cfg, k);
      return m && m.mean.some(isFinite) ? [{
        text: `layer ${layerTitle(S.cfg, slot)}`,
        color: colorOf(slot),
        epochs: m.epochs,
        y: m.mean,
        ...m.low ? {low: m.low, high: m.high} : {},
        slot,
        end: slotName(slot)
      }] :
                                          [];
    });
  }

  /** Of the layer in focus, or of the network where the series is its.
   * @param {string} name @returns {Curve[]} */
  pinned(name) {
    return S.pins.flatMap(
      r => this.ofLine(name, D.lineOf[r], S.pick).map(c => ({...c, dash: [7, 3], width: 2, end: seedName(r)})));
  }

  /** @param {string} name @param {number} index @param {number} slot @returns {Curve[]} */
  ofLine(name, index, slot) {
    const l = D.lines[index];
    if (!l || l.group !== S.cfg) return [];
    const one = name !== 'gradient_ratio' && D.spec[name].of === 'metrics', k = one ? 0 : layerOf(slot, l.depth);
    if (k < 0 || !one && !S.layers.includes(slot)) return [];
    const y = name === 'gradient_ratio' ? ratioOf(seriesOf('gradient_mean', l, k), seriesOf('gradient_std', l, k)) :
                                          seriesOf(name, l, k);
    const text = one ? lineName(l) : `${lineName(l)}, layer ${slotName(slot)}`;
    return y ? [{text, color: one ? C.layer[0] : colorOf(slot), epochs: l.epochs, y, line: index}] : [];
  }

  /** @param {number} i @returns {Curve[]} */
  spotCurves(i) { return i || !S.spot ? [] : this.ofLine(this.chosen(), S.spot.line, S.spot.slot); }

  label() { return `${seriesTitle(this.chosen())} over training, ${groupName(S.cfg)}`; }
}

/** @param {Float32Array|null} a @param {Float32Array|null} b */
const ratioOf = (a, b) => a && b ? a.map((v, i) => b[i] > 0 ? v / b[i] : NaN) : null;

/** @param {number} g @param {number} k */
function ratioMean(g, k) {
  const a = seriesMean('gradient_mean', g, k), b = seriesMean('gradient_std', g, k);
  const mean = a && b && ratioOf(a.mean, b.mean);
  return mean && a ? {epochs: a.epochs, mean, low: null, high: null} : null;
}

/** Since when the noise of the gradients exceeds their mean. Of quantiles over networks: of their medians.
 * @param {number} g @returns {string} */
function crossingSentence(g) {
  const lines = linesIn(g).filter(l => l.quantile === null || l.quantile === 0.5), {layers} = D.meta.groups[g];
  let again = 0;
  const parts = layers.map((_, k) => {
    const all = lines.map(l => noisySince(l, k)), at = all.map(x => x.since).filter(isFinite),
          later = all.filter(x => isFinite(x.again));
    again = Math.max(again, later.length);
    if (!at.length) return '';
    const note = at.length < lines.length ? ` (${at.length} of ${count(lines.length, 'network')})` :
      lines.length === 1 && later.length ? ` (again above 1 until epoch ${later[0].again})` :
                                           '';
    return `${median(at)} in ${slotPhrase(slotOf(k, layers.length))}${note}`;
  });
  if (!parts.some(Boolean)) return '';
  return `Noise exceeds the mean gradient (ratio below 1 until the epoch has doubled) from epoch ${
           listed(parts.filter(Boolean))}.` +
    (lines.length > 1 ?
        ` Medians over networks${again ? `; in up to ${again} the ratio is above 1 again later` : ''}.` :
                                         '');
}

/** @param {SeriesPanel} p @param {number} x @param {number} y */
const plotAt = (p, x, y) =>
  p.plots.find(q => x >= q.box.x - 4 && x <= q.box.x + q.box.w + 30 && y >= q.box.y - 20 && y <= q.box.y + q.box.h + 8);

/** The curve nearest to a place of a plot, at the epoch of the place.
 * @param {Plot} q @param {number} x @param {number} y */
function nearestCurve(q, x, y) {
  let best = Infinity, found = null;
  for (const c of q.row.curves) {
    const i = indexAt(c.epochs, q.x.back(x)), next = Math.min(i + 1, c.epochs.length - 1);
    const e = Math.abs(q.x.at(c.epochs[next]) - x) < Math.abs(q.x.at(c.epochs[i]) - x) ? next : i,
          d = Math.abs(q.y.at(c.y[e]) - y);
    if (d < best) {
      best = d;
      found = {c, e};
    }
  }
  return found;
}

/** @param {SeriesPanel} p */
function attendSeries(p) {
  const top = p.chart.top;
  /** @type {number[]|null} */
  let start = null;
  let dragging = false;

  top.addEventListener('pointerdown', event => {
    start = p.chart.pointer(event);
    dragging = false;
  });
  top.addEventListener('pointermove', event => {
    const now = p.chart.pointer(event), q = plotAt(p, now[0], now[1]);
    if (start && event.buttons && Math.abs(now[0] - start[0]) > 5) {
      dragging = true;
      showCard(null);
      p.move();
      for (const plot of p.plots)
        p.chart.moving.rect(
          Math.min(start[0], now[0]), plot.box.y, Math.abs(now[0] - start[0]), plot.box.h, {fill: C.link, alpha: 0.2});
    } else
      hover(q, now, event);
  });
  top.addEventListener('pointerup', event => {
    const now = p.chart.pointer(event), q = p.plots[0];
    if (dragging && start && q) {
      const span = [q.x.back(Math.min(start[0], now[0])), q.x.back(Math.max(start[0], now[0]))].map(
        v => clamp(v, 0, D.epochs[D.epochs.length - 1]));
      if (span[1] > span[0]) set({span});
    } else if (start && q) {
      set({epoch: nearestEpoch(q.x.back(now[0]))});
    }
    start = null;
    dragging = false;
  });
  top.addEventListener('pointercancel', () => {
    start = null;
  });
  top.addEventListener('dblclick', () => set({span: null}));
  top.addEventListener('pointerleave', () => {
    showCard(null);
    set({spot: null});
  });

  /** @param {Plot|undefined} q @param {number[]} now @param {PointerEvent} event */
  function hover(q, now, event) {
    const found = q && nearestCurve(q, now[0], now[1]);
    if (!q || !found || !found.c.text) return showCard(null);
    const {c, e} = found,
              range =
                c.low && c.high && isFinite(c.low[e]) ? `, lowest ${num(c.low[e])}, highest ${num(c.high[e])}` : '';
    const flags = [
      ...c.saturated?.[e] ? ['saturated in at least half of the networks'] : [],
      ...c.marked?.[e] ? [`more ${q.row.what ?? q.row.title} than in the layer before: not possible`] : []
    ];
    showCard(
      [
        c.text, `epoch ${c.epochs[e]}`, `${q.row.title}: ${num(c.y[e], 4)}${range}`, ...flags,
        ...othersAt(p, c, c.epochs[e]), 'click: go to this epoch'
      ],
      event.clientX, event.clientY, top.getBoundingClientRect());
  }
}

/** What the other curves of a panel are at an epoch: at most twelve.
 * @param {SeriesPanel} p @param {Curve} but @param {number} epoch @returns {string[]} */
function othersAt(p, but, epoch) {
  return p.plots
    .flatMap(q => q.row.curves.filter(c => c !== but && c.text).map(c => {
      const e = indexAt(c.epochs, epoch), what = p.plots.length > 1 && q.row.what ? `${q.row.what}, ` : '';
      return isFinite(c.y[e]) ? `${what}${c.text}: ${num(c.y[e], 4)}` : '';
    }))
    .filter(Boolean)
    .slice(0, 12);
}

/** The logged epoch nearest to one on the logarithmic axis.
 * @param {number} e @returns {number} */
function nearestEpoch(e) {
  const i = indexAt(D.epochs, e), a = D.epochs[i], b = D.epochs[Math.min(i + 1, D.epochs.length - 1)];
  return Math.abs(Math.log1p(b) - Math.log1p(Math.max(0, e))) < Math.abs(Math.log1p(a) - Math.log1p(Math.max(0, e))) ?
    b :
    a;
}
