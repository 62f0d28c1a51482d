// events.js - what single curves show: since when a condition lasts, how low a curve falls, which quantity exceeds the
// layer before.

/** Running means over five values, in which the first and the last count again beyond the ends; NaN where there is none.
 * @param {ArrayLike<number>} v @returns {Float64Array} */
function smoothed(v) {
  return Float64Array.from(v, (x, e) => {
    let sum = 0, n = 0;
    for (let k = e - 2; k <= e + 2; k++) {
      const a = v[clamp(k, 0, v.length - 1)];
      if (isFinite(a)) {
        sum += a;
        n++;
      }
    }
    return isFinite(x) ? sum / n : NaN;
  });
}

/** The first epoch e from which a condition holds at all logged epochs up to 2e, at least three; NaN if there is none.
 * The rules of claims read "when" so too.
 * @param {ArrayLike<number>} epochs @param {(e: number) => boolean} is @returns {number} */
function lastingEpoch(epochs, is) {
  const n = epochs.length;
  for (let e = 0; e < n; e++) {
    let k = e;
    while (k < n && is(k) && (epochs[k] <= 2 * epochs[e] || k < e + 3)) k++;
    if (k >= e + 3 && (k === n || epochs[k] > 2 * epochs[e])) return epochs[e];
  }
  return NaN;
}

/** Since when the gradients of layer k of a network are mostly noise, and the last epoch after that at which they are not.
 * @param {Line} l @param {number} k @returns {{since: number, again: number}} */
function noisySince(l, k) {
  const mean = seriesOf('gradient_mean', l, k), std = seriesOf('gradient_std', l, k);
  if (!mean || !std) return {since: NaN, again: NaN};
  const a = smoothed(mean), b = smoothed(std), since = lastingEpoch(l.epochs, e => a[e] < b[e]);
  let e = l.n - 1;
  while (e >= 0 && !(a[e] >= b[e])) e--;
  return {since, again: e >= 0 && l.epochs[e] > since ? l.epochs[e] : NaN};
}

/** The lowest value of a curve after an epoch, and where it is.
 * @param {ArrayLike<number>} epochs @param {ArrayLike<number>} y @param {number} from @returns {{low: number, at: number}} */
function lowestAfter(epochs, y, from) {
  let low = NaN, at = NaN;
  for (let e = 0; e < epochs.length; e++)
    if (epochs[e] >= from && y[e] === y[e] && !(y[e] >= low)) {
      low = y[e];
      at = epochs[e];
    }
  return {low, at};
}

/** By how much layer k of a line has more of a quantity than the layer before it, in steps of the curve: beyond the
 * intervals, where there are some, and before clipping.
 * @param {Line} l @param {number} est @param {number} k @param {'ixt'|'ity'} name @returns {(e: number) => number} */
function excessOf(l, est, k, name) {
  const b = D.spec[name], step = (b.high - b.low) / 65534 || 1;
  const end = (/** @type {string} */ side, /** @type {number} */ layer) => {
    const v = estimateOf(name, l, est, layer), over = estimateOf(`${name}_over`, l, est, layer),
          limit = estimateOf(`${name}_${side}`, l, est, layer);
    return (/** @type {number} */ e) => limit && isFinite(limit[e]) ? limit[e] :
      v                                                             ? v[e] + (over && isFinite(over[e]) ? over[e] : 0) :
                                                                      NaN;
  };
  const low = end('low', k), high = end('high', k - 1);
  return e => (low(e) - high(e)) / step;
}

/** Where a line is flagged to have more than in the layer before, in this quantity: the flag of the files is of both.
 * Where curves are too coarse to tell, it is of the larger excess.
 * @param {Line} l @param {number} est @param {number} k @param {'ixt'|'ity'} name @returns {Uint8Array} */
function exceedsBefore(l, est, k, name) {
  const flags = flagsOf(l, est, k), out = new Uint8Array(l.n);
  if (!flags || k < 1) return out;
  const mine = excessOf(l, est, k, name), others = excessOf(l, est, k, name === 'ixt' ? 'ity' : 'ixt');
  for (let e = 0; e < l.n; e++) {
    if (!(flags[e] & 2)) continue;
    const a = mine(e), b = others(e);
    out[e] = a > 0.5 || !(b > 0.5) && a >= (isFinite(b) ? b : -Infinity) ? 1 : 0;
  }
  return out;
}
