// table.js - P6: a row a network or a configuration; histograms to brush in the heads, sorting, pins.

class TablePanel extends Panel {
  constructor() {
    super('sweep', 'Networks',
      'Drag over a small histogram to show only those networks, everywhere on the page. A heading sorts. A tick pins a network: its path stays strong.',
      ['shown', 'pick', 'est', 'sort', 'rows', 'brush'], ['pins', 'spot', 'net']);
    this.field = make('input', {
      type: 'search',
      placeholder: filterExample(),
      size: '30',
      'aria-label': 'Show only networks with',
      'aria-keyshortcuts': 'f'
    });
    this.field.addEventListener('input', () => set({filter: this.field.value}));
    const {label, select} =
      choice('', [['networks', 'a row a network'], ['configurations', 'a row a configuration']], v => set({rows: v}));
    this.select = select;
    select.setAttribute('aria-label', 'Rows');
    this.extra.append(make('label', {}, 'show only ', this.field), ...D.meta.groups.length > 1 ? [label] : []);
    this.wrong = make('p', {class: 'finding', role: 'status'});
    this.odd = make('p', {class: 'finding'});
    this.box = make('div', {class: 'box rows', tabindex: '0', role: 'region', 'aria-label': 'Table of networks'});
    this.body.append(this.wrong, this.odd, this.box);
    if (areQuantiles())
      this.about.textContent += ' Curves are quantiles over all networks of a configuration, whichever are shown here.';
    this.limit = 100;
    /** @type {Map<number, HTMLTableRowElement>} */
    this.rowOf = new Map();
  }

  drawable() { return false; }

  draw() {
    if (document.activeElement !== this.field) this.field.value = S.filter;
    this.select.value = S.rows;
    const columns = columnsOf();
    this.odd.textContent = oddSentence();
    const head = make('tr', {}, make('th', {scope: 'col'}, 'pin'), ...columns.map(c => this.headOf(c)));
    const body = S.rows === 'configurations' ? this.groupRows(columns) : this.networkRows(columns);
    const at = this.box.scrollTop, across = this.box.scrollLeft, shown = model.shown.reduce((a, b) => a + b, 0);
    this.box.replaceChildren(make('table', {},
      make('caption', {}, `${shown} of ${count(D.meta.runs.length, 'network')} shown; values at the end of training`),
      make('thead', {}, head), make('tbody', {}, ...body)));
    this.box.scrollTop = at;
    this.box.scrollLeft = across;
    this.move();
  }

  /** @param {Column} c */
  headOf(c) {
    const down = S.sort === `-${c.id}`, up = S.sort === c.id;
    const b = button(c.title +
        (down  ? ' ▼' :
            up ? ' ▲' :
                 ''),
      `${c.hint}. In the filter: ${c.id}. Click to sort`, () => set({sort: down ? c.id :
          up                                                                    ? '' :
                                                                                  `-${c.id}`}));
    const th = make('th',
      {scope: 'col',
        'aria-sort': down ? 'descending' :
          up              ? 'ascending' :
                            'none',
        class: c.text ? 'text' : ''},
      b);
    if (!c.text) th.append(brushOf(c));
    return th;
  }

  /** @param {Column[]} columns @returns {HTMLTableRowElement[]} */
  networkRows(columns) {
    const runs = sortRuns(D.meta.runs.map((_, r) => r).filter(r => model.shown[r]), columns),
          rows = runs.slice(0, this.limit);
    this.rowOf = new Map(rows.map(r => [r, this.networkRow(r, columns)]));
    const out = [...this.rowOf.values()];
    if (runs.length > rows.length)
      out.push(make('tr', {},
        make('td', {colspan: String(columns.length + 1), class: 'text'},
          button(`show ${runs.length - rows.length} more`, 'Show all rows', () => {
            this.limit = Infinity;
            this.draw();
          }))));
    return out;
  }

  /** @param {number} r @param {Column[]} columns */
  networkRow(r, columns) {
    const pin = make('input', {type: 'checkbox', 'aria-label': `Pin ${runName(r)}`});
    pin.addEventListener('change', () => togglePin(r));
    const row = make('tr', {}, make('td', {}, make('label', {class: 'pin'}, pin)),
      ...columns.map((c, i) => make(i ? 'td' : 'th', i ? {class: c.text ? 'text' : ''} : {scope: 'row'},
                       c.text ? String(c.of(r)) : num(Number(c.of(r)), 4))));
    const why = oddness(r, S.est).why;
    if (why) row.title = `Most unlike: ${why}`;
    row.addEventListener('pointerenter', () => {
      const line = D.lineOf[r];
      if (line >= 0) set({spot: {line, slot: S.pick, epoch: S.epoch}});
    });
    row.addEventListener('pointerleave', () => set({spot: null}));
    row.addEventListener('click', event => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLLabelElement) return;
      set({net: r, cfg: D.meta.runs[r].group ?? S.cfg});
    });
    return row;
  }

  /** Means over the shown networks of each configuration.
   * @param {Column[]} columns */
  groupRows(columns) {
    this.rowOf = new Map();
    const name = columns[0];
    const rows = D.meta.groups.map((group, g) => {
      const runs = group.runs.filter(r => model.shown[r]), any = D.meta.runs.findIndex(r => r.group === g);
      const cells = columns.map(c => c.id === name.id ? groupName(g) :
          c.id === 'status'                           ? count(runs.length, 'network') :
          c.text                                      ? String(c.of(any)) :
                                                        meanOver(runs, c));
      return {g, cells};
    });
    const i = columns.findIndex(c => c.id === S.sort.replace('-', '')), sign = S.sort.startsWith('-') ? -1 : 1;
    if (i >= 0) rows.sort((a, b) => sign * compare(a.cells[i], b.cells[i]));
    return rows.map(({g, cells}) => {
      const pin = make('input', {type: 'checkbox', 'aria-label': `Compare ${groupName(g)}`});
      pin.checked = S.cfg === g || S.vs === g;
      pin.addEventListener('change', () => set(pin.checked ? {vs: S.cfg, cfg: g, diff: true} : {vs: -1, diff: false}));
      const row = make('tr', S.cfg === g ? {class: 'chosen'} : {}, make('td', {}, make('label', {class: 'pin'}, pin)),
        ...cells.map((v, j) => make(j ? 'td' : 'th', j ? {class: columns[j].text ? 'text' : ''} : {scope: 'row'},
                       typeof v === 'number' ? num(v, 4) : v)));
      row.addEventListener('click', event => {
        if (!(event.target instanceof HTMLInputElement || event.target instanceof HTMLLabelElement)) set({cfg: g});
      });
      return row;
    });
  }

  move() {
    const line = S.spot ? D.lines[S.spot.line] : null;
    for (const [r, row] of this.rowOf) {
      row.classList.toggle('under', line !== null && line.run === r);
      row.classList.toggle('chosen', S.net === r);
      const pin = row.querySelector('input');
      if (pin) pin.checked = S.pins.includes(r);
    }
  }

  sheet() {
    const columns = columnsOf(), runs = sortRuns(D.meta.runs.map((_, r) => r).filter(r => model.shown[r]), columns);
    return {caption: 'Networks', heads: columns.map(c => c.title), rows: runs.map(r => columns.map(c => c.of(r)))};
  }
}

/** @returns {string} */
function filterExample() {
  const {keys, runs} = D.meta, value = runs[0]?.values[0];
  return keys.length && value && !/\s/.test(value) ? `e.g. ${lastPart(keys[0])}=${value} test>0.9` :
                                                     'e.g. seed<10 test>0.9';
}

/** @param {string|number} a @param {string|number} b @returns {number} numbers that are none last */
function compare(a, b) {
  if (typeof a === 'number' && typeof b === 'number') {
    if (isNaN(a) || isNaN(b)) return Number(isNaN(a)) - Number(isNaN(b));
    return a - b;
  }
  return String(a).localeCompare(String(b), 'en', {numeric: true});
}

/** @param {number[]} runs @param {Column[]} columns @returns {number[]} */
function sortRuns(runs, columns) {
  const c = columns.find(column => column.id === S.sort.replace('-', '')), sign = S.sort.startsWith('-') ? -1 : 1;
  const group = (/** @type {number} */ r) => D.meta.runs[r].group ?? Infinity;
  if (!c) return runs.slice().sort((a, b) => group(a) - group(b) || compare(seedName(a), seedName(b)));
  const none = (/** @type {number} */ r) => typeof c.of(r) === 'number' && isNaN(Number(c.of(r)));
  return runs.slice().sort(
    (a, b) => none(a) || none(b) ? Number(none(a)) - Number(none(b)) : sign * compare(c.of(a), c.of(b)));
}

/** @param {number[]} runs @param {Column} c @returns {number} */
function meanOver(runs, c) {
  const v = runs.map(r => Number(c.of(r))).filter(isFinite);
  return v.length ? v.reduce((a, b) => a + b, 0) / v.length : NaN;
}

/** The network that is most unlike the others, in words.
 * @returns {string} */
function oddSentence() {
  const runs = D.meta.runs.map((_, r) => r).filter(r => model.shown[r] && isFinite(oddness(r, S.est).score));
  if (runs.length < 4) return '';
  const r = runs.reduce((a, b) => oddness(b, S.est).score > oddness(a, S.est).score ? b : a),
        {score, why} = oddness(r, S.est);
  return score < 3 ? 'No network differs much from the others of its configuration.' :
                     `Most unlike the others of its configuration: ${runName(r)}, where ${why} (${
                       num(score, 2)} times the typical distance).`;
}
