// page_drawing.js - where the panels draw what, what the pointer and the keys find and choose.
// test_page_numbers.sh joins it behind page_panels.js.

const drawn = act => {
  const pen = new Recorder();
  act(pen);
  return pen;
};
const curve = (y, more = {}) =>
  ({text: 'c', color: 'red', epochs: Float64Array.of(0, 1, 3, 7).slice(0, y.length), y: Float32Array.from(y), ...more});

function series() {
  const low = Float32Array.of(-1, 0, 1), high = Float32Array.of(2, 5, 9);
  is('bounds',
    [
      boundsOf({curves: [curve([1, 2, 3])]}), boundsOf({curves: [curve([1, 2, 3], {low, high})]}),
      boundsOf({curves: [curve([1, 2, 3])], least: 0}), boundsOf({curves: [curve([1, 2, 3])], most: 5}),
      boundsOf({curves: [curve([2])]}), boundsOf({curves: [curve([0])]}), boundsOf({curves: []}),
      boundsOf({curves: [], least: -1, most: 4}), boundsOf({curves: [], log: true}),
      boundsOf({curves: [curve([0, 2, 8])], log: true}), boundsOf({curves: [curve([2])], log: true})
    ],
    [
      [0.92, 3.08], [-1.4, 9.4], [0, 3.12], [0.84, 5.16], [1.92, 2.08], [-0.04, 0.04], [0, 1], [-1, 4], [0.1, 1],
      [2, 8], [2, 20]
    ]);
  given({span: [1, 3]}, () => is('bounds of a span', boundsOf({curves: [curve([9, 2, 3, 9])], least: 1}), [1, 3.08]));
  const rows =
    [{title: 't', curves: [curve([1, 2], {end: 'out−1'})]}, {title: 'u', curves: [curve([0, 4])], log: true}];
  const plots = layOutRows(rows, 400, 236);
  is('boxes', plots.map(p => Object.values(p.box)), [[48, 20, 302, 74], [48, 120, 302, 74]]);
  is('axes', plots.map(p => [p.x.lo, p.x.hi, p.x.at(16), p.y.lo, p.y.hi, p.y.at(p.y.hi)]),
    [[0, 16, 350, 0.96, 2.04, 20], [0, 16, 350, 4, 40, 120]]);
  given({span: [2, 4], linear: true}, () => is('a linear axis', layOutRows(rows, 400, 236)[0].x.at(3), 199));
  const box = {x: 0, y: 0, w: 80, h: 100},
        plot = {row: {title: 'ab', curves: []}, box, x: linearScale(0, 8, 0, 80), y: linearScale(0, 10, 100, 0)};
  is('a band', drawn(p => drawBand(p, plot, curve([1, 2, 3], {low, high}))).of('trace'),
    [[[[0, 80], [10, 50], [30, 10], [30, 90], [10, 100], [0, 110]]]]);
  is('no band', drawn(p => drawBand(p, plot, curve([1, 2]))).said, []);
  const c = curve([1, 2, NaN, 4], {saturated: [0, 1, 1, 0], marked: [1, 0, 1, 0], dash: [5]}),
        pen = drawn(p => drawCurve(p, plot, c));
  is('pieces', pen.of('trace').slice(0, 3).map(t => t[0].map(p => p[0])), [[0, 10], [10, 30, 70], [-4, 4]]);
  is('dashes', pen.of('end').map(e => e[0].dash), [[5], [8, 3, 2, 3], undefined]);
  is('crosses', pen.of('trace').slice(2).map(t => t[0]), [[[-4, 86], [4, 94]], [[-4, 94], [4, 86]]]);
  is(
    'one epoch', drawn(p => drawCurve(p, plot, curve([3]))).of('mark').map(m => m.slice(0, 4)), [[0, 70, 3, 'circle']]);
  const note = epoch => drawn(p => drawNote(p, plot, {epoch, text: 'xy'}));
  is('notes',
    [note(4).of('trace'), note(4).of('text')[0].slice(0, 3), note(8).of('trace').length, note(8.1).said, note(-1).said],
    [[[[[40, 0], [40, 100]]]], [40, -6, 'xy'], 1, [], []]);
  const labels = (...y) => {
    plot.row = {title: '', curves: y.map((v, i) => curve([v, v, v, v], {end: `e${i}`}))};
    return drawn(p => labelCurves(p, plot)).of('text').map(t => [t[2], t[0], t[1]]);
  };
  is('labels', [labels(5, 2), labels(5, 5.5), labels(0, 0.5), labels(99), labels(NaN)], [
    [['e0', 85, 54], ['e1', 85, 84]], [['e1', 85, 49], ['e0', 85, 61]], [['e1', 85, 92], ['e0', 85, 104]],
    [['e0', 85, 4]], []
  ]);
  plot.row = {title: '', curves: [curve([1, 3], {}), curve([2, 4, 8], {})]};
  const near = (x, y) => {
    const f = nearestCurve(plot, x, y);
    return f && [plot.row.curves.indexOf(f.c), f.e];
  };
  is('the nearest', [near(1, 89), near(6, 69), near(4, 81), near(29, 21), near(0, 20)],
    [[0, 0], [0, 1], [1, 0], [1, 2], [1, 0]]);
  is('others', othersAt({plots: [plot]}, plot.row.curves[0], 1), ['c: 4']);
  is('plots',
    [plotAt({plots: [plot]}, -4, -20) === plot, plotAt({plots: [plot]}, 111, 0), plotAt({plots: [plot]}, 0, 109)],
    [true, undefined, undefined]);
  const p = new LayersPanel(), text = list => list.map(x => [x.text, x.end, x.y]);
  given({layers: [1]},
    () => is('curves', text(p.curvesOf('ixt')), [['layer out−1: middle 4 tanh', 'out−1', meanOf(0, 0).ixt[1]]]));
  given(
    {layers: [1], share: true, pins: [1]}, () => is('shares', text(p.curvesOf('ixt')).map(t => t[2][1]), [0.375, 0.5]));
  given({layers: [1], vs: 1},
    () => is('compared', p.curvesOf('ixt').map(x => [x.text, x.y[0], x.line]),
      [['layer out−1: middle 4 tanh', 1.75, undefined], ['activation relu, layer out−1: 5 relu', 6, -1]]));
  given({vs: 1, diff: true},
    () => is('differences', p.curvesOf('ixt').map(x => [x.text, x.y]),
      [['layer out−1', [-4.25, -2, 11 / 3 - 4, 9.5 / 3 - 3, 1.125]], ['layer out', [0, 0, -1 / 32, 0, -1 / 16]]]));
  given({layers: [1], cfg: 1},
    () => is('one network', p.curvesOf('ixt').map(x => [x.text, x.low[0]]), [['layer out−1: 5 relu', NaN]]));
  is('titles', [p.rows().map(r => [r.title, r.what, r.least]), bandWords()], [
    [['I(X;T), bits', 'I(X;T)', 0], ['I(T;Y), bits', 'I(T;Y)', 0]],
    'Lines are means over the networks, bands reach from the lowest to the highest network.'
  ]);
  given({layers: [1], epoch: 3},
    () => is('its label', p.label(),
      'Layers over training, activation tanh, depth 3, edges, ' +
        'epoch 3. layer out−1: I(X;T) 3.67 bits'));
  const q = new LossPanel();
  is('losses', [q.rows().map(r => [r.title, r.curves.map(x => x.text), r.least]), q.label()], [
    [['loss, nats', ['train loss', 'test loss'], 0], ['accuracy', ['test accuracy'], undefined]],
    'Loss and accuracy at epoch 16: ' +
      'training loss 0.233, test loss 2.13, training accuracy not known, test accuracy 0.438'
  ]);
  const g = new GeometryPanel();
  is('quantities', [g.names, seriesTitle('gradient_mean'), seriesTitle('ixt'), seriesTitle('a_b/c')],
    [['gradient_ratio', 'gradient_mean', 'gradient_std'], 'norm of the mean gradient', 'ixt, bits', 'a b: c']);
  is('ratios', g.rows()[0].curves.map(x => [x.text, x.y]),
    [['layer out−1: middle 4 tanh', [5 / 3, 1 / 3, 5 / 3, 1 / 3, 7 / 3]]]);
}

function plane() {
  const p = new PlanePanel();
  p.chart.fit();
  given({epoch: 8}, () => {
    p.draw();
    const [f] = p.facets, at = (x, y) => nearestPoint(p, f.x.at(x), f.y.at(y));
    is('boxes', p.facets.map(x => [x.group, ...Object.values(x.box)]), [[0, 44, 20, 338, 102], [1, 44, 150, 338, 102]]);
    is('bounds', [f.x.lo, f.x.hi, f.y.lo, f.y.hi], [0, 8.24, 0, 2.1]);
    is('near', [at(2, 0.5), at(3.5, 0.49), at(3, 0.6875), at(5, 1.5)],
      [{line: 0, slot: 1, epoch: 8}, {line: 1, slot: 1, epoch: 8}, {line: 0, slot: 1, epoch: 1}, null]);
    is('facets', [facetAt(p, 44, 0), facetAt(p, 43, 50), facetAt(p, 44, 130), facetAt(p, 44, 253)].map(x => x?.group),
      [0, undefined, 1, undefined]);
  });
  for (const [n, w, columns, rows] of [
         [1, 400, 1, 1], [2, 479, 1, 2], [2, 480, 2, 1], [3, 900, 3, 1], [4, 900, 2, 2], [5, 900, 3, 2]]) {
    const groups = Array(n).fill(0);
    given({groups}, () => is(`${n} planes`, p.layOut(w, 300), {columns, rows}));
  }
  given({share: true}, () => is('shares', p.whole([0]), [0, 0, 1.03, 1.05]));
  given({groups: [0]}, () => {
    p.layOut(400, 300);
    is('one plane', Object.values(p.facets[0].box), [44, 8, 338, 252]);
    p.zoomBy(0.5);
    is('closer', S.zoom, [2.06, 0.2625, 6.18, 0.7875]);
    p.zoomBy(2, 2.06, 0.2625);
    is('away', S.zoom, [2.06, 0.2625, 10.3, 1.3125]);
    p.zoomBy(1.21);
    is('too far', S.zoom, null);
    p.zoomBy(1e-5);
    is('too close', S.zoom, null);
  });
  changed.clear();
  is('labels', planeLabel().slice(0, 150),
    'Information plane, edges, epoch 16. activation tanh, depth 3, mean of 4 networks: ' +
      'layer out−2: 7 bits of X, 0.781 bits of Y; layer out−1: 3.63 bits of');
  estimateOf('ixt_low', D.lines[0], 0, 1)[2] = 1.5;
  estimateOf('ixt_high', D.lines[0], 0, 1)[2] = 2.5;
  estimateOf('ity_error', D.lines[0], 0, 1)[2] = 0.125;
  estimateOf('ity_null', D.lines[0], 0, 1)[2] = 0.25;
  flagsOf(D.lines[0], 0, 1)[2] = 9;
  is('a card', cardOf({line: 0, slot: 1, epoch: 3}), [
    'seed 10, layer out−1: middle 4 tanh', 'activation tanh, depth 3', 'epoch 2, edges', 'I(X;T) 2 (1.5 to 2.5) bits',
    'I(T;Y) 0.625 ± 0.13 bits', 'I(T;Y) with shuffled labels: up to 0.25', 'accuracy: training –, test 0.25',
    'saturated: nearly every input has its own value, so a decrease cannot show',
    'the bins lose predictions of the network'
  ]);
  is('flags', [flagTexts(0), flagTexts(2), flagTexts(4)],
    [[], ['more information than the layer before: not possible'], ['clipped to what theory allows']]);
  D.flags.fill(0);
  is('table', [p.sheet().rows.length, p.sheet().rows[1]],
    [17, ['activation tanh, depth 3, seed 10', 'out−1', 'edges', 8, 2, 0.5]]);
  const b = {x: 0, y: 0, w: 100, h: 100},
        f = {group: 0, box: b, x: linearScale(0, 10, 0, 100), y: linearScale(0, 2, 100, 0)};
  const bounds = drawn(pen => drawBounds(pen, pen, f));
  is('regions', bounds.of('trace').map(t => t[0]),
    [[[0, 100], [10, 50], [0, 50]], [[80, 0], [80, 100]], [[0, 100], [20, 60], [80, 55]]]);
  is('above', bounds.of('rect').map(r => r.slice(0, 4)), [[0, 0, 100, 50]]);
  is('names', bounds.of('text').map(t => t.slice(0, 3)), [[62, 47, 'H(Y)'], [77, 95, 'H(X)'], [25, 74, 'IB curve']]);
  given({share: true},
    () => is('regions of shares', drawn(pen => drawBounds(pen, pen, f)).of('trace')[1][0], [[10, 0], [10, 100]]));
  is('a path', pathOf(f, D.lines[0], CURVES[0], [0, 1, 2, 1, 0]), [[10, 30, 20, 15, 20], [100, 50, 0, 50, 100]]);
  const put = (...ends) =>
    drawn(pen => labelEnds(pen, f, ends.map(([x, y, slot]) => ({x, y, slot})), [])).of('text').map(t => t.slice(0, 3));
  is('numbers',
    [
      put([20, 40, 2]), put([20, 40, 2], [30, 45, 1]), put([20, 40, 0], [25, 40, 1], [20, 45, 2]), put([90, 40, 2]),
      put([20, 40, 2], [20, 60, 2])
    ],
    [
      [[29, 58, 'out']], [[39, 63, 'out−1, out']], [[29, 58, 'out−2 to out']], [[53.1, 58, 'out']],
      [[29, 58, 'out'], [29, 78, 'out']]
    ]);
}

function looks() {
  given({pick: 1, epoch: 3}, () => {
    const v = cloudView(0, null), h = histOf(4);
    is('a cloud', [v.n, v.dims, v.labels, v.classes, v.title, v.names],
      [3, 2, [1, 0, 1], [0, 1], 'epoch 2: 2 units, 3 of 3 samples apart', ['unit 1', 'unit 2']]);
    const q = i => (255 - 4 * i) / 255 - 0.5;
    is('samples', v.at, [2 * q(10), q(19) / 2, 2 * q(13), q(22) / 2, 2 * q(16), q(25) / 2]);
    is('a histogram', [h.codes, h.n, h.fields, h.range, h.epochs],
      [[90, 95, 100, 105, 110, 115], 3, 2, [0, 4], [0, 2, 8]]);
    is('its table', heatSheet(4).rows[3], [0, 2, 4, (105 / 255) ** 2]);
    is('none', [histOf(1), cloudView(1, null)], [null, null]);
    const heat = drawn(pen => drawHeat(pen, new Recorder(), 456, 260, 4)).of('rect'), x = epochScale(0, 16, 44, 444),
          half = (x.at(2) + x.at(8)) / 2;
    is('fields', [heat.length, heat[0].slice(0, 4), heat[4].slice(0, 4), heat[5][4].alpha],
      [6, [44, 122, (x.at(2) - 44) / 2, 100.3], [(44 + x.at(2)) / 2, 22, half - (44 + x.at(2)) / 2, 100.3], 0.85]);
    const points = drawn(pen => drawCloud(pen, v, 200, 184)), r = 72 / Math.SQRT2 * 1.3;
    is('points', points.of('mark').slice(2).map(m => m.slice(0, 4)), [[0, 1], [2, 3],
      [4, 5]].map(([a, b], s) => [100 + v.at[a] * r, 100 - v.at[b] * r, 3, s === 1 ? 'circle' : 'square']));
    is('axes', points.of('text').slice(1).map(t => t.slice(0, 3)), [[171.8, 104, 'unit 1'], [107, 39.2, 'unit 2']]);
  });
  given({pick: 2, epoch: 99}, () => is('components', [cloudView(0, null).title, cloudView(0, null).names], [
    'epoch 8: 3 principal components, 87.5 % of the variance at the end, 3 of 3 samples apart', ['PC1', 'PC2', 'PC3']
  ]));
  is('a first basis', [firstBasis(1), firstBasis(2), firstBasis(4)[1]], [[[1, 0]], [[1, 0], [0, 1]], [0.5, 0.5]]);
}

function choices() {
  const did = (act, ...names) => {
    act();
    changed.clear();
    return names.map(n => S[n]);
  };
  buildTime();
  const key = (k, more = {}) => pressKey({key: k, target: null, preventDefault() {}, ...more});
  given({epoch: 2},
    () => is('steps',
      [did(() => stepEpoch(1), 'epoch'), did(() => stepEpoch(-2), 'epoch'), did(() => stepEpoch(10), 'epoch')],
      [[4], [1], [16]]));
  given({}, () => {
    const press = (k, name, more) => did(() => key(k, more), name)[0];
    is('keys',
      [
        press('ArrowLeft', 'epoch'), press('ArrowLeft', 'epoch', {shiftKey: true}), press('ArrowRight', 'epoch'),
        press('1', 'layers'), press('o', 'layers'), press('o', 'layers'), press('4', 'layers'), press('i', 'layers'),
        press('i', 'layers'), press('e', 'est'), press('e', 'est'), press('E', 'est'), press('>', 'speed'),
        press('<', 'speed'), press('<', 'speed'), press('1', 'layers', {ctrlKey: true})
      ],
      [8, 0, 1, [1, 2], [1], [1, 2], [1, 2], [1], [0, 1, 2], 1, 0, 1, 2, 1, 0.5, [0, 1, 2]]);
  });
  S.speed = 1;
  given({pins: [1]},
    () => is('pins', [did(() => togglePin(2), 'pins'), did(() => togglePin(1), 'pins')], [[[1, 2]], [[2]]]));
  given({groups: [1]}, () => is('configurations', [groupsWith(0), groupsWith(1)], [[0, 1], [1]]));
  given({layers: [2]}, () => is('layers', [shownWith(0), isAlone(2), isAlone(1)], [[0, 2], true, false]));
  new PlanePanel();
  panels.splice(0, panels.length - 1);
  panels[0].draw();
  given({},
    () => is('networks', [1, 1, -1, -1, -1].map(by => did(() => stepNetwork(by), 'net', 'cfg')),
      [[0, 0], [1, 0], [0, 0], [4, 1], [5, 0]]));
  given({epoch: 3},
    () => is('typed', ['5', '2,9', 'x', '99', '-3'].map(t => did(() => goTo(t), 'epoch')[0]), [4, 2, 2, 16, 0]));
  given({},
    () => is('of a test',
      [
        did(() => showTest({estimator: 'width', layer: 1}), 'est', 'pick'),
        did(() => showTest({estimator: 'none', layer: 3}), 'est', 'pick')
      ],
      [[1, 0], [1, 2]]));
  const claim = {
    seeds: 1,
    estimators: [
      {estimator: 'a', decision: 'holds'}, {estimator: 'b', decision: 'undecided'}, {estimator: 'c', decision: 'holds'}
    ],
    firm: true,
    rule_changed: true
  };
  is('claims',
    [
      claimSentence(claim), claimSentence({seeds: 2, firm: false}),
      claimSentence({estimators: [{estimator: 'a', decision: 'not shown'}]}), claimSentence({})
    ],
    [
      '1 seed. It holds by a and c; undecided by b. The verdict is the same with thresholds halved and ' +
        'doubled. The rule has changed since.',
      '2 seeds. With thresholds halved or doubled, the verdict is another.', 'Not shown by a.', ''
    ]);
  is('layers of claims', ['2', '1, 2', '-', undefined].map(t => layersSentence({tested_layers: t})),
    [' Layer tested: 2.', ' Layers tested: 1, 2.', '', '']);
}
