// time.js - the epoch of all panels: slider, a field to type it in, and play with its speed.

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

const time = {
  slider: make('input',
    {type: 'range', min: '0', max: '0', step: '1', 'aria-label': 'Epoch', 'aria-keyshortcuts': 'ArrowLeft ArrowRight'}),
  field: make('input', {
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    class: 'at',
    title: 'Type an epoch, then Enter (g)',
    'aria-label': 'Go to an epoch',
    'aria-keyshortcuts': 'g'
  }),
  last: make('span', {}),
  play: button('▶', 'Play through the epochs (space)', () => togglePlay()),
  speed: choice('',
    SPEEDS.map(v => [String(v),
                 `${
                   v === 0.25  ? '¼' :
                     v === 0.5 ? '½' :
                                 v}×`]),
    v => set({speed: Number(v)})),
};

/** @returns {HTMLElement[]} */
function buildTime() {
  const t = time, last = String(D.epochs[D.epochs.length - 1]);
  t.slider.max = String(D.epochs.length - 1);
  t.slider.addEventListener('input', () => set({epoch: D.epochs[Number(t.slider.value)], playing: false}));
  t.play.setAttribute('aria-keyshortcuts', 'Space');
  t.speed.select.title = 'Speed of play (< and >)';
  t.speed.select.setAttribute('aria-label', 'Speed of play');
  t.speed.select.setAttribute('aria-keyshortcuts', '< >');
  t.field.size = Math.max(3, last.length);
  t.field.addEventListener('change', () => goTo(t.field.value));
  t.field.addEventListener('focus', () => t.field.select());
  t.field.addEventListener('keydown', event => {
    if (event.key === 'Enter') t.field.blur();
  });
  t.last.textContent = ` of ${last}`;
  return [
    t.play, t.speed.label, t.slider, make('label', {class: 'epoch'}, make('span', {}, 'epoch '), t.field, t.last)
  ];
}

/** @param {Set<string>} now */
function updateTime(now) {
  const t = time;
  t.play.textContent = S.playing ? '❚❚' : '▶';
  t.play.setAttribute('aria-label', `${S.playing ? 'Pause' : 'Play through the epochs'} (space)`);
  t.speed.select.value = String(S.speed);
  if (!now.has('epoch')) return;
  t.slider.value = String(indexAt(D.epochs, S.epoch));
  t.slider.setAttribute('aria-valuetext', `epoch ${S.epoch} of ${D.epochs[D.epochs.length - 1]}`);
  if (document.activeElement !== t.field) t.field.value = String(S.epoch);
}

/** The last logged epoch at or before one that was typed; nothing but the old one for what is no number.
 * @param {string} text */
function goTo(text) {
  const last = D.epochs[D.epochs.length - 1], v = readNumber(text.replace(',', '.'), D.epochs[0], last, S.epoch);
  set({epoch: D.epochs[indexAt(D.epochs, v)], playing: false});
  time.field.value = String(S.epoch);
}

/** A step of so many logged epochs.
 * @param {number} by */
function stepEpoch(by) {
  const i = clamp(indexAt(D.epochs, S.epoch) + by, 0, D.epochs.length - 1);
  set({epoch: D.epochs[i], playing: false});
}

/** Slower or faster, and said aloud: the choice itself is not in focus.
 * @param {number} by */
function stepSpeed(by) {
  const speed = SPEEDS[clamp(SPEEDS.indexOf(S.speed) + by, 0, SPEEDS.length - 1)];
  set({speed});
  announce(`speed ${speed}`);
}

let played = 0;

/** Plays through the logged epochs, in twelve seconds at speed 1; a second call pauses. */
function togglePlay() {
  if (S.playing) return set({playing: false});
  const start = indexAt(D.epochs, S.epoch) >= D.epochs.length - 1 ? 0 : indexAt(D.epochs, S.epoch);
  set({playing: true, epoch: D.epochs[start]});
  let place = start, before = performance.now();
  const id = ++played;
  const step = (/** @type {number} */ now) => {
    if (!S.playing || id !== played) return;
    place = Math.min(D.epochs.length - 1, place + Math.min(100, now - before) / 1000 * S.speed * D.epochs.length / 12);
    before = now;
    const end = place >= D.epochs.length - 1;
    set({epoch: D.epochs[Math.floor(place)], playing: !end});
    if (!end) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
