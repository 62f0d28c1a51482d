// page_acts.js - tables, small histograms to drag over, the scatter of two columns, turned points, and what panels do when
// the state changes. test_page_numbers.sh joins it behind page_drawing.js.

const cells = row => row.inside.map(c => c.textContent);

function tables() {
  const p = new TablePanel(), names = row => row.inside[1].textContent;
  p.draw();
  const [caption, head, body] = p.box.inside[0].inside, ids = columnsOf().map(c => c.id);
  is('caption', caption.textContent, '6 of 6 networks shown; values at the end of training');
  is('heads', head.inside[0].inside.map(th => [th.given.class, th.given['aria-sort']]),
    [[undefined, undefined], ...columnsOf().map(c => [c.text ? 'text' : '', 'none'])]);
  is('rows', body.inside.map(names), [2, 0, 1, 3, 5, 4].map(r => columnsOf()[0].of(r)));
  is('cells', cells(body.inside[2]).slice(1, 8), ['seed 11', 'tanh', '3', 'done', '0.92', '1', '0.1']);
  is('classes', body.inside[2].inside.map(c => [c.name, c.given.class ?? c.given.scope]),
    [['td', undefined], ...columnsOf().map((c, i) => i ? ['td', c.text ? 'text' : ''] : ['th', 'row'])]);
  is('why', body.inside[3].title, 'Most unlike: its test accuracy is 0.5; the median of its configuration is 0.9');
  p.limit = 4;
  p.draw();
  const short = p.box.inside[0].inside[2].inside, last = short[short.length - 1];
  is('a limit', [short.length, last.textContent, last.inside[0].given.colspan],
    [5, 'show 2 more', String(ids.length + 1)]);
  p.limit = 6;
  p.draw();
  is('no more', p.box.inside[0].inside[2].inside.length, 6);
  given({sort: '-test_accuracy'}, () => {
    p.draw();
    const [, h, b] = p.box.inside[0].inside, th = h.inside[0].inside[1 + ids.indexOf('test_accuracy')];
    is('sorted', [th.given['aria-sort'], th.inside[0].textContent.slice(-1), b.inside.map(names)[0]],
      ['descending', '▼', 'seed 11']);
  });
  given({sort: 'test_accuracy'}, () => is('upwards', p.headOf(columnsOf()[4]).given['aria-sort'], 'ascending'));
  given({rows: 'configurations', cfg: 1, vs: 0, sort: '-test_accuracy'}, () => {
    p.draw();
    const rows = p.box.inside[0].inside[2].inside;
    is('configurations', rows.map(r => cells(r).slice(1, 6)), [
      ['activation tanh, depth 3', 'tanh', '3', '4 networks', '0.8075'],
      ['activation relu', 'relu', '', '1 network', '0.8']
    ]);
    is('chosen', rows.map(r => [r.given.class, r.querySelector('input').checked]),
      [[undefined, true], ['chosen', true]]);
  });
  is('its sheet', [p.sheet().heads.length, p.sheet().rows.map(r => r[0])],
    [ids.length, [2, 0, 1, 3, 5, 4].map(r => columnsOf()[0].of(r))]);
}

function brushes() {
  const c = {id: 'z', title: 'z', text: false, of: r => [0, 1, 4, 16, NaN, 16][r]};
  model.shown.set([1, 0, 1, 1, 1, 0]);
  const svg = brushOf(c), rects = svg.inside.filter(e => e.name === 'rect').map(e => e.given);
  is('a histogram', rects.slice(0, 32).map(r => Number(r.height)),
    [...[14, 14, 0, 0, 14].concat(Array(10).fill(0), [28]), ...[14, 0, 0, 0, 14].concat(Array(10).fill(0), [14])]);
  is('its places',
    [0, 1, 15].map(i => [Number(rects[i].x), Number(rects[i].y) + Number(rects[i].height), Number(rects[i].width)]),
    [[3, 31, 4.4], [8.4, 31, 4.4], [83.6, 31, 4.4]]);
  model.shown.fill(1);
  const drag = (from, to, before = {}) => {
    let found = null;
    given({brush: before}, () => {
      const of = clientX => ({clientX: clientX * 400 / BRUSH.w, clientY: 5, pointerId: 1});
      svg.acts.pointermove(of(50)); /* not pressed */
      svg.acts.pointerdown(of(from));
      svg.acts.pointermove(of(to));
      const range = svg.inside.find(e => e.given.class === 'range').given;
      svg.acts.pointerup(of(to));
      found = [range.x, range.width, S.brush].map(v => typeof v === 'string' ? Number(v) : v);
    });
    changed.clear();
    return found;
  };
  is('dragged', drag(3, 46), [3, 43, {z: [-1.6e-5, 8 + 1.6e-5]}]);
  is('to the left', drag(89, 46, {a: [1, 2]}), [46, 43, {a: [1, 2], z: [8 - 1.6e-5, 16 + 1.6e-5]}]);
  is('beyond the end', drag(46, 300)[2], {z: [8 - 1.6e-5, 16 + 1.6e-5]});
  is('a click', drag(40, 41, {z: [1, 2], a: [1, 2]})[2], {a: [1, 2]});
  given({brush: {z: [4, 99]}}, () => {
    const range = brushOf(c).inside.find(e => e.given.class === 'range').given;
    is('chosen before', [Number(range.x), Number(range.width)], [3 + 86 / 4, 86 * 3 / 4]);
  });
}

function scatter() {
  const p = new ScatterPanel();
  given({sx: 'test_loss', sy: 'test_accuracy'}, () => {
    const texts = drawn(() => {}), pen = drawn(q => p.paint(q, texts)), {w, h} = p.chart;
    const across = v => 54 + (w - 68) * (v + 0.03) / 0.56,
          up = v => 10 + (h - 52) * (1 - (v - 0.2 + 0.0432) / (0.72 * 1.12));
    is('dots', pen.of('mark').map(m => m.slice(0, 4)),
      [0.9, 0.92, 0.91, 0.5, 0.8, 0.2].map((v, r) => [across(0.1 * r), up(v), 4.5, r === 4 ? SHAPES[1] : SHAPES[0]]));
    is('titles', texts.of('text').map(t => t[2]).filter(t => /^test/.test(t)).sort(), ['test accuracy', 'test loss']);
    model.shown.set([1, 0, 1, 0, 1, 0]);
    drawn(q => p.paint(q, drawn(() => {})));
    is('shown networks', p.dots.map(d => d.r), [0, 2, 4]);
    model.shown.fill(0);
    is('none', drawn(q => p.paint(q, q)).of('text').map(t => t[2]), [NO_NETWORK]);
    model.shown.fill(1);
  });
  given({sx: 'none', sy: ''},
    () => is('first and second', p.chosen().map(c => c.id), axisColumns().slice(0, 2).map(c => c.id)));
}

/** Rotations one after the other, in the planes of the rows 0 1, 0 2 and 1 2. */
function turns() {
  const speed = [0.25 + Math.sqrt(2) % 1, 0.25 + 2 * Math.sqrt(3) % 1, 0.25], base = firstBasis(3);
  const by = (rows, i, j, angle) =>
    rows.map((r, k) => k === i ? r.map((v, c) => Math.cos(angle) * v - Math.sin(angle) * rows[j][c]) :
        k === j                ? r.map((v, c) => Math.sin(angle) * rows[i][c] + Math.cos(angle) * v) :
                                 r);
  let rows = base;
  for (const [p, i, j] of [[0, 0, 1], [1, 0, 2], [2, 1, 2]]) rows = by(rows, i, j, 0.7 * speed[p]);
  is('a turned basis', tour(base, 0.7, 1), rows);
  is('turned back', unturned(rows, 0.7), base);
  given({pick: 2, epoch: 16, turn: 0.7}, () => is('turned points', cloudView(0, null).basis, rows));
  given({pick: 1, epoch: 16, turn: 0.7}, () => is('two units do not turn', cloudView(0, null).basis, firstBasis(2)));
  const skew = orthonormal([[3, 1], [0, 2], [4, 0]]);
  is('right angles',
    [0, 1].map(c => skew.reduce((s, r) => s + r[c] * r[c], 0)).concat(skew.reduce((s, r) => s + r[0] * r[1], 0)),
    [1, 1, 0]);
  is('its first column', skew.map(r => r[0]), [0.6, 0, 0.8]);
}

function updates() {
  const p = new Panel('u', 'U', 'how to read it', ['est', 'cfg'], ['epoch', 'spot']), did = [];
  panels.pop();
  p.draw = () => did.push('draw');
  p.move = () => did.push('move');
  p.fillSheet = () => did.push('table');
  p.sheetBox.hidden = true;
  const after = (...names) => {
    did.length = 0;
    p.update(new Set(names));
    return did.join();
  };
  is('what is done',
    [
      after(), after('epoch'), after('est'), after('epoch', 'est'), after('speed'), after('theme'), after('panel'),
      after('spot', 'speed')
    ],
    ['draw', 'move', 'draw', 'draw', '', 'draw', 'draw', 'move']);
  p.sheetBox.hidden = false;
  is('with its table', [after('cfg'), after('epoch')], ['draw,table', 'move']);
  p.visible = false;
  is('out of sight', [after('speed'), p.stale, after('epoch'), p.stale, after('speed'), p.stale],
    ['', false, '', true, '', true]);
  p.visible = true;
  is('in sight again', [after(), after()], ['draw,table', '']);
  is('its parts', [p.about.textContent, p.heading.textContent, p.root.given.id], ['how to read it', 'U', 'p-u']);
  given({epoch: 4, groups: [0], layers: [1]}, () => {
    const q = new PlanePanel();
    panels.pop();
    q.chart.fit();
    q.draw();
    is('the mean until the epoch', drawn(r => q.paintMoving(r)).of('trace').map(t => t[0].length), [4]);
    given({spot: {line: 3, slot: 1, epoch: 1}},
      () => is('and a whole path', drawn(r => q.paintMoving(r)).of('trace').map(t => t[0].length), [4, 4, 4]));
    const c = q.chart, of = () => [c.w, c.h, c.outgrown(), c.pointer({clientX: 90, clientY: 60})];
    is('its size and the pointer', of(), [400, 300, false, [90, 60]]);
    c.host.closest = () => q.root;
    c.fit();
    is('in a panel that fills the screen', of(), [266, 200, false, [60, 40]]);
  });
  const b = {x: 0, y: 0, w: 100, h: 100},
        f = {group: 0, box: b, x: linearScale(0, 1, 0, 100), y: linearScale(0, 1, 100, 0)};
  given({share: true},
    () => is('the curve in shares', drawn(pen => drawBounds(pen, pen, f)).of('trace').pop()[0],
      [[0, 100], [25, 20], [100, 10]]));
}
