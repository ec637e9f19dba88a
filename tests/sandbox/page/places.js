// Where messages are: the channels of a person, and his messages with the app.
import { personas } from './people.js';
import { store } from './store.js';

export const channels_of = (user) => store.state.channels.filter((each) => each.members.includes(user));

const app_of = (user) => store.state.dms.find((each) => each.user === user);

// The channel behind a place; undefined for an app that nobody has written with yet.
export const channel_at = (user, place) => (place === 'app' ? app_of(user) : channels_of(user).find((each) => each.id === place));

// All messages there that this person can see, the oldest first.
export function messages_at(user, place) {
  const channel = channel_at(user, place);
  if (!channel) return [];
  const mine = (store.state.ephemerals[user] ?? []).filter((each) => each.channel === channel.id && !store.dismissed.includes(each.ts));
  return [...channel.messages, ...mine].sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

const in_thread = (message) => message.thread_ts && message.thread_ts !== message.ts;

export const main_line = (messages) => messages.filter((each) => !in_thread(each));
export const replies_to = (messages, ts) => messages.filter((each) => in_thread(each) && each.thread_ts === ts);

const seen_key = (user, place) => `${user} ${place}`;
export const seen_at = (user, place) => store.seen[seen_key(user, place)] ?? '';

export function mark_seen(user, place) {
  const newest = messages_at(user, place).at(-1)?.ts;
  if (newest) store.seen[seen_key(user, place)] = newest;
}

// Messages of others that came since this person looked.
export const unread_at = (user, place) =>
  messages_at(user, place).filter((each) => each.ts > seen_at(user, place) && each.user !== user);

const mentions = (message, user) => JSON.stringify([message.text, message.blocks ?? []]).includes(`<@${user}>`);

// What calls for this person: everything from the app, and where a channel names him.
export const calls_at = (user, place) =>
  unread_at(user, place).filter((each) => place === 'app' || mentions(each, user)).length;

export const calls_of = (user) =>
  ['app', ...channels_of(user).map((each) => each.id)].reduce((sum, place) => sum + calls_at(user, place), 0);

// A place that this person can be at.
export function settle() {
  if (!personas().some((each) => each.id === store.persona)) store.persona = personas()[0].id;
  if (store.place !== 'app' && !channel_at(store.persona, store.place)) store.place = channels_of(store.persona)[0]?.id ?? 'app';
}

export const is_read_only = (place) => place === 'app';
