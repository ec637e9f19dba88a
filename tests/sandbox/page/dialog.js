// Dialogs: what is behind cannot be reached, Tab stays inside, Escape closes, and the focus goes back
// to where it was, or to what was drawn there since.
import { el, new_id } from './dom.js';
import { text_of } from './mrkdwn.js';

const reachable = 'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [tabindex="0"]';

function stay_inside(event, node) {
  const all = [...node.querySelectorAll(reachable)].filter((each) => each.checkVisibility());
  const last = event.shiftKey ? all[0] : all.at(-1);
  if (all.length === 0 || (document.activeElement !== last && node.contains(document.activeElement))) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0]).focus();
}

// An open, empty dialog; ${escape} is called instead of closing it.
export function open_dialog(classes, escape) {
  const before = document.activeElement;
  const node = el('dialog', { class: classes });
  node.addEventListener('cancel', (event) => { event.preventDefault(); escape(); });
  node.addEventListener('keydown', (event) => { if (event.key === 'Tab') stay_inside(event, node); });
  node.addEventListener('close', () => {
    node.remove();
    const again = before?.isConnected ? before
      : [...document.querySelectorAll('[data-focus]')].find((each) => each.dataset.focus === before?.dataset.focus);
    again?.focus();
  });
  document.body.append(node);
  node.showModal();
  return node;
}

// Slack's confirm dialog; resolves to whether it was confirmed.
export function ask(confirm) {
  return new Promise((resolve) => {
    const title_id = new_id('title');
    const node = open_dialog('dialog confirm', () => answer(false));
    const answer = (value) => { node.close(); resolve(value); };
    const yes = el('button', { class: `button ${confirm.style ?? 'primary'}`, type: 'button', onclick: () => answer(true) },
      confirm.confirm ? text_of(confirm.confirm) : 'Yes');
    node.setAttribute('aria-labelledby', title_id);
    node.append(
      el('header', {}, el('h2', { id: title_id }, text_of(confirm.title))),
      el('div', { class: 'body text' }, text_of(confirm.text)),
      el('footer', {}, el('button', { class: 'button', type: 'button', onclick: () => answer(false) },
        confirm.deny ? text_of(confirm.deny) : 'Cancel'), yes));
    yes.focus();
  });
}
