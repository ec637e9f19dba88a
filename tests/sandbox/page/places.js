// Where messages are: the channels of a person, and their messages with the app.
import { personas } from './people.js';
import { store } from './store.js';

export const channels_of = (user) => store.state.channels.filter((each) => each.members.includes(user));

// An app that was made anew writes in other direct messages than the old one.
const app_of = (user) => store.state.dms.find((each) => each.user === user && each.members.includes(store.state.bot.user_id));

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
const in_channel = (message) => !in_thread(message) || message.subtype === 'thread_broadcast';

export const main_line = (messages) => messages.filter(in_channel);
export const replies_to = (messages, ts) => messages.filter((each) => in_thread(each) && each.thread_ts === ts);

const seen_key = (user, place) => `${user} ${place}`;
export const seen_at = (user, place) => store.seen[seen_key(user, place)] ?? '';

export function mark_seen(user, place) {
  const newest = main_line(messages_at(user, place)).at(-1)?.ts;
  if (newest) store.seen[seen_key(user, place)] = newest;
}

// Messages of others that came since this person looked. An edit is none, and neither is a reply:
// it stands in its thread, and only who follows that hears of it.
export const unread_at = (user, place) =>
  main_line(messages_at(user, place)).filter((each) => each.ts > seen_at(user, place) && each.user !== user);

// The sandbox said whom a message calls when it was posted.
const calls = (message, user) => message.calls?.[user] !== undefined;

export const calls_at = (user, place) => unread_at(user, place).filter((each) => calls(each, user)).length;

// --- threads ------------------------------------------------------------------------------------

export function mark_thread_seen(user, replies) {
  const newest = replies.at(-1);
  if (newest) store.seen[seen_key(user, newest.thread_ts)] = newest.ts;
}

// The replies among these that call for this person, who has not opened their threads since.
const new_among = (messages, user) =>
  messages.filter((each) => in_thread(each) && !in_channel(each) && calls(each, user) && each.ts > seen_at(user, each.thread_ts));

export const new_replies = (user, messages, ts) => new_among(replies_to(messages, ts), user).length;

const places_of = (user) => ['app', ...channels_of(user).map((each) => each.id)];

// Threads with such replies: [{place, ts, count}].
export function new_threads(user) {
  return places_of(user).flatMap((place) => {
    const messages = messages_at(user, place);
    return [...new Set(new_among(messages, user).map((each) => each.thread_ts))].map((ts) => ({ place, ts, count: new_replies(user, messages, ts) }));
  });
}

export const calls_of = (user) => places_of(user).reduce((sum, place) => sum + calls_at(user, place), 0) +
  new_threads(user).reduce((sum, each) => sum + each.count, 0);

// A place that this person can be at.
export function settle() {
  if (!personas().some((each) => each.id === store.persona)) store.persona = personas()[0].id;
  if (store.place !== 'app' && !channel_at(store.persona, store.place)) store.place = channels_of(store.persona)[0]?.id ?? 'app';
}
