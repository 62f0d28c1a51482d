// page_data.js - a small experiment, made up, for page_numbers.js: two configurations of three and two layers, six
// networks, of which one did not fit, and two estimators.

const NAMES =
  ['ixt_drop', 'ixt_peak', 'ixt_peak_epoch', 'ixt_final', 'ity_final', 'epochs', 'saturated', 'decreased', 'unable'];
/** Of layer 2. */
const GRADIENTS = [[9, 1, 1, 1, 1], [1, 1, 9, 1, 9], [1, 1, 1, 1, 9], [9, 9, 9, 9], [1, 1, 1, 1, 9], [1, 1, 1, 1, 1]];
/** I(X;T) of layer 2 by the first estimator, and its measures; the last network did not fit. */
const CURVES =
  [[1, 3, 2, 1.5, 2], [2, 4, 3, 3, 3.5], [1, 2, NaN, 5, 4], [3, 6, 5, 2], [6, 5, 4, 3, 2.5], [9, 9, 9, 9, 9]];
const MEASURES = [
  [1, 3, 1, 2, 0.5, 5, 0, 1, 0], [0.5, 4, 1, 3.5, 0.75, 5, 1, 1, 0], [1, 5, 4, 4, 0.75, 5, 5, 0, 1],
  [4, 6, 2, 2, 1, 4, 0, 1, 0], [3.5, 6, 0, 2.5, 1, 5, 0, 1, 0], null
];

function madeData() {
  const layer = (label, name, width, activation) => ({label, name, kind: 'dense', width, activation, bound: false});
  const groups = [
    {
      title: 'first',
      values: ['tanh', '3'],
      runs: [0, 1, 2, 3],
      failed: 1,
      layers: [layer('1', '', 8, 'tanh'), layer('2', 'middle', 4, 'tanh'), layer('3', '', 2, 'softmax')],
      hx: 8,
      hy: 1,
      ixy: 0.9,
      curve: 0
    },
    {
      title: 'second',
      values: ['relu', ''],
      runs: [4],
      failed: 0,
      layers: [layer('1', '', 5, 'relu'), layer('2', '', 0, '')],
      hx: 4,
      hy: 2,
      ixy: null,
      curve: null
    }
  ];
  const runs = [0, 1, 2, 3, 4, 5].map(r => ({
    name: r === 2 ? 'odd one' : `a=b_seed=${10 + r}`,
    seed: r === 3 ? 12 : 10 + r,
    status: r === 5 ? 'failed_to_fit' : 'done',
    reason: '',
    group: r === 4 ? 1 : 0,
    values: r === 4 ? ['relu', ''] : ['tanh', '3'],
    epochs: r === 3 ? 1 : 0,
    best_test_epoch: r === 5 ? null : 4,
    final:
      {train_loss: null, train_accuracy: 1, test_loss: 0.1 * r, test_accuracy: [0.9, 0.92, 0.91, 0.5, 0.8, 0.2][r]},
    crossing: [],
    measures: [
      MEASURES[r] ? r === 4 ? [MEASURES[r], null] : [null, MEASURES[r], null] : null,
      r ? null : [null, [0.0001, 2, 8, 2, 0.5, 5, 0, 0, 0], null]
    ]
  }));
  const estimators = ['edges', 'width'].map(name => ({name, text: '', interval: ''}));
  const meta = {
    experiment: 'an experiment: ü',
    dataset: 'points',
    estimators,
    keys: ['network.activation', 'depth'],
    depths_differ: true,
    least_decrease: 0.5,
    groups,
    runs,
    measure_names: NAMES,
    curves: [{ixt: [0, 2, 8], ity: [0, 0.8, 0.9]}],
    epochs: [[0, 1, 1, 2, 4], [0, 2, 6, 8]],
    few: [[0, 2, 4], [0, 3]],
    series: runs.map((run, r) => ({run: r, group: run.group, epochs: run.epochs})),
    blocks: [],
    hist: {runs: [0, 4], fields: 2, range: [[[0, 1], [-1, 1], [0, 1]], [[0, 4], [0, 1]]]},
    clouds: [{
      run: 0,
      block: 0,
      labels: [1, 0, 1],
      layers: [
        {units: 1, low: [0], high: [1], components: false, share: []},
        {units: 2, low: [-1, 0], high: [3, 1], components: false, share: []},
        {units: 3, low: [0, 0, 0], high: [1, 1, 1], components: true, share: [0.5, 0.25, 0.125]}
      ]
    }],
    claims: []
  };
  const sets = meta.epochs.map(sumUp), lines = linesOf(meta, sets), last = lines[lines.length - 1];
  const size = last.at + 2 * last.depth * last.n, layers = last.atLayer + last.depth * last.n;
  const d = {
    meta,
    sets,
    epochs: unionOf(sets),
    lines,
    lineOf: Int32Array.from([0, 1, 2, 3, 4, 5]),
    values: {},
    flags: new Uint8Array(size),
    hist: null,
    clouds: [],
    spec: {}
  };
  const add = (name, of, n, scale = 'linear', unit = 'bits') => {
    d.values[name] = new Float32Array(n).fill(NaN);
    d.spec[name] = {name, of, type: 'u16', coding: 'dz', scale, low: 0, high: 6.5534, unit, n, sha256: ''};
  };
  for (const name of ['ixt', 'ity', 'ixt_over', 'ixt_low', 'ixt_high', 'ity_null', 'ity_error'])
    add(name, 'estimates', size);
  for (const name of ['gradient_mean', 'gradient_std']) add(name, 'layers', layers, 'log', '1');
  for (const name of ['train_loss', 'test_loss', 'test_accuracy'])
    add(name, 'metrics', last.atMetric + last.n, 'linear', '');
  D = d;
  lines.forEach((l, r) => {
    for (let k = 0; k < l.depth; k++)
      for (let e = 0; e < l.n; e++) {
        estimateOf('ixt', l, 0, k)[e] = k === (r === 4 ? 0 : 1) ? CURVES[r][e] : k ? 1 + e / 8 : 7;
        estimateOf('ity', l, 0, k)[e] = 1 - k / 4 - e / 16;
        seriesOf('gradient_mean', l, k)[e] = k === 1 ? GRADIENTS[r][e] : NaN;
        seriesOf('gradient_std', l, k)[e] = 3;
      }
    for (let e = 0; e < l.n; e++) {
      seriesOf('train_loss', l, 0)[e] = 1 / (1 + e);
      seriesOf('test_loss', l, 0)[e] = r + [1, 0.5, 0.25, 0.5, 0.75][e];
      seriesOf('test_accuracy', l, 0)[e] = e / 8;
    }
  });
  d.hist = Uint8Array.from({length: 2 * 3 * 3 + 2 * 2 * 3}, (_, i) => i * 5);
  d.clouds = [Uint8Array.from({length: 6 * 3 * 3}, (_, i) => 255 - i * 4)];
  startModel();
  Object.assign(S, defaults());
}
