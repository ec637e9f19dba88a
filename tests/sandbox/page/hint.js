// What a first visitor may do here; put away for good by a click.
import { propose } from './composer.js';
import { by_id, el, redraw } from './dom.js';
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

function ask_for_an_offer() {
  become('U0SELLER');
  go_to('C0DEALDESK');
  propose('/cppo new');
}

function decide() {
  become('U0MIA');
  go_to('C0APPROVALS');
}

const step = (number, words, label, act) => el('li', {}, el('b', {}, `${number} `), words, ' ',
  el('button', { type: 'button', class: 'button small', 'data-focus': `step ${number}`, onclick: act }, label));

const contents = () => [
  el('button', { type: 'button', class: 'plain', 'aria-label': 'Close this hint', onclick: () => set_closed(true) }, icon('close')),
  el('p', {}, 'Nothing here is real: a Slack workspace and an AWS Marketplace on your own machine. Sell a private offer in three steps.'),
  el('ol', {},
    step(1, 'As Sam, type /cppo new and send the form.', 'Put it in for me', ask_for_an_offer),
    step(2, 'As Mia, press Approve on the card.', 'Be Mia in #approvals', decide),
    step(3, 'See it published.', 'Look at #offers', () => go_to('C0OFFERS'))),
  el('p', { class: 'quiet' }, 'Then try to break it, in the pane of the Marketplace: let AWS take its time, approve, and kill the bot meanwhile.'),
];

export function draw_hint() {
  const box = by_id('hint');
  box.hidden = closed || store.place !== 'C0DEALDESK';
  redraw(box, box.hidden, () => (box.hidden ? [] : contents()));
}

export function open_hint() {
  by_id('show-hint').append(icon('help'));
  by_id('show-hint').addEventListener('click', () => set_closed(!closed));
}
