// falls.js - which layers lose information about X: a row a layer (or configuration), a column an estimator, a dot a network.

/** @typedef {{g: number, slot: number, name: string, cells: ReturnType<typeof summaryOf>[]}} FallRow */

class FallsPanel extends Panel {
  constructor() {
    super('falls',
      D.meta.estimators.length > 1 ? 'Which layers compress, and do the estimators agree?' : 'Which layers compress?',
      `A dot is a network: how far its I(X;T) is, at the end, below its largest value. From ${
        leastFall()} bits on it counts as a decrease, also if it was lower still in between. ` +
        'Choose a cell to look at its layer with its estimator in all panels.',
      ['cfg', 'pick', 'est', 'fold', 'shown', 'pins'], ['spot']);
    const {label, select} = choice('',
      [['layers', 'layers of the configuration'], ['configurations', 'configurations, for the chosen layer']],
      v => set({fold: v}));
    this.select = select;
    select.setAttribute('aria-label', 'Rows');
    if (D.meta.groups.length > 1) this.extra.append(label);
    this.order = '';
    this.root.hidden = !D.meta.estimators.length;
    this.box = make('div', {class: 'box'});
    this.names = make('p', {class: 'finding'});
    this.body.append(this.box, this.names);
  }

  drawable() { return false; }

  /** @returns {FallRow[]} */
  rows() {
    const {groups, estimators} = D.meta;
    const of = (/** @type {number} */ g, /** @type {number} */ slot, /** @type {string} */ name) =>
      ({g, slot, name, cells: estimators.map((_, i) => summaryOf(fallsOf(g, i, slot)))});
    if (S.fold === 'configurations' && groups.length > 1)
      return groups.map((g, i) => of(i, S.pick, groupName(i)))
        .filter(r => layerOf(r.slot, groups[r.g].layers.length) >= 0);
    return groups[S.cfg].layers.map((_, k) => of(S.cfg, slotOf(k, groups[S.cfg].layers.length),
                                      `layer ${layerTitle(S.cfg, slotOf(k, groups[S.cfg].layers.length))}`));
  }

  /** @param {FallRow[]} rows @returns {FallRow[]} */
  sorted(rows) {
    if (this.order === 'agree')
      return rows.slice().sort((a, b) => agreementOf(b.cells).rank - agreementOf(a.cells).rank);
    if (this.order === '') return rows;
    const i = Number(this.order), size = (/** @type {FallRow} */ r) => isFinite(r.cells[i].mean) ? r.cells[i].mean : -1;
    return rows.slice().sort((a, b) => size(b) - size(a));
  }

  draw() {
    this.select.value = S.fold;
    const rows = this.sorted(this.rows()),
          most = Math.max(
            0.2, ...rows.flatMap(r => D.meta.estimators.flatMap((_, i) => fallsOf(r.g, i, r.slot).map(f => f.drop))));
    const sort = (/** @type {string} */ text, /** @type {string} */ order) => {
      const b = button(text, `Sort by: ${text || 'order'}`, () => {
        this.order = this.order === order ? '' : order;
        this.draw();
      });
      return make('th', {scope: 'col', 'aria-sort': this.order === order && order !== '' ? 'descending' : 'none'}, b);
    };
    const head = make('tr', {}, sort(S.fold === 'configurations' ? 'configuration' : 'layer', ''),
      ...D.meta.estimators.map((e, i) => sort(e.name, String(i))), sort(agreementHead(), 'agree'));
    const where = S.fold === 'configurations' ? slotPhrase(S.pick) : groupName(S.cfg);
    this.box.replaceChildren(
      make('table', {class: 'falls'}, make('caption', {}, `Decrease of I(X;T) in bits, ${where}`),
        make('thead', {}, head), make('tbody', {}, ...rows.map(r => this.rowOf(r, most)))));
    this.names.textContent = fallenNetworks(S.cfg, S.est, S.pick);
  }

  /** @param {FallRow} r @param {number} most @returns {HTMLTableRowElement} */
  rowOf(r, most) {
    const chosen = r.slot === S.pick && r.g === S.cfg, agree = agreementOf(r.cells);
    return make('tr', chosen ? {class: 'chosen'} : {}, make('th', {scope: 'row'}, r.name),
      ...r.cells.map((c, i) => this.cellOf(r, c, i, most, chosen && i === S.est)),
      make('td', {class: 'text', 'data-head': agreementHead()}, agree.text));
  }

  /** @param {FallRow} r @param {ReturnType<typeof summaryOf>} c @param {number} i @param {number} most @param {boolean} chosen */
  cellOf(r, c, i, most, chosen) {
    const text = cellText(c),
          b = button('', `${r.name}, ${estimatorName(i)}: ${text}`, () => set({pick: r.slot, est: i, cfg: r.g}));
    const svg = svgElement('svg', {viewBox: '0 0 160 18', width: 160, height: 18, 'aria-hidden': 'true'}),
          pen = new SvgPen(svg), x = linearScale(0, most, 6, 152);
    pen.begin();
    pen.trace([6, 152], [9, 9], 0, 2);
    pen.end({stroke: C.grid});
    const spot = S.spot ? D.lines[S.spot.line].run : null;
    for (const f of fallsOf(r.g, i, r.slot)) {
      const strong = S.pins.includes(f.run) || spot === f.run;
      pen.mark(x.at(clamp(f.drop, 0, most)), 9, strong ? 5 : 3.5, shapeOf(r.slot),
        {fill: colorOf(r.slot), alpha: strong ? 1 : 0.55, ...strong ? {stroke: C.text, width: 1.5} : {}});
    }
    b.append(svg, make('span', {}, text));
    if (chosen) b.setAttribute('aria-pressed', 'true');
    return make('td', {class: c.saturated ? 'saturated' : c.verdict, 'data-head': estimatorName(i)}, b);
  }

  sheet() {
    const rows = this.rows().flatMap(
      r => D.meta.estimators.flatMap((e, i) => fallsOf(r.g, i, r.slot)
                                                 .map(f => [groupName(r.g), slotName(r.slot), e.name, runName(f.run),
                                                        f.drop, f.peak, f.turn, f.end, f.low, f.lowAt, f.saturated])));
    return {
      caption: this.title,
      rows,
      heads: [
        'configuration', 'layer', 'estimator', 'network', 'decrease', 'highest', 'epoch of the highest', 'at the end',
        'lowest after the highest', 'epoch of the lowest', 'share of epochs saturated'
      ]
    };
  }
}

/** @returns {string} */
const agreementHead = () => D.meta.estimators.length > 1 ? 'agreement' : 'result';

/** @param {ReturnType<typeof summaryOf>} c @returns {string} */
function cellText(c) {
  if (!c.n) return 'no estimate';
  if (c.saturated) return 'saturated: cannot show a decrease';
  const size = `${num(Math.abs(c.mean) < 5e-4 ? 0 : c.mean)} bits`, able = c.unable ? `; ${c.unable} saturated` : '';
  if (!c.down) return c.n > 1 ? `none of ${c.n} decreases${able}` : 'does not decrease';
  if (c.n === 1)
    return `ends ${size} below its largest (epoch ${c.turn})` +
      (c.dips ? `, was lower: ${num(c.one.low)} (epoch ${c.one.lowAt})` : '');
  return `${c.down} of ${c.n} decrease, mean ${size}, from epoch ${c.turn} on` +
    (c.dips ? `; ${c.dips} lower in between` : '') + able;
}

/** Which estimators show a decrease, in how many networks and since when.
 * @param {ReturnType<typeof summaryOf>[]} cells @returns {{rank: number, text: string}} rank: 2 agree, 1 not, 0 nothing to compare */
function agreementOf(cells) {
  const names = D.meta.estimators.map(e => e.name),
        able = cells.map((c, i) => ({c, i})).filter(x => x.c.n && 2 * x.c.unable <= x.c.n);
  const kinds = [...new Set(able.map(x => x.c.verdict))],
        word = (/** @type {string} */ kind) => extentOf(able.map(x => x.c).filter(c => c.verdict === kind));
  if (cells.every(c => !c.n)) return {rank: 0, text: 'no network with an estimate is shown'};
  if (!able.length && cells.some(c => c.down))
    return {rank: 0, text: `mostly saturated; ${extentOf(cells.filter(c => c.n && !c.saturated))}`};
  if (!able.length)
    return {rank: 0, text: names.length > 1 ? 'no estimator can show it' : 'the estimator cannot show it'};
  if (names.length === 1) return {rank: 0, text: word(kinds[0])};
  if (able.length === 1) return {rank: 0, text: `only ${names[able[0].i]}: ${word(kinds[0])}`};
  if (kinds.length === 1) return {rank: 2, text: `agree: ${word(kinds[0])}`};
  return {
    rank: 1,
    text: 'disagree: ' +
      kinds.map(k => `${word(k)} (${able.filter(x => x.c.verdict === k).map(x => names[x.i]).join(', ')})`).join('; ')
  };
}

/** "decreases in 26 to 27 of 50 networks, by 0.16 to 0.24 bits; from epoch 318, 348 or 1006", of estimators with one verdict.
 * @param {ReturnType<typeof summaryOf>[]} cells @returns {string} */
function extentOf(cells) {
  if (!cells.some(c => c.down)) return 'no decrease';
  const span = (/** @type {number[]} */ v, /** @type {string} */ unit) => {
    const lo = num(Math.min(...v)), hi = num(Math.max(...v));
    return lo === hi ? `${hi}${unit}` : `${lo} to ${hi}${unit}`;
  };
  const n = Math.max(...cells.map(c => c.n)), size = span(cells.map(c => c.mean), ' bits'),
        turns = cells.map(c => c.turn).filter(isFinite).sort((a, b) => a - b);
  const apart = turns[turns.length - 1] > 2 * turns[0] && turns[turns.length - 1] > turns[0] + 2,
        since = apart ? `, but from epoch ${turns[0]} to ${turns[turns.length - 1]} on` : '';
  if (n === 1) return `decreases by ${size}${since}`;
  return `decreases in ${span(cells.map(c => c.down), '')} of ${n} networks, mean ${size}${since}`;
}

/** The networks whose layer falls, by name.
 * @param {number} g @param {number} est @param {number} slot @returns {string} */
function fallenNetworks(g, est, slot) {
  const all = fallsOf(g, est, slot), down = all.filter(f => f.down).sort((a, b) => b.drop - a.drop);
  const head =
    `${slotPhrase(slot)}${D.meta.groups.length > 1 ? ` of ${groupName(g)}` : ''}, by ${estimatorName(est)}: `;
  const start = head[0].toUpperCase() + head.slice(1);
  if (all.length < 2) return '';
  if (!down.length) return `${start}I(X;T) decreases in none of ${count(all.length, 'network')}.`;
  const named = down.slice(0, 12).map(f => `${seedName(f.run)} (${bits(f.drop)} below epoch ${f.turn})`);
  const stay = all.filter(f => !f.down).map(f => seedName(f.run));
  return `${start}I(X;T) decreases by ${leastFall()} bits or more in ${down.length} of ${
           count(all.length,
             'network')}, the most in ${listed(down.length > 12 ? [...named, `${down.length - 12} more`] : named)}.` +
    (stay.length && stay.length <= 8 ? ` Not in ${listed(stay)}.` : '');
}
