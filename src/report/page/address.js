// address.js - the state in the address, in both directions: hashOf and stateOf.

/** @param {string|null} text @param {number} lo @param {number} hi @param {number} otherwise @returns {number} */
function readNumber(text, lo, hi, otherwise) {
  const v = text === null || text.trim() === '' ? NaN : Number(text);
  return isFinite(v) ? clamp(v, lo, hi) : otherwise;
}

/** Whole numbers from 0 below n, each once.
 * @param {string} text @param {number} n @returns {number[]} */
function readList(text, n) {
  const list = text.split(',').filter(s => /^\d+$/.test(s)).map(Number).filter(i => i < n);
  return [...new Set(list)];
}

/** @param {string} text @param {number} n @returns {number[]|null} */
function readNumbers(text, n) {
  const v = text.split(',').map(Number);
  return v.length === n && v.every(isFinite) ? v : null;
}

/** Layers by their names.
 * @param {string} text @returns {number[]} */
function readLayers(text) {
  const names = Array.from({length: model.slots}, (_, i) => slotName(i).replace('−', '-'));
  const list = text.split(',').map(s => names.indexOf(s)).filter(i => i >= 0);
  return [...new Set(list)].sort((a, b) => a - b);
}

/** "s41" for the only network with seed 41, otherwise its place in the data.
 * @param {number} r @returns {string} */
function runText(r) {
  const {runs} = D.meta, seed = runs[r]?.seed ?? null;
  return seed !== null && runs.filter(x => x.seed === seed).length === 1 ? `s${seed}` : String(r);
}

/** @param {string} text @returns {number[]} */
function readRuns(text) {
  const {runs} = D.meta,
        list = text.split(',').map(s => s.startsWith('s') ?
            runs.findIndex(r => r.seed !== null && String(r.seed) === s.slice(1)) :
            /^\d+$/.test(s) ? Number(s) :
                              -1);
  return [...new Set(list)].filter(r => r >= 0 && r < runs.length);
}

/** @param {number} v */
const short = v => String(Number(v.toPrecision(5)));

/** What the address says that differs from the defaults.
 * @returns {string} */
function hashOf() {
  const d = defaults(), parts = /** @type {[string, string][]} */ ([]);
  const put = (/** @type {string} */ key, /** @type {keyof Kept} */ name, /** @type {() => string} */ text) => {
    if (JSON.stringify(S[name]) !== JSON.stringify(d[name])) parts.push([key, text()]);
  };
  const layerText = (/** @type {number} */ s) => slotName(s).replace('−', '-');
  put('e', 'epoch', () => short(S.epoch));
  put('est', 'est', () => D.meta.estimators[S.est].name);
  put('l', 'layers', () => S.layers.map(layerText).join(','));
  put('g', 'groups', () => S.groups.join(','));
  put('c', 'cfg', () => String(S.cfg));
  put('vs', 'vs', () => String(S.vs));
  put('diff', 'diff', () => '1');
  put('k', 'pick', () => layerText(S.pick));
  put('net', 'net', () => String(S.net));
  put('pin', 'pins', () => S.pins.map(runText).join(','));
  put('z', 'zoom', () => (S.zoom ?? []).map(short).join(','));
  put('x', 'span', () => (S.span ?? []).map(short).join(','));
  put('ax', 'share', () => 'share');
  put('lin', 'linear', () => '1');
  put('geo', 'geo', () => S.geo);
  put('sx', 'sx', () => S.sx);
  put('sy', 'sy', () => S.sy);
  put('rows', 'rows', () => S.rows);
  put('fold', 'fold', () => S.fold);
  put('cloud', 'turn', () => `${S.cloud}:${S.turn.toFixed(2)}`);
  put('sort', 'sort', () => S.sort);
  put('f', 'filter', () => S.filter);
  for (const [name, [lo, hi]] of Object.entries(S.brush)) parts.push(['b', `${name}:${short(lo)}:${short(hi)}`]);
  put('p', 'panel', () => S.panel);
  return parts.length ? '#v1&' +
      parts.map(([k, v]) => `${k}=${encodeURIComponent(v).replace(/%2C/g, ',').replace(/%3A/g, ':')}`).join('&') :
                        '';
}

/** The state that an address describes. Unknown words are ignored, numbers out of range are clamped.
 * @param {string} hash @returns {Kept} */
function stateOf(hash) {
  const s = defaults(), m = D.meta, n = m.groups.length;
  if (!hash.startsWith('#v1')) return s;
  const last = D.epochs.length - 1;
  const brush = /** @type {Object<string, [number, number]>} */ ({});
  /** @type {Object<string, (v: string) => void>} */
  const read = {
    e: v => {
      s.epoch = D.epochs[indexAt(D.epochs, readNumber(v, D.epochs[0], D.epochs[last], D.epochs[last]))];
    },
    est: v => {
      s.est = Math.max(0, m.estimators.findIndex(e => e.name === v));
    },
    l: v => {
      s.layers = readLayers(v);
    },
    g: v => {
      s.groups = readList(v, n);
    },
    c: v => {
      s.cfg = Math.round(readNumber(v, 0, n - 1, 0));
    },
    vs: v => {
      s.vs = Math.round(readNumber(v, -1, n - 1, -1));
    },
    diff: v => {
      s.diff = v === '1';
    },
    k: v => {
      s.pick = readLayers(v)[0] ?? s.pick;
    },
    net: v => {
      s.net = Math.round(readNumber(v, -1, m.runs.length - 1, -1));
    },
    pin: v => {
      s.pins = readRuns(v);
    },
    z: v => {
      s.zoom = readNumbers(v, 4);
    },
    x: v => {
      s.span = readNumbers(v, 2);
    },
    ax: v => {
      s.share = v === 'share';
    },
    lin: v => {
      s.linear = v === '1';
    },
    geo: v => {
      s.geo = v;
    },
    sx: v => {
      s.sx = v;
    },
    sy: v => {
      s.sy = v;
    },
    rows: v => {
      s.rows = v === 'configurations' ? v : 'networks';
    },
    fold: v => {
      s.fold = v === 'configurations' ? v : 'layers';
    },
    cloud: v => {
      const [which, angle] = v.split(':');
      s.cloud = Math.round(readNumber(which, 0, Math.max(0, m.clouds.length - 1), 0));
      s.turn = readNumber(angle ?? null, 0, 1e6, 0);
    },
    sort: v => {
      s.sort = v;
    },
    f: v => {
      s.filter = v.slice(0, 500);
    },
    b: v => {
      const at = v.split(':'), hi = Number(at.pop()), lo = Number(at.pop());
      if (at.length && isFinite(lo) && isFinite(hi)) brush[at.join(':')] = [lo, hi];
    },
    p: v => {
      s.panel = /^[a-z]{1,12}$/.test(v) ? v : '';
    },
  };
  for (const part of hash.slice(1).split('&').slice(1)) {
    const at = part.indexOf('='), key = part.slice(0, at);
    if (at < 1 || !Object.keys(read).includes(key)) continue;
    try {
      read[key](decodeURIComponent(part.slice(at + 1)));
    } catch { /* not a text in UTF-8: ignored like an unknown word */
    }
  }
  if (s.span && !(s.span[0] < s.span[1])) s.span = null;
  if (s.zoom && !(s.zoom[0] < s.zoom[2] && s.zoom[1] < s.zoom[3])) s.zoom = null;
  s.brush = brush;
  return s;
}
