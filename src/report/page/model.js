// model.js - what the panels ask of the data: layers across depths, networks that are shown, means over them, measures.
//
// A slot is a layer counted so that the output is the last one in networks of every depth.

/** Decreases of less are not called a decrease: which networks decreased is decided once, for the report too.
 * @returns {number} */
const leastFall = () => D.meta.least_decrease;

/** @typedef {{line: Line, epochs: Float64Array, n: number, networks: number, ixt: Float32Array[], ity: Float32Array[],
 *   low: {ixt: Float32Array[], ity: Float32Array[]}, high: {ixt: Float32Array[], ity: Float32Array[]}}} Mean */
/** @typedef {{run: number, drop: number, peak: number, turn: number, end: number, ity: number, saturated: number,
 *   low: number, lowAt: number, down: boolean, unable: boolean, dips: boolean}} Fall `low`: lowest after the largest */

const model = {
  slots: 0,
  /** Shown by the filter and the brushes, for every run.
   * @type {Uint8Array} */
  shown: new Uint8Array(0),
  /** @type {Map<string, Mean|null>} */
  means: new Map(),
  /** @type {Map<number, {score: number, why: string}>} */
  odd: new Map(),
  oddOf: -1,
};

function startModel() {
  model.slots = Math.max(1, ...D.meta.groups.map(g => g.layers.length));
  model.shown = new Uint8Array(D.meta.runs.length).fill(1);
}

/** The layer of a slot in a network of some depth; negative if it has none.
 * @param {number} slot @param {number} depth */
const layerOf = (slot, depth) => slot - model.slots + depth;
/** @param {number} k @param {number} depth */
const slotOf = (k, depth) => k + model.slots - depth;

/** "3", "out", or "out−2" where depths differ.
 * @param {number} slot @returns {string} */
function slotName(slot) {
  const back = model.slots - 1 - slot;
  if (back === 0) return 'out';
  return D.meta.depths_differ ? `out−${back}` : String(slot + 1);
}

/** "layer 3", "the output layer", "layer out−1"
 * @param {number} slot @returns {string} */
function slotPhrase(slot) {
  const back = model.slots - 1 - slot;
  if (back === 0) return 'the output layer';
  return `layer ${slotName(slot)}`;
}

/** "4: 5 tanh" of a configuration, "out−1: 5 tanh" where depths differ.
 * @param {number} g @param {number} slot @returns {string} */
function layerTitle(g, slot) {
  const layers = D.meta.groups[g].layers, layer = layers[layerOf(slot, layers.length)];
  if (!layer) return '';
  const about = [layer.name, layer.width || '', layer.activation].filter(Boolean).join(' ');
  return about ? `${slotName(slot)}: ${about}` : slotName(slot);
}

/** @param {number} g @returns {string} */
function groupName(g) {
  const {keys, groups, experiment} = D.meta;
  if (!keys.length) return groups.length > 1 ? groups[g].title : experiment;
  const last = keys.map(k => k.slice(k.lastIndexOf('.') + 1));
  return keys.map((_, i) => groups[g].values[i] ? `${last[i]} ${groups[g].values[i]}` : '').filter(Boolean).join(', ');
}

/** "seed 3" of a run that is named after its seed, as sweeps name them; otherwise its name.
 * @param {number} r @returns {string} */
function seedName(r) {
  const run = D.meta.runs[r];
  return run.seed !== null && (run.name === '' || /(^|_)seed=\d+$/.test(run.name)) ? `seed ${run.seed}` : run.name;
}

/** With its configuration, where there are several.
 * @param {number} r @returns {string} */
function runName(r) {
  const g = D.meta.runs[r].group;
  return g !== null && D.meta.groups.length > 1 && seedName(r) !== D.meta.runs[r].name ?
    `${groupName(g)}, ${seedName(r)}` :
    seedName(r);
}

/** @param {Line} l @returns {string} */
function lineName(l) {
  if (l.run !== null) return runName(l.run);
  return `${groupName(l.group)}: ${num((l.quantile ?? 0.5) * 100)} % quantile of the networks`;
}

/** @param {Line} l @returns {boolean} */
const isShown = l => l.run === null || model.shown[l.run] === 1;

/** The lines of a configuration that are shown.
 * @param {number} g @returns {Line[]} */
function linesIn(g) { return D.lines.filter(l => l.group === g && isShown(l)); }

/** What a panel shows where the filter leaves out all networks. */
const NO_NETWORK = 'No network is shown (Escape shows all).';

/** A measure of the tables, to six digits.
 * @param {number} r @param {number} est @param {number} slot @param {string} name
 * @returns {number} */
function fact(r, est, slot, name) {
  const run = D.meta.runs[r], g = run.group;
  if (g === null) return NaN;
  const rows = run.measures[est], k = layerOf(slot, D.meta.groups[g].layers.length);
  const v = rows && k >= 0 && rows[k] ? rows[k][D.meta.measure_names.indexOf(name)] : null;
  return v ?? NaN;
}

/** Networks of a configuration whose decrease of I(X;T) is known.
 * @param {number} g @param {number} est
 * @param {number} slot @returns {Fall[]} */
function fallsOf(g, est, slot) {
  /** @type {Fall[]} */
  const falls = [];
  for (const run of D.meta.groups[g].runs) {
    if (!model.shown[run]) continue;
    const drop = fact(run, est, slot, 'ixt_drop');
    if (!isFinite(drop)) continue;
    const turn = fact(run, est, slot, 'ixt_peak_epoch'), end = fact(run, est, slot, 'ixt_final'),
          saturated = fact(run, est, slot, 'saturated') / Math.max(1, fact(run, est, slot, 'epochs'));
    const l = D.lines[D.lineOf[run]], ixt = l ? estimateOf('ixt', l, est, layerOf(slot, l.depth)) : null,
          lowest = l && ixt ? lowestAfter(l.epochs, ixt, turn) : {low: NaN, at: NaN};
    falls.push({
      run,
      drop,
      peak: fact(run, est, slot, 'ixt_peak'),
      turn,
      end,
      ity: fact(run, est, slot, 'ity_final'),
      saturated,
      low: lowest.low,
      lowAt: lowest.at,
      down: fact(run, est, slot, 'decreased') > 0,
      unable: fact(run, est, slot, 'unable') > 0,
      dips: end - lowest.low >= leastFall()
    });
  }
  return falls;
}

/** @param {Fall[]} falls */
function summaryOf(falls) {
  const n = falls.length, down = falls.filter(f => f.down);
  const mean = (/** @type {(f: Fall) => number} */ of) => n ? falls.reduce((s, f) => s + of(f), 0) / n : NaN;
  const turns = down.map(f => f.turn), unable = falls.filter(f => f.unable).length;
  return {
    n,
    down: down.length,
    one: falls[0],
    unable,
    early: down.filter(f => f.turn <= D.epochs[0]).length,
    dips: falls.filter(f => f.dips).length,
    low: median(falls.filter(f => f.dips).map(f => f.low)),
    mean: mean(f => f.drop),
    peak: mean(f => f.peak),
    end: mean(f => f.end),
    turn: median(turns),
    first: Math.min(...turns),
    last: Math.max(...turns),
    saturated: n > 0 && unable === n,
    verdict: n === 0      ? '' :
      2 * down.length > n ? 'falls' :
      down.length         ? 'some' :
                            'stays'
  };
}

/** How unlike the other networks of its configuration a network is, and in what, by an estimator.
 * @param {number} r @param {number} est @returns {{score: number, why: string}} */
function oddness(r, est) {
  if (model.oddOf !== est) {
    model.odd.clear();
    model.oddOf = est;
    D.meta.groups.forEach((_, g) => findOdd(g, est));
  }
  return model.odd.get(r) ?? {score: NaN, why: ''};
}

/** Distance from the median in units of the median distance, which counts as at least 0.1 bits (accuracy: 0.01).
 * @param {number} g @param {number} est */
function findOdd(g, est) {
  const runs = D.meta.groups[g].runs;
  if (runs.length < 4) return;
  const depth = D.meta.groups[g].layers.length;
  /** @type {{of: (r: number) => number, least: number, text: string}[]} */
  const looks = [{of: r => D.meta.runs[r].final.test_accuracy ?? NaN, least: 0.01, text: 'its test accuracy'}];
  for (let k = 0; k < depth; k++) {
    const slot = slotOf(k, depth), name = slotPhrase(slot);
    looks.push({of: r => fact(r, est, slot, 'ixt_drop'), least: 0.1, text: `the decrease of I(X;T) of ${name}`});
    looks.push({of: r => fact(r, est, slot, 'ixt_final'), least: 0.1, text: `I(X;T) of ${name} at the end`});
    looks.push({of: r => fact(r, est, slot, 'ity_final'), least: 0.1, text: `I(T;Y) of ${name} at the end`});
  }
  for (const look of looks) {
    const v = runs.map(look.of), middle = median(v),
          spread = Math.max(look.least, median(v.map(x => Math.abs(x - middle))));
    runs.forEach((r, i) => {
      const score = Math.abs(v[i] - middle) / spread;
      if (score > (model.odd.get(r)?.score ?? -1))
        model.odd.set(
          r, {score, why: `${look.text} is ${num(v[i])}; the median of its configuration is ${num(middle)}`});
    });
  }
}
