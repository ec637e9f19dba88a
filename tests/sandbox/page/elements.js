// Block Kit's interactive elements. Each is drawn for a slot {block, element, ctx, id, input}: ${input}
// tells whether it stands in an input block, where it is filled in rather than clicked.
import { click_status, trouble_text } from './clicks.js';
import { combobox } from './combobox.js';
import { ask } from './dialog.js';
import { el, new_id, safe_url } from './dom.js';
import { icon } from './icons.js';
import { text_of } from './mrkdwn.js';
import { name_of, personas, role_of } from './people.js';
import { store } from './store.js';
import { described, group_options, is_multiple, to_wire } from './values.js';

const focus_name = ({ block, element }) => `${block.block_id} ${element.action_id}`;

async function act(slot, choices) {
  const { block, element, ctx } = slot;
  if (element.confirm && !(await ask(element.confirm))) return false;
  ctx.click(block, element, choices === undefined ? undefined : to_wire(element, choices));
  return true;
}

// What a choice does: it is kept, or it is a click.
function changed(slot, choices) {
  const { block, element, ctx, input } = slot;
  if (input) ctx.set(block, element, choices);
  if (!input || block.dispatch_action) act(slot, choices);
}

const field_props = (slot) => ({
  id: slot.id, 'data-focus': focus_name(slot), 'aria-describedby': slot.described_by,
  'aria-invalid': slot.wrong ? 'true' : null, 'aria-required': slot.input && !slot.block.optional ? 'true' : null,
  'aria-label': slot.input ? null : slot.element.placeholder?.text ?? 'Choose',
});

// --- buttons ------------------------------------------------------------------------------------

function button(slot) {
  const { element } = slot;
  const busy = click_status(slot.ctx.where, slot.block, element) === 'busy';
  const props = { class: `button ${element.style ?? ''}${busy ? ' busy' : ''}`, 'data-focus': focus_name(slot), 'data-action': element.action_id,
    'aria-label': element.accessibility_label, 'aria-disabled': busy ? 'true' : null, 'aria-busy': busy ? 'true' : null };
  if (!element.url || !safe_url(element.url))
    return el('button', { ...props, type: 'button', onclick: () => { if (!busy) act(slot); } }, text_of(element.text));
  return el('a', { ...props, href: element.url, target: '_blank', rel: 'noreferrer', onclick: async (event) => {
    if (element.confirm) event.preventDefault();
    if (await act(slot) && element.confirm) window.open(element.url, '_blank', 'noreferrer');
  } }, text_of(element.text));
}

function overflow(slot) {
  const menu = el('details', { class: 'overflow' },
    el('summary', { class: 'button', 'aria-label': 'More actions', 'data-focus': focus_name(slot) }, icon('more')),
    el('div', { class: 'menu' }, ...slot.element.options.map((each) => el('button', { type: 'button', onclick: () => {
      menu.open = false;
      act(slot, [described(each)]);
    } }, each.text.text))));
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    event.stopPropagation();
    event.preventDefault();
    menu.open = false;
    menu.querySelector('summary').focus();
  });
  return menu;
}

// --- selects --------------------------------------------------------------------------------------

function matching(groups, typed) {
  const wanted = typed.trim().toLowerCase();
  return groups.map((group) => ({ ...group, options: group.options.filter((each) => each.label.toLowerCase().includes(wanted)) }))
    .filter((group) => group.options.length > 0);
}

const channels = () => store.state.channels.filter((each) => each.members.includes(store.persona))
  .map((each) => ({ value: each.id, label: `#${each.name}` }));
const users = () => personas().map((each) => ({ value: each.id, label: each.real_name, description: role_of(each) }));

const sources = {
  static_select: (slot) => group_options(slot.element),
  multi_static_select: (slot) => group_options(slot.element),
  users_select: () => [{ label: '', options: users() }],
  multi_users_select: () => [{ label: '', options: users() }],
  channels_select: () => [{ label: '', options: channels() }],
  conversations_select: () => [{ label: '', options: channels() }],
};

function select(slot) {
  const { block, element, ctx } = slot;
  const source = sources[element.type];
  const least = element.min_query_length ?? 3;
  const props = field_props(slot);
  return combobox({
    id: props.id, focus: props['data-focus'], described_by: props['aria-describedby'], wrong: slot.wrong,
    chosen: ctx.entry(block, element).map((each) => ({ ...each, label: source && !element.type.includes('static') ? name_of(each.value) ?? each.label : each.label })),
    multiple: is_multiple(element), most: element.max_selected_items, slow: !source,
    placeholder: element.placeholder?.text ?? (is_multiple(element) ? 'Choose options' : 'Choose an option'),
    load: async (typed) => (source ? matching(source(slot), typed) : ctx.suggest(block, element, typed)),
    empty: (typed) => (!source && [...typed].length < least ? `Type ${least} letters or more` : null),
    changed: (choices) => changed(slot, choices),
  });
}

// --- fields ---------------------------------------------------------------------------------------

const kinds = { plain_text_input: 'text', email_text_input: 'email', url_text_input: 'url', number_input: 'text',
  datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' };

// datetimepicker: seconds on the wire, the reader's own time in the field.
function local_time(seconds) {
  const at = new Date(Number(seconds) * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

// When the bot hears of what is typed: by default at Enter, which in another field sends the form.
function dispatch(slot, node, entered) {
  if (slot.element.type !== 'plain_text_input') {
    node.addEventListener('change', () => act(slot, entered()));
    return;
  }
  const when = slot.element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  if (when.includes('on_character_entered')) node.addEventListener('input', () => act(slot, entered()));
  if (when.includes('on_enter_pressed')) node.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    act(slot, entered());
  });
}

function field(slot) {
  const { block, element, ctx, input } = slot;
  const moment = element.type === 'datetimepicker';
  const standing = ctx.entry(block, element)[0]?.value ?? '';
  const node = el(element.multiline ? 'textarea' : 'input', { ...field_props(slot), autocomplete: 'off',
    type: element.multiline ? null : kinds[element.type], inputmode: element.type === 'number_input' ? 'decimal' : null,
    placeholder: element.placeholder?.text, rows: element.multiline ? '3' : null });
  node.value = moment && standing !== '' ? local_time(standing) : standing;
  const entered = () => {
    const value = moment && node.value !== '' ? String(Math.floor(new Date(node.value).getTime() / 1000)) : node.value;
    return value === '' ? [] : [{ value, label: value }];
  };
  if (input) node.addEventListener('input', () => ctx.set(block, element, entered()));
  if (!input || block.dispatch_action) dispatch(slot, node, entered);
  return node;
}

function boxes(slot) {
  const { block, element, ctx } = slot;
  const many = element.type === 'checkboxes';
  const name = new_id('group');
  const standing = ctx.entry(block, element).map((each) => each.value);
  const node = el('div', { class: 'boxes', role: many ? 'group' : 'radiogroup', 'aria-labelledby': slot.label_id, 'aria-describedby': slot.described_by });
  const checked = () => element.options.filter((each, i) => node.querySelectorAll('input')[i].checked).map(described);
  node.append(...element.options.map((each) => el('label', {},
    el('input', { type: many ? 'checkbox' : 'radio', name, value: each.value, checked: standing.includes(each.value), 'data-focus': `${focus_name(slot)} ${each.value}`,
      onchange: () => changed(slot, checked()) }),
    el('span', {}, text_of(each.text), each.description ? el('small', {}, text_of(each.description)) : null))));
  return node;
}

export function image(element) {
  const wrong = (node) => node.replaceWith(el('span', { class: 'no-image' }, element.alt_text));
  if (!element.image_url) return el('span', { class: 'no-image' }, element.alt_text);
  return el('img', { src: element.image_url, alt: element.alt_text, onerror: (event) => wrong(event.target) });
}

const no_files = (slot) => el('input', { ...field_props(slot), type: 'text', disabled: true, value: 'The sandbox takes no files.' });

const drawers = {
  button, overflow, image: (slot) => image(slot.element), checkboxes: boxes, radio_buttons: boxes, file_input: no_files,
  static_select: select, external_select: select, users_select: select, conversations_select: select, channels_select: select,
  multi_static_select: select, multi_external_select: select, multi_users_select: select,
};
for (const type of Object.keys(kinds)) drawers[type] = field;

export const is_group = (element) => drawers[element.type] === boxes;

// What nobody should have sent, or this page does not know: said, not left out.
export const wrong = (what) => el('div', { class: 'unknown', role: 'note' }, icon('warning'), `This page does not know how to show: ${what}`);

// With the triangle beside it when the bot did not answer a click on it.
export function element_node(slot) {
  const draw = drawers[slot.element?.type];
  if (!draw) return wrong(`an element of type “${slot.element?.type}”`);
  const node = draw(slot);
  if (click_status(slot.ctx.where, slot.block, slot.element) !== 'trouble') return node;
  return el('span', { class: 'troubled' }, node, el('span', { class: 'trouble', role: 'alert' }, icon('warning'), trouble_text));
}
