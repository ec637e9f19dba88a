// What the composer knows of /cppo.
import { store } from './store.js';

const subcommands = [
  { name: 'new', rest: '[Example Corp 25% 123456789012 60d]', words: 'request a private offer' },
  { name: 'list', rest: '[state:pending customer:acme age:>3d]', words: 'your offers, and those waiting for a decision; or those that you look for' },
  { name: 'mine', rest: '[state:failed]', words: 'your offers alone' },
  { name: 'search', rest: 'acme', words: "offers by the customer's name, or by an account", },
  { name: 'show', rest: 'CPPO-n', words: 'one offer with its history', offer: true },
  { name: 'edit', rest: 'CPPO-n', words: 'change one of your offers and send it again', offer: true },
  { name: 'copy', rest: 'CPPO-n', words: 'request a new offer, filled with what another holds', offer: true },
  { name: 'withdraw', rest: 'CPPO-n', words: 'withdraw one of your offers', offer: true },
  { name: 'nudge', rest: 'CPPO-n', words: 'ask those whose decision is missing, once a day', offer: true },
  { name: 'break-glass', rest: 'CPPO-n', words: 'approve one alone in an emergency, if you may', offer: true },
  { name: 'hold', rest: 'CPPO-n', words: 'stop one that is approved before it is released', offer: true },
  { name: 'schedule', rest: 'CPPO-n 2026-12-01 09:00 Europe/Berlin', words: 'set when to publish one', offer: true },
  { name: 'help', rest: '', words: 'everything you can type' },
];

const fields = [
  ['customer', '"Example Corp"'], ['buyers', '123456789012'], ['markup', '25'], ['offer_name', '"Archera - Subscription"'], ['accept_by', '2027-01-31'],
  ['term', '10'], ['eula', 'standard'], ['authorization', '"Archera-Partner-Subscription-2024"'], ['note', '"Signed by March"'],
];

// Offers that this person has read about: their numbers, the newest first.
function offers() {
  const texts = JSON.stringify([store.state.channels.filter((each) => each.members.includes(store.persona)),
    store.state.dms.filter((each) => each.user === store.persona)]);
  return [...new Set(texts.match(/CPPO-\d+/g) ?? [])].sort((a, b) => b.slice(5) - a.slice(5)).slice(0, 6);
}

function after_new(typed) {
  const head = typed.slice(0, typed.lastIndexOf(' ') + 1);
  const word = typed.slice(head.length);
  return fields.filter(([name]) => name.startsWith(word) && word !== name && !typed.includes(`${name}=`))
    .map(([name, example]) => ({ text: `${head}${name}=`, label: `${name}=`, words: `for example ${name}=${example}` }));
}

// Completions for what is typed: [{text: the line then, label, words, whole: can be sent as it is}].
export function completions(typed) {
  if (!typed.startsWith('/')) return [];
  if (!typed.includes(' ') && typed !== '/cppo')
    return '/cppo'.startsWith(typed) ? [{ text: '/cppo ', label: '/cppo', words: 'private offers on AWS Marketplace' }] : [];
  const [, word = '', rest] = typed.match(/^\/cppo ?(\S*)( .*)?$/) ?? [null, null];
  if (!typed.startsWith('/cppo') || word === null) return [];
  if (rest === undefined)
    return subcommands.filter((each) => each.name.startsWith(word) && each.name !== word)
      .map((each) => ({ text: `/cppo ${each.name}${each.offer ? ' ' : ''}`, label: `/cppo ${each.name} ${each.rest}`, words: each.words }));
  if (word === 'new') return after_new(typed);
  if (!subcommands.find((each) => each.name === word)?.offer) return [];
  return offers().filter((each) => each.startsWith(rest.trim()) && each !== rest.trim())
    .map((each) => ({ text: `/cppo ${word} ${each}`, label: each, words: 'an offer that you have read about' }));
}
