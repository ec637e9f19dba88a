// What a first visitor may do here, wherever they are; put away, and brought back, by a click.
import { propose } from './composer.js';
import { by_id, el, keep_focus, redraw } from './dom.js';
import { icon } from './icons.js';
import { become, go_to } from './sidebar.js';
import { change, store } from './store.js';

const KEPT = 'cppo-hint-closed';
let closed = localStorage.getItem(KEPT) !== null;

function set_closed(value) {
  closed = value;
  if (closed) localStorage.setItem(KEPT, 'yes');
  else localStorage.removeItem(KEPT);
  change();
}

// --- the steps, ticked off by what has happened ------------------------------------------------------

const of_app = (id) => (store.state.channels.find((each) => each.id === id)?.messages ?? []).filter((each) => each.bot_id);
const was_read = (place, ts) => Object.entries(store.seen).some(([key, seen]) => key.endsWith(` ${place}`) && seen >= ts);

function is_published() {
  const first = of_app('C0OFFERS')[0];
  return first !== undefined && was_read('C0OFFERS', first.ts);
}

const steps = [
  { words: 'As Sam, send the line, choose an authorization, send the form.', label: 'Put it in for me',
    is_done: () => of_app('C0APPROVALS').length > 0,
    act: () => {
      become('U0SELLER');
      go_to('C0DEALDESK');
      propose('/cppo new Example Corp 25% 123456789012');
    } },
  { words: 'As Mia, press Approve on the card.', label: 'Be Mia in #approvals',
    is_done: () => Object.values(store.state.market.change_sets).some((each) => JSON.stringify(each).includes('"ReleaseOffer"')),
    act: () => {
      become('U0MIA');
      go_to('C0APPROVALS');
    } },
  { words: 'See it published.', label: 'Look at #offers', is_done: is_published, act: () => go_to('C0OFFERS') },
];

function step({ words, label, act }, index, now, done) {
  const classes = [done ? 'done' : '', index === now ? 'now' : ''].filter((each) => each).join(' ');
  return el('li', { class: classes, 'aria-current': index === now ? 'step' : null },
    el('b', { class: 'number' }, done ? icon('check') : String(index + 1), el('span', { class: 'hidden' }, done ? ' done: ' : ': ')), words, ' ',
    done && index < 2 ? null : el('button', { type: 'button', class: 'button small', 'data-focus': `step ${index + 1}`, onclick: act }, label));
}

const contents = (done, now) => [
  el('button', { type: 'button', class: 'plain', 'aria-label': 'Close this hint', onclick: () => set_closed(true) }, icon('close')),
  done[0] ? null : el('p', {}, 'Nothing here is real: a Slack workspace and an AWS Marketplace on your own machine. Sell a private offer in three steps.'),
  el('ol', {}, ...steps.map((each, i) => step(each, i, now, done[i]))),
  done[0] && now >= 0 ? null : el('p', { class: 'quiet after' }, now < 0 ? 'That was a sale, as far as you go. ' : '',
    'Then try to break it, in the pane at the right: let AWS take its time, approve, and kill the bot meanwhile.'),
].filter((each) => each);

export function draw_hint() {
  const box = by_id('hint');
  const done = steps.map((each) => each.is_done());
  const now = done.indexOf(false);
  box.hidden = closed;
  box.classList.toggle('all-done', now < 0);
  by_id('show-hint').setAttribute('aria-expanded', String(!closed));
  keep_focus(box, () => redraw(box, [closed, done], () => (closed ? [] : contents(done, now))));
}

export function open_hint() {
  by_id('show-hint').append(icon('help'));
  by_id('show-hint').addEventListener('click', () => set_closed(!closed));
}
