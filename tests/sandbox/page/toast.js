// A short word at the bottom of the page, read out by screen readers.
import { by_id } from './dom.js';

const STAYS_MS = 6000;
let timer = 0;

export function toast(text) {
  const node = by_id('toast');
  node.textContent = text;
  node.classList.add('shown');
  clearTimeout(timer);
  timer = setTimeout(() => node.classList.remove('shown'), STAYS_MS);
}
