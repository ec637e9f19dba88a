// Who is who.
import { el } from './dom.js';
import { store } from './store.js';

const roles = {
  U0SELLER: 'requester: asks for offers',
  U0MIA: 'manager: approves',
  U0MAX: 'manager: approves',
  U0OLGA: 'operator: runs the bot',
  U0OTTO: 'colleague, decides nothing',
  U0GUS: 'guest',
  U0INES: 'from Reserved AI, the ISV',
  U0SUE: 'from the sister workspace',
  U0GIL: 'guest of the sister workspace',
};

export const is_external = (user) => user.team_id !== store.state.team.id;
// Of the sister workspace: another workspace of the same organisation.
export const is_of_sister = (user) => user.team_id === 'T0SISTER';

export function role_of(user) {
  if (roles[user.id]) return roles[user.id];
  if (is_external(user)) return 'from another organisation';
  return user.is_restricted ? 'guest' : 'colleague';
}

export const personas = () => store.state.users.filter((user) => !user.is_bot && !user.deleted);

export function name_of(id) {
  if (id === 'USLACKBOT') return 'Slackbot';
  const state = store.state;
  return state.users.find((user) => user.id === id)?.real_name
    ?? state.groups.find((group) => group.id === id)?.handle
    ?? state.channels.find((channel) => channel.id === id)?.name;
}

const hues = [285, 205, 160, 30, 335, 100, 250];

function hue_of(id) {
  const index = store.state.users.findIndex((user) => user.id === id);
  return hues[(index < 0 ? 3 : index) % hues.length];
}

// A square with the initials; decoration only, the name stands beside it.
export function avatar(id) {
  if (id === store.state.bot.user_id) return el('span', { class: 'avatar bot', 'aria-hidden': 'true' }, 'C');
  const words = (name_of(id) ?? '?').split(' ');
  const letters = words[0][0] + (words.length > 1 ? words.at(-1)[0] : '');
  const node = el('span', { class: 'avatar', 'aria-hidden': 'true' }, letters.toUpperCase());
  node.style.setProperty('--hue', hue_of(id));
  return node;
}
