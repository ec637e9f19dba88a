// The people of the workspace, and what the sandbox saw: its control API at /_sandbox/.

export const url = process.env.SANDBOX_URL;

async function talk(path, body) {
  const reply = await fetch(`${url}/_sandbox/${path}`, body && {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return reply.json();
}

export const state = () => talk('state');
// {where, method, error, ...} or {clear: true}; `cppo-sandbox --help` lists what there is.
export const fault = (wish) => talk('fault', wish);
export const scopes = (list) => talk('scopes', { scopes: list });
// Turn switches of Slack's: {name: value}.
export const slack = (wish) => talk('slack', wish);
// Open the proxy, for this user: {port}.
export const proxy = (wish) => talk('proxy', wish);
export const limits = (enabled) => talk('limits', { enabled });

export const command = (user, text, more) => talk('command', { user, text, ...more });
export const click = (user, where, action_id, more) => talk('click', { user, ...where, action_id, ...more });
// more: {channel, ts} of the message, where it is a message's.
export const shortcut = (user, callback_id, more) => talk('shortcut', { user, callback_id, ...more });
export const submit = (user, values, more) => talk('submit', { user, values, ...more });
export const suggest = (user, block_id, text) => talk('suggest', { user, block_id, text });
export const close = (user, more) => talk('close', { user, ...more });
export const post = (user, channel, text, more) => talk('post', { user, channel, text, ...more });
export const open_home = (user, more) => talk('home', { user, ...more });
export const redeliver = (envelope_id) => talk('redeliver', { envelope_id });
// An envelope of any type, with any payload.
export const deliver = (type, payload) => talk('deliver', { type, payload });
export const frame = (wish) => talk('frame', wish);

// Everything in the log after entry `after`.
export async function log(after = 0) {
  const entries = [];
  for (;;) {
    const part = await talk(`log?after=${after}`);
    entries.push(...part.entries);
    if (part.entries.length === 0) return entries;
    after = part.next;
  }
}

export const newest = async () => (await state()).log;

const has = (entry, wanted) => Object.entries(wanted).every(([key, value]) => entry[key] === value);

// The first entry after `after` of this kind with these members; waits for it, 20 s at most.
export async function seen(kind, wanted = {}, after = 0) {
  const until = Date.now() + 20000;
  while (Date.now() < until) {
    const part = await talk(`log?after=${after}&wait_ms=1000`);
    const found = part.entries.find((entry) => entry.kind === kind && has(entry, wanted));
    if (found) return found;
    after = part.next;
  }
  throw new Error(`nothing like this came to the log: ${kind} ${JSON.stringify(wanted)}`);
}

export const complaints = async (after) => (await log(after)).filter((entry) => entry.kind === 'complaint');

// The modals of a person, the lowest first; their Home tab; their ephemerals; a channel's messages.
export const modals = async (user) => (await state()).views[user].stack;
export const home = async (user) => (await state()).views[user].home;
export const whispers = async (user) => (await state()).ephemerals[user] ?? [];
export async function messages(id) {
  const { channels, dms } = await state();
  return [...channels, ...dms].find((channel) => channel.id === id)?.messages ?? [];
}
