// On a narrow screen the panes at the sides lie over the middle, one at a time.
import { by_id } from './dom.js';

const names = ['side', 'market'];

const is_shown = (name) => document.body.classList.contains(`show-${name}`);

function show(name, shown) {
  document.body.classList.toggle(`show-${name}`, shown);
  by_id(`show-${name}`).setAttribute('aria-expanded', String(shown));
}

export const close_panes = () => names.forEach((name) => show(name, false));

function toggle(name) {
  const shown = !is_shown(name);
  close_panes();
  show(name, shown);
}

function escape(event) {
  const name = names.find(is_shown);
  if (event.key !== 'Escape' || event.defaultPrevented || event.target.closest('dialog') || !name) return;
  close_panes();
  by_id(`show-${name}`).focus();
}

export function open_panes() {
  for (const name of names) by_id(`show-${name}`).addEventListener('click', () => toggle(name));
  document.addEventListener('keydown', escape);
}
