// The middle: the channel's head and its messages.
import { by_id, el, keep_focus, redraw } from './dom.js';
import { draw_home } from './home.js';
import { icon } from './icons.js';
import { message_key, message_node } from './message.js';
import { channel_at, main_line, mark_seen, messages_at } from './places.js';
import { avatar } from './people.js';
import { change, store } from './store.js';
import { day, same_day } from './times.js';
import { post } from './wire.js';

const COMPACT_S = 300;
const AT_END_PX = 120;

const topics = {
  C0DEALDESK: 'Ask for private offers here: type /cppo new',
  C0APPROVALS: 'Cards of offers that wait for a manager',
  C0OFFERS: 'What was published',
  C0OPERATORS: 'Where the bot tells of trouble',
};

// --- the head -----------------------------------------------------------------------------------

const tabs = [['messages', 'Messages'], ['home', 'Home'], ['about', 'About']];

function open_tab(tab) {
  change({ tab });
  if (tab === 'home') post('home', { user: store.persona });
}

function tab_list() {
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const index = tabs.findIndex(([name]) => name === store.tab);
    open_tab(tabs[(index + step + tabs.length) % tabs.length][0]);
    by_id(`tab-${store.tab}`).focus();
  };
  return el('div', { class: 'tabs', role: 'tablist', 'aria-label': 'CPPO', onkeydown: move }, ...tabs.map(([name, label]) =>
    el('button', { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-selected': String(store.tab === name), tabindex: store.tab === name ? '0' : '-1',
      'data-focus': `tab ${name}`, onclick: () => open_tab(name) }, label)));
}

function head(channel) {
  if (store.place === 'app')
    return [el('h2', { class: 'title' }, avatar(store.state.bot.user_id), 'CPPO', el('small', { class: 'tag-app' }, 'APP')), tab_list()];
  const people = channel.members.length;
  return [
    el('h2', { class: 'title' }, icon(channel.is_private ? 'lock' : 'hash'), channel.name),
    el('p', { class: 'topic' }, topics[channel.id] ?? '', channel.is_ext_shared ? ' · shared with Reserved AI' : '',
      channel.is_org_shared ? ' · shared with the sister workspace' : '', ` · ${people} members`,
      channel.bot_member ? '' : ' · CPPO is not in this channel'),
  ];
}

// --- the messages -----------------------------------------------------------------------------------

const drawn = new Map(); // ts -> {key, node}
let shown_at = '';

function rows(channel, all) {
  const list = main_line(all);
  return list.map((message, i) => {
    const before = list[i - 1];
    const compact = before !== undefined && before.user === message.user && !message.is_ephemeral && !before.is_ephemeral &&
      !message.bot_id && message.ts - before.ts < COMPACT_S && same_day(before.ts, message.ts);
    return { message, channel, all, compact, in_thread: false };
  });
}

function node_of(row) {
  const key = JSON.stringify(message_key(row));
  const known = drawn.get(row.message.ts);
  if (known?.key === key) return known.node;
  const node = message_node(row);
  drawn.set(row.message.ts, { key, node });
  return node;
}

const divider = (text) => el('div', { class: 'divider', role: 'separator' }, el('span', {}, text));
const new_divider = () => el('div', { class: 'divider new', role: 'separator' }, el('span', {}, 'New'));

function with_dividers(list) {
  const since = store.since;
  let told = since === null || since === '';
  return list.flatMap((row, i) => {
    const out = [];
    if (i === 0 || !same_day(list[i - 1].message.ts, row.message.ts)) out.push(divider(day(row.message.ts)));
    if (!told && row.message.ts > since && row.message.user !== store.persona) {
      out.push(new_divider());
      told = true;
    }
    return [...out, node_of(row)];
  });
}

function beginning(channel) {
  const words = store.place === 'app' ? 'This is where CPPO writes to you: when an offer that you asked for was received, published and sold, and whenever it needs you.'
    : `This is the very beginning of #${channel.name}.${topics[channel.id] ? ` ${topics[channel.id]}.` : ''}`;
  return el('p', { class: 'beginning' }, words);
}

function draw_messages(channel) {
  const box = by_id('messages');
  const where = `${store.persona} ${store.place}`;
  const moved = where !== shown_at;
  if (moved) drawn.clear();
  shown_at = where;
  const all = messages_at(store.persona, store.place);
  const nodes = [beginning(channel), ...(channel ? with_dividers(rows(channel, all)) : [])];
  const at_end = moved || box.scrollHeight - box.scrollTop - box.clientHeight < AT_END_PX;
  // nothing is touched that has not changed, so that screen readers read out only what is new
  keep_focus(box, () => {
    nodes.forEach((node, i) => {
      const there = box.children[i];
      if (there === node || (there?.className === node.className && there.tagName !== 'ARTICLE' && there.textContent === node.textContent)) return;
      if (node.tagName === 'ARTICLE' && there?.dataset.ts === node.dataset.ts) there.replaceWith(node);
      else box.insertBefore(node, there ?? null);
    });
    while (box.children.length > nodes.length) box.lastChild.remove();
  });
  if (at_end) box.scrollTop = box.scrollHeight;
}

export function draw_channel() {
  const channel = channel_at(store.persona, store.place);
  const tab = store.place === 'app' ? store.tab : 'messages';
  const box = by_id('head');
  keep_focus(box, () => redraw(box, [store.place, store.tab, channel?.name, channel?.members, channel?.bot_member, channel?.is_archived, channel?.is_ext_shared, channel?.is_org_shared],
    () => head(channel)));
  by_id('messages').hidden = tab !== 'messages';
  by_id('home').hidden = tab === 'messages';
  by_id('composer').hidden = tab !== 'messages' || !channel || channel.is_archived;
  const closed = by_id('closed');
  closed.hidden = tab !== 'messages' || !by_id('composer').hidden;
  closed.textContent = channel?.is_archived ? 'This channel is archived: nobody can write in it.' : 'CPPO has not written to you yet. Type /cppo in a channel.';
  document.title = `${channel?.name ? `#${channel.name}` : 'CPPO'} · CPPO sandbox`;
  if (tab === 'messages') {
    draw_messages(channel);
    if (!document.hidden) mark_seen(store.persona, store.place);
  } else {
    draw_home();
  }
}
