// Levers: play the ISV, and bring bad luck.
import { by_id, el, keep_focus, redraw } from './dom.js';
import { icon } from './icons.js';
import { isv_levers, rights_levers } from './market_plays.js';
import { slack_key, slack_levers } from './slack_levers.js';
import { store } from './store.js';
import { toast } from './toast.js';
import { post } from './wire.js';

const QUICK_MS = 300;
const SLOW_MS = 10000;

const codes = ['INVALID_BUYER_ACCOUNTS', 'INCOMPATIBLE_RESALE_AUTHORIZATION', 'INCOMPATIBLE_SELLER_VERIFICATION', 'INVALID_AVAILABILITY_END_DATE'];
let code = codes[0];

async function pull(path, body, words) {
  if ((await post(path, body)).ok) toast(words);
}

const lever = (label, kind, onclick) => el('button', { type: 'button', class: `button ${kind}`, 'data-focus': label, onclick }, label);

function next_fails() {
  return pull('fault', { change_set: 'fail', code, message: 'So it was ordered on this page.' }, `The next change set fails with ${code}.`);
}

const which_code = () => el('label', { class: 'code' }, 'with ', el('select', { 'data-focus': 'code', 'aria-label': 'Code of AWS',
  onchange: (event) => { code = event.target.value; } }, ...codes.map((each) => el('option', { value: each, selected: each === code }, each))));

function contents() {
  return [
    el('h2', {}, 'Bad luck'),
    lever('Next change set fails', '', next_fails), which_code(),
    lever('AWS takes 20 s for a change set', '', () => pull('market/speed', { prepare_ms: SLOW_MS, apply_ms: SLOW_MS },
      'AWS takes its time from now on: approve an offer, and kill the bot meanwhile.')),
    lever('AWS is quick again', '', () => pull('market/speed', { prepare_ms: QUICK_MS, apply_ms: QUICK_MS }, 'New change sets take half a second again.')),
    lever('AWS throttles three calls', '', () => pull('fault', { where: 'aws', method: '*', times: 3, error: 'ThrottlingException' },
      'AWS answers its next three calls with “too many”.')),
    store.state.process === null ? el('p', { class: 'quiet' }, 'The bot was not started by this sandbox, so it cannot be killed from here.')
      : el('button', { type: 'button', class: 'button danger kill', 'data-focus': 'kill', disabled: !store.state.process?.running,
        onclick: () => pull('kill', {}, 'Killed (SIGKILL). It is started again, and goes on where it was.') }, icon('skull'), 'Kill the bot now'),
    el('h2', {}, 'The ISV'),
    ...isv_levers(),
    el('p', { class: 'quiet' }, 'Revoke one above, under Resale authorizations.'),
    ...rights_levers(),
    ...slack_levers(pull, lever),
  ];
}

export function draw_levers() {
  const box = by_id('levers');
  keep_focus(box, () => redraw(box, [store.state.process?.running ?? null, slack_key(), store.state.market.ways], contents));
}
