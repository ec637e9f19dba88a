// The app's Home tab, and what is said about it.
import { blocks_node } from './blocks.js';
import { clicks_in } from './clicks.js';
import { by_id, el, keep_focus, redraw } from './dom.js';
import { view_context } from './modals.js';
import { avatar } from './people.js';
import { store } from './store.js';

const empty = () => el('div', { class: 'empty' }, avatar(store.state.bot.user_id),
  el('h3', {}, 'Nothing here yet'),
  el('p', {}, 'CPPO has not published a Home tab. Its messages to you are under Messages; ', el('code', {}, '/cppo'), ' works in every channel.'));

const about = () => el('div', { class: 'empty' }, avatar(store.state.bot.user_id), el('h3', {}, 'CPPO'),
  el('p', {}, 'Requests, approvals and publishing of AWS Marketplace private offers. Type ', el('code', {}, '/cppo help'), ' in a channel.'));

export function draw_home() {
  const box = by_id('home');
  const entry = store.state.views[store.persona]?.home;
  const key = [store.persona, store.tab, entry?.view.hash, entry?.errors, entry ? clicks_in({ view_id: entry.id }) : null];
  keep_focus(box, () => redraw(box, key, () => {
    if (store.tab === 'about') return [about()];
    return [entry ? blocks_node(entry.view.blocks, view_context(entry)) : empty()];
  }));
}
