// page_panels.js - what panels compute from the data: means over networks, falls, sentences, columns, filters and what is
// drawn where. test_page_numbers.sh joins it behind page_numbers.js.

/** A decrease of a network, as fallsOf gives it. */
const fall = (drop, more = {}) => ({
  run: 0,
  drop,
  peak: 5,
  turn: 4,
  end: 5 - drop,
  ity: 1,
  saturated: 0,
  low: 5 - drop,
  lowAt: 8,
  down: drop >= 0.5,
  unable: false,
  dips: false,
  ...more
});

function means() {
  const third = 11 / 3, m = meanOf(0, 0);
  is('a mean', [m.networks, m.n, m.ixt[1], m.low.ixt[1], m.high.ixt[1]],
    [4, 5, [1.75, 3, third, 9.5 / 3, 3.625], [1, 2, 2, 1.5, 2], [3, 4, 6, 5, 5]]);
  is('a mean of I(T;Y)', [m.ity[2], m.low.ity[2], m.high.ity[2]], [
    [0.5, 0.4375, 0.390625, 0.3125, 0.28125], [0.5, 0.4375, 0.375, 0.3125, 0.25], [0.5, 0.4375, 0.4375, 0.3125, 0.375]
  ]);
  estimateOf('ixt_over', D.lines[0], 0, 1).set([0.5, 40, -40, NaN, 1]);
  is('before clipping', computeMean(0, 0).ixt[1], [1.875, 4, 2, 9.5 / 3, 3.875]);
  estimateOf('ixt_over', D.lines[0], 0, 1).fill(NaN);
  is('no estimate', computeMean(0, 1).ixt[0][0], NaN);
  model.shown.fill(0, 0, 5);
  is('networks that did not fit', [computeMean(0, 0).ixt[1][0], computeMean(1, 0)], [9, null]);
  model.shown.fill(1);
  is('of a series', [seriesMean('train_loss', 1, 0).mean, seriesMean('none', 0, 0)],
    [[1, 1 / 2, 1 / 3, 1 / 4, 1 / 5], null]);
  for (const r of [0, 1]) flagsOf(D.lines[r], 0, 1).set([1, 1, 0, r, 2]);
  flagsOf(D.lines[3], 0, 1).set([0, 1, 1, 1]);
  is('in half of the networks', saturatedAt(0, 0, 1), [1, 1, 0, 0, 0]);
  D.flags.fill(0);
}

function events() {
  const l = D.lines[0], set = (name, k, v) => estimateOf(name, l, 0, k).set(v);
  flagsOf(l, 0, 1).set([2, 2, 2, 0, 2]);
  const before = [0, 1].map(k => ['ixt', 'ity'].map(n => estimateOf(n, l, 0, k).slice()));
  set('ixt', 0, [1, 3, 3, 1, 3]);
  set('ity', 0, [0.5, 0.25, 0.75, 0.5, 0.5]);
  set('ixt', 1, [2, 2, 2, 2, 3]);
  set('ity', 1, [0.5, 0.75, 0.5, 1, 0.5]);
  is('which exceeds', [exceedsBefore(l, 0, 1, 'ixt'), exceedsBefore(l, 0, 1, 'ity')],
    [[1, 0, 0, 0, 1], [0, 1, 1, 0, 1]]);
  is('by how much', [excessOf(l, 0, 1, 'ixt')(0), excessOf(l, 0, 1, 'ity')(1)], [1e4, 5e3]);
  set('ixt_over', 1, [NaN, 0.5, NaN, NaN, NaN]);
  set('ixt_low', 1, [1.5, NaN, NaN, NaN, NaN]);
  set('ixt_high', 0, [1.25, NaN, NaN, NaN, NaN]);
  is('beyond intervals', [excessOf(l, 0, 1, 'ixt')(0), excessOf(l, 0, 1, 'ixt')(1)], [2500, -5000]);
  is('the first layer', exceedsBefore(l, 0, 0, 'ixt'), [0, 0, 0, 0, 0]);
  for (const name of ['ixt_over', 'ixt_low', 'ixt_high']) D.values[name].fill(NaN);
  [0, 1].forEach(k => ['ixt', 'ity'].forEach((n, i) => set(n, k, before[k][i])));
  D.flags.fill(0);
  is('noise', [0, 1, 2, 3].map(r => Object.values(noisySince(D.lines[r], 1))),
    [[2, NaN], [NaN, NaN], [0, 8], [NaN, NaN]]);
  is('noise of none', noisySince(D.lines[0], 0), {since: NaN, again: NaN});
  is('sentences', [crossingSentence(0), crossingSentence(1)], [
    'Noise exceeds the mean gradient (ratio below 1 until the epoch has doubled) from epoch 0 in layer out−1 (3 of 5 ' +
      'networks). Medians over networks; in up to 1 the ratio is above 1 again later.',
    'Noise exceeds the mean gradient (ratio below 1 until the epoch has doubled) from epoch 0 in the output layer (again ' +
      'above 1 until epoch 8).'
  ]);
  is('ratios', [ratioMean(0, 1).mean, ratioOf(Float32Array.of(1, 2), Float32Array.of(0, 4)), ratioOf(null, null)],
    [[5 / 3, 1 / 3, 5 / 3, 1 / 3, 7 / 3], [NaN, 0.5], null]);
}

function falls() {
  const all = fallsOf(0, 0, 1), s = summaryOf(all);
  is('falls', all.map(f => [f.run, f.drop, f.turn, f.end, f.saturated, f.low, f.lowAt, f.down, f.unable, f.dips]), [
    [0, 1, 1, 2, 0, 1.5, 4, true, false, true], [1, 0.5, 1, 3.5, 0.2, 3, 2, true, false, true],
    [2, 1, 4, 4, 1, 4, 8, false, true, false], [3, 4, 2, 2, 0, 2, 16, true, false, false]
  ]);
  is('a summary', {...s, one: 0}, {
    n: 4,
    down: 3,
    one: 0,
    unable: 1,
    early: 0,
    dips: 2,
    low: 1.5,
    mean: 1.625,
    peak: 4.5,
    end: 2.875,
    turn: 1,
    first: 1,
    last: 2,
    saturated: false,
    verdict: 'falls'
  });
  const of = (...f) => summaryOf(f);
  is('verdicts',
    [of(), of(fall(1)), of(fall(1), fall(0)), of(fall(0)), of(fall(0), fall(1), fall(1))].map(x => x.verdict),
    ['', 'falls', 'some', 'stays', 'falls']);
  is('early', [of(fall(1, {turn: 0})).early, of(fall(1, {turn: 1})).early, of(fall(0, {turn: 0})).early], [1, 0, 0]);
  is('all unable',
    [of(fall(0, {unable: true})).saturated, of(fall(0, {unable: true}), fall(0)).saturated, of().saturated],
    [true, false, false]);
  const dip = fall(1, {dips: true, low: 1.25, lowAt: 8});
  is('cells',
    [
      of(), of(fall(0, {unable: true})), of(fall(0.0004)), of(fall(-0.0006)), of(fall(0), fall(0, {unable: true})),
      of(fall(1)), of(dip), of(dip, fall(0)), of(fall(1), fall(2), fall(0, {unable: true}))
    ].map(cellText),
    [
      'no estimate', 'saturated: cannot show a decrease', 'does not decrease', 'does not decrease',
      'none of 2 decreases; 1 saturated', 'ends 1 bits below its largest (epoch 4)',
      'ends 1 bits below its largest (epoch 4), was lower: 1.25 (epoch 8)',
      '1 of 2 decrease, mean 0.5 bits, from epoch 4 on; 1 lower in between',
      '2 of 3 decrease, mean 1 bits, from epoch 4 on; 1 saturated'
    ]);
  const none = of(fall(0)), down = of(fall(1)), lost = of(fall(0, {unable: true})),
        half = of(fall(1), fall(0, {unable: true}));
  is('agreement',
    [
      [of(), of()], [lost, lost], [down, of()], [down, down], [down, none], [half, none],
      [of(fall(1, {unable: true}), fall(1, {unable: true}), fall(0)), lost]
    ].map(c => Object.values(agreementOf(c))),
    [
      [0, 'no network with an estimate is shown'], [0, 'no estimator can show it'],
      [0, 'only edges: decreases by 1 bits'], [2, 'agree: decreases by 1 bits'],
      [1, 'disagree: decreases by 1 bits (edges); no decrease (width)'],
      [1, 'disagree: decreases in 1 of 2 networks, mean 0.5 bits (edges); no decrease (width)'],
      [0, 'mostly saturated; decreases in 2 of 3 networks, mean 0.667 bits']
    ]);
  const since = (...turns) => extentOf(turns.map(turn => of(fall(1, {turn}))));
  is('extents',
    [extentOf([none]), since(1), since(1, 3), since(1, 4), since(4, 8), since(4, 9), since(0, 2), since(0, 3)], [
      'no decrease',
      ...['', '', ', but from epoch 1 to 4 on', '', ', but from epoch 4 to 9 on', '', ', but from epoch 0 to 3 on'].map(
        t => `decreases by 1 bits${t}`)
    ]);
  is('an extent of many', extentOf([of(fall(1), fall(0)), of(fall(2), fall(1))]),
    'decreases in 1 to 2 of 2 networks, mean 0.5 to 1.5 bits');
  is('fallen networks', [fallenNetworks(0, 0, 1), fallenNetworks(1, 0, 1)], [
    'Layer out−1 of activation tanh, depth 3, by edges: I(X;T) decreases by 0.5 bits or more in 3 of 4 networks, the ' +
      'most in seed 12 (4 bits below epoch 2), seed 10 (1 bit below epoch 1) and seed 11 (0.5 bits below epoch 1). ' +
      'Not in odd one.',
    ''
  ]);
  model.shown.set([0, 0, 1, 0, 1, 1]);
  is('of one', [fallenNetworks(0, 0, 1), layerFinding(0, 0, 1)], [
    '',
    'Layer out−1 of activation tanh, depth 3 (edges): ' +
      'I(X;T) ends at 4 bits. The estimator is saturated: it tells nearly all inputs apart, so it could not show a decrease.'
  ]);
  model.shown.fill(1);
  is('findings', [layerFinding(0, 0, 0), layerFinding(0, 0, 1), layerFinding(1, 0, 1), layerFinding(0, 1, 1)], [
    'Layer out−2 of activation tanh, depth 3 (edges): no network that is shown has an estimate.',
    'Layer out−1 of activation tanh, depth 3 (edges): I(X;T) decreases by 0.5 bits or more in 3 of 4 networks, from ' +
      'epoch 1 on (median; 1 to 2 in single networks). Mean of the largest values of single networks: 4.5 bits; at the ' +
      'end: 2.88 bits. 2 networks had less in between (median 1.5 bits). In 1 the estimator is saturated and cannot ' +
      'show a decrease.',
    'Layer out−1 of activation relu (edges): I(X;T) is largest at the first epoch, 6 bits, and ends at 2.5 bits, 3.5 ' +
      'bits below its largest value.',
    'Layer out−1 of activation tanh, depth 3 (width): I(X;T) does not decrease; it ends at 2 bits.'
  ]);
  is('one falls', [oneFalls(fall(1)), oneFalls(dip)], [
    'rises to 5 bits at epoch 4 and ends at 4 bits, 1 bit below its largest value.',
    'rises to 5 bits at epoch 4, falls to 1.25 bits at epoch 8, rises again and ends at 4 bits, 1 bit below its largest value.'
  ]);
  is('many fall', manyFall(of(fall(1, {turn: 0}), fall(1))),
    'decreases by 0.5 bits or more in all 2 networks, from epoch 0 ' +
      'on (median; 0 to 4 in single networks), in 1 without rising first. Mean of the largest values of single networks: 5 ' +
      'bits; at the end: 4 bits.');
  const p = new FallsPanel();
  is('rows', p.rows().map(r => [r.g, r.slot, r.name]),
    [[0, 0, 'layer out−2: 8 tanh'], [0, 1, 'layer out−1: middle 4 tanh'], [0, 2, 'layer out: 2 softmax']]);
  given({fold: 'configurations', pick: 0}, () => is('configurations', p.rows().map(r => r.g), [0]));
  given({fold: 'configurations'},
    () => is(
      'configurations', p.rows().map(r => [r.g, r.name]), [[0, 'activation tanh, depth 3'], [1, 'activation relu']]));
  for (const [order, expected] of [['', [0, 1, 2]], ['0', [1, 0, 2]], ['agree', [1, 0, 2]]]) {
    p.order = order;
    is(`sorted by ${order}`, p.sorted(p.rows()).map(r => r.slot), expected);
  }
  is('table', [p.sheet().rows.length, p.sheet().rows[1]], [
    5, ['activation tanh, depth 3', 'out−1', 'edges', 'activation tanh, depth 3, seed 11', 0.5, 4, 1, 3.5, 3, 2, 0.2]
  ]);
  is('the layer that falls most', mostFallen(), 1);
}

function columns() {
  const c = columnsOf(), ids = c.map(x => x.id), shown = text => {
    const {tests, wrong} = readFilter(text, c);
    return [[0, 1, 2, 3, 4, 5].filter(r => tests.every(t => t(r))), wrong.slice(0, 12)];
  };
  is('columns', ids, [
    'name', 'activation', 'depth', 'status', 'test_accuracy', 'train_accuracy', 'test_loss', 'best', 'fell:edges',
    'fell:width', 'turn', 'ixt', 'ity', 'unlike'
  ]);
  is('values', c.map(x => x.of(1)), ['seed 11', 'tanh', '3', 'done', 0.92, 1, 0.1, 4, 0.5, NaN, 1, 3.5, 0.75, 15]);
  is('a failure', c[3].of(5), 'failed to fit');
  is('axes', axisColumns().map(x => x.id),
    ['fell', 'test_accuracy', 'train_accuracy', 'test_loss', 'best', 'turn', 'ixt', 'ity', 'unlike']);
  const filters = {
    'test>0.9': [1, 2],
    'test>=0.9': [0, 1, 2],
    'test<0.5': [5],
    'test<=0.5': [3, 5],
    'test=0.50': [3],
    'best!=4': [5],
    'activation=TANH': [0, 1, 2, 3, 5],
    'activation!=tanh': [4],
    'depth=': [],
    'depth=0': [],
    'depth!=0': [0, 1, 2, 3, 4, 5],
    relu: [4],
    odd: [2],
    'seed<12': [0, 1],
    'seed=12': [2, 3],
    'fell>1': [3, 4],
    'decrease<1': [1],
    '"failed to fit"': [],
    'status="failed to fit"': [5],
    'test accuracy > 0.9 train=1': [1, 2],
    'best=4 "seed 14"': [4],
    'stat=done ity=1': [3, 4],
    'network="odd one"': [2]
  };
  for (const [text, expected] of Object.entries(filters)) is(`filter ${text}`, shown(text)[0], expected);
  is('what is wrong', [shown('none')[1], shown('x>1')[1], shown('t>1')[1], shown('')[1], shown('test>2')[1]],
    ['No network h', '“x” is no co', '“t” is no co', '', '']);
  is('names', filterNames(c),
    'name, activation, depth, status, test_accuracy, train_accuracy, test_loss, best, turn, ixt, ity, ' +
      'unlike, seed or fell');
  given({filter: 'test>0.6', brush: {best: [4, 4], test_accuracy: [0.8, 0.91]}}, () => {
    is('brushes', [applyFilter(), model.shown, changed.delete('shown'), applyFilter(), changed.delete('shown')],
      ['', [1, 0, 1, 0, 1, 0], true, '', false]);
  });
  applyFilter();
  changed.clear();
  const sorted = sort => {
    let runs = [];
    given({sort}, () => runs = sortRuns([5, 4, 3, 2, 1, 0], c));
    return runs;
  };
  is('sorted', ['', 'test_accuracy', '-test_accuracy', 'best', '-ixt', 'activation'].map(sorted), [
    [2, 0, 1, 3, 5, 4], [5, 3, 4, 0, 2, 1], [1, 2, 0, 4, 3, 5], [4, 3, 2, 1, 0, 5], [2, 1, 4, 3, 0, 5],
    [4, 5, 3, 2, 1, 0]
  ]);
  is('compared', [compare(2, 1), compare(NaN, 1), compare(1, NaN), compare(NaN, NaN), compare('a10', 'a9')],
    [1, 1, -1, 0, 1]);
  is('means', [meanOver([0, 1, 5], c[7]), meanOver([5], c[7]), meanOver([0, 1], c[4])], [4, NaN, 0.91]);
  is('unlike the others', [[0, 1, 2, 3, 4].map(r => oddness(r, 0).score), oddness(3, 0).why, oddSentence()], [
    [2.5, 15, 20, 40, NaN], 'its test accuracy is 0.5; the median of its configuration is 0.9',
    'Most unlike the others of its configuration: activation tanh, depth 3, seed 12, where its test accuracy is 0.5; the ' +
      'median of its configuration is 0.9 (40 times the typical distance).'
  ]);
  is('an example', filterExample(), 'e.g. activation=tanh test>0.9');
  is('together', [togetherSentence(c[4], c[6]), togetherSentence(c[4], c[5])], [
    'No clear relation: r = −0.78 (6 networks, 95 % interval −0.97 to 0.096). Within configurations: −0.76 in activation ' +
      'tanh, depth 3.',
    'Too few different values to say whether they go together.'
  ]);
  const by = (id, of) => ({id, title: `${id}, bits`, text: false, of});
  is('clearly', togetherSentence(by('a', r => r), by('b', r => -r * r)).slice(0, 76),
    'Where the a is larger, the b tends to be smaller: r = −0.96 (6 networks, 95 ');
  is('with itself', togetherSentence(by('a', r => r), by('a', r => r)).slice(0, 7), 'Too few');
  is('losses', [lossFinding(0), lossFinding(1), bestEpoch(0)], [
    'At the end: training accuracy 1, test accuracy 0.807 (means of 4 networks). The test loss is lowest at epoch 1, 1.5, ' +
      'and then rises to 2.13: overfitting.',
    'At the end: training accuracy 1, test accuracy 0.8. The test loss is lowest at epoch 2, 4.25, and then rises to 4.75: ' +
      'overfitting.',
    [{epoch: 1, text: 'lowest test loss (1)'}]
  ]);
}
