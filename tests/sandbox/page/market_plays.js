// What others do to AWS's side of the story, and how AWS behaves: a colleague in the console, the
// ISV with authorizations of every kind, rights that are missing, and what AWS leaves open.
import { el } from './dom.js';
import { store } from './store.js';
import { toast } from './toast.js';
import { post } from './wire.js';

async function pull(path, body, words) {
  const reply = await post(path, body);
  if (reply.ok) toast(reply.status === 'FAILED' ? 'AWS refuses that: see the change sets.' : words);
}

const button = (label, focus, onclick) => el('button', { type: 'button', class: 'button small', 'data-focus': focus, onclick }, label);

function choice(label, focus, options, value, onchange) {
  return el('select', { 'data-focus': focus, 'aria-label': label, onchange: (event) => onchange(event.target.value) },
    ...options.map(([key, words]) => el('option', { value: key, selected: key === value }, words)));
}

const of_a_draft = [
  ['name', 'another name'], ['markup', 'another markup'], ['buyers', 'other buyers'], ['countries', 'only for Germany'],
  ['legal', 'another EULA'], ['term', 'another term'], ['date', 'another date'], ['price', 'a price of their own'],
  ['schedule', 'other instalments'], ['release', 'release it by hand'],
];
const of_a_released_one = [['extend', 'extend it by 120 days'], ['cancel', 'cancel it'], ['name', 'another name'], ['term', 'another term']];
const chosen = {}; // by offer, or by the name of a lever

// "A colleague in the console: [another markup] [Do it]"
export function colleague(id, released) {
  const acts = released ? of_a_released_one : of_a_draft;
  const act = acts.some(([key]) => key === chosen[id]) ? chosen[id] : acts[0][0];
  return el('div', { class: 'row' },
    el('label', { class: 'quiet' }, 'A colleague in the console: ', choice('What the colleague does', `act ${id}`, acts, act, (value) => { chosen[id] = value; })),
    button('Do it', `colleague ${id}`, () => pull('market/colleague', { offer: id, act: chosen[id] ?? acts[0][0] }, 'The colleague did it in the AWS console; the bot is not told.')));
}

const endings = [['CANCELLED', 'cancelled by the buyer'], ['TERMINATED', 'terminated by AWS'], ['EXPIRED', 'expired'], ['REPLACED', 'replaced'],
  ['RENEWED', 'renewed'], ['ROLLED_BACK', 'rolled back'], ['SUPERSEDED', 'superseded'], ['ARCHIVED', 'archived'], ['ACTIVE', 'active again']];

export function agreement_end(id, status) {
  const how = chosen[id] ?? endings[0][0];
  return el('div', { class: 'row' }, el('span', { class: 'quiet' }, `${id}: ${status.toLowerCase()}`),
    choice('How the agreement ends', `end ${id}`, endings, how, (value) => { chosen[id] = value; }),
    button('Set it', `agreement ${id}`, () => pull('market/agreement', { agreement: id, status: chosen[id] ?? how }, 'The agreement changed at AWS; the bot has to look.')));
}

const kinds = [
  ['usage', 'by use, one dimension'], ['metered', 'by use, three dimensions'], ['contract', 'contract of 12 months'],
  ['instalments', 'contract in instalments'], ['consumption', 'contract with consumption'], ['configurable', 'configurable contract'],
];
const limits = [['', 'as often as wanted'], ['dated', 'until a date'], ['once', 'good for one offer']];

function extend() {
  const kind = chosen.kind ?? 'usage';
  const limit = chosen.limit ?? '';
  const end = new Date(Date.now() + 90 * 86400000).toISOString().replace(/T.*/, 'T23:59:59.999Z');
  return pull('market/extend', {
    name: `Archera-Partner-${kind === 'usage' ? 'Subscription' : kind}-${new Date().getFullYear() + 1}`, kind,
    ...(limit === 'dated' && { end }), ...(limit === 'once' && { single_use: true }),
  }, 'Reserved AI extended a new authorization. The bot lists them every ten minutes, and after each publication.');
}

export const isv_levers = () => [
  el('label', { class: 'code' }, 'priced ', choice('Kind of authorization', 'kind', kinds, chosen.kind, (value) => { chosen.kind = value; })),
  el('label', { class: 'code' }, 'to be used ', choice('Use of the authorization', 'limit', limits, chosen.limit, (value) => { chosen.limit = value; })),
  el('button', { type: 'button', class: 'button', 'data-focus': 'extend', onclick: extend }, 'Extend a new resale authorization'),
];

const lever = (label, body, words) => el('button', { type: 'button', class: 'button', 'data-focus': label, onclick: () => pull('fault', body, words) }, label);

// One switch: words to choose from, or a number.
function way([key, words]) {
  const label = key.replaceAll('_', ' ');
  const value = store.state.market.ways[key];
  const control = Array.isArray(words)
    ? choice(label, `way ${key}`, words.map((each) => [each, each.replaceAll('_', ' ')]), value, (one) => pull('fault', { [key]: one }, `${label}: ${one.replaceAll('_', ' ')}.`))
    : el('input', { type: 'number', min: 0, max: 1000, value: String(value), 'data-focus': `way ${key}`, 'aria-label': label,
      onchange: (event) => pull('fault', { [key]: Number(event.target.value) }, `${label}: ${event.target.value}.`) });
  return el('label', { class: 'code' }, `${label} `, control);
}

export const rights_levers = () => [
  el('h2', {}, 'Rights of the bot at AWS'),
  lever('It may change nothing', { deny: 'StartChangeSet' }, 'AWS denies every change set: the policy does not allow it.'),
  lever('The seller is not verified', { deny: 'StartChangeSet', why: 'kyc' }, 'AWS denies every change set: KYC is not finished.'),
  lever('It may not see agreements', { deny: 'SearchAgreements' }, 'AWS denies looking for agreements.'),
  lever('All is allowed again', { allow: '*' }, 'AWS denies nothing any more.'),
  el('details', { class: 'part', open: chosen.ways === true, ontoggle: (event) => { chosen.ways = event.target.open; } }, el('summary', { 'data-focus': 'ways' }, 'What AWS leaves open'),
    ...Object.entries(store.state.market.choices).map(way)),
];
