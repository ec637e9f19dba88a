// The markdown block: the common part of Markdown, as Slack translates it.
import { el, link, safe_url } from './dom.js';

const pattern = /`([^`]+)`|\*\*(.+?)\*\*|\*([^*]+?)\*|_([^_]+?)_|~~(.+?)~~|\[([^\]]+)\]\(([^)\s]+)\)/g;

function inline(text) {
  const out = document.createDocumentFragment();
  let last = 0;
  for (const found of text.matchAll(pattern)) {
    const [whole, code, bold, star, line, strike, label, url] = found;
    out.append(text.slice(last, found.index));
    last = found.index + whole.length;
    if (code !== undefined) out.append(el('code', {}, code));
    else if (bold !== undefined) out.append(el('b', {}, inline(bold)));
    else if (star !== undefined || line !== undefined) out.append(el('i', {}, inline(star ?? line)));
    else if (strike !== undefined) out.append(el('s', {}, inline(strike)));
    else out.append(safe_url(url) ? link(url, label) : whole);
  }
  out.append(text.slice(last));
  return out;
}

function line_node(line) {
  const heading = line.match(/^#{1,6} (.*)$/);
  const item = line.match(/^\s*(?:[-*]|(\d+\.)) (.*)$/);
  const quote = line.match(/^> ?(.*)$/);
  if (heading) return el('p', {}, el('b', {}, inline(heading[1])));
  if (item) return el('p', { class: 'item' }, `${item[1] ?? '•'} `, inline(item[2]));
  if (quote) return el('blockquote', {}, inline(quote[1]));
  return /^(---|\*\*\*)$/.test(line) ? el('hr') : el('p', {}, inline(line));
}

export function markdown(text) {
  const parts = text.split(/```\w*\n([\s\S]*?)```/);
  return el('div', { class: 'markdown' }, ...parts.flatMap((part, i) =>
    i % 2 === 1 ? [el('pre', {}, part)] : part.split('\n').filter((line) => line.trim() !== '').map(line_node)));
}
