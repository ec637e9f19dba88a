// The left: who one is, channels, direct messages.
import { by_id, el, keep_focus, redraw } from './dom.js';
import { icon } from './icons.js';
import { close_panes } from './panes.js';
import { avatar, is_external, personas, role_of } from './people.js';
import { calls_at, calls_of, channels_of, new_threads, seen_at, settle, unread_at } from './places.js';
import { change, store } from './store.js';

export function go_to(place) {
  change({ place, thread: null, since: seen_at(store.persona, place) });
  close_panes();
  by_id('messages').scrollTop = by_id('messages').scrollHeight;
}

export function become(persona) {
  change({ persona, thread: null, since: null });
  settle();
  change({ since: seen_at(persona, store.place) });
}

const badge = (count, words) => (count > 0 ? el('span', { class: 'badge' }, String(count), el('span', { class: 'hidden' }, ` ${words}`)) : null);

function person(user) {
  const calls = user.id === store.persona ? 0 : calls_of(user.id);
  return el('label', { class: 'person' },
    el('input', { type: 'radio', name: 'persona', value: user.id, checked: user.id === store.persona, 'data-focus': `persona ${user.id}`,
      onchange: () => become(user.id) }),
    avatar(user.id),
    el('span', { class: 'words' }, el('span', { class: 'name' }, user.real_name), el('small', {}, role_of(user))),
    badge(calls, 'new for this person'));
}

function place(id, sign, label, more) {
  const here = id === store.place;
  const unread = !here && unread_at(store.persona, id).length > 0;
  return el('li', {}, el('button', { type: 'button', class: unread ? 'place unread' : 'place', 'aria-current': here ? 'page' : null,
    'data-focus': `place ${id}`, 'data-place': id, onclick: () => go_to(id) },
  sign, el('span', { class: 'name' }, label), more ?? null,
  unread ? el('span', { class: 'hidden' }, ' (unread)') : null, here ? null : badge(calls_at(store.persona, id), 'for you')));
}

function channel(each) {
  const marks = [each.is_ext_shared ? 'shared' : '', each.is_archived ? 'archived' : ''].filter((word) => word).join(', ');
  return place(each.id, icon(each.is_private ? 'lock' : 'hash'), each.name, marks ? el('small', {}, marks) : null);
}

// Threads that this person follows, where somebody has written: a click opens the first of them.
function threads(list) {
  const open = () => {
    go_to(list[0].place);
    change({ thread: list[0].ts });
  };
  return el('ul', { 'aria-label': 'Threads' }, el('li', {}, el('button', { type: 'button', class: 'place unread', 'data-focus': 'threads', onclick: open },
    icon('thread'), el('span', { class: 'name' }, 'Threads'), badge(list.reduce((sum, each) => sum + each.count, 0), 'new replies'))));
}

export function draw_sidebar() {
  const me = personas().find((each) => each.id === store.persona);
  const all = personas().map((user) => [user, calls_of(user.id)]);
  const places = channels_of(store.persona).map((each) => [each.id, each.name, each.is_archived, unread_at(store.persona, each.id).length, calls_at(store.persona, each.id)]);
  const followed = new_threads(store.persona);
  by_id('me').textContent = me.real_name;
  keep_focus(by_id('people'), () => redraw(by_id('people'), [store.persona, all], () => personas().map(person)));
  keep_focus(by_id('places'), () => redraw(by_id('places'), [store.persona, store.place, places, unread_at(store.persona, 'app').length, followed], () => [
    ...(followed.length > 0 ? [threads(followed)] : []),
    el('h2', { id: 'channels-title' }, 'Channels'),
    el('ul', { 'aria-labelledby': 'channels-title' }, ...channels_of(store.persona).map(channel)),
    el('h2', { id: 'dms-title' }, 'Direct messages'),
    el('ul', { 'aria-labelledby': 'dms-title' },
      is_external(me) ? el('li', { class: 'nothing' }, 'Apps of another workspace cannot be written to.')
        : place('app', avatar(store.state.bot.user_id), 'CPPO', el('small', { class: 'tag-app' }, 'APP'))),
  ]));
}
