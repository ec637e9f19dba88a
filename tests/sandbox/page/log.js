// What the sandbox saw, in a line each, the newest on top.
import { by_id, el } from './dom.js';

const MAX_SHOWN = 200;
const quiet = new Set(['socket.ping']);

function words_of(entry) {
  const parts = [entry.method, entry.operation, entry.what, entry.type, entry.id, entry.status, entry.state, entry.error, entry.outcome, entry.detail, entry.text];
  return parts.filter((each) => (typeof each === 'string' && each !== '') || typeof each === 'number').join(' · ');
}

export function add_log(entries) {
  const list = by_id('log');
  for (const entry of entries) {
    if (quiet.has(entry.kind)) continue;
    const at = new Date(entry.at_ms).toLocaleTimeString();
    list.prepend(el('li', { class: entry.kind === 'complaint' ? 'complaint' : '' },
      el('time', {}, at), ' ', el('b', {}, entry.kind), ` ${words_of(entry)}`.slice(0, 200)));
  }
  while (list.children.length > MAX_SHOWN) list.lastChild.remove();
}
