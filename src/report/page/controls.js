// controls.js - the bar at the top: time, estimator, axes, theme, link; and the layers and configurations to show.

const controls = {
  shown: make('span', {class: 'shown'}),
  live: make('p', {class: 'unseen', 'aria-live': 'polite'}),
  layers: make('div', {class: 'chips', role: 'group', 'aria-label': 'Layers'}),
  groups: make('div', {class: 'chips', role: 'group', 'aria-label': 'Configurations in the plane'}),
  estimator: choice('Estimator', [], v => set({est: Number(v)})),
  configuration: choice('Configuration', [], v => set({cfg: Number(v), groups: groupsWith(Number(v))})),
  axes: choice('Axes', [['bits', 'bits'], ['share', 'share of H']], v => set({share: v === 'share', zoom: null})),
  link: button('copy link', 'Copy a link to what you see (l)', () => copyLink()),
  theme: choice('', [['auto', 'auto'], ['light', 'light'], ['dark', 'dark']], v => set({theme: v})),
};

/** @returns {HTMLElement[]} the bar, and the chips below it */
function buildControls() {
  const c = controls, m = D.meta;
  c.theme.select.setAttribute('aria-label', 'Colours: as the system, light or dark');
  c.estimator.select.replaceChildren(
    ...m.estimators.map((e, i) => make('option', {value: String(i), title: e.text}, e.name)));
  c.configuration.select.replaceChildren(...m.groups.map((_, i) => make('option', {value: String(i)}, groupName(i))));
  const help = button('?', 'Keys (?)', () => toggleHelp());
  c.link.setAttribute('aria-keyshortcuts', 'l');
  const bar =
    make('div', {class: 'bar', role: 'region', 'aria-label': 'Controls'}, make('span', {class: 'time'}, ...buildTime()),
      make('span', {class: 'choices'}, ...m.estimators.length ? [c.estimator.label] : [],
        ...m.groups.length > 1 ? [c.configuration.label] : [], c.axes.label, c.theme.label, c.link, help));
  const note = m.depths_differ ? 'Layers, counted from the output (tick: shown; frame: in focus):' :
                                 'Layers (tick: shown; frame: in focus):';
  const rows = make('div', {class: 'below'}, make('span', {}, note), c.layers);
  if (m.groups.length > 1) rows.append(make('span', {}, 'Configurations in the plane:'), c.groups);
  rows.append(c.shown);
  return [bar, introduction(), rows, c.live];
}

/** What a reader who meets this for the first time should know.
 * @returns {HTMLElement} */
function introduction() {
  const lines = [
    'While a network learns, each of its layers T keeps some information about the input X, I(X;T), and about the label Y, I(T;Y), both in bits.',
    'A layer compresses if its I(X;T) decreases: at the end it is lower than its largest value, mostly after it rose, and the layer has forgotten parts of the input. Whether layers do so is disputed, and can depend on the estimator, the rule by which information is measured from samples.',
    `Networks that differ only in their seed, the random start, are repeats: panels show their mean and how far they differ${
      D.meta.groups.length > 1 ? '; networks with other settings are another configuration' : ''}.`,
    'The slider, or an epoch typed beside it, moves all panels through training. Choose a layer by its name, or show only this one; choose an estimator at the top; point at a mark to read its numbers; press ? for keys. The address in the browser keeps what you see: “copy link” copies it.'
  ];
  return make(
    'details', {class: 'intro'}, make('summary', {}, 'What does this page show?'), ...lines.map(t => make('p', {}, t)));
}

/** @param {Set<string>} now */
function updateControls(now) {
  const c = controls;
  updateTime(now);
  c.estimator.select.value = String(S.est);
  c.configuration.select.value = String(S.cfg);
  c.axes.select.value = S.share ? 'share' : 'bits';
  c.theme.select.value = S.theme;
  if (now.has('layers') || now.has('theme') || now.has('pick') || now.has('cfg')) showLayerChips();
  if (now.has('groups') || now.has('cfg')) showGroupChips();
  if (now.has('shown') || now.has('brush') || now.has('filter') || now.has('pins')) showCount();
  if (now.has('epoch') && !S.playing) announceLater();
}

/** A box to tick for what is shown, and a name to choose for the focus; `more` stands behind it.
 * @param {string} text @param {string} about @param {boolean} shown @param {boolean} chosen @param {() => void} toggle
 * @param {() => void} choose @param {Element} [mark] @param {...Element} more @returns {HTMLElement} */
function chipOf(text, about, shown, chosen, toggle, choose, mark, ...more) {
  const box = make('input', {type: 'checkbox', 'aria-label': `Show ${about}`, title: `Show ${about}`});
  box.checked = shown;
  box.addEventListener('change', toggle);
  const b = button('', `Look at ${about}`, choose);
  b.setAttribute('aria-pressed', String(chosen));
  b.append(...mark ? [mark, ' '] : [], text);
  return make('span', {class: `chip${shown ? '' : ' off'}`}, make('label', {class: 'pin'}, box), b, ...more);
}

function showLayerChips() {
  const chips = Array.from({length: model.slots}, (_, slot) => {
    const title = layerTitle(S.cfg, slot) || slotName(slot);
    const svg = svgElement('svg', {viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true'});
    new SvgPen(svg).mark(8, 8, 5.5, shapeOf(slot), {fill: colorOf(slot)});
    return chipOf(D.meta.depths_differ ? slotName(slot) : title, `layer ${title}`, S.layers.includes(slot),
      slot === S.pick, () => toggleLayer(slot),
      () => set({pick: slot, layers: S.layers.includes(slot) ? S.layers : shownWith(slot)}), svg,
      ...model.slots > 1 ? [onlyButton(slot, title)] : []);
  });
  controls.layers.replaceChildren(...chips);
}

/** @param {number} slot */
const shownWith = slot => [...S.layers, slot].sort((a, b) => a - b);

/** @param {number} slot */
function toggleLayer(slot) {
  set({layers: S.layers.includes(slot) ? S.layers.filter(s => s !== slot) : shownWith(slot)});
}

/** @param {number} slot @param {string} title @returns {HTMLButtonElement} */
function onlyButton(slot, title) {
  const is = isAlone(slot), key = slot === S.pick ? ' (i)' : '',
        b = button('only', is ? `Show all layers again${key}` : `Show only layer ${title}${key}`, () => isolate(slot));
  b.classList.add('only');
  b.setAttribute('aria-pressed', String(is));
  return b;
}

/** @param {number} slot @returns {boolean} */
const isAlone = slot => S.layers.length === 1 && S.layers[0] === slot;

/** Only this layer, in focus; all of them if it is alone already.
 * @param {number} slot */
function isolate(slot) { set({pick: slot, layers: isAlone(slot) && model.slots > 1 ? allLayers() : [slot]}); }

/** @param {number} g */
const groupsWith = g => S.groups.includes(g) ? S.groups : [...S.groups, g].sort((a, b) => a - b);

function showGroupChips() {
  controls.groups.replaceChildren(...D.meta.groups.slice(0, 40).map(
    (_, g) => chipOf(groupName(g), `${groupName(g)} in the plane`, S.groups.includes(g), g === S.cfg,
      () => set({groups: S.groups.includes(g) ? S.groups.filter(x => x !== g) : groupsWith(g)}),
      () => set({cfg: g, groups: groupsWith(g)}))));
}

function showCount() {
  const n = model.shown.reduce((a, b) => a + b, 0), all = D.meta.runs.length, pins = S.pins.length;
  const parts =
    [`${n === all ? `${all > 1 ? 'all ' : ''}${count(all, 'network')}` : `${n} of ${count(all, 'network')}`} shown${
      pins ? `, ${pins} pinned` : ''}`];
  const reset = n < all || pins || S.filter || Object.keys(S.brush).length;
  controls.shown.replaceChildren(
    ...parts, ...reset ? [' ', button('clear', 'Show all networks, remove pins (Escape)', clearAll)] : []);
}

function clearAll() { set({filter: '', brush: {}, pins: [], spot: null, net: -1}); }

/** @param {string} text for screen readers */
function announce(text) { controls.live.textContent = text; }

let resting = 0;
/** Reads the plane out half a second after the last step. */
function announceLater() {
  clearTimeout(resting);
  resting = setTimeout(() => announce(planeLabel()), 500);
}
