// data.js - reads what the page carries: the JSON of #ip-meta and the blocks of curves.
//
// Every curve belongs to a line: one network, or one quantile of a configuration with very many networks.

/** @typedef {{label: string, name: string, kind: string, width: number, activation: string, bound: boolean}} Layer */
/** @typedef {{title: string, values: string[], runs: number[], failed: number, layers: Layer[], hx: number|null,
 *   hy: number|null, ixy: number|null, best_test_epoch: number|null, curve: number|null}} Group */
/** @typedef {{name: string, seed: number|string|null, status: string, reason: string, group: number|null, values: string[],
 *   epochs: number|null, best_test_epoch: number|null, final: Object<string, number|null>, crossing: (number|null)[],
 *   measures: ((number|null)[][]|null)[]}} Run */
/** @typedef {{name: string, of: string, type: string, coding: string, scale: string, low: number, high: number,
 *   unit: string, n: number, sha256: string}} BlockSpec */
/** @typedef {{units: number, low: number[], high: number[], components: boolean, share: number[]}} CloudLayer */
/** @typedef {{run: number, block: number, labels: number[], layers: CloudLayer[]}} Cloud */
/** @typedef {{runs: number[], fields: number, range: number[][][]}} Hist */
/** @typedef {{estimator: string, layer: number, part: string, test: string, also: boolean, effect: number|null,
 *   low: number|null, high: number|null, n: number, decision: string}} ClaimTest */
/** What infoplane claims --json prints; without a verdict where it has not been run.
 * @typedef {{claim: string, paper: string, statement: string, note: string, rule_changed: boolean, verdict?: string,
 *   why?: string, tested_layers?: string, firm?: boolean, seeds?: number, seeds_needed?: number|null, tests?: ClaimTest[],
 *   estimators?: {estimator: string, measurable_layers: number, decision: string}[]}} Claim */
/** @typedef {{program: string, experiment: string, description: string, dataset: string, samples: number,
 *   estimators: {name: string, text: string, interval: string}[], keys: string[], depths_differ: boolean, least_decrease: number,
 *   groups: Group[], curves: {ixt: number[], ity: number[]}[], epochs: number[][], few: number[][], runs: Run[],
 *   measure_names: string[], series: {run: number|null, group: number, quantile?: number, epochs: number}[],
 *   blocks: BlockSpec[], hist: Hist|null, hist_why: string, clouds: Cloud[], clouds_why: string, claims: Claim[],
 *   cuts: string[]}} Meta */
/** A line and where its curves begin: `at` in blocks of estimates, `atLayer` in those of layers, `atMetric` of metrics.
 * @typedef {{run: number|null, group: number, quantile: number|null, set: number, epochs: Float64Array, n: number,
 *   depth: number, at: number, atLayer: number, atMetric: number}} Line */
/** @typedef {{meta: Meta, sets: Float64Array[], epochs: Float64Array, lines: Line[], lineOf: Int32Array,
 *   values: Object<string, Float32Array>, flags: Uint8Array|null, hist: Uint8Array|null, clouds: Uint8Array[],
 *   spec: Object<string, BlockSpec>}} Data */

/** @type {Data} */
let D;

/** The codes of a block. lengths: of its series, one after another.
 * @param {BlockSpec} b @param {string} text base64 @param {Iterable<number>} lengths @returns {Promise<Uint16Array|Uint8Array>} */
async function decodeBlock(b, text, lengths) {
  const s = atob(text.trim());
  const bytes = new Uint8Array(s.length);
  for (let i = 0; i < s.length; i++) bytes[i] = s.charCodeAt(i);
  if (b.coding === 'raw') {
    if (b.type === 'u8') return bytes;
    const codes = new Uint16Array(bytes.length >> 1);
    for (let i = 0; i < codes.length; i++) codes[i] = bytes[2 * i] | bytes[2 * i + 1] << 8;
    return codes;
  }
  const plain = await inflate(bytes);
  return b.coding === 'd8' ? undoD8(plain, lengths) : undoDz(plain, lengths);
}

/** @param {Uint8Array} bytes @returns {Promise<Uint8Array>} */
async function inflate(bytes) {
  if (!bytes.length) return bytes;
  const Inflater = /** @type {any} */ (globalThis).DecompressionStream; /* newer than the types of tsc 4.8 */
  const stream = new Blob([bytes]).stream().pipeThrough(new Inflater('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Differences modulo 2^16, zigzag, high bytes and then low bytes.
 * @param {Uint8Array} p @param {Iterable<number>} lengths @returns {Uint16Array} */
function undoDz(p, lengths) {
  const n = p.length >> 1, codes = new Uint16Array(n);
  let i = 0;
  for (const length of lengths)
    for (let a = 0, e = 0; e < length && i < n; e++, i++) {
      const v = p[i] << 8 | p[n + i];
      codes[i] = a = a + (v >>> 1 ^ -(v & 1)) & 65535;
    }
  return codes;
}

/** Differences modulo 2^8.
 * @param {Uint8Array} p @param {Iterable<number>} lengths @returns {Uint8Array} */
function undoD8(p, lengths) {
  const codes = new Uint8Array(p.length);
  let i = 0;
  for (const length of lengths)
    for (let a = 0, e = 0; e < length && i < p.length; e++, i++) codes[i] = a = a + p[i] & 255;
  return codes;
}

/** Numbers of codes of 16 bits; 65535 is NaN.
 * @param {BlockSpec} b @param {ArrayLike<number>} codes @returns {Float32Array} */
function valuesOf(b, codes) {
  const v = new Float32Array(codes.length), step = (b.high - b.low) / 65534;
  const ratio = b.scale === 'log' && b.low > 0 ? (Math.log(b.high) - Math.log(b.low)) / 65533 : 0;
  for (let i = 0; i < v.length; i++) {
    const q = codes[i];
    if (q === 65535)
      v[i] = NaN;
    else if (b.scale === 'log')
      v[i] = q === 0 ? 0 : Math.exp(Math.log(b.low) + ratio * (q - 1));
    else
      v[i] = b.low + q * step;
  }
  return v;
}

/** Lengths of the series of a block, in its order.
 * @param {Meta} m @param {Line[]} lines @param {BlockSpec} b @param {number} index @returns {Generator<number>} */
function* lengthsOf(m, lines, b, index) {
  if (b.of === 'hist' && m.hist) {
    for (const r of m.hist.runs) {
      const run = m.runs[r], depth = m.groups[run.group ?? 0].layers.length;
      for (let i = 0; i < depth * m.hist.fields; i++) yield m.few[run.epochs ?? 0].length;
    }
  } else if (b.of === 'cloud') {
    const cloud = m.clouds.find(c => c.block === index);
    if (!cloud) return;
    const units = cloud.layers.reduce((sum, l) => sum + l.units, 0);
    for (let i = 0; i < units * cloud.labels.length; i++) yield m.few[m.runs[cloud.run].epochs ?? 0].length;
  } else {
    for (const l of lines) {
      const times = b.of === 'metrics' ? 1 : b.of === 'layers' ? l.depth : l.depth * m.estimators.length;
      for (let i = 0; i < times; i++) yield l.n;
    }
  }
}

/** @param {number[]} differences @returns {Float64Array} */
function sumUp(differences) {
  let e = 0;
  return Float64Array.from(differences, d => e += d);
}

/** @param {Meta} m @param {Float64Array[]} sets @returns {Line[]} */
function linesOf(m, sets) {
  let at = 0, atLayer = 0, atMetric = 0;
  return m.series.map(s => {
    const epochs = sets[s.epochs], n = epochs.length, depth = m.groups[s.group].layers.length;
    const line = {
      run: s.run,
      group: s.group,
      quantile: s.quantile ?? null,
      set: s.epochs,
      epochs,
      n,
      depth,
      at,
      atLayer,
      atMetric
    };
    at += m.estimators.length * depth * n;
    atLayer += depth * n;
    atMetric += n;
    return line;
  });
}

/** All epochs of all lines, increasing.
 * @param {Float64Array[]} sets @returns {Float64Array} */
function unionOf(sets) { return Float64Array.from([...new Set(sets.flatMap(s => [...s]))].sort((a, b) => a - b)); }

/** @param {Meta} m @param {(index: number) => string} textOf
 * @param {(b: BlockSpec, codes: Uint16Array|Uint8Array) => void} [check] @returns {Promise<Data>} */
async function readData(m, textOf, check) {
  const sets = m.epochs.map(sumUp), lines = linesOf(m, sets);
  const lineOf = new Int32Array(m.runs.length).fill(-1);
  lines.forEach((l, i) => {
    if (l.run !== null) lineOf[l.run] = i;
  });
  /** @type {Data} */
  const d =
    {meta: m, sets, epochs: unionOf(sets), lines, lineOf, values: {}, flags: null, hist: null, clouds: [], spec: {}};
  const decoded = await Promise.all(m.blocks.map((b, i) => decodeBlock(b, textOf(i), lengthsOf(m, lines, b, i))));
  decoded.forEach((codes, i) => {
    const b = m.blocks[i];
    if (codes.length !== b.n) throw new Error(`block ${b.name} has ${codes.length} values, not ${b.n}`);
    if (check) check(b, codes);
    d.spec[b.name] = b;
    if (b.of === 'cloud')
      d.clouds[m.clouds.findIndex(c => c.block === i)] = /** @type {Uint8Array} */ (codes);
    else if (b.of === 'hist')
      d.hist = /** @type {Uint8Array} */ (codes);
    else if (b.name === 'flags')
      d.flags = /** @type {Uint8Array} */ (codes);
    else
      d.values[b.name] = valuesOf(b, codes);
  });
  return d;
}

/** The index of the last of the epochs that is not after e; 0 if all are.
 * @param {ArrayLike<number>} epochs @param {number} e @returns {number} */
function indexAt(epochs, e) {
  let lo = 0, hi = epochs.length - 1;
  while (lo < hi) {
    const mid = lo + hi + 1 >> 1;
    if (epochs[mid] <= e)
      lo = mid;
    else
      hi = mid - 1;
  }
  return lo;
}

/** The curve of an estimate: of line l by estimator i, of layer k. NaN throughout if the file has none.
 * @param {string} name @param {Line} l @param {number} i @param {number} k @returns {Float32Array|null} */
function estimateOf(name, l, i, k) {
  const v = D.values[name], at = l.at + (i * l.depth + k) * l.n;
  return v ? v.subarray(at, at + l.n) : null;
}

/** @param {Line} l @param {number} i @param {number} k @returns {Uint8Array|null} */
function flagsOf(l, i, k) {
  const at = l.at + (i * l.depth + k) * l.n;
  return D.flags ? D.flags.subarray(at, at + l.n) : null;
}

/** The curve of layer k or, of a block of metrics, of the network.
 * @param {string} name @param {Line} l @param {number} k @returns {Float32Array|null} */
function seriesOf(name, l, k) {
  const v = D.values[name];
  if (!v) return null;
  const at = D.spec[name].of === 'metrics' ? l.atMetric : l.atLayer + k * l.n;
  return v.subarray(at, at + l.n);
}
