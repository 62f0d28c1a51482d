// columns.js - what the table has of a network, and the filter: words such as  activation=tanh test>0.9 .

/** @typedef {{id: string, title: string, hint: string, text: boolean, of: (run: number) => number|string}} Column */

/** @param {string} key of the configuration @returns {string} */
const lastPart = key => key.slice(key.lastIndexOf('.') + 1);

/** The columns for the layer and the estimator in focus.
 * @returns {Column[]} */
function columnsOf() {
  const {keys, estimators, runs} = D.meta, layer = slotName(S.pick), est = estimatorName(S.est);
  const number = (/** @type {string} */ id, /** @type {string} */ title, /** @type {string} */ hint,
    /** @type {(r: number) => number} */ of) => ({id, title, hint, text: false, of});
  const final = (/** @type {string} */ name, /** @type {string} */ title) =>
    number(name, title, `${title} at the end of training`, r => runs[r].final[name] ?? NaN);
  /** @type {Column[]} */
  const columns = [
    {id: 'name', title: 'network', hint: 'name of the run', text: true, of: seedName},
    ...keys.map((key, i) => ({
      id: lastPart(key),
      title: lastPart(key),
      hint: key,
      text: true,
      of: (/** @type {number} */ r) => runs[r].values[i] || ''
    })),
    {
      id: 'status',
      title: 'status',
      hint: 'done, failed to fit, or running',
      text: true,
      of: r => runs[r].status.replace(/_/g, ' ')
    },
    final('test_accuracy', 'test accuracy'),
    final('train_accuracy', 'training accuracy'),
    final('test_loss', 'test loss'),
    number('best', 'epoch of lowest test loss', 'epoch with the lowest test loss', r => runs[r].best_test_epoch ?? NaN),
    ...estimators.map((e, i) => number(`fell:${e.name}`, `layer ${layer} decreases, bits: ${e.name}`,
                        `I(X;T) of layer ${layer} at the end below its largest value, bits, by ${e.name}`,
                        r => fact(r, i, S.pick, 'ixt_drop'))),
    number('turn', `layer ${layer} largest at epoch`, `epoch with the largest I(X;T) of layer ${layer}, by ${est}`,
      r => fact(r, S.est, S.pick, 'ixt_peak_epoch')),
    number('ixt', `I(X;T) of ${layer}, bits`, `I(X;T) of layer ${layer} at the end, bits, by ${est}`,
      r => fact(r, S.est, S.pick, 'ixt_final')),
    number('ity', `I(T;Y) of ${layer}, bits`, `I(T;Y) of layer ${layer} at the end, bits, by ${est}`,
      r => fact(r, S.est, S.pick, 'ity_final')),
    number('unlike', 'unlike the others',
      `largest distance from the median network of the configuration, in median distances, by ${est}`,
      r => oddness(r, S.est).score),
  ];
  return columns.filter(c => c.id === 'name' || c.id === 'status' ||
      runs.some((_, r) => c.text ? c.of(r) !== '' : isFinite(Number(c.of(r)))));
}

/** Columns to choose from for an axis; `fell` is the decrease by the estimator in focus.
 * @returns {Column[]} */
function axisColumns() {
  const of = (/** @type {number} */ r) => fact(r, S.est, S.pick, 'ixt_drop');
  const fell = {
    id: 'fell',
    title: `decrease of I(X;T) of layer ${slotName(S.pick)} (${estimatorName(S.est)}), bits`,
    hint: '',
    text: false,
    of
  };
  return [...D.meta.estimators.length ? [fell] : [], ...columnsOf().filter(c => !c.text && !c.id.startsWith('fell:'))];
}

/** @type {Object<string, string>} */
const SHORT = {
  test: 'test_accuracy',
  train: 'train_accuracy',
  loss: 'test_loss',
  network: 'name',
  run: 'name',
  decrease: 'fell'
};

/** @param {string} word @param {Column[]} columns @returns {Column|undefined} */
function columnNamed(word, columns) {
  const name = SHORT[word.toLowerCase()] ?? word.toLowerCase();
  if (name === 'fell') return axisColumns()[0];
  if (name === 'seed')
    return {id: 'seed', title: 'seed', hint: '', text: false, of: r => Number(D.meta.runs[r].seed ?? NaN)};
  const like = columns.filter(c => c.id.toLowerCase().startsWith(name));
  return columns.find(c => c.id.toLowerCase() === name || c.title.toLowerCase() === name) ??
    (like.length === 1 ? like[0] : undefined);
}

/** @param {Column[]} columns @returns {string} */
const filterNames = columns => columns.map(c => c.id).filter(id => !id.includes(':')).join(', ') + ', seed or fell';

/** A filter in which the headings of the table are replaced by the names of their columns.
 * @param {string} text @param {Column[]} columns @returns {string} */
function namedByTitles(text, columns) {
  for (const c of columns.filter(c => /\s/.test(c.title) && !/[\s!=<>"]/.test(c.id))) {
    const title = c.title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
    text = text.replace(new RegExp(`(^|\\s)${title}\\s*(?=[!=<>])`, 'gi'), `$1${c.id}`);
  }
  return text;
}

/** What a filter asks, and what of it is not understood.
 * @param {string} text @param {Column[]} columns @returns {{tests: ((run: number) => boolean)[], wrong: string}} */
function readFilter(text, columns) {
  /** @type {((run: number) => boolean)[]} */
  const tests = [];
  let wrong = '';
  const words =
    namedByTitles(text, columns).match(/[^\s!=<>"]+\s*(?:!=|<=|>=|=|<|>)\s*(?:"[^"]*"|[^\s"]+)|"[^"]*"|\S+/g) ?? [];
  for (const word of words) {
    const parts = /^([^\s!=<>"]+)\s*(!=|<=|>=|=|<|>)\s*(.+)$/.exec(word);
    if (!parts) {
      const bare = word.replace(/"/g, '').toLowerCase();
      const test = (/** @type {number} */ r) => `${D.meta.runs[r].name} ${seedName(r)}`.toLowerCase().includes(bare) ||
        D.meta.runs[r].values.some(v => v.toLowerCase().includes(bare));
      tests.push(test);
      if (!D.meta.runs.some((_, r) => test(r)))
        wrong = `No network has “${bare}” in its name or its settings. Compare a column instead, e.g. test>0.9: ${
          filterNames(columns)}.`;
      continue;
    }
    const column = columnNamed(parts[1], columns);
    if (column)
      tests.push(testOf(column, parts[2], parts[3].replace(/"/g, '')));
    else
      wrong = `“${parts[1]}” is no column: use ${filterNames(columns)}.`;
  }
  return {tests, wrong};
}

/** @param {Column} column @param {string} sign @param {string} to @returns {(run: number) => boolean} */
function testOf(column, sign, to) {
  const number = Number(to);
  return run => {
    const v = column.of(run), text = String(v).toLowerCase();
    if (sign === '=' || sign === '!=') {
      const same = to !== '' && isFinite(number) && isFinite(Number(v)) && v !== '' ? Number(v) === number :
                                                                                      text === to.toLowerCase();
      return same === (sign === '=');
    }
    const a = Number(v);
    return sign === '<' ? a < number : sign === '>' ? a > number : sign === '<=' ? a <= number : a >= number;
  };
}

/** Applies filter and brushes to the networks.
 * @returns {string} what of the filter is not understood */
function applyFilter() {
  const columns = columnsOf(), {tests, wrong} = readFilter(S.filter, columns);
  const brushes = Object.entries(S.brush).flatMap(([id, [lo, hi]]) => {
    const c = columns.find(column => column.id === id);
    return c ? [{c, lo, hi}] : [];
  });
  let same = true;
  D.meta.runs.forEach((_, r) => {
    const ok = tests.every(t => t(r)) && brushes.every(b => {
      const v = Number(b.c.of(r));
      return v >= b.lo && v <= b.hi;
    }) ?
      1 :
      0;
    same = same && model.shown[r] === ok;
    model.shown[r] = ok;
  });
  if (!same) {
    model.means.clear();
    changed.add('shown');
  }
  return wrong;
}
