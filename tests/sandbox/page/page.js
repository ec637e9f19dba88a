// The workspace in the browser: follows the sandbox's state, draws it, acts through /_sandbox/.
import { draw_channel } from './channel.js';
import { draw_composer, open_composer } from './composer.js';
import { by_id } from './dom.js';
import { draw_hint, open_hint } from './hint.js';
import { icon } from './icons.js';
import { draw_levers } from './levers.js';
import { add_log } from './log.js';
import { draw_market } from './market.js';
import { draw_modals } from './modals.js';
import { open_panes } from './panes.js';
import { seen_at, settle } from './places.js';
import { draw_sidebar } from './sidebar.js';
import { change, recall, store, subscribe, watch } from './store.js';
import { draw_thread, open_threads } from './thread.js';

function draw_bar() {
  const { sockets, process, away_ms } = store.state;
  let words = sockets > 0 ? 'Bot connected' : 'Bot connects …';
  if (process && !process.running) words = 'Bot is down, it starts again';
  else if (!process && sockets === 0) words = 'No bot is connected';
  if (away_ms > 0) words = 'Slack is away';
  if (store.lost) words = 'The sandbox does not answer';
  const bot = by_id('bot');
  bot.className = store.lost || sockets === 0 || away_ms > 0 ? 'down' : 'up';
  if (bot.textContent !== words) bot.textContent = words;
}

function open_bar() {
  by_id('show-side').append(icon('menu'));
  by_id('show-market').append(icon('shop'));
  by_id('send').append(icon('send'));
  by_id('thread-send').append(icon('send'));
  by_id('thread-close').append(icon('close'));
}

function draw() {
  settle();
  store.since ??= seen_at(store.persona, store.place);
  draw_thread(); // what is read in it is not new to the rest
  draw_bar();
  draw_sidebar();
  draw_hint();
  draw_channel();
  draw_composer();
  draw_market();
  draw_levers();
  draw_modals();
}

recall();
open_bar();
open_hint();
open_composer();
open_threads();
open_panes();
subscribe(draw);
document.addEventListener('visibilitychange', () => { if (!document.hidden) change(); });
watch(add_log);
