// page_stub.js - what page_numbers.js has of a browser: elements that keep what they are given, and pens that write down
// what is drawn. The scripts of the page are joined behind it, for node.
'use strict';

class Element {
  constructor(name) {
    Object.assign(this, {name, inside: [], given: {}, acts: {}, hidden: false, value: '', open: false});
    this.style = {setProperty() {}};
    this.marks = new Set();
    this.classList = {add: c => this.marks.add(c), toggle: (c, on) => on ? this.marks.add(c) : this.marks.delete(c)};
  }
  append(...more) { this.inside.push(...more.filter(x => x !== '')); }
  appendChild(one) {
    this.append(one);
    return one;
  }
  insertBefore(one) { this.append(one); }
  replaceChildren(...more) { this.inside = more; }
  setAttribute(name, value) { this.given[name] = value; }
  addEventListener(name, act) { this.acts[name] = act; }
  getBoundingClientRect() { return {left: 0, top: 0, right: 400, bottom: 300, width: 400, height: 300}; }
  getContext() { return new Proxy({}, {get: (to, name) => name in to ? to[name] : () => {}, set: () => true}); }
  closest() { return null; }
  querySelector(name) {
    for (const x of this.inside) {
      const found = x.name === name ? x : x.querySelector?.(name);
      if (found) return found;
    }
    return null;
  }
  matches() { return false; }
  setPointerCapture() {}
  blur() {}
  focus() {}
  get textContent() { return this.inside.map(x => typeof x === 'string' ? x : x.textContent).join(''); }
  set textContent(text) { this.inside = [text]; }
}

/** Writes calls down: ['mark', 1, 2, ...]. */
class Recorder {
  constructor() {
    this.said = [];
    for (const name of ['begin', 'end', 'rect', 'mark', 'text', 'clip', 'free'])
      this[name] = (...given) => this.said.push([name, ...given]);
  }
  trace(x, y, from, to) {
    const points = [];
    for (let i = from; i < to; i++) points.push([x[i], y[i]]);
    this.said.push(['trace', points]);
  }
  of(name) { return this.said.filter(s => s[0] === name).map(s => s.slice(1)); }
}

const document = {
  createElement: name => new Element(name),
  createElementNS: (_, name) => new Element(name),
  getElementById: () => null,
  querySelector: () => null,
  body: new Element('body'),
  activeElement: null,
};
const window = {
  devicePixelRatio: 1
};
class DOMParser {
  parseFromString() { return {querySelector: () => null}; }
}
const requestAnimationFrame = () => 1, cancelAnimationFrame = () => {}, innerWidth = 1000, innerHeight = 800;
