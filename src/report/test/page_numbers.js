// page_numbers.js - exact values of the functions of the page's scripts: scales and texts, addresses, means, falls,
// columns and filters. test_page_numbers.sh joins it behind the scripts and page_data.js.

const plain = value => JSON.stringify(value,
  (_, x) => ArrayBuffer.isView(x) ? [...x] :
    typeof x !== 'number'         ? x :
    isFinite(x)                   ? Number(x.toPrecision(6)) :
                                    String(x));
let failures = 0;
function is(what, found, expected) {
  if (plain(found) === plain(expected)) return;
  failures++;
  console.log(`${what}:\n  ${plain(found)}\n  expected ${plain(expected)}`);
}
/** With other choices, and all of them back after it. */
function given(choices, act) {
  const before = {...S};
  Object.assign(S, choices);
  act();
  Object.assign(S, before);
}

function scales() {
  const l = linearScale(2, 4, 10, 30), e = epochScale(1, 7, 0, 20), g = logScale(0.1, 1000, 40, 0);
  is('linear scale', [l.at(2), l.at(3), l.at(4), l.back(25), linearScale(5, 5, 10, 30).at(6)], [10, 20, 30, 3.5, 30]);
  is('epochs', [e.at(1), e.at(3), e.at(7), e.back(10)], [0, 10, 20, 3]);
  is('logarithms', [g.at(0.1), g.at(10), g.at(1000), g.back(30), g.at(0), g.at(-1)], [40, 20, 0, 1, NaN, NaN]);
  is(
    'ticks of scales', [l.ticks(4), e.ticks(4), g.ticks(9)], [[2, 2.5, 3, 3.5, 4], [2, 4, 6], [0.1, 1, 10, 100, 1000]]);
  is('steps of ticks', [1.4, 1.6, 3.4, 3.6, 7.4, 7.6].map(v => linearTicks(0, v * 4, 4)[1]), [1, 2, 2, 5, 5, 10]);
  is('no range', [linearTicks(3, 3, 5), linearTicks(0, Infinity, 5), linearTicks(0, 3, 0)], [[3], [0], [0, 2]]);
  is('from a tick to a tick', linearTicks(-0.3, 0.3, 6), [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
  is('ticks of epochs', [logTicks(0, 10, 5), logTicks(1, 100, 5), logTicks(0, 9, 3), logTicks(2, 99, 3)],
    [[0, 1, 10], [1, 10, 100], [0, 2, 4, 6, 8], [20, 40, 60, 80]]);
  is('decades', [decades(0.001, 1e5, 3), decades(0.2, 0.9, 4), decades(1, 10, 9), decades(1e-4, 1e-1, 2)],
    [[0.001, 1, 1000], [0.2, 0.4, 0.6, 0.8], [1, 10], [1e-4, 0.01]]);
  is('numbers',
    [
      num(1234.56), num(99.95), num(0.00012345), num(0.00009), num(1e6), num(999999), num(-1.5), num(null),
      num(undefined), num(Infinity), num(1.23456, 5), num(-2e7), num(0.1 + 0.2), num(1e-4, 2)
    ],
    [
      '1235', '100', '0.00012', '9.00e−5', '1.00e6', '999999', '−1.5', '–', '–', '–', '1.2346', '−2.00e7', '0.3',
      '0.0001'
    ]);
  is('bits', [bits(1), bits(0), bits(2.5), bits(NaN), bits(0.9999)], ['1 bit', '0 bits', '2.5 bits', '–', '1 bit']);
  is('counts', [count(1, 'seed'), count(0, 'seed'), count(2, 'seed')], ['1 seed', '0 seeds', '2 seeds']);
  is('lists', [listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])],
    ['', 'a', 'a and b', 'a, b and c']);
  is('medians', [median([4, 1, 3, 2]), median([Infinity, 2, NaN]), median([])], [2, 2, NaN]);
  is('limits', [clamp(1, 2, 3), clamp(4, 2, 3), clamp(2.5, 2, 3)], [2, 3, 2.5]);
  is('correlation', correlation([1, 2, 3, 4], [1, 3, 2, 4]), {n: 4, r: 0.8, low: -0.696953, high: 0.9956});
  is('correlation of three', correlation([1, 2, 3], [3, 2, 1]), {n: 3, r: -1, low: NaN, high: NaN});
  is('correlation of one', correlation([1], [2]).r, NaN);
}

function epochsAndLines() {
  is('epochs', D.epochs, [0, 1, 2, 4, 8, 16]);
  is('places of lines', D.lines.map(l => [l.at, l.atLayer, l.atMetric, l.n, l.depth]), [
    [0, 0, 0, 5, 3], [30, 15, 5, 5, 3], [60, 30, 10, 5, 3], [90, 45, 15, 4, 3], [114, 57, 19, 5, 2], [134, 67, 24, 5, 3]
  ]);
  is('alignment', [alignmentOf(0, 1), alignmentOf(1, 0)], [[0, -1, 1, -1, 2], [0, 2, 4, -1]]);
  is('index', [-1, 0, 3, 4, 99].map(e => indexAt(D.epochs, e)), [0, 0, 2, 3, 5]);
  is('nearest epoch', [-1, 0.4, 0.5, 2.8, 2.9, 5.7, 5.8, 99].map(nearestEpoch), [0, 0, 1, 2, 4, 4, 8, 16]);
  const m = {few: D.meta.few, hist: D.meta.hist, clouds: D.meta.clouds, runs: D.meta.runs, groups: D.meta.groups};
  const b = of => [...lengthsOf({...m, estimators: D.meta.estimators}, D.lines, {of}, 0)];
  is('lengths', [b('metrics'), b('layers').length, b('estimates').length, b('hist'), b('cloud')],
    [[5, 5, 5, 4, 5, 5], 17, 34, Array(10).fill(3), Array(18).fill(3)]);
  is('values',
    [
      valuesOf({low: -1, high: 1, scale: 'linear'}, [0, 32767, 65534, 65535]),
      valuesOf({low: 1, high: 16, scale: 'log'}, [0, 1, 65534, 65535])
    ],
    [[-1, 0, 1, NaN], [0, 1, 16, NaN]]);
}

function names() {
  is('slots', [layerOf(2, 2), layerOf(0, 2), layerOf(1, 3), slotOf(0, 2), slotOf(2, 3)], [1, -1, 1, 1, 2]);
  is('names of layers', [0, 1, 2].map(slotName), ['out−2', 'out−1', 'out']);
  is('phrases', [0, 2].map(slotPhrase), ['layer out−2', 'the output layer']);
  is('titles', [layerTitle(0, 1), layerTitle(1, 1), layerTitle(1, 2), layerTitle(1, 0)],
    ['out−1: middle 4 tanh', 'out−1: 5 relu', 'out', '']);
  is('networks', [0, 2, 4].map(seedName), ['seed 10', 'odd one', 'seed 14']);
  is('with configuration', [0, 2, 4].map(runName),
    ['activation tanh, depth 3, seed 10', 'odd one', 'activation relu, seed 14']);
  is('quantiles', lineName({run: null, group: 1, quantile: 0.25}), 'activation relu: 25 % quantile of the networks');
  const {keys, depths_differ: differ} = D.meta;
  Object.assign(D.meta, {keys: [], depths_differ: false});
  is('without keys', [groupName(1), slotName(1), slotPhrase(1)], ['second', '2', 'layer 2']);
  C = {...C, layer: ['a', 'b'], out: 'z'};
  const marks = () => [0, 1, 2].map(s => [colorOf(s), shapeOf(s)]);
  is('colours', marks(), [['a', 'circle'], ['b', 'square'], ['z', 'ring']]);
  Object.assign(D.meta, {keys, depths_differ: differ});
  is('colours from the output', marks(), [['b', 'square'], ['a', 'circle'], ['z', 'ring']]);
  is('files', [fileName('plane', 'svg'), new Panel('p', 'P', '', ['est'], ['epoch']).viewName()],
    ['an_experiment_-plane.svg', 'p-edges-epoch16']);
  is('views',
    [new Panel('p', 'P', '', ['est', 'cfg'], ['epoch']).viewWords(), new Panel('p', 'P', '', [], []).viewWords()],
    ['an experiment: ü, P, activation tanh, depth 3, edges, epoch 16', 'an experiment: ü, P']);
  is('tables', tsvOf({caption: '', heads: ['a', 'b'], rows: [[1.5, null], ['x\ty\n', NaN]]}),
    'a\tb\n1.5\tnan\nx y \tnan\n');
  const rows = tableOf({caption: 'All.', heads: ['a'], rows: [[1], [2], [3]]}, 2);
  is('long tables', [rows.inside[0].textContent, rows.inside[2].inside.length],
    ['All. The first 2 of 3 rows; the download has all.', 2]);
  is('short tables', tableOf({caption: 'All.', heads: ['a'], rows: [[1], [2]]}, 2).inside[0].textContent, 'All.');
}

function addresses() {
  is('numbers',
    [
      readNumber('3', 0, 9, 1), readNumber(' ', 0, 9, 1), readNumber(null, 0, 9, 1), readNumber('99', 0, 9, 1),
      readNumber('x', 0, 9, 1), readNumber('-1', 0, 9, 1)
    ],
    [3, 1, 1, 9, 1, 0]);
  is('lists', [readList('2,0,2,3,x,-1', 3), readNumbers('1,2', 2), readNumbers('1,2', 3), readNumbers('1,x', 2)],
    [[2, 0], [1, 2], null, null]);
  is('layers', [readLayers('out,out-2,out'), readLayers('3')], [[0, 2], []]);
  is('networks', [0, 1, 2, 3, 4].map(runText), ['s10', 's11', '2', '3', 's14']);
  is('networks back', readRuns('s14,s99,0,5,6,-1,s10,x'), [4, 0, 5]);
  is('no choice', hashOf(), '');
  const other = {
    est: 1,
    pick: 2,
    net: 3,
    pins: [0, 1, 3],
    span: [1, 8],
    zoom: [1, 0.5, 6, 0.75],
    groups: [1],
    cfg: 1,
    vs: 0,
    diff: true,
    layers: [0, 2],
    epoch: 4,
    turn: 1.234,
    brush: {'fell:edges': [1.23456789, 2]},
    share: true,
    linear: true,
    geo: 'ixt',
    filter: 'a&b',
    panel: 'plane',
    sx: 'turn',
    sy: 'ixt',
    rows: 'configurations',
    fold: 'configurations',
    sort: '-turn'
  };
  given(other,
    () => is('address', hashOf(),
      '#v1&e=4&est=width&l=out-2,out&g=1&c=1&vs=0&diff=1&k=out&net=3' +
        '&pin=s10,s11,3&z=1,0.5,6,0.75&x=1,8&ax=share&lin=1&geo=ixt&sx=turn&sy=ixt&rows=configurations' +
        '&fold=configurations&cloud=0:1.23&sort=-turn&f=a%26b&b=fell:edges:1.2346:2&p=plane'));
  const s = h => stateOf('#v1&' + h), pick = (h, ...keys) => keys.map(k => s(h)[k]);
  given(other,
    () => is('state of the address', stateOf(hashOf()),
      {...defaults(), ...other, turn: 1.23, brush: {'fell:edges': [1.2346, 2]}}));
  is('epochs', ['e=3', 'e=-1', 'e=99', 'e='].map(h => s(h).epoch), [2, 0, 16, 16]);
  is('limits', pick('c=9&vs=-9&net=99&cloud=7:-3', 'cfg', 'vs', 'net', 'cloud', 'turn'), [1, -1, 5, 0, 0]);
  is('limits', pick('c=-1&vs=9&net=-7', 'cfg', 'vs', 'net'), [0, 1, -1]);
  is('empty ranges', pick('x=3,3&z=1,0,1,1', 'span', 'zoom'), [null, null]);
  is('empty heights', pick('x=3,2&z=0,1,1,1', 'span', 'zoom'), [null, null]);
  is('words',
    pick('rows=x&fold=y&ax=bits&lin=0&diff=0&p=A1&est=none', 'rows', 'fold', 'share', 'linear', 'diff', 'panel', 'est'),
    ['networks', 'layers', false, false, false, '', 0]);
  is('long filters',
    s('f=' +
      'a'.repeat(501))
      .filter.length,
    500);
  is('other addresses', plain(stateOf('#v2&e=2')), plain(defaults()));
  is('defaults', pick('', 'epoch', 'layers', 'groups', 'pick', 'cfg', 'vs', 'net'),
    [16, [0, 1, 2], [0, 1], 1, 0, -1, -1]);
}
