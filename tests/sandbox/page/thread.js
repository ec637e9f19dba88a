// A thread, at the right.
import { by_id, el, keep_focus, redraw } from './dom.js';
import { message_key, message_node } from './message.js';
import { channel_at, mark_thread_seen, messages_at, replies_to } from './places.js';
import { change, store } from './store.js';
import { toast } from './toast.js';
import { post } from './wire.js';

function rows() {
  const channel = channel_at(store.persona, store.place);
  const all = messages_at(store.persona, store.place);
  const root = all.find((each) => each.ts === store.thread);
  if (!channel || !root) return [];
  return [root, ...replies_to(all, root.ts)].map((message) => ({ message, channel, all, compact: false, in_thread: true }));
}

export function draw_thread() {
  const list = store.thread ? rows() : [];
  const was_open = !by_id('thread').hidden;
  const open = list.length > 0;
  by_id('thread').hidden = !open;
  document.body.classList.toggle('with-thread', open);
  if (!open) return;
  if (!document.hidden) mark_thread_seen(store.persona, list.slice(1).map((row) => row.message));
  by_id('thread-form').hidden = list[0].channel.is_archived;
  keep_focus(by_id('replies'), () => redraw(by_id('replies'), list.map(message_key), () => list.flatMap((row, i) => {
    const count = list.length - 1;
    const bar = i === 0 && count > 0 ? el('div', { class: 'divider' }, el('span', {}, `${count} ${count === 1 ? 'reply' : 'replies'}`)) : null;
    return bar ? [message_node(row), bar] : [message_node(row)];
  })));
  if (!was_open) by_id('thread-line').focus();
}

export function open_threads() {
  const close = () => {
    const ts = store.thread;
    change({ thread: null });
    by_id('messages').querySelector(`[data-ts="${CSS.escape(ts)}"] .tools button`)?.focus();
  };
  by_id('thread-close').addEventListener('click', close);
  by_id('thread').addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });
  by_id('thread-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const line = by_id('thread-line');
    const text = line.value.trim();
    if (text === '') return;
    if (text.startsWith('/')) {
      toast(`${text.split(' ')[0]} is not supported in threads. Sorry!`);
      return;
    }
    line.value = '';
    await post('post', { user: store.persona, channel: store.place, text, thread_ts: store.thread });
  });
}
