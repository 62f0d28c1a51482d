// main.js - reads the data, builds the panels, and ties state, address and window together.

/** Milliseconds from the beginning of the page to the first picture. */
let started = 0;

/** @returns {Meta} */
function readMeta() { return JSON.parse(document.getElementById('ip-meta')?.textContent ?? ''); }

/** @param {number} i */
function blockText(i) {
  const e = document.getElementById(`ip-block-${i}`), text = e?.textContent ?? '';
  e?.remove();
  return text;
}

/** @param {Uint16Array|Uint8Array} codes @returns {Promise<string>} */
async function digestOf(codes) {
  const bytes = new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength);
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))]
    .map(b => b.toString(16).padStart(2, '0'))
    .join('');
}

function buildPanels() {
  const layout = make('div', {class: 'panels'});
  layout.append(new PlanePanel().root, new LayersPanel().root, new FallsPanel().root, new LossPanel().root,
    new GeometryPanel().root, new ScatterPanel().root, new LooksPanel().root, new TablePanel().root,
    new ClaimsPanel().root);
  return layout;
}

/** @param {Set<string>} now */
function applyState(now) {
  if (now.has('theme')) {
    document.documentElement.dataset.theme = S.theme;
    readColors();
  }
  if (now.has('panel')) showPanel();
  if (now.has('filter') || now.has('brush') || Object.keys(S.brush).length && (now.has('pick') || now.has('est'))) {
    const wrong = applyFilter(), table = /** @type {TablePanel|undefined} */ (panels.find(p => p.id === 'sweep'));
    if (table) table.wrong.textContent = wrong;
    if (changed.delete('shown')) now.add('shown');
    const other = D.meta.groups.findIndex((_, g) => linesIn(g).length);
    if (other >= 0 && !linesIn(S.cfg).length) {
      S.cfg = other; /* one that is shown */
      now.add('cfg');
    }
  }
  updateControls(now);
  for (const p of panels) p.update(now);
}

/** The facts of the static page go to its figures; one line of them stays. */
function moveFacts() {
  const facts = document.getElementById('facts'), report = document.getElementById('report'), m = D.meta,
        g = m.groups[0];
  if (!facts || !report) return;
  const same = m.groups.every(o => o.hx === g.hx && o.hy === g.hy);
  const line =
    [
      count(m.runs.length, 'network'), ...m.groups.length > 1 ? [count(m.groups.length, 'configuration')] : [],
      m.dataset && `data: ${m.dataset}`, same && g.hx !== null ? `H(X) = ${bits(g.hx)}` : '',
      same && g.hy !== null ? `H(Y) = ${bits(g.hy)}` : ''
    ].filter(Boolean)
      .join(' · ');
  facts.before(make(
    'p', {class: 'quiet facts'}, `${line} · `, make('a', {href: '#report'}, 'figures, measures and configuration')));
  report.querySelector('summary')?.after(facts);
}

/** One panel over the whole window, or all. */
function showPanel() {
  const chosen = panels.find(p => p.id === S.panel);
  for (const p of panels) {
    p.root.classList.toggle('full', p === chosen);
    p.fullButton?.setAttribute('aria-pressed', String(p === chosen));
    if (p === chosen) p.visible = true;
  }
  document.body.classList.toggle('one', chosen !== undefined);
}

let writing = 0;
function keepAddress() {
  clearTimeout(writing);
  writing = setTimeout(() => {
    const hash = hashOf();
    if (hash !== location.hash && !(hash === '' && !location.hash.startsWith('#v1')))
      history.replaceState(null, '', hash || location.pathname + location.search);
  }, 250);
}

/** A link to a part of the page opens that part; the address keeps the state.
 * @param {MouseEvent} event */
function followLink(event) {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
  const to = link && document.getElementById((link.getAttribute('href') ?? '').slice(1));
  if (!to || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (S.panel) set({panel: ''});
  to.closest('details')?.setAttribute('open', '');
  to.scrollIntoView({block: 'start'});
}

/** Panels out of sight are drawn when they come back. */
function watchWindow() {
  const seen = new IntersectionObserver(entries => {
    for (const entry of entries) {
      const p = panels.find(q => q.root === entry.target);
      if (!p) continue;
      p.visible = entry.isIntersecting;
      if (p.visible && p.stale) p.update(new Set());
    }
  }, {rootMargin: '200px'});
  const sizes = new ResizeObserver(() => {
    const wrong = charts.filter(c => c.outgrown());
    for (const p of panels) p.stale = p.stale || wrong.some(c => p.root.contains(c.host));
    if (!wrong.length) return;
    touch('size');
    flush(); /* before this frame is painted: the next one would show the old picture stretched */
  });
  for (const p of panels) seen.observe(p.root);
  document.querySelectorAll('.place').forEach(e => sizes.observe(e));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => applyState(new Set(['theme'])));
  addEventListener('hashchange', () => {
    if (location.hash.startsWith('#v1') || location.hash === '') set(stateOf(location.hash));
  });
  document.addEventListener('click', followLink);
  document.addEventListener('keydown', pressKey);
  addEventListener('beforeprint', () => document.getElementById('report')?.setAttribute('open', ''));
}

/** @param {HTMLElement} place */
async function explore(place) {
  /** @type {string[]} */
  const wrong = [];
  /** @type {Promise<void>[]} */
  const checks = [];
  const testing = location.hash === '#selftest' || location.hash === '#bench', meta = readMeta();
  D = await readData(meta, blockText, testing && globalThis.crypto?.subtle ? (b, codes) => {
    checks.push(digestOf(codes).then(d => {
      if (d !== b.sha256) wrong.push(`digest of ${b.name}`);
    }));
  } : undefined);
  if (!meta.groups.length || !D.epochs.length) throw new Error('no run has logged epochs.');
  startModel();
  readColors();
  Object.assign(S, stateOf(location.hash));
  moveFacts();
  place.append(make('h2', {class: 'unseen'}, 'Explore'), ...buildControls(), buildPanels());
  place.hidden = false;
  document.getElementById('report')?.removeAttribute('open');
  applyState(new Set(Object.keys(S)));
  started = performance.now();
  listeners.push(applyState, keepAddress);
  watchWindow();
  await Promise.all(checks);
  if (!testing) return;
  const failed = location.hash === '#bench' ? [] : selfTests(wrong);
  const text = failed.length ? `failed: ${failed.join('\n')}` : location.hash === '#bench' ? bench() : 'ok';
  document.body.append(make('p', {id: 'selftest'}, text));
}

/** The page stays as it is, with one sentence.
 * @param {unknown} error */
function stayStatic(error) {
  const place = document.getElementById('no-explore'), section = document.getElementById('explore');
  if (section) section.hidden = true;
  document.getElementById('report')?.setAttribute('open', '');
  if (!place) return;
  const old = !('DecompressionStream' in globalThis);
  place.textContent = old ?
    'This browser is too old for the panels to explore the results; the figures and tables below have them.' :
    `The panels to explore the results could not be shown: ${
      error instanceof Error ? error.message : error} The figures and tables below have them.`;
  place.hidden = false;
  if (location.hash === '#selftest') document.body.append(make('p', {id: 'selftest'}, `failed: ${error}`));
}

const exploreSection = document.getElementById('explore');
if (exploreSection) explore(exploreSection).catch(stayStatic);
