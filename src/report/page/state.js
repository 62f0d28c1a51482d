// state.js - what the reader has chosen, in one object; set() changes it, address.js keeps it.

/** @typedef {{run: number, slot: number, epoch: number}} Spot a point of a network, under the pointer or the keys */
/** @typedef {{epoch: number, est: number, layers: number[], groups: number[], cfg: number, vs: number, diff: boolean,
 *   pick: number, net: number, pins: number[], filter: string, brush: Object<string, [number, number]>, sort: string,
 *   zoom: number[]|null, span: number[]|null, share: boolean, linear: boolean, geo: string, sx: string, sy: string,
 *   rows: string, cloud: number, turn: number, theme: string, panel: string, spot: {line: number, slot: number,
 *   epoch: number}|null, playing: boolean, speed: number, fold: string, dim: number[]}} State */

/** @typedef {Omit<State, 'theme'|'spot'|'playing'|'speed'>} Kept */

/** What is chosen where nothing else is, whatever the data are.
 * @returns {Kept} */
function plainChoices() {
  return {
    epoch: 0,
    est: 0,
    layers: [],
    groups: [],
    cfg: 0,
    vs: -1,
    diff: false,
    pick: 0,
    net: -1,
    pins: [],
    filter: '',
    brush: {},
    sort: '',
    zoom: null,
    span: null,
    share: false,
    linear: false,
    geo: '',
    sx: 'fell',
    sy: 'test_accuracy',
    rows: 'networks',
    cloud: 0,
    turn: 0,
    panel: '',
    fold: 'layers',
    dim: [],
  };
}

/** @type {State} */
const S = {
  ...plainChoices(),
  theme: 'auto',
  spot: null,
  playing: false,
  speed: 1
};

/** Called with the names of what changed, at most once a frame.
 * @type {((changed: Set<string>) => void)[]} */
const listeners = [];
/** @type {Set<string>} */
const changed = new Set();
let frame = 0;

/** @param {Partial<State>} patch */
function set(patch) {
  for (const [name, value] of Object.entries(patch)) {
    if (Reflect.get(S, name) === value) continue;
    Reflect.set(S, name, value);
    changed.add(name);
  }
  if (changed.size && !frame) frame = requestAnimationFrame(flush);
}

/** Something changed that is no choice of the reader.
 * @param {string} name */
function touch(name) {
  changed.add(name);
  if (!frame) frame = requestAnimationFrame(flush);
}

/** Draws what changed: in the frame that was asked for, or at once. */
function flush() {
  cancelAnimationFrame(frame);
  frame = 0;
  const now = new Set(changed);
  changed.clear();
  for (const tell of listeners) tell(now);
}

/** The default of everything, for this data.
 * @returns {Kept} */
function defaults() {
  return {
    ...plainChoices(),
    epoch: D.epochs[D.epochs.length - 1] ?? 0,
    layers: allLayers(),
    groups: D.meta.groups.map((_, i) => i).slice(0, 4),
    pick: mostFallen(),
  };
}

/** @returns {number[]} */
function allLayers() { return Array.from({length: model.slots}, (_, i) => i); }

/** The hidden layer that falls most in the first configuration, by the first estimator.
 * @returns {number} */
function mostFallen() {
  let best = Math.max(0, model.slots - 2), most = 0;
  for (let slot = 0; D.meta.groups.length && D.meta.estimators.length && slot < model.slots - 1; slot++) {
    const s = summaryOf(fallsOf(0, 0, slot));
    if (s.mean > most) [most, best] = [s.mean, slot];
  }
  return best;
}
