// Clicks that are on their way to the bot, and those that it did not answer within 3 s.
import { change, store } from './store.js';
import { post } from './wire.js';

const TROUBLE = 'We had some trouble connecting. Try again?';
const status = new Map(); // `${view or message} ${block_id} ${action_id}` -> 'busy' | 'trouble'

export const place_of = (where) => where.view_id ?? `${store.persona} ${where.ts}`;
const key_of = (where, block, element) => `${place_of(where)} ${block.block_id} ${element.action_id}`;

export const click_status = (where, block, element) => status.get(key_of(where, block, element));

// Everything of one message or view, to draw it anew when that changes.
export const clicks_in = (where) => [...status].filter(([key]) => key.startsWith(`${place_of(where)} `));

export const trouble_text = TROUBLE;

function enter(key, value) {
  if (value) status.set(key, value);
  else status.delete(key);
  change();
}

// ${where}: {view_id} or {channel, ts}.
export async function click(where, block, element, value) {
  const key = key_of(where, block, element);
  if (status.get(key) === 'busy') return;
  enter(key, 'busy');
  const answer = await post('click', { user: store.persona, ...where, block_id: block.block_id, action_id: element.action_id,
    ...(value === undefined ? {} : { value }) });
  enter(key, ['timeout', 'dispatch_failed'].includes(answer.outcome) ? 'trouble' : null);
}
