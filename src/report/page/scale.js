// scale.js - from numbers to pixels and back, ticks, and numbers as texts.

/** @typedef {{lo: number, hi: number, at: (v: number) => number, back: (p: number) => number, ticks: (n: number) => number[]}} Scale */

/** @param {number} lo @param {number} hi @param {number} a pixel of lo @param {number} b pixel of hi @returns {Scale} */
function linearScale(lo, hi, a, b) {
  const k = (b - a) / (hi - lo || 1);
  return {lo, hi, at: v => a + (v - lo) * k, back: p => lo + (p - a) / k, ticks: n => linearTicks(lo, hi, n)};
}

/** Epochs: even in log(1 + epoch), so epoch 0 is on it.
 * @param {number} lo @param {number} hi @param {number} a @param {number} b @returns {Scale} */
function epochScale(lo, hi, a, b) {
  const base = Math.log1p(lo), k = (b - a) / (Math.log1p(hi) - base || 1);
  return {
    lo,
    hi,
    at: v => a + (Math.log1p(v) - base) * k,
    back: p => Math.expm1(base + (p - a) / k),
    ticks: n => logTicks(lo, hi, n)
  };
}

/** Positive numbers, even in their logarithm.
 * @param {number} lo @param {number} hi @param {number} a @param {number} b @returns {Scale} */
function logScale(lo, hi, a, b) {
  const base = Math.log(lo), k = (b - a) / (Math.log(hi) - base || 1);
  return {
    lo,
    hi,
    at: v => v > 0 ? a + (Math.log(v) - base) * k : NaN,
    back: p => Math.exp(base + (p - a) / k),
    ticks: n => decades(lo, hi, n)
  };
}

/** Multiples of 1, 2 or 5 times a power of ten, about n of them.
 * @param {number} lo @param {number} hi @param {number} n @returns {number[]} */
function linearTicks(lo, hi, n) {
  const raw = (hi - lo) / Math.max(1, n);
  if (!(raw > 0) || !isFinite(raw)) return [lo];
  const power = 10 ** Math.floor(Math.log10(raw)), m = raw / power;
  const step = (m < 1.5 ? 1 : m < 3.5 ? 2 : m < 7.5 ? 5 : 10) * power;
  const ticks = [];
  for (let i = Math.ceil(lo / step - 1e-9); i * step <= hi + step * 1e-9; i++)
    ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** 0 and powers of ten; the usual ticks where these are fewer than three.
 * @param {number} lo @param {number} hi @param {number} n @returns {number[]} */
function logTicks(lo, hi, n) {
  const ticks = lo <= 0 ? [0] : [];
  for (let t = 1; t <= hi * (1 + 1e-9); t *= 10)
    if (t >= lo) ticks.push(t);
  return ticks.length < 3 ? linearTicks(lo, hi, n).filter(t => t >= 0) : ticks;
}

/** @param {number} lo @param {number} hi @param {number} n @returns {number[]} */
function decades(lo, hi, n) {
  const first = Math.ceil(Math.log10(lo) - 1e-9), last = Math.floor(Math.log10(hi) + 1e-9);
  if (last - first < 1) return linearTicks(lo, hi, n);
  const step = Math.max(1, Math.ceil((last - first + 1) / Math.max(2, n)));
  const ticks = [];
  for (let i = first; i <= last; i += step) ticks.push(Number(`1e${i}`));
  return ticks;
}

/** A number as a text with about three digits; a dash for none.
 * @param {number|null|undefined} v @param {number} [digits] @returns {string} */
function num(v, digits = 3) {
  if (v === null || v === undefined || !isFinite(v)) return '–';
  if (v === 0) return '0';
  const size = Math.abs(v);
  if (size >= 1e6 || size < 1e-4) return v.toExponential(digits - 1).replace('-', '−').replace('e+', 'e');
  const decimals = Math.max(0, Math.min(5, digits - 1 - Math.floor(Math.log10(size))));
  return String(Number(v.toFixed(decimals))).replace('-', '−');
}

/** @param {number|null|undefined} v @returns {string} */
function bits(v) {
  const s = num(v);
  return s === '–' ? s : `${s} ${s === '1' ? 'bit' : 'bits'}`;
}

/** @param {number} n @param {string} word @returns {string} */
function count(n, word) { return `${n} ${word}${n === 1 ? '' : 's'}`; }

/** "a", "a and b", "a, b and c"
 * @param {string[]} words @returns {string} */
function listed(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** @param {number} v @param {number} lo @param {number} hi @returns {number} */
function clamp(v, lo, hi) { return Math.min(hi, Math.max(lo, v)); }

/** The lower median: one of the values; NaN for none.
 * @param {number[]} v @returns {number} */
function median(v) {
  const s = v.filter(isFinite).sort((a, b) => a - b);
  return s.length ? s[s.length - 1 >> 1] : NaN;
}

/** Pearson's r with its 95 % interval by Fisher's z, over the pairs where both are finite.
 * @param {number[]} x @param {number[]} y @returns {{n: number, r: number, low: number, high: number}} */
function correlation(x, y) {
  const at = x.map((_, i) => i).filter(i => isFinite(x[i]) && isFinite(y[i])), n = at.length;
  const mean = (/** @type {number[]} */ v) => at.reduce((s, i) => s + v[i], 0) / n;
  const mx = mean(x), my = mean(y);
  let sxx = 0, syy = 0, sxy = 0;
  for (const i of at) {
    sxx += (x[i] - mx) ** 2;
    syy += (y[i] - my) ** 2;
    sxy += (x[i] - mx) * (y[i] - my);
  }
  const r = sxx > 0 && syy > 0 && n > 1 ? clamp(sxy / Math.sqrt(sxx * syy), -1, 1) : NaN;
  const z = Math.atanh(clamp(r, -0.9999999, 0.9999999)), w = n > 3 ? 1.959964 / Math.sqrt(n - 3) : NaN;
  return {n, r, low: Math.tanh(z - w), high: Math.tanh(z + w)};
}
