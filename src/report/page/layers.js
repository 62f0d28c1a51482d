// layers.js - P2: I(X;T) and I(T;Y) of the layers over the epochs.

/** @returns {string} */
function bandWords() {
  if (areQuantiles()) return 'Lines are medians over the networks of a configuration, bands reach from 5 to 95 %.';
  return D.lines.length > 1 ? 'Lines are means over the networks, bands reach from the lowest to the highest network.' :
                              '';
}

class LayersPanel extends SeriesPanel {
  constructor() {
    super('layers', 'Layers over training',
      `${
        bandWords()} Dash and dot: the estimator is saturated. Dashed: pinned networks. Crosses: more than in the layer before, which cannot be. Click sets the epoch, dragging zooms.`,
      ['est', 'layers', 'diff', 'share'], ['pick']);
    this.place.classList.add('tall');
    this.root.hidden = !D.meta.estimators.length;
    this.finding = make('p', {class: 'finding'});
    this.root.insertBefore(this.finding, this.body);
    const others = D.meta.groups.map((_, i) => /** @type {[string, string]} */ ([String(i), groupName(i)]));
    const {label, select} = choice('',
      [
        ['', 'alone'], ...others.map(([v, t]) => /** @type {[string, string]} */ ([v, `with ${t} (dotted)`])),
        ...others.map(([v, t]) => /** @type {[string, string]} */ ([`-${v}`, `minus ${t}`]))
      ],
      v => set({vs: v === '' ? -1 : Math.abs(Number(v)), diff: v.startsWith('-')}));
    this.compare = select;
    select.setAttribute('aria-label', 'Compare with another configuration');
    if (others.length > 1) this.extra.append(label);
    this.axis = button('', 'Epochs on a logarithmic or a linear axis', () => set({linear: !S.linear}));
    this.back = button('all epochs', 'Show all epochs (or double click)', () => set({span: null}));
    this.extra.append(this.axis, this.back);
  }

  draw() {
    this.compare.value = S.vs < 0 ? '' : `${S.diff ? '-' : ''}${S.vs}`;
    this.back.hidden = !S.span;
    this.axis.textContent = S.linear ? 'linear' : 'log';
    super.draw();
  }

  move() {
    this.finding.textContent = S.diff && S.vs >= 0 ?
      `${groupName(S.cfg)} minus ${groupName(S.vs)}: above 0, the first has more.` :
      layerFinding(S.cfg, S.est, S.pick);
    super.move();
  }

  rows() {
    const unit = S.share ? ['I(X;T), share of H(X)', 'I(T;Y), share of H(Y)'] : ['I(X;T), bits', 'I(T;Y), bits'];
    const minus = S.diff && S.vs >= 0;
    return D.meta.estimators.length ? /** @type {('ixt'|'ity')[]} */ (['ixt', 'ity']).map((name, i) => ({
      title: (minus ? 'difference of ' : '') + unit[i],
      what: i ? 'I(T;Y)' : 'I(X;T)',
      curves: this.curvesOf(name),
      ...minus ? {} : {least: 0},
      notes: i || minus ? [] : bestEpoch(S.cfg)
    })) :
                                      [];
  }

  /** @param {'ixt'|'ity'} name @returns {Curve[]} */
  curvesOf(name) {
    const mean = meanOf(S.cfg, S.est), other = S.vs >= 0 ? meanOf(S.vs, S.est) : null;
    /** @type {Curve[]} */
    const curves = [];
    for (const slot of mean ? S.layers : []) {
      const k = layerOf(slot, mean?.line.depth ?? 0);
      if (!mean || k < 0) continue;
      const j = other ? layerOf(slot, other.line.depth) : -1;
      if (S.diff && other) {
        if (j >= 0) curves.push(differenceOf(mean, other, name, k, j, slot));
        continue;
      }
      const u = unitOf(mean.line, name), many = mean.networks > 1;
      const low = many ? mean.low[name][k] : estimateOf(`${name}_low`, mean.line, S.est, k);
      const high = many ? mean.high[name][k] : estimateOf(`${name}_high`, mean.line, S.est, k);
      curves.push({
        text: `layer ${layerTitle(S.cfg, slot)}`,
        color: colorOf(slot),
        epochs: mean.epochs,
        y: times(mean[name][k], u),
        slot,
        end: slotName(slot),
        ...low && high ? {low: times(low, u), high: times(high, u)} : {},
        saturated: saturatedAt(S.cfg, S.est, k),
        marked: exceedingAt(S.cfg, S.est, k, name)
      });
      if (other && j >= 0)
        curves.push({
          text: `${groupName(S.vs)}, layer ${layerTitle(S.vs, slot)}`,
          color: colorOf(slot),
          epochs: other.epochs,
          y: times(other[name][j], unitOf(other.line, name)),
          dash: [1.5, 3],
          line: -1
        });
    }
    return curves.concat(this.pinned(name));
  }

  /** @param {'ixt'|'ity'} name @returns {Curve[]} */
  pinned(name) {
    return S.diff && S.vs >= 0 ?
      [] :
      S.pins.flatMap(
        r => this.ofLine(name, D.lineOf[r], [S.pick]).map(c => ({...c, dash: [7, 3], width: 2, end: seedName(r)})));
  }

  /** @param {'ixt'|'ity'} name @param {number} index @param {number[]} slots @returns {Curve[]} */
  ofLine(name, index, slots) {
    const l = D.lines[index];
    if (!l || l.group !== S.cfg) return [];
    return slots.filter(s => S.layers.includes(s) && layerOf(s, l.depth) >= 0).map(slot => {
      const y = estimateOf(name, l, S.est, layerOf(slot, l.depth)) ?? new Float32Array(0);
      return {
        text: `${lineName(l)}, layer ${slotName(slot)}`,
        color: colorOf(slot),
        epochs: l.epochs,
        y: times(y, unitOf(l, name)),
        width: 1.2,
        line: index
      };
    });
  }

  /** @param {number} i */
  spotCurves(i) {
    return S.spot && !(S.diff && S.vs >= 0) ? this.ofLine(i ? 'ity' : 'ixt', S.spot.line, [S.spot.slot]) : [];
  }

  label() {
    const mean = meanOf(S.cfg, S.est);
    if (!mean) return 'Layers over training: no network is shown';
    const e = indexAt(mean.epochs, S.epoch);
    return `Layers over training, ${groupName(S.cfg)}, ${estimatorName(S.est)}, epoch ${S.epoch}. ` +
      S.layers.filter(s => layerOf(s, mean.line.depth) >= 0)
        .map(s => `${slotPhrase(s)}: I(X;T) ${bits(mean.ixt[layerOf(s, mean.line.depth)][e])}`)
        .join('; ');
  }
}

/** @param {Float32Array} v @param {number} factor */
const times = (v, factor) => factor === 1 ? v : v.map(a => a * factor);

/** @param {Mean} a @param {Mean} b @param {'ixt'|'ity'} name @param {number} k @param {number} j @param {number} slot @returns {Curve} */
function differenceOf(a, b, name, k, j, slot) {
  const y = Float32Array.from(
    a[name][k], (v, e) => v * unitOf(a.line, name) - b[name][j][indexAt(b.epochs, a.epochs[e])] * unitOf(b.line, name));
  return {text: `layer ${slotName(slot)}`, color: colorOf(slot), epochs: a.epochs, y, slot, end: slotName(slot)};
}

/** Sentences: where a layer turns, how low it gets, and in how many networks it falls.
 * @param {number} g @param {number} est @param {number} slot */
function layerFinding(g, est, slot) {
  if (!D.meta.estimators.length) return 'The run files have no estimates of information.';
  const s = summaryOf(fallsOf(g, est, slot)), where = D.meta.groups.length > 1 ? ` of ${groupName(g)}` : '';
  const name = `${slotPhrase(slot)[0].toUpperCase()}${slotPhrase(slot).slice(1)}${where} (${estimatorName(est)})`;
  if (!s.n) return `${name}: no network that is shown has an estimate.`;
  const means = s.n > 1 ? ` (mean of ${s.n} networks)` : '', end = `ends at ${bits(s.end)}${means}`;
  if (s.saturated)
    return `${name}: I(X;T) ${
      end}. The estimator is saturated: it tells nearly all inputs apart, so it could not show a decrease.`;
  if (!s.down) return `${name}: I(X;T) does not decrease${s.n > 1 ? ' in any network' : ''}; it ${end}.`;
  return `${name}: I(X;T) ${s.n > 1 ? manyFall(s) : oneFalls(s.one)}`;
}

/** @param {Fall} f @returns {string} */
function oneFalls(f) {
  const start = f.turn <= D.epochs[0] ? `is largest at the first epoch, ${bits(f.peak)},` :
                                        `rises to ${bits(f.peak)} at epoch ${f.turn}`;
  const dip = f.dips ? `, falls to ${bits(f.low)} at epoch ${f.lowAt}, rises again` : '';
  return `${start}${dip} and ends at ${bits(f.end)}, ${bits(f.drop)} below its largest value.`;
}

/** @param {ReturnType<typeof summaryOf>} s @returns {string} */
function manyFall(s) {
  const range = s.first < s.last ? `; ${s.first} to ${s.last} in single networks` : '';
  return [
    `decreases by ${leastFall()} bits or more in ${s.down === s.n ? 'all' : `${s.down} of`} ${
      s.n} networks, from epoch ${s.turn} on${s.down > 1 ? ` (median${range})` : ''}${
      s.early ? `, in ${s.early} without rising first` : ''}.`,
    `Mean of the largest values of single networks: ${bits(s.peak)}; at the end: ${bits(s.end)}.`,
    s.dips ? `${count(s.dips, 'network')} had less in between (median ${bits(s.low)}).` : '',
    s.unable ? `In ${s.unable} the estimator is saturated and cannot show a decrease.` : ''
  ].filter(Boolean)
    .join(' ');
}
