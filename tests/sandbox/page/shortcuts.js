// The app's shortcuts, as the sandbox names them: those for everywhere, and those of a message.
import { place_of, send, status_of, trouble_text } from './clicks.js';
import { el } from './dom.js';
import { icon } from './icons.js';
import { menu_button } from './menu.js';
import { store } from './store.js';

const of_type = (type) => store.state.shortcuts.filter((each) => each.type === type);

// ${where}: {channel, ts} of a message; undefined: everywhere.
const key_of = (shortcut, where) => `${where ? place_of(where) : store.persona} shortcut ${shortcut.callback_id}`;
const statuses = (type, where) => of_type(type).map((each) => status_of(key_of(each, where)));

// A menu of them; null where the app has none.
function menu(type, label, name, focus, where) {
  const list = of_type(type);
  if (list.length === 0) return null;
  return menu_button({ label, shown: [icon(name)], focus, busy: statuses(type, where).includes('busy'), items: list.map((each) => ({
    label: each.name, choose: () => send(key_of(each, where), 'shortcut', { callback_id: each.callback_id, ...where }) })) });
}

const trouble = (type, where) => (statuses(type, where).includes('trouble')
  ? el('span', { class: 'trouble', role: 'alert' }, icon('warning'), trouble_text) : null);

// What the composer's part is drawn from.
export const shortcuts_key = () => [of_type('global'), statuses('global')];

export const shortcuts_menu = () => menu('global', 'Shortcuts', 'bolt', 'shortcuts');
export const shortcuts_trouble = () => trouble('global');

// ${where}: {channel, ts}. The same message may stand in its thread as well.
export const message_menu = (where, in_thread) => menu('message', 'More actions', 'more', `${in_thread ? 'thread' : 'channel'} more ${where.ts}`, where);
export const message_trouble = (where) => trouble('message', where);
