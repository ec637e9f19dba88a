// One message.
import { blocks_node } from './blocks.js';
import { click, clicks_in } from './clicks.js';
import { el } from './dom.js';
import { icon } from './icons.js';
import { mrkdwn } from './mrkdwn.js';
import { avatar, is_external, is_of_sister, name_of } from './people.js';
import { new_replies, replies_to } from './places.js';
import { message_menu, message_trouble } from './shortcuts.js';
import { change, store } from './store.js';
import { clock, in_full } from './times.js';
import { initial_of } from './values.js';

function context(where) {
  return { where, entry: (block, element) => initial_of(element), set: () => {}, error: () => undefined,
    click: (block, element, value) => click(where, block, element, value), suggest: async () => null };
}

function author(message) {
  const user = store.state.users.find((each) => each.id === message.user);
  const mark = message.bot_id ? el('small', { class: 'tag-app' }, 'APP')
    : user && is_external(user) && !is_of_sister(user) ? el('small', { class: 'tag-app' }, 'EXTERNAL') : null;
  return [el('span', { class: 'who' }, name_of(message.user) ?? message.user), mark];
}

function replies(message, all) {
  const list = replies_to(all, message.ts);
  const fresh = new_replies(store.persona, all, message.ts);
  if (list.length === 0) return null;
  return el('button', { type: 'button', class: 'replies', 'data-focus': `replies ${message.ts}`, onclick: () => change({ thread: message.ts }) },
    icon('thread'), `${list.length} ${list.length === 1 ? 'reply' : 'replies'}`, el('small', {}, `Last reply ${clock(list.at(-1).ts)}`),
    fresh > 0 ? el('span', { class: 'badge' }, `${fresh} new`) : null);
}

const of_thread = (message) => el('div', { class: 'only-you' }, icon('thread'), 'replied to ',
  el('button', { type: 'button', class: 'link', onclick: () => change({ thread: message.thread_ts }) }, 'a thread'));

const reply = (message) => el('button', { type: 'button', class: 'plain', 'aria-label': 'Reply in thread', title: 'Reply in thread',
  'data-focus': `reply ${message.ts}`, onclick: () => change({ thread: message.ts }) }, icon('thread'));

const tools = (message, where, in_thread) => el('div', { class: 'tools' }, in_thread ? null : reply(message), message_menu(where, in_thread));

const dismiss = (message) => el('div', { class: 'only-you' }, icon('eye'), 'Only visible to you', ' · ',
  el('button', { type: 'button', class: 'link', onclick: () => change({ dismissed: [...store.dismissed, message.ts] }) }, 'Dismiss'));

// What a message is drawn from: {message, channel, all: messages of the channel, compact, in_thread}.
export const message_key = ({ message, channel, all, compact, in_thread }) =>
  [{ ...message, versions: undefined }, compact, in_thread, channel.id, replies_to(all, message.ts).map((each) => each.ts), new_replies(store.persona, all, message.ts),
    clicks_in({ ts: message.ts }), store.state.users.length];

export function message_node({ message, channel, all, compact, in_thread }) {
  const where = { channel: channel.id, ts: message.ts };
  const classes = ['message', message.is_ephemeral ? 'ephemeral' : '', compact ? 'compact' : ''].filter((each) => each).join(' ');
  return el('article', { class: classes, 'data-ts': message.ts, 'aria-label': `${name_of(message.user) ?? message.user}, ${clock(message.ts)}` },
    avatar(message.user),
    el('div', { class: 'content' },
      message.is_ephemeral ? dismiss(message) : null,
      message.subtype === 'thread_broadcast' && !in_thread ? of_thread(message) : null,
      el('div', { class: 'head' }, ...author(message), el('time', { title: in_full(message.ts) }, clock(message.ts))),
      message.blocks?.length ? blocks_node(message.blocks, context(where)) : el('div', { class: 'text' }, mrkdwn(message.text)),
      message.edited && !message.bot_id ? el('small', { class: 'edited' }, '(edited)') : null,
      message_trouble(where),
      in_thread ? null : replies(message, all)),
    message.is_ephemeral ? null : tools(message, where, in_thread));
}
