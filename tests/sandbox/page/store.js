// What the page knows: the sandbox's state as it was read last, and where this reader is. The
// reader's part survives a reload of the page (one tab is one person).
import { get } from './wire.js';

const KEPT = 'cppo-reader';
const RETRY_MS = 1000;

export const store = {
  state: null,
  lost: false, // the sandbox does not answer
  persona: 'U0SELLER',
  place: 'C0DEALDESK', // a channel's id, or 'app'
  tab: 'messages', // of the app: 'home', 'messages', 'about'
  thread: null, // ts of its first message
  seen: {}, // `${persona} ${place}` -> ts of the newest message that was shown
  since: null, // the newest message seen when this place was opened
  dismissed: [], // ts of ephemeral messages that were put away
  drafts: {}, // view id -> {`${block_id} ${action_id}`: what was typed}
};

const kept = ['persona', 'place', 'tab', 'thread', 'seen', 'dismissed', 'drafts'];
const listeners = [];

export function recall() {
  try {
    const saved = JSON.parse(sessionStorage.getItem(KEPT) ?? '{}');
    for (const key of kept) if (saved[key] !== undefined) store[key] = saved[key];
  } catch {
    sessionStorage.removeItem(KEPT);
  }
}

export function keep() {
  sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(kept.map((key) => [key, store[key]]))));
}

export const subscribe = (listener) => listeners.push(listener);

// A button that is drawn anew under a press never hears the click: what changes while somebody
// presses is drawn when they let go.
let pressing = false;

function draw() {
  if (store.state === null || pressing) return;
  for (const listener of listeners) listener();
  keep();
}

function let_go() {
  pressing = false;
  setTimeout(draw); // the click comes first
}

addEventListener('pointerdown', () => { pressing = true; }, true);
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, let_go, true);

// Change what the reader looks at, and draw.
export function change(changes = {}) {
  Object.assign(store, changes);
  draw();
}

export async function refresh() {
  change({ state: await get('state'), lost: false });
}

// Follow the sandbox's log for ever; ${tell} gets its new entries.
export async function watch(tell) {
  let after = 0;
  for (;;) {
    try {
      const log = await get(`log?after=${after}&wait_ms=25000`);
      const anew = log.next < after; // the sandbox was started again
      after = anew ? 0 : log.next;
      if (!anew && log.entries.length === 0 && store.state && !store.lost) continue;
      tell(log.entries);
      await refresh();
    } catch {
      change({ lost: true });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
