// claims.js - P7: statements of the literature about this experiment, their verdicts, and how to see them here.

class ClaimsPanel extends Panel {
  constructor() {
    super('claims', 'Claims of the literature',
      'Verdicts that stated rules computed from runs of this experiment, with their own seeds. “Show” sets layer and estimator, so that the panels above, first of all the information plane, show what the claim is about.',
      [], []);
    const run = D.meta.claims.filter(c => c.verdict), others = D.meta.claims.filter(c => !c.verdict);
    this.body.append(make('div', {class: 'claims'}, ...run.map(c => this.claimOf(c))));
    if (others.length)
      this.body.append(make('p', {class: 'about'}, `Not run yet: ${others.map(c => c.claim).join(', ')}.`));
    this.root.hidden = D.meta.claims.length === 0;
  }

  drawable() { return false; }

  /** @param {Claim} c */
  claimOf(c) {
    const tests = c.tests ?? [];
    const box = make('article', {class: 'claim'},
      make('h3', {}, make('span', {class: 'verdict'}, c.verdict ?? ''), ` ${c.statement}`),
      make('p', {class: 'about'}, `${c.paper}. ${claimSentence(c)}`));
    if (c.why) box.append(make('p', {class: 'finding'}, `Why: ${c.why}.${layersSentence(c)}`));
    if (c.note) box.append(make('p', {class: 'about'}, c.note));
    const first = tests.find(t => t.layer > 0 && D.meta.estimators.some(e => e.name === t.estimator)) ??
      tests.find(t => t.layer > 0);
    if (first)
      box.append(
        button('show', `Show layer ${first.layer} by ${first.estimator} in the panels above`, () => showTest(first)));
    if (!tests.length) return box;
    const sheet = {
      caption: `Tests of ${c.claim}`,
      heads: ['estimator', 'layer', 'part', 'test', 'effect', 'from', 'to', 'seeds', 'decision'],
      rows: tests.map(t => [t.estimator, t.layer || '–', t.part, t.test, t.effect, t.low, t.high, t.n, t.decision])
    };
    box.append(make('details', {}, make('summary', {}, 'all tests'), make('div', {class: 'box'}, tableOf(sheet, 500))));
    return box;
  }

  sheet() {
    return {
      caption: this.title,
      heads: ['claim', 'statement', 'verdict', 'why', 'layers', 'seeds'],
      rows: D.meta.claims.map(
        c => [c.claim, c.statement, c.verdict ?? 'not run', c.why ?? '', c.tested_layers ?? '', c.seeds ?? null])
    };
  }
}

/** @param {Claim} c @returns {string} */
function layersSentence(c) {
  const text = c.tested_layers ?? '-';
  return text === '-' ? '' : ` Layer${/[ ,]/.test(text) ? 's' : ''} tested: ${text}.`;
}

/** Seeds, which estimators decide how, and whether the verdict hangs on its thresholds.
 * @param {Claim} c @returns {string} */
function claimSentence(c) {
  /** @type {Map<string, string[]>} */
  const by = new Map();
  for (const e of (c.estimators ?? []).filter(x => x.estimator))
    by.set(e.decision, [...by.get(e.decision) ?? [], e.estimator]);
  const parts = [...by].map(([decision, names]) => `${decision} by ${listed(names)}`);
  return [
    c.seeds ? `${count(c.seeds, 'seed')}.` : '',
    parts.length ? `It ${parts.join('; ')}.`.replace('It undecided', 'Undecided').replace('It not', 'Not') : '',
    c.firm === undefined ? '' :
      c.firm             ? 'The verdict is the same with thresholds halved and doubled.' :
                           'With thresholds halved or doubled, the verdict is another.',
    c.rule_changed ? 'The rule has changed since.' : ''
  ].filter(Boolean)
    .join(' ');
}

/** @param {ClaimTest} test */
function showTest(test) {
  const est = D.meta.estimators.findIndex(e => e.name === test.estimator), depth = D.meta.groups[S.cfg].layers.length;
  const slot = slotOf(test.layer - 1, depth);
  set({
    ...est >= 0 ? {est} : {},
    ...slot < model.slots ? {pick: slot, layers: S.layers.includes(slot) ? S.layers : shownWith(slot)} : {},
    epoch: D.epochs[D.epochs.length - 1]
  });
  document.getElementById('p-plane')?.scrollIntoView({block: 'start'});
}
