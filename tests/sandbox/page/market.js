// The right: AWS Marketplace's story, told from what the sandbox's Marketplace holds.
import { by_id, el, keep_focus, redraw } from './dom.js';
import { agreement_end, colleague } from './market_plays.js';
import { accept_by, accounts_of, errors_of, has_end, is_running, offer_of, price_words, state_words, unusable, what_it_does } from './market_words.js';
import { store } from './store.js';
import { civil_day } from './times.js';
import { post } from './wire.js';

const MAX_SETS = 8;

const tag = (text, kind) => el('span', { class: `tag ${kind}` }, text);
const act = (label, focus, onclick) => el('button', { type: 'button', class: 'button small', 'data-focus': focus, onclick }, label);
const nothing = (words) => el('p', { class: 'quiet' }, words);
const newest_first = (object) => Object.entries(object).reverse();

function authorization_card([id, one]) {
  const why = unusable(one);
  return el('li', { class: 'item', 'data-id': id },
    el('div', { class: 'line' }, el('b', {}, one.name), why ? tag(why, 'bad') : tag('usable', 'good')),
    el('p', {}, price_words(one), one.single_use ? ' · good for one offer' : '',
      has_end(one) ? ` · until ${civil_day(one.end)}` : '', one.buyers.length > 0 ? ` · for ${one.buyers.join(', ')}` : ''),
    why ? null : act('Revoke', `revoke ${id}`, () => post('market/revoke', { authorization: id })));
}

function agreement_of(id, account) {
  return Object.values(store.state.market.agreements).find((each) => each.offer === id && each.acceptor === account);
}

function buyer(id, account) {
  const status = agreement_of(id, account)?.status;
  return status ? tag(`${status === 'ACTIVE' ? 'accepted' : status.toLowerCase()} by ${account}`, status === 'ACTIVE' ? 'good' : 'bad')
    : act(`Accept as buyer ${account}`, `accept ${id} ${account}`, () => post('market/accept', { offer: id, account }));
}

const agreements_of = (id) => Object.entries(store.state.market.agreements).filter(([, each]) => each.offer === id);

function offer_card([id, one]) {
  const released = one.State === 'Released';
  return el('li', { class: 'item', 'data-id': id },
    el('div', { class: 'line' }, el('b', {}, one.Name ?? id), tag(released ? 'released' : 'draft', released ? 'good' : '')),
    el('p', {}, one.Description ?? ''),
    el('p', {}, one.MarkupPercentage ? `Markup ${one.MarkupPercentage} % · ` : '', `accept by ${civil_day(accept_by(one))} · ${id}`),
    released ? el('div', { class: 'row' }, ...accounts_of(one).map((account) => buyer(id, account))) : null,
    ...agreements_of(id).map(([agreement, each]) => agreement_end(agreement, each.status)),
    colleague(id, released));
}

function set_card([id, one]) {
  const errors = errors_of(one);
  const kind = { SUCCEEDED: 'good', FAILED: 'bad', CANCELLED: 'bad' }[one.Status] ?? 'busy';
  return el('li', { class: 'item', 'data-id': id },
    el('div', { class: 'line' }, el('b', {}, what_it_does(one)), tag(state_words(one), kind)),
    one.by === 'colleague' ? el('p', {}, 'by a colleague in the console') : null,
    el('p', {}, [offer_of(one.ChangeSetName), id, ...errors].filter((each) => each).join(' · ')));
}

function part(title, open, cards, otherwise) {
  return el('details', { open, class: 'part' }, el('summary', { 'data-focus': `part ${title}` }, title, el('span', { class: 'count' }, String(cards.length))),
    cards.length > 0 ? el('ul', {}, ...cards) : nothing(otherwise));
}

function contents({ authorizations, offers, change_sets }) {
  const released = newest_first(offers).filter(([, one]) => one.State === 'Released');
  const drafts = newest_first(offers).filter(([, one]) => one.State !== 'Released');
  const sets = newest_first(change_sets);
  const running = sets.filter(([, one]) => is_running(one)).length;
  return [
    el('h2', {}, 'AWS Marketplace'),
    part('Released offers', true, released.map(offer_card), 'None yet. The buyer sees an offer once it is released.'),
    part('Marketplace drafts', true, drafts.map(offer_card), 'None. AWS makes one as soon as an offer is sent for approval.'),
    part(running > 0 ? `Change sets (${running} running)` : 'Change sets', true, sets.slice(0, MAX_SETS).map(set_card), 'AWS has been asked for nothing yet.'),
    part('Resale authorizations', false, Object.entries(authorizations).map(authorization_card), 'None: nothing can be sold.'),
  ];
}

// What the reader opened or closed stays so when the story goes on.
export function draw_market() {
  const box = by_id('market');
  const folded = [...box.querySelectorAll('details')].map((each) => each.open);
  keep_focus(box, () => redraw(box, store.state.market, () => contents(store.state.market)));
  box.querySelectorAll('details').forEach((each, i) => { if (folded[i] !== undefined) each.open = folded[i]; });
}
