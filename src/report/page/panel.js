// panel.js - building elements, and what all panels have: heading, table, downloads, one frame.

/** @typedef {{caption: string, heads: string[], rows: (string|number|null)[][]}} Sheet */

/** An element.
 * @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {Object<string, string>} [attributes]
 * @param {...(Node|string)} inside @returns {HTMLElementTagNameMap[T]} */
function make(tag, attributes = {}, ...inside) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...inside);
  return e;
}

/** @param {string} text @param {string} title @param {() => void} act @returns {HTMLButtonElement} */
function button(text, title, act) {
  const b = make('button', {type: 'button', title, 'aria-label': title}, text);
  b.addEventListener('click', act);
  return b;
}

/** @param {string} name @param {[string, string][]} options value and text @param {(value: string) => void} act
 * @returns {{label: HTMLLabelElement, select: HTMLSelectElement}} */
function choice(name, options, act) {
  const select = make('select', {}, ...options.map(([value, text]) => make('option', {value}, text)));
  select.addEventListener('change', () => act(select.value));
  return {label: make('label', {}, name, ' ', select), select};
}

/** @param {string} name @param {string} text @param {string} type */
function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], {type}));
  const a = make('a', {href: url, download: name});
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** The name of a downloaded file.
 * @param {string} what @param {string} ending @returns {string} */
function fileName(what, ending) {
  const from = D.meta.experiment.replace(/[^\w.-]+/g, '_') || 'infoplane';
  return `${from}-${what}.${ending}`;
}

/** @param {Sheet} s @returns {string} */
function tsvOf(s) {
  const cell = (/** @type {string|number|null} */ v) =>
    v === null || typeof v === 'number' && !isFinite(v) ? 'nan' : String(v).replace(/[\t\n\r]/g, ' ');
  return [s.heads, ...s.rows].map(row => row.map(cell).join('\t')).join('\n') + '\n';
}

/** @param {Sheet} s @param {number} most rows @returns {HTMLTableElement} */
function tableOf(s, most) {
  const more = s.rows.length > most ? `The first ${most} of ${s.rows.length} rows; the download has all.` : '';
  const head = make('tr', {}, ...s.heads.map(h => make('th', {scope: 'col'}, h)));
  const body = s.rows.slice(0, most).map(row => make('tr', {},
                                           ...row.map((v, i) => make(i ? 'td' : 'th', i ? {} : {scope: 'row'},
                                                        typeof v === 'number' ? num(v, 6) : v ?? '–'))));
  return make('table', {}, make('caption', {}, more ? `${s.caption.replace(/\W+$/, '')}. ${more}` : s.caption),
    make('thead', {}, head), make('tbody', {}, ...body));
}

/** @type {Panel[]} */
const panels = [];

class Panel {
  /** @param {string} id @param {string} title @param {string} about one sentence on how to read it
   * @param {string[]} rests what changes the resting picture @param {string[]} moves what only moves marks */
  constructor(id, title, about, rests, moves) {
    this.id = id;
    this.title = title;
    this.rests = new Set([...rests, 'theme', 'panel']);
    this.moves = new Set(moves);
    this.visible = true;
    this.stale = true;
    this.extra = make('span', {class: 'extra'});
    this.heading = make('h2', {id: `h-${id}`}, title);
    this.tools = make('span', {class: 'tools'});
    this.body = make('div', {class: 'body'});
    this.sheetBox = make('div', {class: 'sheet box', hidden: ''});
    this.about = make('p', {class: 'about'}, about);
    this.root = make('section', {class: 'panel', id: `p-${id}`, 'aria-labelledby': `h-${id}`},
      make('div', {class: 'head'}, this.heading, this.extra, this.tools), this.about, this.body, this.sheetBox);
    this.addTools();
    panels.push(this);
  }

  addTools() {
    this.tableButton = button('table', `${this.title}: table of the numbers (t)`, () => this.toggleSheet());
    this.tableButton.setAttribute('aria-expanded', 'false');
    this.tableButton.setAttribute('aria-keyshortcuts', 't');
    this.fullButton =
      button('⤢', `${this.title}: fill the window`, () => set({panel: S.panel === this.id ? '' : this.id}));
    this.tools.append(
      this.tableButton, button('tsv', `${this.title}: download the numbers as TSV (d)`, () => this.saveSheet()));
    if (this.drawable())
      this.tools.append(button('svg', `${this.title}: download the picture as SVG (s)`, () => this.savePicture()));
    this.tools.append(this.fullButton);
  }

  /** @param {Set<string>} now */
  update(now) {
    let rest = this.stale, move = false;
    for (const name of now) {
      rest = rest || this.rests.has(name);
      move = move || this.moves.has(name);
    }
    if (!this.visible)
      this.stale = rest || move || this.stale;
    else if (rest) {
      this.stale = false;
      this.draw();
      if (!this.sheetBox.hidden) this.fillSheet();
    } else if (move)
      this.move();
  }

  toggleSheet() {
    this.sheetBox.hidden = !this.sheetBox.hidden;
    this.tableButton?.setAttribute('aria-expanded', String(!this.sheetBox.hidden));
    if (!this.sheetBox.hidden) this.fillSheet();
    this.root.parentElement?.classList.toggle('loose', panels.some(p => !p.sheetBox.hidden));
  }

  fillSheet() { this.sheetBox.replaceChildren(tableOf(this.shownSheet(), 1000)); }

  /** The table on the screen, which can be another than that of the download.
   * @returns {Sheet} */
  shownSheet() { return this.sheet(); }

  saveSheet() { download(fileName(this.viewName(), 'tsv'), tsvOf(this.sheet()), 'text/tab-separated-values'); }

  savePicture() {
    if (this.drawable()) download(fileName(this.viewName(), 'svg'), this.svgText(), 'image/svg+xml');
  }

  /** @returns {string} */
  svgText() {
    const [w, h] = this.extent(), [x, y, across, down] = [-8, -30, w + 16, h + 36];
    const svg = svgElement('svg', {width: across, height: down, viewBox: `${x} ${y} ${across} ${down}`});
    const g = svgElement('g', {}), head = svgElement('g', {});
    svg.append(svgElement('rect', {x, y, width: across, height: down, fill: C.page}), head, g);
    new SvgPen(head).text(4, -12, this.viewWords(), {fill: C.text, size: 13, bold: true});
    this.picture(new SvgPen(g));
    return new XMLSerializer().serializeToString(svg);
  }

  /** What a picture shows, for a reader who has it alone.
   * @returns {string} */
  viewWords() {
    const {experiment, groups, estimators} = D.meta;
    return [
      experiment, this.title, groups.length > 1 && this.rests.has('cfg') ? groupName(S.cfg) : '',
      estimators.length && this.rests.has('est') ? estimatorName(S.est) : '',
      this.moves.has('epoch') || this.rests.has('epoch') ? `epoch ${S.epoch}` : ''
    ].filter(Boolean)
      .join(', ');
  }

  /** The same in the names of files.
   * @returns {string} */
  viewName() {
    const est = D.meta.estimators.length && this.rests.has('est') ? `-${estimatorName(S.est)}` : '';
    return `${this.id}${est}${this.moves.has('epoch') ? `-epoch${S.epoch}` : ''}`.replace(/[^\w.-]+/g, '_');
  }

  /* What a panel has of its own. */
  drawable() { return true; }
  draw() {}
  move() { this.draw(); }
  /** @returns {number[]} */
  extent() { return [0, 0]; }
  /** @param {SvgPen} pen */
  picture(pen) { pen.clear(); }
  /** @returns {Sheet} */
  sheet() { return {caption: this.title, heads: [], rows: []}; }
}

/** The card at the pointer.
 * @type {HTMLElement|null} */
let card = null;

/** Shows some lines of text near a place of the window; nothing hides it.
 * @param {string[]|null} lines @param {number} [x] @param {number} [y] @param {DOMRect} [beside] what it should not cover */
function showCard(lines, x = 0, y = 0, beside) {
  card = card ?? document.body.appendChild(make('div', {id: 'card', 'aria-hidden': 'true'}));
  card.hidden = !lines;
  if (!lines) return;
  card.replaceChildren(...lines.map((text, i) => make(i ? 'div' : 'strong', {}, text)));
  const w = card.offsetWidth, h = card.offsetHeight;
  if (beside && beside.right + w + 12 < innerWidth)
    x = beside.right - 6;
  else if (beside && beside.left - w - 12 > 0)
    x = beside.left - w - 22;
  card.style.left = `${clamp(x + 14, 4, Math.max(4, innerWidth - w - 4))}px`;
  card.style.top = `${y + h + 18 > innerHeight ? Math.max(4, y - h - 14) : y + 14}px`;
}
