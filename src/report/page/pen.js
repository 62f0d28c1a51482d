// pen.js - one way to draw on a canvas and into an SVG: panels draw once for the screen and for the download.

/** @typedef {{stroke?: string, fill?: string, width?: number, alpha?: number, dash?: number[], anchor?: string, size?: number,
 *   bold?: boolean, rotate?: boolean, halo?: string, hollow?: boolean}} Ink */
/** @typedef {ArrayLike<number>} Numbers */

class CanvasPen {
  /** @param {CanvasRenderingContext2D} to */
  constructor(to) { this.to = to; }

  /** @param {Ink} ink */
  dip(ink) {
    this.to.globalAlpha = ink.alpha ?? 1;
    this.to.lineWidth = ink.width ?? 1;
    this.to.setLineDash(ink.dash ?? []);
    this.to.lineJoin = 'round';
    if (ink.stroke) this.to.strokeStyle = ink.stroke;
    if (ink.fill) this.to.fillStyle = ink.fill;
  }

  /** Begins a path of several lines; end() draws it. */
  begin() { this.to.beginPath(); }

  /** A line through points; NaN interrupts it.
   * @param {Numbers} x @param {Numbers} y @param {number} from @param {number} to */
  trace(x, y, from, to) {
    let down = false;
    for (let i = from; i < to; i++) {
      if (!(x[i] === x[i] && y[i] === y[i]))
        down = false;
      else if (down)
        this.to.lineTo(x[i], y[i]);
      else {
        this.to.moveTo(x[i], y[i]);
        down = true;
      }
    }
  }

  /** @param {Ink} ink */
  end(ink) {
    this.dip(ink);
    if (ink.fill) this.to.fill();
    if (ink.stroke) this.to.stroke();
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h @param {Ink} ink */
  rect(x, y, w, h, ink) {
    this.dip(ink);
    if (ink.fill) this.to.fillRect(x, y, w, h);
    if (ink.stroke) this.to.strokeRect(x, y, w, h);
  }

  /** @param {number} x @param {number} y @param {number} r @param {Shape} shape @param {Ink} ink */
  mark(x, y, r, shape, ink) {
    this.to.beginPath();
    if (shape === 'circle' || shape === 'ring')
      this.to.arc(x, y, r, 0, 7);
    else
      outline(shape, x, y, r).forEach(([a, b], i) => i ? this.to.lineTo(a, b) : this.to.moveTo(a, b));
    if (shape !== 'circle' && shape !== 'ring') this.to.closePath();
    this.end(ink);
  }

  /** @param {number} x @param {number} y @param {string} text @param {Ink} ink */
  text(x, y, text, ink) {
    this.dip(ink);
    this.to.font = `${ink.bold ? 'bold ' : ''}${ink.size ?? 12}px "DejaVu Sans", Verdana, sans-serif`;
    this.to.textAlign = ink.anchor === 'middle' ? 'center' : ink.anchor === 'end' ? 'right' : 'left';
    if (ink.halo) {
      this.to.lineWidth = 3;
      this.to.strokeStyle = ink.halo;
      this.to.strokeText(text, x, y);
    }
    this.to.fillText(text, x, y);
  }

  /** Draws only inside a rectangle until free().
   * @param {number} x @param {number} y @param {number} w @param {number} h */
  clip(x, y, w, h) {
    this.to.save();
    this.to.beginPath();
    this.to.rect(x, y, w, h);
    this.to.clip();
  }

  free() { this.to.restore(); }
}

/** Corners of a mark.
 * @param {Shape} shape @param {number} x @param {number} y @param {number} r @returns {number[][]} */
function outline(shape, x, y, r) {
  const s = r * 0.9, t = r * 1.25, c = r * 0.45, f = r * 1.25;
  if (shape === 'square') return [[x - s, y - s], [x + s, y - s], [x + s, y + s], [x - s, y + s]];
  if (shape === 'triangle') return [[x, y - t], [x + t, y + s], [x - t, y + s]];
  if (shape === 'diamond') return [[x, y - t], [x + t, y], [x, y + t], [x - t, y]];
  return [
    [x - c, y - f], [x + c, y - f], [x + c, y - c], [x + f, y - c], [x + f, y + c], [x + c, y + c], [x + c, y + f],
    [x - c, y + f], [x - c, y + c], [x - f, y + c], [x - f, y - c], [x - c, y - c]
  ];
}

/** The name space of SVG, asked from the browser. */
const SVG = new DOMParser().parseFromString('<svg>', 'text/html').querySelector('svg')?.namespaceURI ?? '';

/** @param {string} name @param {Object<string, string|number>} attributes @returns {SVGElement} */
function svgElement(name, attributes) {
  const e = /** @type {SVGElement} */ (document.createElementNS(SVG, name));
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, String(value));
  return e;
}

/** @param {number} v */
const px = v => Math.round(v * 10) / 10;

class SvgPen {
  /** @param {SVGElement} to */
  constructor(to) {
    this.root = to;
    this.to = to;
    this.d = '';
  }

  clear() {
    this.root.replaceChildren();
    this.to = this.root;
  }

  begin() { this.d = ''; }

  /** @param {Numbers} x @param {Numbers} y @param {number} from @param {number} to */
  trace(x, y, from, to) {
    let down = false;
    for (let i = from; i < to; i++) {
      const ok = x[i] === x[i] && y[i] === y[i];
      if (ok) this.d += `${down ? 'L' : 'M'}${px(x[i])} ${px(y[i])}`;
      down = ok;
    }
  }

  /** @param {Ink} ink */
  end(ink) { this.put('path', {d: this.d}, ink); }

  /** @param {string} name @param {Object<string, string|number>} attributes @param {Ink} ink @returns {SVGElement} */
  put(name, attributes, ink) {
    const e = svgElement(name, attributes);
    e.setAttribute('fill', ink.fill ?? 'none');
    if (ink.stroke) {
      e.setAttribute('stroke', ink.stroke);
      e.setAttribute('stroke-width', String(ink.width ?? 1));
    }
    if (ink.dash && ink.dash.length) e.setAttribute('stroke-dasharray', ink.dash.join(' '));
    if (ink.alpha !== undefined) e.setAttribute('opacity', String(ink.alpha));
    this.to.append(e);
    return e;
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h @param {Ink} ink */
  rect(x, y, w, h, ink) {
    this.put('rect', {x: px(x), y: px(y), width: px(Math.max(0, w)), height: px(Math.max(0, h))}, ink);
  }

  /** @param {number} x @param {number} y @param {number} r @param {Shape} shape @param {Ink} ink */
  mark(x, y, r, shape, ink) {
    if (shape === 'circle' || shape === 'ring')
      this.put('circle', {cx: px(x), cy: px(y), r}, ink);
    else
      this.put('path', {d: 'M' + outline(shape, x, y, r).map(p => p.map(px).join(' ')).join('L') + 'Z'}, ink);
  }

  /** @param {number} x @param {number} y @param {string} text @param {Ink} ink */
  text(x, y, text, ink) {
    const e = this.put('text', {
      x: px(x),
      y: px(y),
      'font-size': ink.size ?? 12,
      'text-anchor': ink.anchor ?? 'start',
      'font-family': 'DejaVu Sans, Verdana, sans-serif'
    },
      {fill: ink.fill, alpha: ink.alpha});
    if (ink.bold) e.setAttribute('font-weight', 'bold');
    if (ink.rotate) e.setAttribute('transform', `rotate(-90 ${px(x)} ${px(y)})`);
    if (ink.halo) {
      e.setAttribute('stroke', ink.halo);
      e.setAttribute('stroke-width', '3');
      e.setAttribute('paint-order', 'stroke');
    }
    e.textContent = text;
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  clip(x, y, w, h) {
    const inner = svgElement('svg',
      {x: px(x), y: px(y), width: px(w), height: px(h), viewBox: [x, y, w, h].map(px).join(' '), overflow: 'hidden'});
    this.to.append(inner);
    this.to = inner;
  }

  free() { this.to = this.root; }
}

/** @typedef {CanvasPen|SvgPen} Pen */
