// claims.js - P7: statements of the literature about this experiment, their verdicts, and how to see them here.

class ClaimsPanel extends Panel {
  constructor() {
    super('claims', 'Claims of the literature',
      'Verdicts computed by rules that were written before the runs. “Show” sets layer and estimator so that the panels above show what the claim is about.', [], []);
    this.body.append(make('div', { class: 'claims' }, ...D.meta.claims.map(c => this.claimOf(c))));
    this.root.hidden = D.meta.claims.length === 0;
  }

  drawable() { return false; }

  /** @param {Claim} c */
  claimOf(c) {
    const rows = c.rows ?? [], seeds = c.seeds ? `, ${count(c.seeds, 'seed')}` : '';
    const box = make('article', { class: 'claim' }, make('h3', {}, make('span', { class: 'verdict' }, c.verdict), ` ${c.statement}`),
      make('p', { class: 'about' }, `${c.paper ?? c.name}${seeds}. ${claimSentence(c)}`));
    if (c.note) box.append(make('p', { class: 'about' }, c.note));
    const first = rows.find(r => r.layer !== null) ?? rows[0];
    if (first) box.append(button('show', `Show claim ${c.name} in the panels`, () => showClaim(first)));
    if (rows.length) {
      const sheet = { caption: `${c.name}: tests`, heads: ['estimator', 'layer', 'part', 'decision', 'value', 'from', 'to', 'seeds'],
        rows: rows.map(r => [r.estimator, r.layer, r.part, r.decision, r.value, r.low, r.high, r.n]) };
      box.append(make('details', {}, make('summary', {}, 'all tests'), make('div', { class: 'box' }, tableOf(sheet, 500))));
    }
    return box;
  }

  sheet() {
    return { caption: this.title, heads: ['claim', 'statement', 'verdict', 'seeds'], rows: D.meta.claims.map(c => [c.name, c.statement, c.verdict, c.seeds ?? null]) };
  }
}

/** Which estimators decide how.
 * @param {Claim} c @returns {string} */
function claimSentence(c) {
  /** @type {Map<string, Set<string>>} */
  const by = new Map();
  for (const r of c.rows ?? []) by.set(r.decision, (by.get(r.decision) ?? new Set()).add(r.estimator));
  return [...by].map(([decision, names]) => `Tests with “${decision}”: by ${listed([...names].filter(Boolean))}`).filter(s => !s.endsWith('by ')).join('. ') + (by.size ? '.' : '');
}

/** @param {{estimator: string, layer: number|null}} row */
function showClaim(row) {
  const est = D.meta.estimators.findIndex(e => e.name === row.estimator), depth = D.meta.groups[S.cfg].layers.length;
  set({ ...est >= 0 ? { est } : {}, ...row.layer ? { pick: slotOf(row.layer - 1, depth) } : {}, epoch: D.epochs[D.epochs.length - 1] });
  document.getElementById('p-plane')?.scrollIntoView({ block: 'start' });
}
