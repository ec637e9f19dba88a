// Clicks and shortcuts that are on their way to the bot, and those that it did not answer within 3 s.
import { change, store } from './store.js';
import { post } from './wire.js';

const TROUBLE = 'We had some trouble connecting. Try again?';
const status = new Map(); // `${view or message} ${what was used}` -> 'busy' | 'trouble'

export const place_of = (where) => where.view_id ?? `${store.persona} ${where.ts}`;
const key_of = (where, block, element) => `${place_of(where)} ${block.block_id} ${element.action_id}`;

export const status_of = (key) => status.get(key);
export const click_status = (where, block, element) => status_of(key_of(where, block, element));

// Everything of one message or view, to draw it anew when that changes.
export const clicks_in = (where) => [...status].filter(([key]) => key.startsWith(`${place_of(where)} `));

export const trouble_text = TROUBLE;

function enter(key, value) {
  if (value) status.set(key, value);
  else status.delete(key);
  change();
}

// Do what this reader does, once at a time, and keep under ${key} how it goes.
export async function send(key, path, body) {
  if (status.get(key) === 'busy') return;
  enter(key, 'busy');
  const answer = await post(path, { user: store.persona, ...body });
  enter(key, ['timeout', 'dispatch_failed'].includes(answer.outcome) ? 'trouble' : null);
}

// ${where}: {view_id} or {channel, ts}; ${more}: what else the sandbox is to know, such as what stands in the other fields.
export const click = (where, block, element, value, more = {}) => send(key_of(where, block, element), 'click',
  { ...where, ...more, block_id: block.block_id, action_id: element.action_id, ...(value === undefined ? {} : { value }) });
