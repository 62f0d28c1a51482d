// controls.js - the bar at the top: epoch, play, estimator, axes, theme; and the layers and configurations to show.

const controls = {
  slider: make('input', { type: 'range', min: '0', max: '0', step: '1', 'aria-label': 'Epoch', 'aria-keyshortcuts': 'ArrowLeft ArrowRight' }),
  epoch: make('output', { class: 'epoch' }),
  play: button('▶', 'Play through the epochs (space)', () => togglePlay()),
  shown: make('span', { class: 'shown' }),
  live: make('p', { class: 'unseen', 'aria-live': 'polite' }),
  layers: make('div', { class: 'chips', role: 'group', 'aria-label': 'Layers' }),
  groups: make('div', { class: 'chips', role: 'group', 'aria-label': 'Configurations in the plane' }),
  estimator: choice('Estimator', [], v => set({ est: Number(v) })),
  configuration: choice('Configuration', [], v => set({ cfg: Number(v), ...S.groups.includes(Number(v)) ? {} : { groups: [...S.groups, Number(v)] } })),
  axes: choice('Axes', [['bits', 'bits'], ['share', 'share of H']], v => set({ share: v === 'share', zoom: null })),
  speed: choice('', [['0.5', '½×'], ['1', '1×'], ['2', '2×'], ['4', '4×']], v => set({ speed: Number(v) })),
  theme: choice('', [['auto', 'auto'], ['light', 'light'], ['dark', 'dark']], v => set({ theme: v })),
};

/** @returns {HTMLElement[]} the bar, and the chips below it */
function buildControls() {
  const c = controls, m = D.meta;
  c.slider.max = String(D.epochs.length - 1);
  c.slider.addEventListener('input', () => set({ epoch: D.epochs[Number(c.slider.value)], playing: false }));
  c.play.setAttribute('aria-keyshortcuts', 'Space');
  c.speed.select.value = '1';
  c.speed.select.setAttribute('aria-label', 'Speed');
  c.theme.select.setAttribute('aria-label', 'Colours: as the system, light or dark');
  c.estimator.select.replaceChildren(...m.estimators.map((e, i) => make('option', { value: String(i), title: e.text }, e.name)));
  c.configuration.select.replaceChildren(...m.groups.map((_, i) => make('option', { value: String(i) }, groupName(i))));
  const help = button('?', 'Keys (?)', () => toggleHelp());
  const bar = make('div', { class: 'bar', role: 'region', 'aria-label': 'Controls' },
    make('span', { class: 'time' }, c.play, c.speed.label, c.slider, c.epoch),
    make('span', { class: 'choices' }, ...m.estimators.length ? [c.estimator.label] : [], ...m.groups.length > 1 ? [c.configuration.label] : [],
      c.axes.label, c.theme.label, help));
  const note = D.meta.depths_differ ? 'Layers, counted from the output:' : 'Layers:';
  const rows = make('div', { class: 'below' }, make('span', {}, note), c.layers);
  if (m.groups.length > 1) rows.append(make('span', {}, 'In the plane:'), c.groups);
  rows.append(c.shown);
  return [bar, rows, c.live];
}

/** @param {Set<string>} now */
function updateControls(now) {
  const c = controls, i = indexAt(D.epochs, S.epoch), last = D.epochs[D.epochs.length - 1];
  if (now.has('epoch')) {
    c.slider.value = String(i);
    c.slider.setAttribute('aria-valuetext', `epoch ${S.epoch} of ${last}`);
    c.epoch.textContent = `epoch ${S.epoch} of ${last}`;
  }
  c.play.textContent = S.playing ? '❚❚' : '▶';
  c.estimator.select.value = String(S.est);
  c.configuration.select.value = String(S.cfg);
  c.axes.select.value = S.share ? 'share' : 'bits';
  c.speed.select.value = String(S.speed);
  c.theme.select.value = S.theme;
  if (now.has('layers') || now.has('theme') || now.has('pick') || now.has('cfg')) showLayerChips();
  if (now.has('groups') || now.has('cfg')) showGroupChips();
  if (now.has('shown') || now.has('brush') || now.has('filter') || now.has('pins')) showCount();
  if (now.has('epoch') && !S.playing) announceLater();
}

function showLayerChips() {
  const chips = Array.from({ length: model.slots }, (_, slot) => {
    const title = layerTitle(S.cfg, slot) || slotName(slot), on = S.layers.includes(slot);
    const svg = svgElement('svg', { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' });
    new SvgPen(svg).mark(8, 8, 5.5, shapeOf(slot), { fill: colorOf(slot) });
    const b = button('', `Layer ${title}: show or hide`, () => toggleLayer(slot));
    b.setAttribute('aria-pressed', String(on));
    b.append(svg, ` ${D.meta.depths_differ ? slotName(slot) : title}`);
    if (slot === S.pick) b.classList.add('pick');
    return b;
  });
  controls.layers.replaceChildren(...chips, button('all', 'Show all layers (a)', () => set({ layers: Array.from({ length: model.slots }, (_, i) => i) })));
}

/** @param {number} slot */
function toggleLayer(slot) {
  const layers = S.layers.includes(slot) ? S.layers.filter(s => s !== slot) : [...S.layers, slot].sort((a, b) => a - b);
  set({ layers, ...layers.includes(slot) ? { pick: slot } : {} });
}

function showGroupChips() {
  controls.groups.replaceChildren(...D.meta.groups.slice(0, 40).map((_, g) => {
    const b = button(groupName(g), `${groupName(g)}: show or hide in the plane`, () =>
      set({ groups: S.groups.includes(g) ? S.groups.filter(x => x !== g) : [...S.groups, g].sort((a, c) => a - c) }));
    b.setAttribute('aria-pressed', String(S.groups.includes(g)));
    return b;
  }));
}

function showCount() {
  const n = model.shown.reduce((a, b) => a + b, 0), all = D.meta.runs.length, pins = S.pins.length;
  const parts = [`${n === all ? `all ${count(all, 'network')}` : `${n} of ${count(all, 'network')}`} shown${pins ? `, ${pins} pinned` : ''}`];
  const reset = n < all || pins || S.filter || Object.keys(S.brush).length;
  controls.shown.replaceChildren(...parts, ...reset ? [' ', button('clear', 'Show all networks, remove pins (Escape)', clearAll)] : []);
}

function clearAll() { set({ filter: '', brush: {}, pins: [], spot: null, net: -1 }); }

/** @param {string} text for screen readers */
function announce(text) { controls.live.textContent = text; }

let resting = 0;
/** Reads the plane out half a second after the last step. */
function announceLater() {
  clearTimeout(resting);
  resting = setTimeout(() => announce(planeLabel()), 500);
}

let played = 0;
/** A step of so many logged epochs.
 * @param {number} by */
function stepEpoch(by) {
  const i = clamp(indexAt(D.epochs, S.epoch) + by, 0, D.epochs.length - 1);
  set({ epoch: D.epochs[i], playing: false });
}

function togglePlay() {
  if (S.playing) return set({ playing: false });
  const start = indexAt(D.epochs, S.epoch) >= D.epochs.length - 1 ? 0 : indexAt(D.epochs, S.epoch);
  set({ playing: true, epoch: D.epochs[start] });
  let place = start, before = performance.now();
  const id = ++played;
  const step = (/** @type {number} */ now) => {
    if (!S.playing || id !== played) return;
    place = Math.min(D.epochs.length - 1, place + Math.min(100, now - before) / 1000 * S.speed * D.epochs.length / 12);
    before = now;
    const end = place >= D.epochs.length - 1;
    set({ epoch: D.epochs[Math.floor(place)], playing: !end });
    if (!end) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
