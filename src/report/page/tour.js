// tour.js - the pictures of a layer: the heat of its activations, and the projection of its samples, which can turn.

/** @typedef {{key: string, title: string, n: number, dims: number, basis: number[][], labels: number[], classes: number[],
 *   at: Float32Array, names: string[]}} View at: samples by dimensions, between -1 and 1 */

/** Rows of a basis: where the unit vector of each dimension is drawn. At the start evenly around half a
 * circle, so that samples at opposite corners are apart.
 * @param {number} dims @returns {number[][]} */
function firstBasis(dims) {
  if (dims < 3) return [[1, 0], [0, 1]].slice(0, dims);
  const size = Math.sqrt(2 / dims);
  return Array.from(
    {length: dims}, (_, i) => [size * Math.cos(Math.PI * i / dims), size * Math.sin(Math.PI * i / dims)]);
}

/** Rotates two rows into each other.
 * @param {number[][]} rows @param {number} i @param {number} j @param {number} angle */
function rotate(rows, i, j, angle) {
  const c = Math.cos(angle), s = Math.sin(angle), a = rows[i], b = rows[j];
  rows[i] = [c * a[0] - s * b[0], c * a[1] - s * b[1]];
  rows[j] = [s * a[0] + c * b[0], s * a[1] + c * b[1]];
}

/** The grand tour: rotations in all planes at speeds without a common multiple (Asimov 1985).
 * @param {number[][]} basis @param {number} turn @param {1|-1} way @returns {number[][]} */
function tour(basis, turn, way) {
  const rows = basis.map(r => r.slice()), planes = [];
  for (let i = 0; i < rows.length; i++)
    for (let j = i + 1; j < rows.length; j++) planes.push([i, j]);
  const speed = (/** @type {number} */ p) => 0.25 + (Math.sqrt(2 + p) * (p + 1)) % 1;
  const order = planes.map((_, p) => p);
  for (const p of way > 0 ? order : order.reverse()) rotate(rows, planes[p][0], planes[p][1], way * turn * speed(p));
  return rows;
}

/** @param {number[][]} rows @param {number} turn */
const unturned = (rows, turn) => tour(rows, turn, -1);

/** The nearest columns of length 1 at a right angle (Gram and Schmidt).
 * @param {number[][]} rows @returns {number[][]} */
function orthonormal(rows) {
  const size = (/** @type {number} */ c) => Math.sqrt(rows.reduce((s, r) => s + r[c] * r[c], 0)) || 1;
  const a = size(0);
  rows = rows.map(r => [r[0] / a, r[1]]);
  const dot = rows.reduce((s, r) => s + r[0] * r[1], 0);
  rows = rows.map(r => [r[0], r[1] - dot * r[0]]);
  const b = size(1);
  return rows.map(r => [r[0], r[1] / b]);
}

/** The samples of the layer in focus at the last kept epoch; null without points.
 * @param {number} run @param {number[][]|null} base @returns {View|null} */
function cloudView(run, base) {
  const which = D.meta.clouds.findIndex(c => c.run === run), cloud = D.meta.clouds[which], codes = D.clouds[which];
  if (!cloud || !codes) return null;
  const set = D.meta.runs[run].epochs ?? 0, few = D.meta.few[set], epochs = D.sets[set], n = cloud.labels.length;
  const k = layerOf(S.pick, cloud.layers.length), layer = cloud.layers[k];
  if (!layer || !layer.units) return null;
  const now = indexAt(few.map(i => epochs[i]), S.epoch),
        dims = layer.components ? Math.min(3, layer.units) : layer.units;
  const before = cloud.layers.slice(0, k).reduce((s, l) => s + l.units, 0) * n * few.length;
  const half = Math.max(...layer.high.map((h, u) => h - layer.low[u])) / 2 || 1;
  const at = new Float32Array(n * dims), places = new Set();
  for (let s = 0; s < n; s++) {
    let place = '';
    for (let u = 0; u < layer.units; u++) {
      const q = codes[before + (u * n + s) * few.length + now];
      place += String.fromCharCode(q);
      if (u < dims) at[s * dims + u] = (q / 255 - 0.5) * (layer.high[u] - layer.low[u]) / half;
    }
    places.add(place);
  }
  const what = layer.components ?
    `${dims} principal components, ${
      num(100 * layer.share.slice(0, dims).reduce((a, b) => a + b, 0))} % of the variance at the end` :
    count(layer.units, 'unit');
  const basis = base && base.length === dims ? base : firstBasis(dims);
  return {
    key: `${run}:${k}`,
    n,
    dims,
    at,
    labels: cloud.labels,
    classes: [...new Set(cloud.labels)].sort((a, b) => a - b),
    title: `epoch ${epochs[few[now]]}: ${what}, ${places.size} of ${n} samples apart`,
    basis: dims > 2 ? tour(basis, S.turn, 1) : basis,
    names: Array.from({length: dims}, (_, i) => layer.components ? `PC${i + 1}` : `unit ${i + 1}`)
  };
}

/** @param {number} w @param {number} h */
const cloudPlace = (w, h) => ({x: w / 2, y: h / 2 + 8, r: Math.max(10, Math.min(w, h) / 2 - 20)});

/** @param {Pen} pen @param {View} v @param {number} w @param {number} h */
function drawCloud(pen, v, w, h) {
  const c = cloudPlace(w, h), scale = v.dims === 1 ? c.r : c.r / Math.sqrt(v.dims) * (v.dims > 2 ? 1.25 : 1.3);
  pen.text(4, 14, v.title, {fill: C.text, size: 12});
  if (v.dims > 1)
    v.basis.forEach(([a, b], i) => {
      pen.begin();
      pen.trace([c.x, c.x + a * c.r * 0.9], [c.y, c.y - b * c.r * 0.9], 0, 2);
      pen.end({stroke: C.line, width: 1.5});
      pen.mark(c.x + a * c.r * 0.9, c.y - b * c.r * 0.9, 4, 'ring', {stroke: C.quiet, fill: C.page});
      pen.text(c.x + a * c.r * 0.9 + 7, c.y - b * c.r * 0.9 + 4, v.names[i], {fill: C.quiet, size: 10});
    });
  for (let s = 0; s < v.n; s++) {
    let x = 0, y = 0;
    for (let u = 0; u < v.dims; u++) {
      x += v.at[s * v.dims + u] * v.basis[u][0];
      y += v.at[s * v.dims + u] * v.basis[u][1];
    }
    const label = v.labels[s];
    if (v.dims === 1)
      y = (v.classes.indexOf(label) + 0.5 + 0.7 * ((s * 0.618) % 1 - 0.5)) / v.classes.length * 1.6 - 0.8;
    pen.mark(c.x + x * scale, c.y - y * scale, 3, SHAPES[label % 5],
      {fill: C.classes[label % C.classes.length], alpha: S.dim.includes(label) ? 0.06 : 0.7});
  }
}

/** The part of the histogram of a run that is of the layer in focus.
 * @param {number} run */
function histOf(run) {
  const {hist, few, runs, groups} = D.meta, at = hist ? hist.runs.indexOf(run) : -1;
  if (!hist || !D.hist || at < 0) return null;
  const lengthOf = (/** @type {number} */ r) => few[runs[r].epochs ?? 0].length,
        depthOf = (/** @type {number} */ r) => groups[runs[r].group ?? 0].layers.length;
  const k = layerOf(S.pick, depthOf(run)), n = lengthOf(run), set = runs[run].epochs ?? 0;
  if (k < 0) return null;
  const before =
    hist.runs.slice(0, at).reduce((s, r) => s + depthOf(r) * hist.fields * lengthOf(r), 0) + k * hist.fields * n;
  return {
    codes: D.hist.subarray(before, before + hist.fields * n),
    n,
    fields: hist.fields,
    range: hist.range[at][k],
    epochs: few[set].map(i => D.sets[set][i])
  };
}

/** @param {number} w @param {number} h @param {number[]} [range] of the activations */
function heatFrame(w, h, range = [0, 1]) {
  const box = {x: 44, y: 22, w: w - 56, h: h - 60}, last = D.epochs[D.epochs.length - 1] ?? 1;
  return {box, x: epochScale(0, last, box.x, box.x + box.w), y: linearScale(range[0], range[1], box.y + box.h, box.y)};
}

/** @param {Pen} pen @param {Pen} texts @param {number} w @param {number} h @param {number} run */
function drawHeat(pen, texts, w, h, run) {
  const v = histOf(run);
  if (!v) return texts.text(12, 30, D.meta.hist ? 'No histograms of this network.' : 'No histograms.', {fill: C.quiet});
  const {box, x, y} = heatFrame(w, h, v.range), down = box.h / v.fields, ends = v.epochs.map(e => x.at(e));
  drawAxes(texts, box, x, y, {x: 'epoch'});
  texts.text(box.x, box.y - 7, 'activation of the units', {fill: C.text, size: 12});
  const most = v.codes.reduce((a, q) => q > a ? q : a, 1);
  for (let f = 0; f < v.fields; f++)
    for (let e = 0; e < v.n; e++) {
      const q = v.codes[f * v.n + e], from = e ? (ends[e - 1] + ends[e]) / 2 : ends[e],
            to = e + 1 < v.n ? (ends[e] + ends[e + 1]) / 2 : ends[e];
      if (q)
        pen.rect(from, box.y + box.h - (f + 1) * down, Math.max(0.5, to - from), down + 0.3,
          {fill: C.layer[0], alpha: Math.max(0.05, 0.85 * (q / most) ** 0.8)});
    }
}

/** @param {number} run @returns {Sheet} */
function heatSheet(run) {
  const v = histOf(run), rows = [];
  for (let f = 0; v && f < v.fields; f++)
    for (let e = 0; e < v.n; e++) {
      const step = (v.range[1] - v.range[0]) / v.fields;
      if (v.codes[f * v.n + e])
        rows.push([v.epochs[e], v.range[0] + f * step, v.range[0] + (f + 1) * step, (v.codes[f * v.n + e] / 255) ** 2]);
    }
  return {
    caption: `Activations of ${slotPhrase(S.pick)}${run < 0 ? '' : ` of ${runName(run)}`}`,
    heads: ['epoch', 'from', 'to', 'share'],
    rows
  };
}
