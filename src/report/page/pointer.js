// pointer.js - pointer, wheel and keys on the plane: hover, pin, pan, zoom, and steps from point to point.

/** The nearest point to a pixel within 12 pixels; layers at the epoch of the slider come first.
 * @param {PlanePanel} p @param {number} x @param {number} y @returns {{line: number, slot: number, epoch: number}|null} */
function nearestPoint(p, x, y) {
  let best = 144, found = null;
  for (const f of p.facets) {
    if (x < f.box.x - 12 || x > f.box.x + f.box.w + 12 || y < f.box.y - 12 || y > f.box.y + f.box.h + 12) continue;
    for (const l of linesIn(f.group))
      for (const slot of S.layers) {
        const k = layerOf(slot, l.depth), ixt = k < 0 ? null : estimateOf('ixt', l, S.est, k);
        const ity = k < 0 ? null : estimateOf('ity', l, S.est, k), e = indexAt(l.epochs, S.epoch);
        if (!ixt || !ity) continue;
        const dx = f.x.at(ixt[e] * unitOf(l, 'ixt')) - x, dy = f.y.at(ity[e] * unitOf(l, 'ity')) - y,
              d = dx * dx + dy * dy;
        if (d < best) {
          best = d;
          found = {line: D.lines.indexOf(l), slot, epoch: l.epochs[e]};
        }
      }
  }
  if (found) return found;
  const {n, x: xs, y: ys} = p.points;
  let at = -1;
  for (let i = 0; i < n; i++) {
    const dx = xs[i] - x, dy = ys[i] - y, d = dx * dx + dy * dy;
    if (d < best) {
      best = d;
      at = i;
    }
  }
  const inside =
    p.facets.some(f => x >= f.box.x && x <= f.box.x + f.box.w && y >= f.box.y - 12 && y <= f.box.y + f.box.h + 12);
  if (at < 0 || !inside) return null;
  return {line: p.points.line[at], slot: p.points.slot[at], epoch: D.lines[p.points.line[at]].epochs[p.points.e[at]]};
}

/** @param {{line: number, slot: number, epoch: number}|null} a @param {{line: number, slot: number, epoch: number}|null} b */
const sameSpot = (a, b) =>
  a === b || a !== null && b !== null && a.line === b.line && a.slot === b.slot && a.epoch === b.epoch;

/** @param {number} run */
function togglePin(run) { set({pins: S.pins.includes(run) ? S.pins.filter(r => r !== run) : [...S.pins, run]}); }

/** @param {PlanePanel} p @param {number} x @param {number} y @returns {Facet|undefined} */
const facetAt = (p, x, y) =>
  p.facets.find(f => x >= f.box.x && x <= f.box.x + f.box.w && y >= f.box.y - 20 && y <= f.box.y + f.box.h);

/** @param {PlanePanel} p */
function attendPlane(p) {
  const top = p.chart.top;
  /** @type {Map<number, number[]>} */
  const fingers = new Map();
  let dragged = false, spread = 0;

  top.addEventListener('pointerdown', event => {
    fingers.set(event.pointerId, p.chart.pointer(event));
    dragged = false;
    spread = 0;
  });
  top.addEventListener('pointermove', event => {
    const now = p.chart.pointer(event), before = fingers.get(event.pointerId);
    if (!before) return hover(now, event);
    if (fingers.size === 2)
      pinch(event.pointerId, now);
    else if (dragged || Math.hypot(now[0] - before[0], now[1] - before[1]) > 4) {
      dragged = true;
      top.setPointerCapture(event.pointerId);
      pan(before, now);
    } else
      return;
    fingers.set(event.pointerId, now);
  });
  const up = (/** @type {PointerEvent} */ event) => fingers.delete(event.pointerId);
  top.addEventListener('pointerup', up);
  top.addEventListener('pointercancel', up);
  top.addEventListener('pointerleave', () => {
    showCard(null);
    set({spot: null});
  });
  top.addEventListener('click', event => {
    const [x, y] = p.chart.pointer(event), spot = dragged ? null : nearestPoint(p, x, y), f = facetAt(p, x, y);
    if (f && !dragged) set({cfg: f.group});
    if (!spot) return;
    const run = D.lines[spot.line].run;
    set({pick: spot.slot, net: run ?? S.net, cfg: D.lines[spot.line].group});
    if (run !== null) togglePin(run);
  });
  top.addEventListener('dblclick', () => set({zoom: null}));
  top.addEventListener('wheel', event => {
    if (!event.ctrlKey && document.activeElement !== top) return;
    event.preventDefault();
    const [x, y] = p.chart.pointer(event), f = facetAt(p, x, y);
    if (f) p.zoomBy(Math.exp(clamp(event.deltaY, -200, 200) / 400), f.x.back(x), f.y.back(y));
  }, {passive: false});
  top.addEventListener('keydown', event => stepPoint(p, event));
  top.addEventListener('blur', () => {
    showCard(null);
    set({spot: null});
  });

  /** @param {number[]} now @param {PointerEvent} event */
  function hover(now, event) {
    const spot = nearestPoint(p, now[0], now[1]);
    if (!sameSpot(spot, S.spot)) set({spot});
    top.style.cursor = spot ? 'pointer' : 'grab';
    showCard(spot && [...cardOf(spot), 'click: pin this network'], event.clientX, event.clientY);
  }
  /** @param {number[]} from @param {number[]} to */
  function pan(from, to) {
    const f = p.facets[0];
    if (!f) return;
    const dx = f.x.back(to[0]) - f.x.back(from[0]), dy = f.y.back(to[1]) - f.y.back(from[1]);
    const [x0, y0, x1, y1] = S.zoom ?? p.whole(p.facets.map(g => g.group));
    set({zoom: [x0 - dx, y0 - dy, x1 - dx, y1 - dy]});
  }
  /** @param {number} id @param {number[]} now */
  function pinch(id, now) {
    const other = [...fingers].find(([key]) => key !== id);
    if (!other) return;
    dragged = true;
    const apart = Math.hypot(now[0] - other[1][0], now[1] - other[1][1]);
    const cx = (now[0] + other[1][0]) / 2, cy = (now[1] + other[1][1]) / 2, f = facetAt(p, cx, cy);
    if (spread > 0 && f) p.zoomBy(spread / Math.max(1, apart), f.x.back(cx), f.y.back(cy));
    spread = apart;
  }
}

/** Up and down: the layers of the network under the keys, at the epoch of the slider; Enter pins it.
 * @param {PlanePanel} p @param {KeyboardEvent} event */
function stepPoint(p, event) {
  const step = event.key === 'ArrowUp' ? 1 :
    event.key === 'ArrowDown'          ? -1 :
                                         0,
        lines = S.groups.flatMap(g => linesIn(g));
  if (!lines.length) return;
  const line = S.spot ? D.lines[S.spot.line] : D.lines[D.lineOf[S.net]] ?? lines[0],
        layers = S.layers.filter(s => layerOf(s, line.depth) >= 0);
  if (event.key === 'Enter' && line.run !== null) togglePin(line.run);
  if (!step || !layers.length) return;
  event.preventDefault();
  const i = S.spot ? layers.indexOf(S.spot.slot) + step : step > 0 ? 0 : layers.length - 1;
  setSpotByKeys(p, line, layers[clamp(i, 0, layers.length - 1)]);
}

/** Puts the card at the point of a layer of a network.
 * @param {PlanePanel} p @param {Line} line @param {number} slot */
function setSpotByKeys(p, line, slot) {
  const f = p.facets.find(g => g.group === line.group);
  const spot = {line: D.lines.indexOf(line), slot, epoch: line.epochs[indexAt(line.epochs, S.epoch)]};
  const k = layerOf(slot, line.depth), e = indexAt(line.epochs, spot.epoch), box = p.chart.top.getBoundingClientRect();
  const ixt = k < 0 ? null : estimateOf('ixt', line, S.est, k), ity = k < 0 ? null : estimateOf('ity', line, S.est, k);
  if (!f || !ixt || !ity) return;
  set({spot, pick: slot});
  showCard(cardOf(spot), box.left + p.chart.larger * f.x.at(ixt[e] * unitOf(line, 'ixt')),
    box.top + p.chart.larger * f.y.at(ity[e] * unitOf(line, 'ity')));
  announce(cardOf(spot).join(', '));
}
