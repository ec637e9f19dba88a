// The line under the messages: writes, and runs /cppo, whose completions it offers.
import { completions } from './commands.js';
import { by_id, el, keep_focus, new_id, redraw } from './dom.js';
import { is_external, personas } from './people.js';
import { channel_at } from './places.js';
import { shortcuts_key, shortcuts_menu, shortcuts_trouble } from './shortcuts.js';
import { change, store } from './store.js';
import { toast } from './toast.js';
import { post } from './wire.js';

let offered = [];
let active = -1;

function close() {
  offered = [];
  active = -1;
  by_id('completions').hidden = true;
  by_id('line').setAttribute('aria-expanded', 'false');
  by_id('line').removeAttribute('aria-activedescendant');
}

function mark(index) {
  active = index;
  [...by_id('completions').children].forEach((node, i) => node.setAttribute('aria-selected', String(i === active)));
  const node = by_id('completions').children[active];
  if (node) by_id('line').setAttribute('aria-activedescendant', node.id);
  else by_id('line').removeAttribute('aria-activedescendant');
}

function complete(index) {
  const line = by_id('line');
  line.value = offered[index].text;
  line.focus();
  offer();
}

function offer() {
  const typed = by_id('line').value;
  offered = completions(typed);
  if (offered.length === 0) {
    close();
    return;
  }
  by_id('completions').replaceChildren(...offered.map((each, i) => el('li', { role: 'option', id: new_id('completion'),
    onmousedown: (event) => { event.preventDefault(); complete(i); } }, el('b', {}, each.label), el('small', {}, each.words))));
  by_id('completions').hidden = false;
  by_id('line').setAttribute('aria-expanded', 'true');
  // a word that was begun is completed by Enter; a whole one is sent
  mark(/[ =]$/.test(typed) || typed === '/cppo' ? -1 : 0);
}

function keys(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (offered.length === 0) return;
  if (step) mark((active + step + offered.length) % offered.length);
  else if ((event.key === 'Enter' && active >= 0) || (event.key === 'Tab' && !event.shiftKey)) complete(Math.max(active, 0));
  else if (event.key === 'Escape') close();
  else return;
  event.preventDefault();
}

// What Slack itself says about a command it cannot run.
function refusal(text) {
  const command = text.split(' ')[0];
  const me = personas().find((each) => each.id === store.persona);
  if (command !== '/cppo') return `${command} is not a valid command.`;
  return is_external(me) ? '/cppo is not a valid command for you: it belongs to an app of another workspace.' : null;
}

async function send(event) {
  event.preventDefault();
  const line = by_id('line');
  const text = line.value.trim();
  if (text === '') return;
  const refused = text.startsWith('/') ? refusal(text) : null;
  if (refused) {
    toast(refused);
    return;
  }
  line.value = '';
  close();
  const channel = channel_at(store.persona, store.place).id;
  await post(text.startsWith('/') ? 'command' : 'post', { user: store.persona, channel, text });
}

// Put ${text} into the line, for the reader to send.
export function propose(text) {
  const line = by_id('line');
  change({ thread: null });
  line.value = text;
  line.focus();
  offer();
}

export function draw_composer() {
  const channel = channel_at(store.persona, store.place);
  by_id('line').placeholder = channel?.name ? `Message #${channel.name}, or type /cppo` : 'Message';
  const box = by_id('shortcuts');
  keep_focus(box, () => redraw(box, [store.persona, shortcuts_key()],
    () => [shortcuts_menu(), shortcuts_trouble()].filter((each) => each)));
}

export function open_composer() {
  const line = by_id('line');
  line.addEventListener('input', offer);
  line.addEventListener('focus', offer);
  line.addEventListener('blur', close);
  line.addEventListener('keydown', keys);
  by_id('composer').addEventListener('submit', send);
}
