// The rich_text block: sections, lists, quotes and code, each of styled pieces.
import { el, link, safe_url } from './dom.js';
import { emoji_of, mention } from './mrkdwn.js';
import { formatted } from './times.js';

function styled(node, style = {}) {
  let out = node;
  for (const [name, tag] of [['code', 'code'], ['strike', 's'], ['italic', 'i'], ['bold', 'b'], ['underline', 'u']])
    if (style[name]) out = el(tag, {}, out);
  return out;
}

function piece(item, wrong) {
  switch (item.type) {
    case 'text': return styled(document.createTextNode(item.text), item.style);
    case 'link': return styled(safe_url(item.url) ? link(item.url, item.text ?? item.url) : document.createTextNode(item.url), item.style);
    case 'emoji': return document.createTextNode(emoji_of(item.name) ?? `:${item.name}:`);
    case 'user': return styled(mention(item.user_id), item.style);
    case 'usergroup': return mention(item.usergroup_id);
    case 'channel': return styled(mention(item.channel_id, undefined, '#'), item.style);
    case 'broadcast': return mention(item.range, item.range);
    case 'date': return document.createTextNode(formatted(String(item.timestamp), item.format) ?? item.fallback ?? '');
    case 'color': return el('code', {}, item.value);
    default: return wrong(`${item.type} in rich text`);
  }
}

function part(item, wrong) {
  const pieces = () => (item.elements ?? []).map((each) => piece(each, wrong));
  switch (item.type) {
    case 'rich_text_section': return el('p', {}, ...pieces());
    case 'rich_text_quote': return el('blockquote', {}, ...pieces());
    case 'rich_text_preformatted': return el('pre', {}, ...pieces());
    case 'rich_text_list':
      return el(item.style === 'ordered' ? 'ol' : 'ul', { class: `indent-${item.indent ?? 0}`, start: item.offset ? item.offset + 1 : null },
        ...(item.elements ?? []).map((each) => el('li', {}, part(each, wrong))));
    default: return wrong(`${item.type} in rich text`);
  }
}

// ${wrong}(what): the node that tells of something unknown.
export const rich_text = (block, wrong) => el('div', { class: 'rich text' }, ...(block.elements ?? []).map((each) => part(each, wrong)));
