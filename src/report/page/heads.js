// heads.js - the layers at the epoch in the plane, the regions no layer can be in, and the nearest point to the pointer.

/** @param {number} i @returns {string} */
const estimatorName = i => D.meta.estimators[i] ? D.meta.estimators[i].name : 'no estimator';

/** @param {Facet} f @param {Line} l @param {Float32Array} ixt @param {Float32Array} ity @returns {Float32Array[]} pixels */
function pathOf(f, l, ixt, ity) {
  const x = new Float32Array(l.n), y = new Float32Array(l.n), ux = unitOf(l, 'ixt'), uy = unitOf(l, 'ity');
  const kx = f.x.at(1) - f.x.at(0), ox = f.x.at(0), ky = f.y.at(1) - f.y.at(0), oy = f.y.at(0);
  for (let e = 0; e < l.n; e++) {
    x[e] = ox + kx * ux * ixt[e];
    y[e] = oy + ky * uy * ity[e];
  }
  return [x, y];
}

/** The regions that theory excludes, H(X), H(Y) and the curve of the Information Bottleneck.
 * @param {Pen} pen @param {Pen} texts @param {Facet} f */
function drawBounds(pen, texts, f) {
  const {hx, hy, curve} = D.meta.groups[f.group], ux = S.share && hx ? 1 / hx : 1, uy = S.share && hy ? 1 / hy : 1,
                 b = f.box;
  if (hy !== null) {
    const top = f.y.at(hy * uy), corner = f.x.at(hy * ux);
    pen.begin();
    pen.trace([f.x.at(0), corner, f.x.at(0)], [f.y.at(0), top, top], 0, 3);
    pen.end({fill: C.shade});
    if (top > b.y) pen.rect(b.x, b.y, b.w, top - b.y, {fill: C.shade});
    if (top > b.y && top < b.y + b.h) texts.text(b.x + b.w * 0.62, top - 3, 'H(Y)', {fill: C.quiet, size: 11});
  }
  if (hx !== null) {
    const x = f.x.at(hx * ux);
    pen.begin();
    pen.trace([x, x], [b.y, b.y + b.h], 0, 2);
    pen.end({stroke: C.quiet, dash: [1, 3]});
    if (x > b.x + 40 && x < b.x + b.w + 1)
      texts.text(x - 3, b.y + b.h - 5, 'H(X)', {fill: C.quiet, size: 11, anchor: 'end'});
  }
  const ib = curve === null ? null : D.meta.curves[curve];
  if (!ib || !ib.ixt.length) return;
  const x = ib.ixt.map(v => f.x.at(v * ux)), y = ib.ity.map(v => f.y.at(v * uy));
  pen.begin();
  pen.trace(x, y, 0, x.length);
  pen.end({stroke: C.quiet, dash: [6, 3], width: 1.5});
  nameCurve(texts, b, x, y);
}

/** Left of the curve, where no layer can be, if there is room; else below it.
 * @param {Pen} texts @param {Box} b @param {number[]} x @param {number[]} y */
function nameCurve(texts, b, x, y) {
  const ink = {fill: C.quiet, size: 11}, last = x.length - 1, half = 26;
  const middle = y[0] + 0.6 * (y[last] - y[0]), low = middle + half, i = y.findIndex(v => v <= low);
  const left = i > 0 ? x[i - 1] + (x[i] - x[i - 1]) * (low - y[i - 1]) / (y[i] - y[i - 1]) - 5 : NaN;
  if (left > b.x + 12 && left < b.x + b.w && middle - half > b.y && low < b.y + b.h)
    texts.text(left, middle, 'IB curve', {...ink, anchor: 'middle', rotate: true});
  else if (x[last >> 1] > b.x && x[last >> 1] < b.x + b.w && y[last >> 1] > b.y)
    texts.text(x[last >> 1] + 5, y[last >> 1] + 14, 'IB curve', ink);
}

/** @param {Pen} pen @param {Facet} f */
function drawHeads(pen, f) {
  const lines = linesIn(f.group), mean = meanOf(f.group, S.est), alone = lines.length < 2;
  const spot = S.spot, depth = D.meta.groups[f.group].layers.length;
  /** @type {{x: number, y: number, slot: number}[]} */
  const ends = [], names = /** @type {{x: number, y: number, text: string}[]} */ ([]);
  for (const slot of S.layers) {
    const k = layerOf(slot, depth), ink = colorOf(slot);
    if (k < 0) continue;
    for (const l of lines) {
      const ixt = estimateOf('ixt', l, S.est, k), ity = estimateOf('ity', l, S.est, k), e = indexAt(l.epochs, S.epoch);
      if (!ixt || !ity || !(ixt[e] === ixt[e])) continue;
      const x = f.x.at(ixt[e] * unitOf(l, 'ixt')), y = f.y.at(ity[e] * unitOf(l, 'ity'));
      const old = l.epochs[e] !== S.epoch && D.sets.length > 1, pinned = l.run !== null && S.pins.includes(l.run);
      if (pinned) {
        drawPath(pen, f, l, k, slot, ixt, ity, [7, 3]);
        if (slot === S.pick) names.push({x, y, text: seedName(l.run ?? 0)});
      }
      pen.mark(x, y,
        pinned  ? 5 :
          alone ? 6 :
                  3,
        shapeOf(slot),
        old ? {stroke: ink, width: 1} :
              {fill: ink, alpha: pinned || alone ? 1 : 0.65, ...pinned ? {stroke: C.text, width: 1.5} : {}});
      if (alone) ends.push({x, y, slot});
    }
    if (!mean || alone) continue;
    const e = indexAt(mean.epochs, S.epoch), [px, py] = pathOf(f, mean.line, mean.ixt[k], mean.ity[k]);
    pen.begin();
    pen.trace(px, py, 0, e + 1);
    pen.end({stroke: ink, width: slot === S.pick ? 3.5 : 2});
    pen.mark(px[e], py[e], 7, shapeOf(slot), {fill: ink, stroke: C.page, width: 1.5});
    ends.push({x: px[e], y: py[e], slot});
  }
  labelEnds(pen, f, ends, names);
  if (spot && D.lines[spot.line] && D.lines[spot.line].group === f.group) drawSpot(pen, f, spot);
}

/** The whole path of a network that is pinned or under the pointer.
 * @param {Pen} pen @param {Facet} f @param {Line} l
 * @param {number} k @param {number} slot @param {Float32Array} ixt @param {Float32Array} ity @param {number[]} dash */
function drawPath(pen, f, l, k, slot, ixt, ity, dash) {
  const [x, y] = pathOf(f, l, ixt, ity);
  pen.begin();
  pen.trace(x, y, 0, l.n);
  pen.end({stroke: C.page, width: 4.5});
  pen.begin();
  pen.trace(x, y, 0, l.n);
  pen.end({stroke: colorOf(slot), width: 2, dash});
}

/** @param {Pen} pen @param {Facet} f @param {{line: number, slot: number, epoch: number}} spot */
function drawSpot(pen, f, spot) {
  const l = D.lines[spot.line], k = layerOf(spot.slot, l.depth), e = indexAt(l.epochs, spot.epoch);
  const ixt = estimateOf('ixt', l, S.est, k), ity = estimateOf('ity', l, S.est, k);
  if (k < 0 || !ixt || !ity) return;
  drawPath(pen, f, l, k, spot.slot, ixt, ity, []);
  pen.mark(
    f.x.at(ixt[e] * unitOf(l, 'ixt')), f.y.at(ity[e] * unitOf(l, 'ity')), 7, 'circle', {stroke: C.text, width: 2});
}

/** Numbers of the layers, beside their marks where no other label is; one label for those that are too close to separate.
 * @param {Pen} pen @param {Facet} f @param {{x: number, y: number, slot: number}[]} ends
 * @param {{x: number, y: number, text: string}[]} pinned */
function labelEnds(pen, f, ends, pinned) {
  const left = ends.filter(p => isFinite(p.x) && isFinite(p.y)).sort((a, b) => a.slot - b.slot), b = f.box;
  /** @type {Box[]} */
  const taken = [];
  while (left.length) {
    const first = left[0], near = left.filter(p => Math.hypot(p.x - first.x, p.y - first.y) < 16);
    near.forEach(p => left.splice(left.indexOf(p), 1));
    const names = near.map(p => slotName(p.slot)), row = near.every((p, i) => p.slot === near[0].slot + i);
    putLabel(
      pen, b, taken, first, near.length > 2 && row ? `${names[0]} to ${names[names.length - 1]}` : names.join(', '));
  }
  for (const p of pinned) putLabel(pen, b, taken, p, p.text);
}

/** A label beside a place, where no other one is.
 * @param {Pen} pen @param {Box} b @param {Box[]} taken @param {{x: number, y: number}} by @param {string} text */
function putLabel(pen, b, taken, by, text) {
  const w = text.length * 9.3, h = 15;
  const places = [[9, 6], [-9 - w, 6], [9, -21], [-9 - w, -21], [-w / 2, 11], [-w / 2, -27]].map(
    ([dx, dy]) => ({x: by.x + dx, y: by.y + dy, w, h}));
  const free = (/** @type {Box} */ p) => p.x >= b.x && p.x + w <= b.x + b.w + 4 && p.y >= b.y - 4 &&
    p.y + h <= b.y + b.h && taken.every(t => p.x + p.w < t.x || t.x + t.w < p.x || p.y + p.h < t.y || t.y + t.h < p.y);
  const at = places.find(free) ?? places[0];
  taken.push(at);
  pen.text(at.x, at.y + 12, text, {fill: C.text, bold: true, size: 13, halo: C.page});
}

/** What a person who does not see the plane should know.
 * @returns {string} */
function planeLabel() {
  const parts = S.groups.slice(0, 4).map(g => {
    const mean = meanOf(g, S.est);
    if (!mean) return '';
    const e = indexAt(mean.epochs, S.epoch);
    const layers = S.layers.filter(s => layerOf(s, mean.line.depth) >= 0).map(s => {
      const k = layerOf(s, mean.line.depth);
      return `${slotPhrase(s)}: ${bits(mean.ixt[k][e])} of X, ${bits(mean.ity[k][e])} of Y`;
    });
    return `${groupName(g)}, mean of ${count(mean.networks, 'network')}: ${layers.join('; ')}.`;
  });
  return `Information plane, ${estimatorName(S.est)}, epoch ${S.epoch}. ${parts.join(' ')}`;
}

/** The lines of the card of a point.
 * @param {{line: number, slot: number, epoch: number}} spot @returns {string[]} */
function cardOf(spot) {
  const l = D.lines[spot.line], k = layerOf(spot.slot, l.depth), e = indexAt(l.epochs, spot.epoch);
  const value = (/** @type {string} */ name) => (estimateOf(name, l, S.est, k) ?? [NaN])[e];
  const range = (/** @type {string} */ name) => {
    const lo = value(`${name}_low`), hi = value(`${name}_high`), error = value(`${name}_error`);
    return isFinite(lo) && isFinite(hi) ? ` (${num(lo, 4)} to ${num(hi, 4)})` : error > 0 ? ` ± ${num(error, 2)}` : '';
  };
  const lines = [
    `${l.run === null ? lineName(l) : seedName(l.run)}, layer ${layerTitle(l.group, spot.slot)}`,
    `epoch ${l.epochs[e]}, ${estimatorName(S.est)}`, `I(X;T) ${num(value('ixt'), 4)}${range('ixt')} bits`,
    `I(T;Y) ${num(value('ity'), 4)}${range('ity')} bits`
  ];
  if (D.meta.groups.length > 1) lines.splice(1, 0, groupName(l.group));
  if (isFinite(value('ity_null'))) lines.push(`I(T;Y) with shuffled labels: up to ${num(value('ity_null'))}`);
  const test = (seriesOf('test_accuracy', l, 0) ?? [NaN])[e], train = (seriesOf('train_accuracy', l, 0) ?? [NaN])[e];
  if (isFinite(test) || isFinite(train)) lines.push(`accuracy: training ${num(train, 4)}, test ${num(test, 4)}`);
  return lines.concat(flagTexts((flagsOf(l, S.est, k) ?? [0])[e]));
}

/** @param {number} flags @returns {string[]} */
function flagTexts(flags) {
  const texts = [
    'saturated: nearly every input has its own value, so a decrease cannot show',
    'more information than the layer before: not possible', 'clipped to what theory allows',
    'the bins lose predictions of the network'
  ];
  return texts.filter((_, i) => flags >> i & 1);
}
