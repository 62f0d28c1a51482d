// cloud.js - P5: what a layer looks like: the distribution of its activations over training, and its samples as points.

class LooksPanel extends Panel {
  constructor() {
    super('looks', 'What the layer looks like', '', ['pick', 'net', 'cfg'], ['epoch', 'turn', 'dim']);
    const runs =
      [...new Set([...D.meta.hist ? D.meta.hist.runs : [], ...D.meta.clouds.map(c => c.run)])].sort((a, b) => a - b);
    const {label, select} = choice('network', runs.map(r => [String(r), runName(r)]),
      v => set({net: Number(v), cfg: D.meta.runs[Number(v)].group ?? S.cfg}));
    this.select = select;
    this.runs = runs;
    this.turning = false;
    this.turnButton = button('turn', 'Turn the point cloud through all its directions', () => this.toggleTurn());
    this.turnButton.setAttribute('aria-pressed', 'false');
    this.extra.append(label, this.turnButton);
    this.left = make('div', {class: 'place'});
    this.right = make('div', {class: 'place'});
    this.note = make('p', {class: 'about'});
    this.legend = make('div', {class: 'chips legend'});
    this.looks = make('div', {class: 'two'}, this.left, make('div', {}, this.right, this.legend));
    this.body.append(this.looks, this.note);
    if (!runs.length) this.extra.hidden = true;
    this.heat = new Chart(this.left, 'Distribution of the activations');
    this.points = new Chart(this.right, 'Samples in the space of the layer');
    /** @type {number[][]|null} */
    this.basis = null;
    this.shape = '';
    this.attend();
  }

  extent() { return [this.heat.w + this.points.w, Math.max(this.heat.h, this.points.h)]; }

  toggleTurn() {
    this.turning = !this.turning;
    this.turnButton.setAttribute('aria-pressed', String(this.turning));
    let before = performance.now();
    const step = (/** @type {number} */ now) => {
      if (!this.turning) return;
      if (this.visible) set({turn: S.turn + Math.min(50, now - before) / 1600});
      before = now;
      requestAnimationFrame(step);
    };
    if (this.turning) requestAnimationFrame(step);
  }

  /** The network that has the most to show.
   * @param {number[]} of @returns {number} */
  runAmong(of) {
    if (of.includes(S.net)) return S.net;
    return of.find(r => D.meta.runs[r].group === S.cfg) ?? -1;
  }

  draw() {
    const heatRun = this.runAmong(D.meta.hist ? D.meta.hist.runs : []),
          cloudRun = this.runAmong(D.meta.clouds.map(c => c.run));
    this.looks.hidden = heatRun < 0 && cloudRun < 0;
    this.select.value = String(Math.max(heatRun, cloudRun, -1));
    this.about.textContent = this.looks.hidden ?
      '' :
      `${slotPhrase(S.pick)[0].toUpperCase()}${slotPhrase(S.pick).slice(1)} of ${
        heatRun >= 0 ? runName(heatRun) : groupName(S.cfg)}. ` +
        'Left: how many activations have each value, over the epochs; darker is more. Right: samples as points, coloured by their label; points that meet cannot be told apart any more.';
    this.note.textContent = this.runs.length ?
      '' :
      [D.meta.hist ? '' : D.meta.hist_why, D.meta.clouds.length ? '' : D.meta.clouds_why]
          .filter((text, i, all) => text && all.indexOf(text) === i)
          .join(' ') ||
        'No activations were kept.';
    this.shape = '';
    if (this.heat.fit()) {
      this.heat.clear();
      drawHeat(this.heat.resting, this.heat.texts, this.heat.w, this.heat.h, heatRun);
    }
    if (this.points.fit()) this.points.clear();
    this.move();
  }

  move() {
    if (this.heat.w) {
      this.heat.wipe(this.heat.top);
      this.heatMarker(this.heat.moving, this.heat.w, this.heat.h);
    }
    if (!this.points.w) return;
    this.points.wipe(this.points.top);
    const view = cloudView(this.runAmong(D.meta.clouds.map(c => c.run)), this.basis);
    if (view && view.key !== this.shape) {
      this.shape = view.key;
      this.points.clear();
      this.showLegend(view.classes);
    }
    if (view)
      drawCloud(this.points.moving, view, this.points.w, this.points.h);
    else
      this.points.texts.text(
        12, 30, this.runs.length ? 'No points of this network.' : 'No activations were kept.', {fill: C.quiet});
    this.points.top.setAttribute('aria-label', view ? `${view.title}, ${view.n} samples` : 'no point cloud');
  }

  /** @param {Pen} pen @param {number} w @param {number} h */
  heatMarker(pen, w, h) {
    const f = heatFrame(w, h), x = f.x.at(S.epoch);
    pen.begin();
    pen.trace([x, x], [f.box.y, f.box.y + f.box.h], 0, 2);
    pen.end({stroke: C.text, width: 1.5});
    this.heat.top.setAttribute('aria-label',
      `Distribution of the activations of ${slotPhrase(S.pick)} over the epochs; marked: epoch ${S.epoch}`);
  }

  /** @param {number[]} classes */
  showLegend(classes) {
    this.legend.replaceChildren(...classes.map(c => {
      const svg = svgElement('svg', {viewBox: '0 0 14 14', width: 14, height: 14, 'aria-hidden': 'true'});
      new SvgPen(svg).mark(7, 7, 5, SHAPES[c % 5], {fill: C.classes[c % C.classes.length]});
      const b = button('', `Label ${c}: show or dim`, () => {
        set({dim: S.dim.includes(c) ? S.dim.filter(d => d !== c) : [...S.dim, c]});
        b.setAttribute('aria-pressed', String(!S.dim.includes(c)));
      });
      b.setAttribute('aria-pressed', String(!S.dim.includes(c)));
      b.append(svg, ` label ${c}`);
      return b;
    }));
  }

  /** An axis handle that is dragged turns the cloud. */
  attend() {
    const top = this.points.top;
    let held = -1;
    const view = () => cloudView(this.runAmong(D.meta.clouds.map(c => c.run)), this.basis);
    top.addEventListener('pointerdown', event => {
      const v = view(), [x, y] = this.points.pointer(event), c = cloudPlace(this.points.w, this.points.h);
      if (!v || v.dims < 3) return;
      const d = v.basis.map(([a, b]) => Math.hypot(c.x + a * c.r * 0.9 - x, c.y - b * c.r * 0.9 - y));
      held = Math.min(...d) < 24 ? d.indexOf(Math.min(...d)) : -1;
      if (held >= 0) top.setPointerCapture(event.pointerId);
    });
    top.addEventListener('pointermove', event => {
      const v = held >= 0 ? view() : null;
      if (!v) return;
      const [x, y] = this.points.pointer(event), c = cloudPlace(this.points.w, this.points.h);
      const rows = v.basis.map(r => r.slice());
      rows[held] = [(x - c.x) / (c.r * 0.9), (c.y - y) / (c.r * 0.9)];
      this.basis = unturned(orthonormal(rows), S.turn);
      this.move();
    });
    const release = () => {
      held = -1;
    };
    top.addEventListener('pointerup', release);
    top.addEventListener('pointercancel', release);
    top.addEventListener('dblclick', () => {
      this.basis = null;
      this.move();
    });
  }

  /** @param {SvgPen} pen */
  picture(pen) {
    drawHeat(pen, pen, this.heat.w, this.heat.h, this.runAmong(D.meta.hist ? D.meta.hist.runs : []));
    this.heatMarker(pen, this.heat.w, this.heat.h);
    const view = cloudView(this.runAmong(D.meta.clouds.map(c => c.run)), this.basis),
          g = svgElement('g', {transform: `translate(${this.heat.w} 0)`});
    pen.to.append(g);
    if (view) drawCloud(new SvgPen(g), view, this.points.w, this.points.h);
  }

  sheet() { return heatSheet(this.runAmong(D.meta.hist ? D.meta.hist.runs : [])); }
}
