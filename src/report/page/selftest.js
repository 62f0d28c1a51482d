// selftest.js - tests that run in the page: page.html#selftest writes "ok" or what failed.

/** @typedef {(ok: boolean, what: string) => void} Check */

/** @param {Check} check */
function testScales(check) {
  for (const s of [linearScale(-1, 3, 10, 210), epochScale(0, 8000, 0, 500), logScale(1e-3, 10, 300, 20)])
    for (const p of [s.at(s.lo), s.at(s.hi), (s.at(s.lo) + s.at(s.hi)) / 2])
      check(Math.abs(s.at(s.back(p)) - p) < 1e-6, `scale ${s.lo} to ${s.hi} at ${p}`);
  check(linearTicks(0, 12, 6).join() === '0,2,4,6,8,10,12', 'ticks from 0 to 12');
  check(logTicks(0, 8000, 6).join() === '0,1,10,100,1000', 'ticks of epochs');
  check(linearTicks(0.11, 0.13, 4).every(t => t >= 0.11 && t <= 0.13), 'ticks of a small range');
  check([num(0), num(12), num(0.99916), num(NaN), num(-0.5), num(8000, 6)].join() === '0,12,0.999,–,−0.5,8000',
    'numbers as texts');
  check(median([3, 1, NaN, 2, 9]) === 2 && isNaN(median([])), 'median');
  const c = correlation([1, 2, 3, 4, NaN], [2, 4, 6, 9, 1]);
  check(c.n === 4 && Math.abs(c.r - 0.9943767) < 1e-6, 'correlation');
  check(isNaN(correlation([1, 1, 1], [1, 2, 3]).r), 'correlation of a constant');
}

/** @param {Check} check */
function testCodes(check) {
  const codes = undoDz(new Uint8Array([0, 0, 0, 0, 0, 10, 2, 1, 1, 0]), [3, 2]);
  check(codes.join() === '5,6,5,65535,65535', `differences of 16 bits: ${codes.join()}`);
  check(undoD8(new Uint8Array([250, 10, 1, 255]), [2, 2]).join() === '250,4,1,0', 'differences of 8 bits');
  const b = {name: '', of: '', type: 'u16', coding: 'dz', scale: 'log', low: 0.5, high: 8, unit: '', n: 4, sha256: ''};
  const v = valuesOf(b, [0, 1, 65534, 65535]);
  check(v[0] === 0 && Math.abs(v[1] - 0.5) < 1e-6 && Math.abs(v[2] - 8) < 1e-5 && isNaN(v[3]), 'logarithmic codes');
  check(valuesOf({...b, scale: 'linear', low: 0, high: 12}, [65534])[0] === 12, 'linear codes');
  check(indexAt([0, 1, 5, 9], 4) === 1 && indexAt([0, 1, 5, 9], 99) === 3 && indexAt([2, 3], 0) === 0,
    'the last epoch before');
}

/** What single curves show, on curves that are made up.
 * @param {Check} check */
function testEvents(check) {
  const epochs = [0, 1, 2, 3, 4, 6, 8, 10, 16, 20], below = [0, 0, 1, 1, 0, 0, 1, 1, 1, 1];
  check(lastingEpoch(epochs, e => below[e] === 1) === 8, 'a condition that ends before the epoch has doubled lasts');
  check(isNaN(lastingEpoch([0, 1, 2], e => e > 0)), 'two logged epochs last');
  check(smoothed([1, NaN, 3, 5, 100]).join() === '1.5,NaN,27.25,52,61.6',
    `running means: ${smoothed([1, NaN, 3, 5, 100])}`);
  const dip = lowestAfter(epochs, [1, 7, 5, 3.5, NaN, 4, 5, 5, 5, 5.5], 1);
  check(dip.low === 3.5 && dip.at === 3, `the lowest after the largest: ${JSON.stringify(dip)}`);
  for (const l of D.lines)
    for (let i = 0; D.flags && i < D.meta.estimators.length; i++)
      for (let k = 0; k < l.depth; k++) {
        const flags = flagsOf(l, i, k), x = exceedsBefore(l, i, k, 'ixt'), y = exceedsBefore(l, i, k, 'ity');
        const ixt = estimateOf('ixt', l, i, k), before = estimateOf('ixt', l, i, k - 1);
        for (let e = 0; e < l.n; e++) {
          check((x[e] || y[e] ? 2 : 0) === ((flags?.[e] ?? 0) & 2),
            `line ${D.lines.indexOf(l)}, layer ${k}, ${e}: a flag without a quantity`);
          check(
            !x[e] || (ixt?.[e] ?? 0) > (before?.[e] ?? 0) - 1e-3, `layer ${k} at ${e}: I(X;T) is not more than before`);
        }
      }
}

/** What holds in exactly half of the networks holds in most of them; in one less, it does not.
 * @param {Check} check */
function testMost(check) {
  D.meta.groups.forEach((_, g) => {
    const lines = meanLines(g), half = Math.ceil(lines.length / 2);
    const first = (/** @type {number} */ n) =>
      mostlyAt(g, 0, l => lines.indexOf(l) < n ? new Uint8Array(l.n).fill(1) : null)[0];
    if (!D.flags || !meanOf(g, 0)) return;
    check(first(half) === 1 && first(half - 1) === 0, `${half} of ${lines.length} networks`);
  });
}

/** Addresses give back the state, whatever they contain.
 * @param {Check} check */
function testState(check) {
  const before = {...S}, m = D.meta, last = D.epochs.length - 1;
  const states = [
    {epoch: D.epochs[last >> 1]}, {est: m.estimators.length - 1, pick: 0}, {layers: [...new Set([0, model.slots - 1])]},
    {layers: []}, {pins: [0], filter: 'a=b & "ü#%" test>0.9', share: true}, {zoom: [1, 0.25, 6, 0.75], span: [3, 500]},
    {brush: {'fell:edges': [0.125, 3]}},
    {sort: '-fell:edges', rows: 'configurations', fold: 'configurations', panel: 'plane', linear: true}
  ];
  for (const patch of states.filter(p => p.est !== -1)) {
    Object.assign(S, defaults(), patch);
    const hash = hashOf(), now = JSON.stringify({...S, ...stateOf(hash)});
    check(now === JSON.stringify(S), `state of ${hash}`);
    check(hashOf() === hash, `address of ${hash}`);
  }
  Object.assign(S, before);
  for (const hash of ['#v1&e=-5&est=nobody&l=99,x&g=7777&pin=-1,1e9&z=1,2&cloud=a:b', '#v1&&=&e',
         '#v1&e=1e400&x=9,2&f=%E0%A4%A', '#v2&e=3', '#findings', '#v1&toString=1&p=%3Cscript%3E']) {
    const s = stateOf(hash);
    check(D.epochs.includes(s.epoch ?? NaN) && (s.est ?? -1) >= 0 && (s.layers ?? [99]).every(l => l < model.slots),
      `state of ${hash}`);
    check(s.panel === '' && s.span === null && s.zoom === null, `nothing from ${hash}`);
  }
}

/** @param {Check} check */
function testModel(check) {
  const {groups, estimators, runs} = D.meta;
  groups.forEach((group, g) => estimators.forEach((e, est) => group.layers.forEach((layer, k) => {
    for (const r of group.runs) {
      const l = D.lines[D.lineOf[r]], ixt = l ? estimateOf('ixt', l, est, k) : null,
            slot = slotOf(k, group.layers.length), b = D.spec.ixt;
      if (!l || !ixt || !ixt.some(isFinite)) continue;
      const step = (b.high - b.low) / 65534, most = ixt.reduce((a, v) => v > a ? v : a, -Infinity),
            peak = fact(r, est, slot, 'ixt_peak');
      check(Math.abs(most - peak) <= 2 * step + 1e-5 * Math.abs(peak),
        `largest I(X;T) of ${runs[r].name}, ${e.name}, layer ${layer.label}: ${most} and ${peak}`);
    }
  })));
  const {tests, wrong} = readFilter('seed>=0 nothing=1', columnsOf());
  check(tests.length === 1 && wrong !== '' && runs.every((r, i) => r.seed === null || tests[0](i)), 'filter');
  const turned = tour(firstBasis(5), 1.7, 1), back = tour(turned, 1.7, -1);
  check(back.every((r, i) => r.every((v, c) => Math.abs(v - firstBasis(5)[i][c]) < 1e-12)), 'the tour and back');
  const q = orthonormal([[1, 0.2], [0.3, 1], [0.5, -0.4]]),
        dot = (/** @type {number} */ a, /** @type {number} */ b) => q.reduce((s, r) => s + r[a] * r[b], 0);
  check(Math.abs(dot(0, 0) - 1) + Math.abs(dot(1, 1) - 1) + Math.abs(dot(0, 1)) < 1e-12, 'a basis at right angles');
}

/** Downloads: every picture is an SVG without NaN, every table has as many cells as heads.
 * @param {Check} check */
function testDownloads(check) {
  for (const p of panels.filter(q => !q.root.hidden)) {
    const sheet = p.sheet(), heads = tsvOf(sheet).split('\n')[0].split('\t').length;
    check(sheet.rows.every(r => r.length === heads), `cells of ${p.id}`);
    p.visible = true;
    p.update(new Set(['theme']));
    const text = p.drawable() ? p.svgText() : '', page = new DOMParser().parseFromString(text || '<a/>', 'text/xml');
    check(!page.querySelector('parsererror') && !/NaN|undefined|Infinity/.test(text), `picture of ${p.id}`);
  }
}

/** @param {string[]} wrong what decoding found @returns {string[]} */
function selfTests(wrong) {
  const found = wrong.slice();
  /** @type {Check} */
  const check = (ok, what) => {
    if (!ok) found.push(what);
  };
  for (const test of [testScales, testCodes, testEvents, testMost, testState, testModel, testDownloads]) {
    try {
      test(check);
    } catch (error) {
      found.push(`${test.name}: ${error}`);
    }
  }
  return found;
}

/** Milliseconds of script of a step of the slider, and of a hover: medians and 95 % quantiles.
 * @returns {string} */
function bench() {
  const plane = /** @type {PlanePanel} */ (panels[0]),
        times = /** @type {Object<string, number[]>} */ ({scrub: [], hover: [], trails: [], table: []});
  const timed = (/** @type {string} */ name, /** @type {() => void} */ act) => {
    const t = performance.now();
    act();
    times[name].push(performance.now() - t);
  };
  const epoch = S.epoch;
  for (let i = 0; i < 200; i++) {
    S.epoch = D.epochs[i % D.epochs.length];
    timed('scrub', () => listeners.forEach(tell => tell(new Set(['epoch']))));
    timed('hover', () => nearestPoint(plane, 60 + i * 3 % (plane.chart.w - 70), 30 + i * 7 % (plane.chart.h - 60)));
    if (i % 20 === 0) timed('trails', () => plane.draw());
    if (i % 40 === 0) timed('table', () => panels.find(p => p.id === 'sweep')?.draw());
  }
  set({epoch});
  S.epoch = epoch;
  return Object.entries(times)
           .map(([name, t]) => {
             t.sort((a, b) => a - b);
             return `${name} ${t[t.length >> 1].toFixed(2)} ms (95 %: ${t[Math.floor(t.length * 0.95)].toFixed(2)})`;
           })
           .join(', ') +
    `, first figure after ${started.toFixed(0)} ms`;
}
