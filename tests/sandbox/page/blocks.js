// Block Kit and mrkdwn -> DOM. Everything that people or the bot wrote goes in as text, never as HTML.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (key === 'class') node.className = value;
    else if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (typeof value === 'boolean') node[key] = value;
    else if (value !== undefined && value !== null) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const decode = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
const safe_url = (url) => /^(https?:|mailto:)/i.test(url);

function date(body) {
  const [, seconds, format] = body.split('^');
  const bar = body.lastIndexOf('|');
  const at = new Date(Number(seconds) * 1000);
  if (!Number.isFinite(at.getTime())) return bar >= 0 ? body.slice(bar + 1) : body;
  const day = at.toLocaleDateString(undefined, { dateStyle: 'medium' });
  const time = at.toLocaleTimeString(undefined, { timeStyle: 'short' });
  return format.split('|')[0].replace(/\{date[a-z_]*\}/g, day).replace(/\{time[a-z_]*\}/g, time)
    .replace(/\{ago\}/g, `${day} ${time}`);
}

// What stands between < and >.
function special(body, names) {
  const [target, label] = body.split('|');
  if (target.startsWith('!date^')) return document.createTextNode(date(body));
  if (target.startsWith('@') || target.startsWith('#') || target.startsWith('!')) {
    const id = target.replace(/^!subteam\^/, '').replace(/^[@#!]/, '');
    const sign = target.startsWith('#') ? '#' : '@';
    return el('span', { class: 'mention' }, sign + (names[id] ?? label ?? id));
  }
  const url = decode(target);
  if (!safe_url(url)) return document.createTextNode(`<${decode(body)}>`);
  return el('a', { href: url, target: '_blank', rel: 'noreferrer' }, decode(label ?? target));
}

const pattern = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\p{L}\p{N}~])|(https?:\/\/[^\s<>]+)/gu;

export function mrkdwn(text, names) {
  const out = document.createDocumentFragment();
  let last = 0;
  for (const found of text.matchAll(pattern)) {
    out.append(decode(text.slice(last, found.index)));
    last = found.index + found[0].length;
    const [, pre, code, angle, bold, italic, strike, url] = found;
    if (pre !== undefined) out.append(el('pre', {}, decode(pre)));
    else if (code !== undefined) out.append(el('code', {}, decode(code)));
    else if (angle !== undefined) out.append(special(angle, names));
    else if (bold !== undefined) out.append(el('b', {}, mrkdwn(bold, names)));
    else if (italic !== undefined) out.append(el('i', {}, mrkdwn(italic, names)));
    else if (strike !== undefined) out.append(el('s', {}, mrkdwn(strike, names)));
    else out.append(el('a', { href: decode(url), target: '_blank', rel: 'noreferrer' }, decode(url)));
  }
  out.append(decode(text.slice(last)));
  return out;
}

export function text_of(object, names) {
  if (!object) return '';
  return object.type === 'mrkdwn' ? mrkdwn(object.text, names) : object.text;
}

// Slack's confirm dialog; resolves to whether it was confirmed.
export function ask(confirm, names) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const close = (answer) => { box.remove(); resolve(answer); };
    const box = el('div', { id: 'overlay', class: 'confirm' }, el('div', { class: 'modal', role: 'dialog' },
      el('header', {}, el('h3', {}, text_of(confirm.title, names))),
      el('div', { class: 'body text' }, text_of(confirm.text, names)),
      el('footer', {},
        el('button', { class: 'button', type: 'button', onclick: () => close(false) }, confirm.deny ? text_of(confirm.deny, names) : 'Cancel'),
        el('button', { class: `button ${confirm.style ?? 'primary'}`, type: 'button', onclick: () => close(true) },
          confirm.confirm ? text_of(confirm.confirm, names) : 'Yes'))));
    document.body.append(box);
    box.querySelector('footer button:last-child').focus();
  });
}

function options_of(element) {
  return element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
}

function element_node(block, element, ctx) {
  const act = (value) => ctx.click(block, element, value);
  if (element.type === 'button')
    return el('button', { class: `button ${element.style ?? ''}`, type: 'button', onclick: () => act() }, element.text.text);
  if (element.type === 'image') return el('span', { class: 'hint' }, `[${element.alt_text}]`);
  if (element.type === 'datepicker')
    return el('input', { type: 'date', value: element.initial_date, onchange: (event) => act(event.target.value) });
  const select = el('select', { onchange: (event) => act(event.target.value) },
    el('option', { value: '' }, element.placeholder?.text ?? 'Choose'),
    ...options_of(element).map((option) => el('option', { value: option.value }, option.text.text)));
  return select;
}

function choose_node(input, ctx) {
  const { element, block } = input;
  const node = el('select', { id: input.id }, el('option', { value: '' }, element.placeholder?.text ?? 'Choose an option'),
    ...options_of(element).map((option) => el('option', { value: option.value }, option.text.text)));
  node.value = input.value;
  node.addEventListener('change', () => ctx.typed(block, node.value));
  return node;
}

// Asks the bot for options while one types.
function external_node(input, ctx) {
  const { element, block } = input;
  const box = el('div', {});
  const choices = el('ul', { class: 'choices', hidden: true });
  const field = el('input', { id: input.id, autocomplete: 'off', placeholder: element.placeholder?.text ?? 'Choose an option',
    value: ctx.label(block, input.value) });
  let turn = 0;
  const load = async () => {
    const mine = ++turn;
    const options = await ctx.suggest(block, field.value === ctx.label(block, input.value) ? '' : field.value);
    if (mine !== turn) return;
    choices.replaceChildren(...options.map((option) => el('li', {}, el('button', { type: 'button',
      onmousedown: (event) => {
        event.preventDefault();
        input.value = option.value;
        field.value = option.text.text;
        choices.hidden = true;
        ctx.typed(block, option.value, option.text.text);
      } }, option.text.text))));
    if (options.length === 0) choices.append(el('li', { class: 'hint' }, 'No results'));
    choices.hidden = false;
  };
  field.addEventListener('click', load);
  field.addEventListener('input', load);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' && choices.hidden) load();
    else if (event.key === 'Enter' && !choices.hidden) {
      event.preventDefault();
      choices.querySelector('button')?.dispatchEvent(new MouseEvent('mousedown'));
    } else if (event.key === 'Escape') choices.hidden = true;
  });
  field.addEventListener('blur', () => { turn++; choices.hidden = true; field.value = ctx.label(block, input.value); });
  box.append(field, choices);
  return box;
}

function input_node(block, ctx) {
  const element = block.element;
  const id = `input-${block.block_id}`;
  const input = { block, element, id, value: ctx.value(block) };
  const types = { datepicker: 'date', timepicker: 'time', url_text_input: 'url', email_text_input: 'email', number_input: 'number' };
  let field;
  if (element.type === 'static_select' || element.type === 'radio_buttons') field = choose_node(input, ctx);
  else if (element.type === 'external_select') field = external_node(input, ctx);
  else {
    field = element.multiline ? el('textarea', { id }) : el('input', { id, type: types[element.type] ?? 'text', step: 'any' });
    if (element.placeholder) field.placeholder = element.placeholder.text;
    field.value = input.value;
    field.addEventListener('input', () => ctx.typed(block, field.value));
  }
  const error = ctx.errors[block.block_id];
  return el('div', { class: error ? 'input wrong' : 'input', 'data-block': block.block_id },
    el('label', { for: id }, block.label.text, block.optional ? el('small', {}, ' (optional)') : null),
    field,
    error ? el('div', { class: 'error', role: 'alert' }, error) : null,
    block.hint ? el('div', { class: 'hint' }, block.hint.text) : null);
}

function block_node(block, ctx) {
  const names = ctx.names;
  switch (block.type) {
    case 'header': return el('div', { class: 'header' }, block.text.text);
    case 'divider': return el('hr');
    case 'section':
      return el('div', { class: 'section' }, el('div', { class: 'text' }, text_of(block.text, names),
        block.fields ? el('div', { class: 'fields' }, ...block.fields.map((field) => el('div', { class: 'text' }, text_of(field, names)))) : null),
      block.accessory ? el('div', {}, element_node(block, block.accessory, ctx)) : null);
    case 'context':
      return el('div', { class: 'context text' }, ...block.elements.map((item) =>
        item.type === 'image' ? el('span', {}, `[${item.alt_text}]`) : el('span', {}, text_of(item, names), ' ')));
    case 'actions': return el('div', { class: 'actions' }, ...block.elements.map((element) => element_node(block, element, ctx)));
    case 'input': return input_node(block, ctx);
    case 'image': return el('div', { class: 'hint' }, `[${block.alt_text}]`);
    case 'markdown': return el('div', { class: 'text' }, block.text);
    default: return el('div', { class: 'hint' }, `[${block.type}]`);
  }
}

export function blocks_node(blocks, ctx) {
  return el('div', { class: 'blocks' }, ...blocks.map((block) => block_node(block, ctx)));
}
