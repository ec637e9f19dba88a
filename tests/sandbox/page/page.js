// The workspace in the browser: reads /_sandbox/state, waits on /_sandbox/log, acts through /_sandbox/*.
import { ask, blocks_node, el, mrkdwn } from './blocks.js';

const by_id = (id) => document.getElementById(id);
let state = null;
let names = {};
let channel = 'C0DEALDESK';
let persona = 'U0SELLER';
const seen = {}; // channel -> ts of the newest message that was shown
const drafts = {}; // view id -> {block id: what was typed}
const labels = {}; // option value -> its text
let shown_view = '';
let sending = false; // a form is on its way: it is not drawn anew until the answer is there

async function post(path, body) {
  const reply = await fetch(`/_sandbox/${path}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const answer = await reply.json();
  if (!answer.ok) toast(`The sandbox says: ${answer.error}`);
  else if (['operation_timeout', 'dispatch_failed', 'timeout'].includes(answer.outcome))
    toast(answer.outcome === 'dispatch_failed' ? 'The bot is not connected.' : 'The bot did not answer within 3 seconds.');
  return answer;
}

let toast_timer = 0;
function toast(text) {
  const node = by_id('toast');
  node.textContent = text;
  node.hidden = false;
  clearTimeout(toast_timer);
  toast_timer = setTimeout(() => { node.hidden = true; }, 5000);
}

// --- left --------------------------------------------------------------------------------------

function my_channels() {
  return state.channels.filter((each) => each.members.includes(persona));
}

function all_messages(id) {
  const where = [...state.channels, ...state.dms].find((each) => each.id === id);
  const mine = (state.ephemerals[persona] ?? []).filter((message) => message.channel === id);
  return [...(where?.messages ?? []), ...mine].sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

function place(id, label) {
  const newest = all_messages(id).at(-1)?.ts ?? '';
  const unread = id !== channel && newest > (seen[`${persona} ${id}`] ?? '');
  return el('li', { class: unread ? 'unread' : '' }, el('button', { type: 'button', 'aria-current': String(id === channel),
    onclick: () => { channel = id; render(); } }, label));
}

function render_side() {
  const select = by_id('persona');
  const people = state.users.filter((user) => !user.is_bot && !user.deleted);
  if (select.options.length !== people.length)
    select.replaceChildren(...people.map((user) => el('option', { value: user.id },
      user.real_name + (user.team_id !== state.team.id ? ' (external)' : user.is_restricted ? ' (guest)' : ''))));
  select.value = persona;
  const dm = state.dms.find((each) => each.user === persona);
  if (!my_channels().some((each) => each.id === channel) && channel !== dm?.id) channel = my_channels()[0]?.id ?? '';
  by_id('channels').replaceChildren(...my_channels().map((each) => place(each.id, `# ${each.name}${each.is_archived ? ' (archived)' : ''}`)));
  by_id('dms').replaceChildren(...(dm ? [place(dm.id, 'CPPO (bot)')] : []));
  by_id('link').textContent = state.sockets > 0 ? `Bot connected (${state.sockets} sockets)` : 'Bot not connected';
}

// --- middle ------------------------------------------------------------------------------------

function message_node(message) {
  const ctx = {
    names,
    click: async (block, element, value) => {
      if (value === '' || !(await ask(element.confirm, names))) return;
      await post('click', { user: persona, channel, ts: message.ts, block_id: block.block_id, action_id: element.action_id, ...(value ? { value } : {}) });
    },
    errors: {}, value: () => '', typed: () => {}, suggest: async () => [], label: () => '',
  };
  const when = new Date(Number(message.ts) * 1000).toLocaleTimeString();
  const author = message.bot_id ? 'CPPO' : names[message.user] ?? (message.user === 'USLACKBOT' ? 'Slackbot' : message.user);
  return el('article', { class: message.is_ephemeral ? 'message ephemeral' : 'message', 'data-ts': message.ts },
    message.is_ephemeral ? el('div', { class: 'only-you' }, 'Only visible to you') : null,
    el('span', { class: 'who' }, author),
    el('span', { class: 'when' }, message.edited ? `${when} (edited)` : when),
    message.blocks?.length ? blocks_node(message.blocks, ctx) : el('div', { class: 'text' }, mrkdwn(message.text, names)));
}

function render_messages() {
  const box = by_id('messages');
  const messages = all_messages(channel);
  const key = JSON.stringify([persona, messages, names]);
  const where = [...state.channels, ...state.dms].find((each) => each.id === channel);
  by_id('title').textContent = where ? (where.is_im ? 'CPPO (bot)' : `# ${where.name}`) : '';
  seen[`${persona} ${channel}`] = messages.at(-1)?.ts ?? '';
  if (box.dataset.key === key) return;
  const at_end = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  box.dataset.key = key;
  box.replaceChildren(...messages.map(message_node));
  if (at_end || !box.dataset.once) box.scrollTop = box.scrollHeight;
  box.dataset.once = 'yes';
}

by_id('composer').addEventListener('submit', async (event) => {
  event.preventDefault();
  const line = by_id('line');
  const text = line.value.trim();
  if (text === '') return;
  line.value = '';
  await post(text.startsWith('/') ? 'command' : 'post', { user: persona, channel, text });
});

by_id('persona').addEventListener('change', (event) => { persona = event.target.value; render(); });

// --- modals --------------------------------------------------------------------------------------

function modal_context(entry) {
  const draft = (drafts[entry.id] ??= {});
  for (const block of entry.view.blocks) {
    const option = block.element?.initial_option;
    const chosen = Object.values(entry.view.state.values[block.block_id] ?? {})[0]?.selected_option;
    for (const each of [option, chosen]) if (each) labels[each.value] = each.text.text;
  }
  return {
    names,
    errors: entry.errors,
    value: (block) => draft[block.block_id] ?? entry.values[block.block_id] ?? '',
    label: (block, value) => labels[value] ?? value,
    typed: (block, value, label) => { draft[block.block_id] = value; if (label) labels[value] = label; },
    suggest: async (block, text) =>
      (await post('suggest', { user: persona, view_id: entry.id, block_id: block.block_id, text })).options ?? [],
    click: async (block, element, value) => {
      if (!(await ask(element.confirm, names))) return;
      await post('click', { user: persona, view_id: entry.id, block_id: block.block_id, action_id: element.action_id, ...(value ? { value } : {}) });
    },
  };
}

async function submit(entry, form) {
  const button = form.querySelector('[type=submit]');
  if (sending) return;
  sending = true;
  button.disabled = true;
  try {
    const answer = await post('submit', { user: persona, view_id: entry.id, values: drafts[entry.id] ?? {} });
    if (answer.closed) delete drafts[entry.id];
  } finally {
    sending = false;
    button.disabled = false;
  }
  await refresh();
}

function render_modal() {
  const overlay = by_id('overlay');
  const entry = (state.views[persona]?.stack ?? []).at(-1);
  const key = entry ? JSON.stringify([entry.id, entry.view.hash, entry.errors, entry.line]) : '';
  if (key === shown_view || sending) return;
  shown_view = key;
  overlay.hidden = !entry;
  overlay.replaceChildren();
  if (!entry) return;
  const view = entry.view;
  const close = () => post('close', { user: persona, view_id: entry.id }).then(refresh);
  const form = el('form', { class: 'modal', role: 'dialog', 'aria-label': view.title?.text, novalidate: 'novalidate', onsubmit: (event) => { event.preventDefault(); submit(entry, form); } },
    el('header', {}, el('h3', {}, view.title?.text ?? ''), el('button', { class: 'button', type: 'button', 'aria-label': 'Close', onclick: close }, '×')),
    el('div', { class: 'body' }, entry.line ? el('p', { class: 'error', role: 'alert' }, entry.line) : null, blocks_node(view.blocks, modal_context(entry))),
    el('footer', {}, el('button', { class: 'button', type: 'button', onclick: close }, view.close?.text ?? 'Cancel'),
      view.submit ? el('button', { class: 'button primary', type: 'submit' }, view.submit.text) : null));
  overlay.append(form);
  (form.querySelector('.wrong input, .wrong textarea') ?? form.querySelector('.body input, .body textarea, .body select'))?.focus();
}

// --- right ---------------------------------------------------------------------------------------

function tree(value) {
  if (value === null || typeof value !== 'object') return document.createTextNode(String(value));
  return el('ul', {}, ...Object.entries(value).map(([key, each]) =>
    el('li', {}, el('span', { class: 'key' }, `${key}: `), tree(each))));
}

const quiet = new Set(['socket.ping']);
function add_log(entries) {
  const list = by_id('log');
  for (const entry of entries) {
    if (quiet.has(entry.kind)) continue;
    const words = [entry.method, entry.what, entry.error, entry.type, entry.outcome, entry.detail, entry.text]
      .filter((word) => typeof word === 'string' && word !== '').join(' · ');
    list.prepend(el('li', { class: entry.kind === 'complaint' ? 'complaint' : '' },
      `${new Date(entry.at_ms).toLocaleTimeString()} ${entry.kind} ${words}`.slice(0, 160)));
  }
  while (list.children.length > 60) list.lastChild.remove();
}

// --- all -----------------------------------------------------------------------------------------

function render() {
  names = {};
  for (const user of state.users) names[user.id] = user.real_name;
  for (const each of state.channels) names[each.id] = each.name;
  for (const group of state.groups) names[group.id] = group.handle;
  render_side();
  render_messages();
  render_modal();
  const market = by_id('market');
  const key = JSON.stringify(state.market);
  if (market.dataset.key !== key) {
    market.dataset.key = key;
    market.replaceChildren(tree(state.market));
  }
}

async function refresh() {
  state = await (await fetch('/_sandbox/state')).json();
  render();
}

async function watch() {
  let after = 0;
  for (;;) {
    try {
      const log = await (await fetch(`/_sandbox/log?after=${after}&wait_ms=25000`)).json();
      if (log.next < after) { after = 0; continue; } // the sandbox was started anew
      after = log.next;
      if (log.entries.length === 0 && state) continue;
      add_log(log.entries);
      await refresh();
    } catch (error) {
      by_id('link').textContent = 'The sandbox does not answer.';
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

watch();
