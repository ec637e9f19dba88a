// Levers of the Slack side: what happens to a workspace around a bot, and what Slack may do one way or another.
import { el } from './dom.js';
import { name_of, personas } from './people.js';
import { channel_at } from './places.js';
import { store } from './store.js';
import { post } from './wire.js';

const AWAY_MS = 10000;
const MANAGERS = 'S0MANAGERS';

const here = () => (store.place === 'app' ? null : channel_at(store.persona, store.place));
const managers = () => store.state.groups.find((each) => each.id === MANAGERS);
const who_left = () => store.state.users.filter((user) => user.deleted && !user.is_bot);

// Everything that the levers are drawn from.
export const slack_key = () => [store.persona, store.place, here()?.bot_member, here()?.is_ext_shared, managers()?.disabled ?? null, managers()?.users ?? null,
  who_left().map((user) => user.id), personas().filter((user) => user.unseen).map((user) => user.id), store.state.switches];

let known = null; // the managers, as they were before the group was deleted

function channel_levers(pull, lever) {
  const channel = here();
  if (!channel) return [];
  const name = `#${channel.name}`;
  const change = (changes, words) => () => pull('channel', { channel: channel.id, ...changes }, words);
  return [
    channel.bot_member ? lever(`Take CPPO out of ${name}`, '', change({ bot_member: false }, `CPPO is not in ${name} any more. Answers to what is typed there still appear.`))
      : lever(`Invite CPPO to ${name}`, '', change({ bot_member: true }, `CPPO is in ${name} again.`)),
    channel.is_ext_shared ? lever(`Share ${name} with nobody`, '', change({ is_ext_shared: false }, `${name} is for our own organisation again.`))
      : lever(`Share ${name} with Reserved AI`, '', change({ is_ext_shared: true }, `${name} is shared with the ISV: cppo-bot check says so where it matters.`)),
  ];
}

function group_levers(pull, lever) {
  const group = managers();
  known = group?.users ?? known;
  const give = () => pull('group', { group: MANAGERS, users: known ?? [], disabled: false }, 'The group @managers is there again.');
  if (!group || group.disabled) return [lever('Give back the group @managers', '', give)];
  return [
    lever('Disable the group @managers', '', () => pull('group', { group: MANAGERS, disabled: true }, 'The group @managers is disabled: try to approve as Mia.')),
    lever('Delete the group @managers', '', () => pull('group', { group: MANAGERS, gone: true }, 'The group @managers is gone: try to approve as Mia.')),
  ];
}

function people_levers(pull, lever) {
  const leave = () => pull('user', { user: store.persona, deleted: true }, `${name_of(store.persona)} has left. Messages to them succeed, and nobody reads them.`);
  const hidden = (user) => (user.unseen ?? '') !== '';
  const hide = (user, unseen) => () => pull('user', { user: user.id, unseen }, unseen ? `Slack does not let the app see ${user.real_name} any more.` : `The app sees ${user.real_name} again.`);
  const me = personas().find((user) => user.id === store.persona);
  return [
    hidden(me) ? lever(`Let the app see ${me.real_name}`, '', hide(me, '')) : lever(`Hide ${me.real_name} from the app`, '', hide(me, 'user_not_visible')),
    personas().length > 1 ? lever(`${name_of(store.persona)} leaves the company`, '', leave) : null,
    ...who_left().map((user) => lever(`${user.real_name} comes back`, '', () => pull('user', { user: user.id, deleted: false }, `${user.real_name} is back.`))),
  ];
}

const turn = (each) => el('label', { class: 'switch' }, each.about,
  el('select', { 'data-focus': `switch ${each.name}`, onchange: (event) => post('slack', { [each.name]: event.target.value }) },
    ...each.values.map((value) => el('option', { value, selected: value === each.value }, value.replaceAll('_', ' ')))));

let is_open = false;

// ${pull}, ${lever}: how the other levers do it.
export function slack_levers(pull, lever) {
  return [
    el('h2', {}, 'Slack'),
    lever('Slack goes away for 10 s', '', () => pull('away', { ms: AWAY_MS }, 'Slack is gone for ten seconds: sockets cut, no call answered.')),
    lever('Delete the app and make it anew', '', () => pull('app', { invited: true }, 'The app is another one now: the old cards belong to nobody, and cannot be changed.')),
    ...[...channel_levers(pull, lever), ...group_levers(pull, lever), ...people_levers(pull, lever)].filter((each) => each),
    el('details', { open: is_open, class: 'part', ontoggle: (event) => { is_open = event.target.open; } },
      el('summary', { 'data-focus': 'switches' }, 'What Slack may do one way or another'), ...store.state.switches.map(turn)),
  ];
}
