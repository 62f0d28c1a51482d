// keys.js - the keyboard, and the list of its keys.

/** @type {[string, string][]} */
const KEYS = [
  ['← →', 'one logged epoch'],
  ['Shift ← →', 'ten logged epochs'],
  ['Home, End', 'first and last epoch'],
  ['g', 'type an epoch'],
  ['Space', 'play and pause'],
  ['< >', 'play slower and faster'],
  ['1 … 9, 0, o', 'show or hide a layer; o is the output'],
  ['i', 'only the layer in focus; again: all layers'],
  ['a', 'all layers'],
  ['e, E', 'next and previous estimator'],
  ['[ ]', 'previous and next network'],
  ['p', 'pin the network under the pointer'],
  ['f', 'filter the networks'],
  ['t', 'table of the panel in focus'],
  ['d', 'its numbers as TSV'],
  ['s', 'its picture as SVG'],
  ['↑ ↓', 'in the plane: from layer to layer'],
  ['Esc', 'clear: filter, pins, whole window'],
  ['l', 'copy a link to what you see'],
  ['?', 'this list'],
];

/** @type {HTMLDialogElement|null} */
let helpBox = null;

/** @returns {HTMLDialogElement} */
function buildHelp() {
  const box = make('dialog', {'aria-label': 'Keys'});
  box.append(make('h2', {}, 'Keys'),
    make('table', {}, make('caption', {}, 'They work while no field is being typed in.'),
      make('tbody', {},
        ...KEYS.map(([key, what]) => make(
                      'tr', {}, make('th', {scope: 'row'}, make('kbd', {}, key)), make('td', {class: 'text'}, what))))),
    button('close', 'Close this list', () => box.close()));
  document.body.append(box);
  return box;
}

function toggleHelp() {
  const box = helpBox = helpBox ?? buildHelp();
  if (box.open)
    box.close();
  else
    box.showModal();
}

/** The panel in focus; the plane if none is.
 * @returns {Panel|undefined} */
function focusedPanel() {
  const root = document.activeElement?.closest('.panel') ?? document.querySelector('.panel:hover');
  return panels.find(p => p.root === root) ?? panels[0];
}

/** @param {number} by */
function stepNetwork(by) {
  const lines = S.groups.flatMap(g => linesIn(g)).filter(l => l.run !== null);
  if (!lines.length) return;
  const now = S.spot ? lines.indexOf(D.lines[S.spot.line]) :
    by > 0           ? -1 :
                       0,
        line = lines[(now + by + lines.length) % lines.length];
  set({net: line.run ?? -1, cfg: line.group});
  setSpotByKeys(/** @type {PlanePanel} */ (panels[0]), line, S.spot ? S.spot.slot : S.pick);
}

/** @param {number} by */
function stepEstimator(by) {
  const n = D.meta.estimators.length;
  if (n) set({est: (S.est + by + n) % n});
}

/** @type {Object<string, (shift: boolean) => void>} */
const ACTIONS = {
  ArrowLeft: shift => stepEpoch(shift ? -10 : -1),
  ArrowRight: shift => stepEpoch(shift ? 10 : 1),
  Home: () => set({epoch: D.epochs[0]}),
  End: () => set({epoch: D.epochs[D.epochs.length - 1]}),
  g: () => time.field.focus(),
  ' ': () => togglePlay(),
  '<': () => stepSpeed(-1),
  '>': () => stepSpeed(1),
  o: () => toggleLayer(model.slots - 1),
  i: () => isolate(S.pick),
  a: () => set({layers: allLayers()}),
  e: () => stepEstimator(1),
  E: () => stepEstimator(-1),
  '[': () => stepNetwork(-1),
  ']': () => stepNetwork(1),
  p: () => {
    const run = S.spot ? D.lines[S.spot.line].run : S.net >= 0 ? S.net : null;
    if (run !== null) togglePin(run);
  },
  f: () => /** @type {HTMLElement|null} */ (document.querySelector('#p-sweep input[type=search]'))?.focus(),
  t: () => focusedPanel()?.toggleSheet(),
  d: () => focusedPanel()?.saveSheet(),
  s: () => focusedPanel()?.savePicture(),
  Escape: () => {
    showCard(null);
    if (S.panel)
      set({panel: ''});
    else
      clearAll();
  },
  l: () => void copyLink(),
  '?': () => toggleHelp(),
};

/** @param {KeyboardEvent} event */
function pressKey(event) {
  const at = event.target instanceof Element ? event.target : document.body;
  const typing = at.matches('input:not([type=checkbox], [type=range]), select, textarea'),
        digit = /^\d$/.test(event.key);
  const box = document.querySelector('dialog[open]');
  if (event.ctrlKey || event.metaKey || event.altKey || box && (box !== helpBox || event.key !== '?')) return;
  if (typing) {
    if (event.key === 'Escape' && at instanceof HTMLElement) at.blur();
    return;
  }
  if (event.key === ' ' && at.matches('button, summary, input, a')) return;
  if (/^(Home|End)$/.test(event.key) && !at.closest('.chart, .bar')) return;
  if (digit)
    toggleByDigit(event.key === '0' ? 9 : Number(event.key) - 1);
  else if (Object.keys(ACTIONS).includes(event.key))
    ACTIONS[event.key](event.shiftKey);
  else
    return;
  event.preventDefault();
}

/** @param {number} slot */
function toggleByDigit(slot) {
  if (slot < model.slots) toggleLayer(slot);
}
