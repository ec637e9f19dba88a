// Modals: the stack of the person whose screen this is, one dialog a view.
import { blocks_node } from './blocks.js';
import { click, clicks_in } from './clicks.js';
import { open_dialog } from './dialog.js';
import { el, keep_focus } from './dom.js';
import { icon } from './icons.js';
import { change, refresh, store } from './store.js';
import { from_state, initial_of, to_wire } from './values.js';
import { post } from './wire.js';

const open = new Map(); // view id -> its dialog
const sending = new Set(); // ids of views that are on their way to the bot

export const draft_key = (block, element) => `${block.block_id} ${element.action_id}`;

// The ctx of blocks.js for what stands in a view, a modal or the Home tab.
export function view_context(entry) {
  const draft = (store.drafts[entry.id] ??= {});
  return {
    where: { view_id: entry.id },
    entry: (block, element) => {
      const state = entry.view.state?.values?.[block.block_id]?.[element.action_id];
      return draft[draft_key(block, element)] ?? (state ? from_state(state) : initial_of(element));
    },
    set: (block, element, choices) => { draft[draft_key(block, element)] = choices; },
    error: (block) => entry.errors[block.block_id],
    click: (block, element, value) => click({ view_id: entry.id }, block, element, value, { values: typed_values(entry) }),
    suggest: (block, element, text) => suggest(entry, block, text),
  };
}

async function suggest(entry, block, text) {
  const answer = await post('suggest', { user: store.persona, view_id: entry.id, block_id: block.block_id, text });
  if (!['acked', 'too_short'].includes(answer.outcome)) return null;
  return [{ label: '', options: answer.options.map((each) => ({ value: each.value, label: each.text.text, description: each.description?.text })) }];
}

// What was typed: {block_id: value}, as the sandbox takes it.
function typed_values(entry) {
  const draft = store.drafts[entry.id] ?? {};
  const values = {};
  for (const block of entry.view.blocks) {
    const choices = block.type === 'input' ? draft[draft_key(block, block.element)] : undefined;
    if (choices) values[block.block_id] = to_wire(block.element, choices);
  }
  return values;
}

async function submit(entry) {
  if (sending.has(entry.id)) return;
  sending.add(entry.id);
  change();
  await post('submit', { user: store.persona, view_id: entry.id, values: typed_values(entry) });
  sending.delete(entry.id);
  await refresh();
  const dialog = open.get(entry.id);
  dialog?.querySelector('.wrong input, .wrong textarea, .general')?.focus();
}

async function close(entry, all) {
  await post('close', { user: store.persona, view_id: entry.id, all });
  await refresh();
}

function draw(dialog, entry) {
  const view = entry.view;
  const busy = sending.has(entry.id);
  const title_id = `title-${entry.id}`;
  const wrong = Object.keys(entry.errors).length;
  dialog.setAttribute('aria-labelledby', title_id);
  dialog.setAttribute('aria-busy', String(busy));
  const scrolled = dialog.querySelector('.body')?.scrollTop ?? 0;
  const form = el('form', { novalidate: 'novalidate', onsubmit: (event) => { event.preventDefault(); submit(entry); } },
    el('header', {}, el('h2', { id: title_id }, view.title?.text ?? ''),
      el('button', { class: 'plain', type: 'button', 'aria-label': 'Close', 'data-focus': 'close', onclick: () => close(entry, true) }, icon('close'))),
    el('div', { class: 'body' },
      entry.line ? el('p', { class: 'error general', role: 'alert', tabindex: '-1' }, icon('warning'), entry.line) : null,
      wrong > 0 ? el('p', { class: 'hidden', role: 'alert' }, wrong === 1 ? 'One field needs another look.' : `${wrong} fields need another look.`) : null,
      blocks_node(view.blocks, view_context(entry))),
    el('footer', {}, el('button', { class: 'button', type: 'button', 'data-focus': 'cancel', onclick: () => close(entry, false) }, view.close?.text ?? 'Cancel'),
      view.submit ? el('button', { class: `button primary${busy ? ' busy' : ''}`, type: 'submit', 'data-focus': 'submit', 'aria-disabled': busy ? 'true' : null }, view.submit.text) : null));
  dialog.replaceChildren(form);
  form.querySelector('.body').scrollTop = scrolled;
}

function first_focus(dialog, entry) {
  const wanted = entry.view.blocks.find((block) => block.element?.focus_on_load)?.block_id;
  const field = wanted ? dialog.querySelector(`[data-block="${CSS.escape(wanted)}"] [data-focus]`) : null;
  (field ?? dialog.querySelector('.body [data-focus]') ?? dialog.querySelector('[type=submit], [data-focus=cancel]'))?.focus();
}

function draw_one(entry) {
  const fresh = !open.has(entry.id);
  if (fresh) open.set(entry.id, open_dialog('dialog modal', () => close(entry, false)));
  const dialog = open.get(entry.id);
  const key = JSON.stringify([entry.view.hash, entry.errors, entry.line, sending.has(entry.id), clicks_in({ view_id: entry.id })]);
  if (dialog.drawn_from !== key) {
    dialog.drawn_from = key;
    keep_focus(dialog, () => draw(dialog, entry));
  }
  if (fresh) first_focus(dialog, entry);
}

export function draw_modals() {
  const stack = store.state.views[store.persona]?.stack ?? [];
  for (const [id, dialog] of [...open].reverse()) {
    if (stack.some((entry) => entry.id === id)) continue;
    open.delete(id);
    dialog.close();
  }
  const known = new Set(Object.values(store.state.views).flatMap((each) => [...each.stack, each.home].filter((entry) => entry).map((entry) => entry.id)));
  for (const id of Object.keys(store.drafts)) if (!known.has(id)) delete store.drafts[id];
  stack.forEach(draw_one);
}
