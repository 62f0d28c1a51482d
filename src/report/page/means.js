// means.js - curves averaged over the shown networks of a configuration, epoch by epoch.

/** The mean curves of the shown networks of a configuration. Of values before clipping, kept within those after it.
 * @param {number} g @param {number} est @returns {Mean|null} */
function meanOf(g, est) {
  const key = `${g}:${est}`;
  if (!model.means.has(key)) model.means.set(key, computeMean(g, est));
  return model.means.get(key) ?? null;
}

/** @param {number} g @param {number} est @returns {Mean|null} */
function computeMean(g, est) {
  const lines = meanLines(g);
  if (!lines.length) return null;
  const quantiles = lines[0].quantile !== null;
  const middle = quantiles ? lines.filter(l => l.quantile === 0.5) : lines;
  const line = lines.reduce((a, b) => b.n > a.n ? b : a), depth = line.depth;
  const ixt = /** @type {Float32Array[]} */ ([]), ity = /** @type {Float32Array[]} */ ([]);
  const low = {ixt: /** @type {Float32Array[]} */ ([]), ity: /** @type {Float32Array[]} */ ([])};
  const high = {ixt: /** @type {Float32Array[]} */ ([]), ity: /** @type {Float32Array[]} */ ([])};
  for (let k = 0; k < depth; k++)
    for (const name of /** @type {('ixt'|'ity')[]} */ (['ixt', 'ity'])) {
      const of = (/** @type {Line} */ l) => estimateOf(name, l, est, k),
            over = (/** @type {Line} */ l) => estimateOf(`${name}_over`, l, est, k);
      const range = averageOf(of, over, lines, line), mean = quantiles ? averageOf(of, over, middle, line) : range;
      (name === 'ixt' ? ixt : ity).push(mean.mean);
      low[name].push(range.low);
      high[name].push(range.high);
    }
  return {
    line,
    epochs: line.epochs,
    n: line.n,
    networks: quantiles ? D.meta.groups[g].runs.length : lines.length,
    ixt,
    ity,
    low,
    high
  };
}

/** Where the epochs of one set are in another; -1 for those that it lacks.
 * @type {Map<string, Int32Array>} */
const alignments = new Map();

/** @param {number} from @param {number} to @returns {Int32Array} */
function alignmentOf(from, to) {
  const key = `${from}:${to}`;
  let a = alignments.get(key);
  if (!a) {
    const place = new Map([...D.sets[to]].map((e, i) => /** @type {[number, number]} */ ([e, i])));
    a = Int32Array.from(D.sets[from], e => place.get(e) ?? -1);
    alignments.set(key, a);
  }
  return a;
}

/** Mean, lowest and highest of the curves of lines over the epochs of one of them. `over`: to add for the mean, which
 * stays within the values.
 * @param {(l: Line) => Float32Array|null} of @param {(l: Line) => Float32Array|null} over @param {Line[]} lines @param {Line} like */
function averageOf(of, over, lines, like) {
  const n = like.n, mean = new Float32Array(n), seen = new Uint16Array(n);
  const low = new Float32Array(n).fill(Infinity), high = new Float32Array(n).fill(-Infinity);
  for (const l of lines) {
    const v = of(l), o = over(l), to = alignmentOf(l.set, like.set);
    if (!v) continue;
    for (let e = 0; e < l.n; e++) {
      const i = to[e];
      if (i < 0 || v[e] !== v[e]) continue;
      mean[i] += v[e] + (o && o[e] === o[e] ? o[e] : 0);
      seen[i]++;
      if (v[e] < low[i]) low[i] = v[e];
      if (v[e] > high[i]) high[i] = v[e];
    }
  }
  for (let i = 0; i < n; i++) mean[i] = seen[i] ? clamp(mean[i] / seen[i], low[i], high[i]) : NaN;
  return {mean, low, high};
}

/** The mean over the shown networks of a configuration of a series that is no estimate.
 * @param {string} name
 * @param {number} g @param {number} k */
function seriesMean(name, g, k) {
  const mean = meanOf(g, 0);
  if (!mean || !D.values[name]) return null;
  const lines = meanLines(g), like = mean.line;
  return {epochs: like.epochs, ...averageOf(l => seriesOf(name, l, k), () => null, lines, like)};
}

/** The lines that a mean is over: networks that fit, where any does.
 * @param {number} g @returns {Line[]} */
function meanLines(g) {
  const all = linesIn(g), fitting = new Set(D.meta.groups[g].runs),
        fit = all.filter(l => l.run === null || fitting.has(l.run));
  return fit.length ? fit : all;
}

/** The epochs at which something holds in at least half of the networks.
 * @param {number} g @param {number} est @param {(l: Line) => ArrayLike<number>|null} of 1 where it holds
 * @returns {Uint8Array} */
function mostlyAt(g, est, of) {
  const mean = meanOf(g, est), lines = meanLines(g);
  if (!mean || !D.flags) return new Uint8Array(mean ? mean.n : 0);
  const seen = new Uint16Array(mean.n);
  for (const l of lines) {
    const f = of(l), to = alignmentOf(l.set, mean.line.set);
    for (let e = 0; f && e < l.n; e++)
      if (to[e] >= 0 && f[e] & 1) seen[to[e]]++;
  }
  return Uint8Array.from(seen, n => 2 * n >= lines.length ? 1 : 0);
}

/** @param {number} g @param {number} est @param {number} k */
const saturatedAt = (g, est, k) => mostlyAt(g, est, l => flagsOf(l, est, k));

/** @param {number} g @param {number} est @param {number} k @param {'ixt'|'ity'} name */
const exceedingAt = (g, est, k, name) => mostlyAt(g, est, l => exceedsBefore(l, est, k, name));
