// colors.js - the colours of the page, read from the style sheet once for each theme, and the marks of layers.

/** @typedef {{text: string, quiet: string, page: string, line: string, grid: string, shade: string, link: string,
 *   layer: string[], out: string, classes: string[]}} Colors */

/** @type {Colors} */
let C = {text: '', quiet: '', page: '', line: '', grid: '', shade: '', link: '', layer: [], out: '', classes: []};

function readColors() {
  const style = getComputedStyle(document.documentElement);
  const of = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const layer = ['--layer-1', '--layer-2', '--layer-3', '--layer-4', '--layer-5', '--layer-6'].map(of).filter(Boolean);
  C = {
    text: of('--text'),
    quiet: of('--quiet'),
    page: of('--page'),
    line: of('--line'),
    grid: of('--grid'),
    shade: of('--shade'),
    link: of('--link'),
    layer,
    out: of('--layer-out'),
    classes: [...layer, of('--quiet')]
  };
}

/** The colour of a layer: counted from the output where depths differ.
 * @param {number} slot @returns {string} */
function colorOf(slot) {
  const back = model.slots - 1 - slot;
  if (back === 0) return C.out;
  return C.layer[(D.meta.depths_differ ? back - 1 : slot) % C.layer.length];
}

/** @typedef {'circle'|'square'|'triangle'|'diamond'|'cross'|'ring'} Shape */
/** @type {Shape[]} */
const SHAPES = ['circle', 'square', 'triangle', 'diamond', 'cross', 'ring'];

/** A shape beside the colour, so that nobody needs colours.
 * @param {number} slot @returns {Shape} */
function shapeOf(slot) {
  const back = model.slots - 1 - slot;
  return back === 0 ? 'ring' : SHAPES[(D.meta.depths_differ ? back - 1 : slot) % 5];
}
