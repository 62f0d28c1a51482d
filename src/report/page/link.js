// link.js - the address of what is shown, for the clipboard.

/** @type {{box: HTMLDialogElement, field: HTMLInputElement}|null} */
let linkBox = null;

/** Where the browser gives no clipboard, the address is shown, marked, to be copied by hand.
 * @param {string} link */
function offerLink(link) {
  if (!linkBox) {
    const field = make('input', {type: 'text', readonly: '', class: 'link', 'aria-label': 'Address of what you see'}),
          box = make('dialog', {'aria-label': 'Link'}, make('h2', {}, 'Link to what you see'), field,
            button('close', 'Close', () => box.close()));
    document.body.append(box);
    linkBox = {box, field};
  }
  linkBox.field.value = link;
  if (!linkBox.box.open) linkBox.box.showModal();
  linkBox.field.select();
}

let confirmed = 0;

async function copyLink() {
  const link = location.href.split('#')[0] + hashOf(), b = controls.link;
  try {
    await navigator.clipboard.writeText(link);
  } catch {
    return offerLink(link);
  }
  announce('The link is copied.');
  b.textContent = 'copied';
  clearTimeout(confirmed);
  confirmed = setTimeout(() => {
    b.textContent = 'copy link';
  }, 2000);
}
