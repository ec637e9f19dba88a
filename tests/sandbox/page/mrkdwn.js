// Slack's mrkdwn, and text objects, as nodes.
import { el, link, safe_url } from './dom.js';
import { name_of } from './people.js';
import { formatted } from './times.js';

const decode = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

const emoji = {
  white_check_mark: '✅', heavy_check_mark: '✔️', x: '❌', warning: '⚠️', tada: '🎉', rocket: '🚀', hourglass: '⌛',
  hourglass_flowing_sand: '⏳', no_entry: '⛔', information_source: 'ℹ️', pencil2: '✏️', memo: '📝', lock: '🔒', bell: '🔔',
  large_yellow_circle: '🟡', large_green_circle: '🟢', red_circle: '🔴', thumbsup: '👍', '+1': '👍', wave: '👋', eyes: '👀',
  package: '📦', link: '🔗', arrow_right: '➡️', moneybag: '💰', thinking_face: '🤔', smile: '😄',
};

// A code that is not known stays as it was typed, as in Slack.
export const emoji_of = (name) => emoji[name];
export const with_emoji = (text) => text.replace(/:([a-z0-9_+]+):/g, (code, name) => emoji[name] ?? code);

export const mention = (id, label, sign = '@') => el('span', { class: 'mention' }, sign + (name_of(id) ?? label ?? id));

function date(body) {
  const [head, fallback] = [body.slice(0, body.lastIndexOf('|')), body.slice(body.lastIndexOf('|') + 1)];
  const [, seconds, format, url] = (body.includes('|') ? head : body).split('^');
  const text = format === undefined ? fallback : formatted(seconds, decode(format)) ?? decode(fallback);
  return url && safe_url(decode(url)) ? link(decode(url), text) : document.createTextNode(text);
}

// What stands between < and >.
function special(body) {
  const bar = body.indexOf('|');
  const [target, label] = bar < 0 ? [body] : [body.slice(0, bar), decode(body.slice(bar + 1))];
  if (target.startsWith('!date^')) return date(body);
  if (target.startsWith('#')) return mention(target.slice(1), label, '#');
  if (target.startsWith('!subteam^')) return mention(target.slice('!subteam^'.length), label);
  if (target.startsWith('@') || target.startsWith('!')) return mention(target.slice(1), label);
  const url = decode(target);
  return safe_url(url) ? link(url, label ?? url) : document.createTextNode(`<${decode(body)}>`);
}

const pattern = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\p{L}\p{N}~])|(https?:\/\/[^\s<>]+)/gu;

// ${verbatim}: an address that nobody put between < and > stays text, as in Slack.
function inline(text, verbatim) {
  const out = document.createDocumentFragment();
  let last = 0;
  for (const found of text.matchAll(pattern)) {
    out.append(with_emoji(decode(text.slice(last, found.index))));
    last = found.index + found[0].length;
    const [, pre, code, angle, bold, italic, strike, url] = found;
    if (pre !== undefined) out.append(el('pre', {}, decode(pre.replace(/^\n/, ''))));
    else if (code !== undefined) out.append(el('code', {}, decode(code)));
    else if (angle !== undefined) out.append(special(angle));
    else if (bold !== undefined) out.append(el('b', {}, inline(bold, verbatim)));
    else if (italic !== undefined) out.append(el('i', {}, inline(italic, verbatim)));
    else if (strike !== undefined) out.append(el('s', {}, inline(strike, verbatim)));
    else out.append(verbatim ? decode(url) : link(decode(url), decode(url)));
  }
  out.append(with_emoji(decode(text.slice(last))));
  return out;
}

// Lines that begin with > are quoted.
export function mrkdwn(text, verbatim = false) {
  const out = document.createDocumentFragment();
  const parts = text.split(/((?:^&gt; ?.*(?:\n|$))+)/m);
  for (const part of parts) {
    if (/^&gt;/.test(part)) out.append(el('blockquote', {}, inline(part.replace(/^&gt; ?/gm, '').replace(/\n$/, ''), verbatim)));
    else if (part !== '') out.append(inline(part, verbatim));
  }
  return out;
}

// A text object: mrkdwn, or plain text, where only emoji codes mean something.
export function text_of(object) {
  if (!object) return '';
  return object.type === 'mrkdwn' ? mrkdwn(object.text, object.verbatim) : with_emoji(object.text);
}
