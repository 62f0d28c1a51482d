// page_painted.js - fewer configurations and estimators, whole pictures, and all tests in their order.
// test_page_numbers.sh joins it behind page_drawing.js.

/** With other facts of the data, and the old ones back after it. */
function with_(changes, act) {
  const before = {...D.meta};
  Object.assign(D.meta, changes);
  act();
  Object.assign(D.meta, before);
}

function fewer() {
  const {groups, estimators, keys} = D.meta, many = runs => [{...groups[0], runs}, groups[1]];
  with_({groups: groups.slice(0, 1), keys: []},
    () => is('one configuration', [groupName(0), runName(0), runName(2)], ['an experiment: ü', 'seed 10', 'odd one']));
  with_({groups: groups.slice(0, 1)},
    () => is('sentences of it', [layerFinding(0, 1, 1), fallenNetworks(0, 0, 1).slice(0, 21)],
      ['Layer out−1 (width): I(X;T) does not decrease; it ends at 2 bits.', 'Layer out−1, by edges']));
  with_({estimators: estimators.slice(0, 1)}, () => {
    const lost = summaryOf([fall(0, {unable: true})]);
    is('one estimator',
      [agreementOf([lost]), agreementOf([summaryOf([fall(1)])]), agreementHead(), new FallsPanel().title], [
        {rank: 0, text: 'the estimator cannot show it'}, {rank: 0, text: 'decreases by 1 bits'}, 'result',
        'Which layers compress?'
      ]);
  });
  is('two estimators', [agreementHead(), new FallsPanel().title],
    ['agreement', 'Which layers compress, and do the estimators agree?']);
  with_({groups: many(Array(12).fill(0).concat(Array(8).fill(2)))}, () => {
    is('twelve', fallenNetworks(0, 0, 1).split('and ')[1].slice(0, 40), 'seed 10 (1 bit below epoch 1). Not in od');
  });
  with_({groups: many(Array(14).fill(0).concat(Array(9).fill(2)))}, () => {
    const text = fallenNetworks(0, 0, 1);
    is('more than twelve', [text.slice(-14), text.split('seed 10').length],
      ['and 2 more.'.padStart(14, text.slice(-14)), 13]);
  });
  with_({groups: many([2, 2])},
    () => is('none of two', fallenNetworks(0, 0, 1),
      'Layer out−1 of activation tanh, depth 3, by edges: I(X;T) decreases in none of 2 networks.'));
  is('files without a name', (D.meta.experiment = '', fileName('a', 'b')), 'infoplane-a.b');
  D.meta.experiment = 'an experiment: ü';
  const p = new FallsPanel(), [a, b] = p.rows(), row = r => p.rowOf(r, 4);
  is('the chosen row',
    [row(b).given.class, row(a).given.class, row(b).inside.map(td => td.inside[0].given?.['aria-pressed'])],
    ['chosen', undefined, [undefined, 'true', undefined, undefined]]);
  given({cfg: 1}, () => is('of another', row(b).given.class, undefined));
  given({cfg: 1, pick: 0, est: 0}, () => {
    row(b).inside[2].inside[0].acts.click();
    is('a click on a cell chooses its layer, estimator and configuration', [S.pick, S.est, S.cfg], [b.slot, 1, b.g]);
    changed.clear();
  });
  is('classes', row(b).inside.slice(1, 3).map(td => td.given.class), ['falls', 'stays']);
  const marks = (choices, of = []) => {
    given(choices,
      () => row(b).inside[1].inside[0].inside[0].inside.forEach(
        m => m.given.r ?? m.given.cx ?? m.given.d ? of.push(m) : 0));
    return of.slice(1).map(m => m.given.d ?? [m.given.cx, m.given.r]);
  };
  is('strong dots',
    [
      plain(marks({pins: [1]})[1]), plain(marks({pins: [1]})[0]), plain(marks({spot: {line: 3, slot: 1, epoch: 1}})[3])
    ].map((m, i) => m === plain(marks({})[[1, 0, 3][i]])),
    [false, true, false]);
  is('codes of 16 bits', undoDz(Uint8Array.of(0, 0, 1, 0, 6, 1, 0, 3), [2, 2]), [3, 2, 128, 126]);
  is('codes of 8 bits', undoD8(Uint8Array.of(3, 255, 7, 250), [2, 2]), [3, 2, 7, 1]);
  const l = D.lines[0], before = ['ixt', 'ity'].map(n => [0, 1].map(k => estimateOf(n, l, 0, k).slice()));
  flagsOf(l, 0, 1).fill(2);
  for (const n of ['ixt', 'ity'])
    for (const k of [0, 1]) estimateOf(n, l, 0, k).fill(1);
  estimateOf('ixt', l, 0, 1)[1] = 0.5;
  estimateOf('ity', l, 0, 1)[2] = NaN;
  is('too coarse to tell', [exceedsBefore(l, 0, 1, 'ixt'), exceedsBefore(l, 0, 1, 'ity')],
    [[1, 0, 1, 1, 1], [1, 1, 0, 1, 1]]);
  D.flags.fill(0);
  ['ixt', 'ity'].forEach((n, i) => [0, 1].forEach(k => estimateOf(n, l, 0, k).set(before[i][k])));
  is('a condition that lasts',
    [
      lastingEpoch([0, 1, 2, 3, 4, 5], e => e > 0), lastingEpoch([1, 2, 3, 4, 5, 6, 7], e => e < 3),
      lastingEpoch([1, 2, 3, 4, 5, 6, 7], e => e > 1 && e < 6)
    ],
    [1, 1, 3]);
}

function painted() {
  const p = new LossPanel();
  p.draw();
  const texts = drawn(() => {}), pen = drawn(q => p.paint(q, texts)),
        at = (x, name) => texts.of('text').filter(t => t[2] === name).map(t => t.slice(0, 2));
  is('titles', [at(0, 'loss, nats'), at(0, 'accuracy'), at(0, 'epoch'), at(0, 'lowest test loss (1)').length],
    [[[48, 14]], [[48, 146]], [[199, 288]], 1]);
  is('clips', pen.of('clip'), [[48, 19, 302, 108], [48, 151, 302, 108]]);
  given({epoch: 2}, () => {
    const moving = drawn(q => p.paintMoving(q)), x = p.plots[0].x.at(2);
    is('the epoch', moving.of('trace').map(t => t[0]), p.plots.map(q => [[x, q.box.y], [x, q.box.y + q.box.h]]));
    is('marks', moving.of('mark').map(m => [m[0], m[3]]), [[x, 'circle'], [x, 'circle'], [x, 'circle']]);
  });
  given({epoch: 2, spot: {line: 1, slot: 1, epoch: 2}},
    () => is(
      'under the pointer', drawn(q => p.paintMoving(q)).of('end').map(e => e[0].width), [1.5, 2.5, 2.5, 1.5, 2.5]));
  const shown = p.shownSheet(), all = p.sheet();
  is('tables',
    [shown.heads, shown.rows.length, shown.rows[1].map(v => Number(v.toFixed(3))), all.rows.length, all.rows[6]], [
      ['epoch', 'train loss', 'test loss', 'test accuracy'], 5, [1, 0.5, 1.5, 0.125], 15,
      ['loss, nats', 'test loss', 1, 1.5, 0.5, 2.5]
    ]);
  is('headings',
    [new LayersPanel().shownSheet().heads[1], p.caption(), (given({vs: 1}, () => p.said = p.caption()), p.said)],
    ['I(X;T) layer out−2: 8 tanh', 'Loss and accuracy: activation tanh, depth 3', 'Loss and accuracy']);
  model.shown.fill(0);
  p.plots = [];
  is('no network', drawn(q => p.paint(q, q)).of('text')[0].slice(0, 3), [200, 40, NO_NETWORK]);
  model.shown.fill(1);
  const q = new PlanePanel();
  q.draw();
  given({epoch: 8, pins: [1], groups: [0]}, () => {
    const words = drawn(() => {}), marks = drawn(r => q.paint(r, words, false));
    is('words', words.of('text').map(t => t[2]).filter(t => /^I\(|tanh/.test(t)),
      ['I(X;T), bits: what the layer knows about the input', 'I(T;Y), bits: about the label']);
    is('trails', marks.of('trace').length, 3 * 5 + 3 + 3);
    is('widths', marks.of('end').slice(-2).map(e => [e[0].width, e[0].alpha]), [[1, 0.5 / Math.sqrt(5)], [1.5, 0.6]]);
    const heads = drawn(r => q.paintMoving(r)), f = q.facets[0], ixt = meanOf(0, 0).ixt[1][4],
          ity = meanOf(0, 0).ity[1][4];
    is('heads', heads.of('mark').filter(m => m[2] === 7).map(m => m.slice(0, 2))[1], [f.x.at(ixt), f.y.at(ity)]);
    is('sizes', heads.of('mark').map(m => m[2]), [3, 5, 3, 3, 3, 7, 3, 5, 3, 3, 3, 7, 3, 5, 3, 3, 3, 7]);
    is('an epoch that a network lacks', heads.of('mark').filter(m => m[4].width === 1 && !m[4].fill).length, 0);
    is('labels', heads.of('text').map(t => t[2]), ['out−2', 'out−1', 'out', 'seed 11']);
    is('clipped', heads.of('clip'), [[f.box.x - 6, f.box.y - 6, f.box.w + 12, f.box.h + 12]]);
  });
  given({epoch: 4, groups: [1]}, () => {
    q.layOut(400, 300);
    is('one network', drawn(r => q.paintMoving(r)).of('mark').map(m => m[2]), [6, 6]);
  });
  given({epoch: 16, groups: [0], layers: [1]}, () => {
    q.layOut(400, 300);
    is('networks without the epoch', drawn(r => q.paintMoving(r)).of('mark').map(m => m[4].width ?? 0),
      [1, 1, 1, 0, 1, 1.5]);
  });
}

madeData();
for (const test of [scales, epochsAndLines, names, addresses, means, events, falls, columns, series, plane, looks,
       tables, brushes, scatter, turns, updates, fewer, painted, choices])
  test();
if (!failures) console.log('all as expected');
process.exitCode = failures ? 1 : 0;
