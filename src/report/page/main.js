async function codes(meta, i) {
  const block = meta.blocks[i], text = atob(document.getElementById('ip-block-' + i).textContent);
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return { block, plane: new Uint8Array(await new Response(stream).arrayBuffer()) };
}

function lengths(meta, block) {
  const all = [], repeat = (n, length) => { for (; n > 0; n--) all.push(length); };
  const few = run => meta.few[meta.runs[run].epochs].length;
  if (block.of === 'hist')
    for (const run of meta.hist.runs) repeat(meta.groups[meta.runs[run].group].layers.length * meta.hist.fields, few(run));
  else if (block.of === 'cloud') {
    const cloud = meta.clouds.find(c => meta.blocks[c.block] === block);
    for (const layer of cloud.layers) repeat(layer.units * cloud.labels.length, few(cloud.run));
  } else
    for (const s of meta.series) {
      const layers = meta.groups[s.group].layers.length;
      repeat(block.of === 'metrics' ? 1 : block.of === 'layers' ? layers : layers * meta.estimators.length, meta.epochs[s.epochs].length);
    }
  return all;
}

function undo(meta, { block, plane }) {
  const bytes = block.type === 'u8', n = bytes ? plane.length : plane.length / 2;
  const out = bytes ? new Uint8Array(n) : new Uint16Array(n);
  let i = 0;
  for (const length of lengths(meta, block))
    for (let e = 0, a = 0; e < length; e++, i++) {
      const v = bytes ? plane[i] : plane[i] << 8 | plane[n + i];
      out[i] = a = a + (bytes ? v : (v >>> 1) ^ -(v & 1)) & (bytes ? 255 : 65535);
    }
  if (i !== n || n !== block.n) throw new Error(block.name + ': ' + n + ' numbers, ' + i + ' of all lengths, ' + block.n + ' in the description');
  return out;
}

async function digest(array) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', array));
  return Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
}

async function selftest() {
  const meta = JSON.parse(document.getElementById('ip-meta').textContent), failed = [];
  for (let i = 0; i < meta.blocks.length; i++) {
    const array = undo(meta, await codes(meta, i));
    if (globalThis.crypto && crypto.subtle && await digest(array) !== meta.blocks[i].sha256) failed.push(meta.blocks[i].name + ': another digest');
  }
  const p = document.createElement('p');
  p.id = 'selftest';
  p.textContent = failed.length ? 'failed: ' + failed.join('\n') : 'ok';
  document.body.append(p);
}

if (location.hash === '#selftest') selftest();
