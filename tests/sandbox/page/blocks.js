// Block Kit: blocks as nodes. ${ctx} is the message, modal or Home tab that they stand in:
//   where                        {view_id} or {channel, ts}
//   entry(block, element)        what stands in an element: choices, see values.js
//   set(block, element, choices) something was filled in
//   click(block, element, value)
//   suggest(block, element, text) -> Promise of [{label, options}]; null: the bot did not answer
//   error(block)                 the text beside an input, or undefined
import { el } from './dom.js';
import { element_node, image, is_group, wrong } from './elements.js';
import { icon } from './icons.js';
import { markdown } from './markdown.js';
import { text_of, with_emoji } from './mrkdwn.js';
import { rich_text } from './rich_text.js';

function section(block, ctx) {
  return el('div', { class: 'section' },
    el('div', { class: 'words' },
      block.text ? el('div', { class: 'text' }, text_of(block.text)) : null,
      block.fields ? el('div', { class: 'fields' }, ...block.fields.map((field) => el('div', { class: 'text' }, text_of(field)))) : null),
    block.accessory ? el('div', { class: 'accessory' }, element_node({ block, element: block.accessory, ctx, input: false })) : null);
}

function context(block) {
  return el('div', { class: 'context' }, ...block.elements.map((item) => {
    if (item.type === 'image') return image(item);
    return ['mrkdwn', 'plain_text'].includes(item.type) ? el('span', { class: 'text' }, text_of(item)) : wrong(`“${item.type}” in a context`);
  }));
}

function input(block, ctx) {
  const id = `input-${ctx.where.view_id}-${block.block_id}`;
  const error = ctx.error(block);
  const group = is_group(block.element);
  const described_by = [error ? `${id}-error` : null, block.hint ? `${id}-hint` : null].filter((each) => each).join(' ') || null;
  const label = [text_of(block.label), block.optional ? el('small', {}, ' (optional)') : null];
  return el('div', { class: error ? 'input wrong' : 'input', 'data-block': block.block_id },
    group ? el('div', { class: 'label', id: `${id}-label` }, ...label) : el('label', { class: 'label', for: id }, ...label),
    element_node({ block, element: block.element, ctx, id, input: true, wrong: Boolean(error), described_by, label_id: `${id}-label` }),
    error ? el('p', { class: 'error', id: `${id}-error` }, icon('warning'), error) : null,
    block.hint ? el('p', { class: 'hint', id: `${id}-hint` }, text_of(block.hint)) : null);
}

const picture = (block) => el('figure', {}, block.title ? el('figcaption', {}, text_of(block.title)) : null, image(block));

const drawers = {
  header: (block) => el('h3', { class: 'header' }, with_emoji(block.text.text)),
  divider: () => el('hr'),
  section, context, input,
  actions: (block, ctx) => el('div', { class: 'actions' }, ...block.elements.map((element) => element_node({ block, element, ctx, input: false }))),
  image: picture,
  file: (block) => el('div', { class: 'file' }, icon('link'), `A file kept elsewhere (${block.external_id})`),
  markdown: (block) => markdown(block.text),
  rich_text: (block) => rich_text(block, wrong),
};

function block_node(block, ctx) {
  const draw = drawers[block.type];
  if (!draw) return wrong(`a block of type “${block.type}”`);
  try {
    return draw(block, ctx);
  } catch (error) {
    return wrong(`a broken block of type “${block.type}” (${error.message})`);
  }
}

export const blocks_node = (blocks, ctx) => el('div', { class: 'blocks' }, ...blocks.map((block) => block_node(block, ctx)));
