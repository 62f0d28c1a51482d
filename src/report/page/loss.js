// loss.js - P3: loss and accuracy over the epochs.

class LossPanel extends SeriesPanel {
  constructor() {
    super('loss', 'Loss and accuracy',
      'Solid: training samples. Dashed: test samples. Thin lines: lowest and highest network; with a name: pinned.', [],
      []);
    this.finding = make('p', {class: 'finding'});
    this.root.insertBefore(this.finding, this.body);
  }

  draw() {
    this.finding.textContent = lossFinding(S.cfg);
    super.draw();
  }

  rows() {
    /** @type {[string, string][]} */
    const pairs = [['loss', 'loss, nats'], ['accuracy', 'accuracy']];
    return pairs
      .map(([what, title]) => ({
        title,
        curves: [...this.pair(what), ...this.pinned(what)],
        what: '',
        ...what === 'loss' ? {least: 0, notes: bestEpoch(S.cfg)} : {}
      }))
      .filter(r => r.curves.length);
  }

  /** @param {string} what @returns {Curve[]} */
  pair(what) {
    return ['train', 'test'].flatMap((side, i) => {
      const m = seriesMean(`${side}_${what}`, S.cfg, 0);
      return m ? [{
        text: `${side} ${what}`,
        color: C.layer[i],
        epochs: m.epochs,
        y: m.mean,
        low: m.low,
        high: m.high,
        outline: true,
        end: side,
        ...i ? {dash: [5, 3]} : {}
      }] :
                 [];
    });
  }

  /** @param {string} what @returns {Curve[]} */
  pinned(what) {
    return S.pins.flatMap(
      r => this.ofLine(what, D.lineOf[r]).map((c, i, all) => i === all.length - 1 ? {...c, end: seedName(r)} : c));
  }

  /** @param {string} what @param {number} index @returns {Curve[]} */
  ofLine(what, index) {
    const l = D.lines[index];
    if (!l || l.group !== S.cfg) return [];
    return ['train', 'test'].flatMap((side, i) => {
      const y = seriesOf(`${side}_${what}`, l, 0);
      return y ? [{
        text: `${lineName(l)}, ${side} ${what}`,
        color: C.layer[i],
        epochs: l.epochs,
        y,
        width: 1.2,
        line: index,
        ...i ? {dash: [5, 3]} : {}
      }] :
                 [];
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
  const train = mean('train_accuracy'), test = mean('test_accuracy'), m = seriesMean('test_loss', g, 0),
        best = bestEpoch(g)[0];
  const parts = isFinite(train) || isFinite(test) ?
    [`At the end: training accuracy ${num(train)}, test accuracy ${num(test)}${
      runs.length > 1 ? ` (means of ${runs.length} networks)` : ''}.`] :
    [];
  if (m && best) {
    const least = m.mean[indexAt(m.epochs, best.epoch)], last = m.mean[m.mean.length - 1];
    parts.push(last > 1.05 * least ?
        `The test loss is lowest at epoch ${best.epoch}, ${num(least)}, and then rises to ${num(last)}: overfitting.` :
        `The test loss does not rise: it ends at ${num(last)}.`);
  }
  return parts.join(' ');
}

/** The epoch with the lowest mean test loss.
 * @param {number} g */
function bestEpoch(g) {
  const m = seriesMean('test_loss', g, 0), y = m ? m.mean : new Float32Array(0);
  const best = y.reduce((at, v, e) => v < (y[at] ?? Infinity) ? e : at, -1);
  return m && best >= 0 ? [{epoch: m.epochs[best], text: `lowest test loss (${m.epochs[best]})`}] : [];
}
