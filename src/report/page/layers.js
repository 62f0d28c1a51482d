// layers.js - P2, P3 and P4: information, losses, and other series of the layers over the epochs.

/** @param {string} name @param {number} slot */
const endName = (name, slot) => name === '' ? slotName(slot) : name;

class LayersPanel extends SeriesPanel {
  constructor() {
    super('layers', 'Layers over training',
      'Lines are means over the networks, bands reach from the lowest to the highest network. Dashed: the estimator is saturated. ' +
      'Triangles: more information than the layer before, which cannot be. Click sets the epoch, dragging zooms.',
      ['est', 'layers', 'diff', 'share'], ['pick']);
    this.place.classList.add('tall');
    this.finding = make('p', { class: 'finding' });
    this.root.insertBefore(this.finding, this.body);
    const others = D.meta.groups.map((_, i) => /** @type {[string, string]} */ ([String(i), groupName(i)]));
    const { label, select } = choice('', [['', 'alone'], ...others.map(([v, t]) => /** @type {[string, string]} */ ([v, `with ${t} (dotted)`])),
      ...others.map(([v, t]) => /** @type {[string, string]} */ ([`-${v}`, `minus ${t}`]))],
      v => set({ vs: v === '' ? -1 : Math.abs(Number(v)), diff: v.startsWith('-') }));
    this.compare = select;
    select.setAttribute('aria-label', 'Compare with another configuration');
    if (others.length > 1) this.extra.append(label);
    this.axis = button('', 'Epochs on a logarithmic or a linear axis', () => set({ linear: !S.linear }));
    this.back = button('all epochs', 'Show all epochs (or double click)', () => set({ span: null }));
    this.extra.append(this.axis, this.back);
  }

  draw() {
    this.compare.value = S.vs < 0 ? '' : `${S.diff ? '-' : ''}${S.vs}`;
    this.back.hidden = !S.span;
    this.axis.textContent = S.linear ? 'linear' : 'log';
    super.draw();
  }

  move() {
    this.finding.textContent = S.diff && S.vs >= 0 ? `${groupName(S.cfg)} minus ${groupName(S.vs)}: above 0, the first has more.` : layerFinding(S.cfg, S.est, S.pick);
    super.move();
  }

  rows() {
    const unit = S.share ? ['I(X;T), share of H(X)', 'I(T;Y), share of H(Y)'] : ['I(X;T), bits', 'I(T;Y), bits'];
    const minus = S.diff && S.vs >= 0;
    return D.meta.estimators.length ? /** @type {('ixt'|'ity')[]} */ (['ixt', 'ity']).map((name, i) => ({ title: (minus ? 'difference of ' : '') + unit[i],
      curves: this.curvesOf(name), ...minus ? {} : { least: 0 }, notes: i || minus ? [] : bestEpoch(S.cfg) })) : [];
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
      curves.push({ text: `layer ${layerTitle(S.cfg, slot)}`, color: colorOf(slot), epochs: mean.epochs, y: times(mean[name][k], u), slot,
        end: slotName(slot), ...low && high ? { low: times(low, u), high: times(high, u) } : {},
        saturated: flaggedAt(S.cfg, S.est, k, 1), ...name === 'ixt' ? { marked: flaggedAt(S.cfg, S.est, k, 2) } : {} });
      if (other && j >= 0) curves.push({ text: `${groupName(S.vs)}, layer ${layerTitle(S.vs, slot)}`, color: colorOf(slot),
        epochs: other.epochs, y: times(other[name][j], unitOf(other.line, name)), dash: [1.5, 3], line: -1 });
    }
    return curves.concat(this.pinned(name));
  }

  /** @param {'ixt'|'ity'} name @returns {Curve[]} */
  pinned(name) {
    return S.diff && S.vs >= 0 ? [] : S.pins.flatMap(r => this.ofLine(name, D.lineOf[r], [S.pick]).map(c => ({ ...c, dash: [7, 3], width: 2 })));
  }

  /** @param {'ixt'|'ity'} name @param {number} index @param {number[]} slots @returns {Curve[]} */
  ofLine(name, index, slots) {
    const l = D.lines[index];
    if (!l || l.group !== S.cfg) return [];
    return slots.filter(s => S.layers.includes(s) && layerOf(s, l.depth) >= 0).map(slot => {
      const y = estimateOf(name, l, S.est, layerOf(slot, l.depth)) ?? new Float32Array(0);
      return { text: `${lineName(l)}, layer ${slotName(slot)}`, color: colorOf(slot), epochs: l.epochs, y: times(y, unitOf(l, name)), width: 1.2, line: index };
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
    return `Layers over training, ${groupName(S.cfg)}, ${estimatorName(S.est)}, epoch ${S.epoch}. ` + S.layers.filter(s =>
      layerOf(s, mean.line.depth) >= 0).map(s => `${slotPhrase(s)}: I(X;T) ${bits(mean.ixt[layerOf(s, mean.line.depth)][e])}`).join('; ');
  }
}

/** @param {Float32Array} v @param {number} factor */
const times = (v, factor) => factor === 1 ? v : v.map(a => a * factor);

/** @param {Mean} a @param {Mean} b @param {'ixt'|'ity'} name @param {number} k @param {number} j @param {number} slot @returns {Curve} */
function differenceOf(a, b, name, k, j, slot) {
  const y = Float32Array.from(a[name][k], (v, e) => v * unitOf(a.line, name) - b[name][j][indexAt(b.epochs, a.epochs[e])] * unitOf(b.line, name));
  return { text: `layer ${slotName(slot)}`, color: colorOf(slot), epochs: a.epochs, y, slot, end: slotName(slot) };
}

/** The epoch with the lowest mean test loss.
 * @param {number} g */
function bestEpoch(g) {
  const m = seriesMean('test_loss', g, 0), y = m ? m.mean : new Float32Array(0);
  const best = y.reduce((at, v, e) => v < (y[at] ?? Infinity) ? e : at, -1);
  return m && best >= 0 ? [{ epoch: m.epochs[best], text: `lowest test loss (${m.epochs[best]})` }] : [];
}

/** One sentence: where a layer turns, and in how many networks it falls.
 * @param {number} g @param {number} est @param {number} slot */
function layerFinding(g, est, slot) {
  if (!D.meta.estimators.length) return 'The run files have no estimates of information.';
  const s = summaryOf(fallsOf(g, est, slot)), where = D.meta.groups.length > 1 ? ` of ${groupName(g)}` : '';
  const name = `${slotPhrase(slot)[0].toUpperCase()}${slotPhrase(slot).slice(1)}${where} (${estimatorName(est)})`;
  if (!s.n) return `${name}: no network that is shown has an estimate.`;
  const means = s.n > 1 ? ` (means of ${s.n} networks)` : '', end = `ends at ${bits(s.end)}${means}`;
  if (s.saturated) return `${name}: I(X;T) ${end}. The estimator is saturated: it tells nearly all inputs apart, so it could not show a decrease.`;
  if (!s.down) return `${name}: I(X;T) does not decrease${s.n > 1 ? ' in any network' : ''}; it ${end}.`;
  const range = s.first < s.last ? `; ${s.first} to ${s.last} in single networks` : '';
  return `${name}: I(X;T) rises to ${bits(s.peak)} and ${end}. It decreases ${s.n > 1 ? `in ${s.down} of ${s.n} networks` : `by ${bits(s.mean)}`}, ` +
    `from epoch ${s.turn} on${s.down > 1 ? ` (median${range})` : ''}.`;
}

class LossPanel extends SeriesPanel {
  constructor() {
    super('loss', 'Loss and accuracy', 'Solid: training samples. Dashed: test samples. Thin lines: lowest and highest network.', [], []);
    this.finding = make('p', { class: 'finding' });
    this.root.insertBefore(this.finding, this.body);
  }

  draw() {
    this.finding.textContent = lossFinding(S.cfg);
    super.draw();
  }

  rows() {
    /** @type {[string, string][]} */
    const pairs = [['loss', 'loss, nats'], ['accuracy', 'accuracy']];
    return pairs.map(([what, title]) => ({ title, curves: [...this.pair(what), ...S.pins.flatMap(r => this.ofLine(what, D.lineOf[r]))],
      ...what === 'loss' ? { least: 0, notes: bestEpoch(S.cfg) } : {} })).filter(r => r.curves.length);
  }

  /** @param {string} what @returns {Curve[]} */
  pair(what) {
    return ['train', 'test'].flatMap((side, i) => {
      const m = seriesMean(`${side}_${what}`, S.cfg, 0);
      return m ? [{ text: `${side} ${what}`, color: C.layer[i], epochs: m.epochs, y: m.mean, low: m.low, high: m.high, outline: true,
        end: side, ...i ? { dash: [5, 3] } : {} }] : [];
    });
  }

  /** @param {string} what @param {number} index @returns {Curve[]} */
  ofLine(what, index) {
    const l = D.lines[index];
    if (!l || l.group !== S.cfg) return [];
    return ['train', 'test'].flatMap((side, i) => {
      const y = seriesOf(`${side}_${what}`, l, 0);
      return y ? [{ text: `${lineName(l)}, ${side} ${what}`, color: C.layer[i], epochs: l.epochs, y, width: 1.2, line: index, ...i ? { dash: [5, 3] } : {} }] : [];
    });
  }

  /** @param {number} i */
  spotCurves(i) { return S.spot ? this.ofLine(i ? 'accuracy' : 'loss', S.spot.line) : []; }

  label() {
    const at = (/** @type {string} */ name) => {
      const m = seriesMean(name, S.cfg, 0);
      return m ? num(m.mean[indexAt(m.epochs, S.epoch)]) : 'not known';
    };
    return `Loss and accuracy at epoch ${S.epoch}: training loss ${at('train_loss')}, test loss ${at('test_loss')}, ` +
      `training accuracy ${at('train_accuracy')}, test accuracy ${at('test_accuracy')}`;
  }
}

/** Accuracies at the end, and whether the test loss rises again.
 * @param {number} g @returns {string} */
function lossFinding(g) {
  const runs = D.meta.groups[g].runs.filter(r => model.shown[r]), mean = (/** @type {string} */ name) => {
    const v = runs.map(r => D.meta.runs[r].final[name] ?? NaN).filter(isFinite);
    return v.length ? v.reduce((a, b) => a + b, 0) / v.length : NaN;
  };
  const train = mean('train_accuracy'), test = mean('test_accuracy'), m = seriesMean('test_loss', g, 0), best = bestEpoch(g)[0];
  const parts = isFinite(train) || isFinite(test) ? [`At the end: training accuracy ${num(train)}, test accuracy ${num(test)}${runs.length > 1 ? ` (means of ${runs.length} networks)` : ''}.`] : [];
  if (m && best) {
    const least = m.mean[indexAt(m.epochs, best.epoch)], last = m.mean[m.mean.length - 1];
    parts.push(last > 1.05 * least ? `The test loss is lowest at epoch ${best.epoch}, ${num(least)}, and then rises to ${num(last)}: overfitting.` :
      `The test loss does not rise: it ends at ${num(last)}.`);
  }
  return parts.join(' ');
}
