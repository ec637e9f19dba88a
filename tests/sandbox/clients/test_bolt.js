// An app written with @slack/bolt, against the sandbox instead of Slack.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { make_app } from './bolt_app.js';
import * as people from './people.js';

const { SLACK_API_URL: slackApiUrl, SLACK_APP_TOKEN: appToken, SLACK_BOT_TOKEN: token } = process.env;
const app = make_app({ appToken, token, clientOptions: { slackApiUrl } });

const heard = []; // the payloads that Bolt handed to listeners
app.use(async ({ body, next }) => {
  heard.push(body);
  await next();
});

before(() => app.start());
after(() => app.stop());

test('a slash command is answered in its acknowledgement', async () => {
  const answer = await people.command('U0SELLER', '/cppo a <b> & c');
  assert.equal(answer.outcome, 'acked');
  assert.equal((await people.whispers('U0SELLER')).at(-1).text, 'You said: a &lt;b&gt; &amp; c');
});

test('a slash command is answered through its response_url', async () => {
  const from = await people.newest();
  await people.command('U0MIA', '/cppo later');
  await people.seen('slack.response', { ok: true }, from);
  assert.equal((await people.whispers('U0MIA')).at(-1).text, 'Here it is.');
});

async function open_form(user) {
  const from = await people.newest();
  await people.command(user, '/cppo form');
  await people.seen('view.opened', { user, callback_id: 'order' }, from);
  const found = await people.suggest(user, 'vendor', 'a');
  assert.deepEqual(found.options.map((option) => option.value), ['Acme', 'Archera']);
}

test('a modal shows errors beside the field, then what an update puts there', async () => {
  await open_form('U0SELLER');
  const wrong = await people.submit('U0SELLER', { amount: 'lots', vendor: 'Archera' });
  assert.deepEqual(wrong.errors, { amount: 'A number, such as 100.' });
  assert.equal(wrong.closed, false);
  await people.submit('U0SELLER', { amount: '250' });
  const [done] = await people.modals('U0SELLER');
  assert.equal(done.view.callback_id, 'done');
  assert.equal(done.view.blocks[0].text.text, '250 from Archera');
  assert.equal((await people.submit('U0SELLER', {})).closed, true);
  assert.deepEqual(await people.modals('U0SELLER'), []);
});

test('a modal is pushed on another, and both are cleared', async () => {
  await open_form('U0MAX');
  await people.submit('U0MAX', { amount: '20000', vendor: 'Acme' });
  const stack = await people.modals('U0MAX');
  assert.deepEqual(stack.map((entry) => entry.view.callback_id), ['order', 'large']);
  assert.equal(stack[1].view.previous_view_id, stack[0].id);
  await people.submit('U0MAX', {});
  assert.deepEqual(await people.modals('U0MAX'), []);
});

test('a button in a modal changes it, and what was typed stays', async () => {
  await open_form('U0MIA');
  await people.submit('U0MIA', { amount: 'x', vendor: 'Acme' });
  const from = await people.newest();
  const [{ id }] = await people.modals('U0MIA');
  await people.click('U0MIA', { view_id: id }, 'hint');
  await people.seen('view.updated', { how: 'updated' }, from);
  const [form] = await people.modals('U0MIA');
  assert.equal(form.view.blocks.at(-1).block_id, 'help');
  assert.deepEqual(form.values, { amount: 'x', vendor: 'Acme' });
});

test('closing a modal is told to the app that asked for it', async () => {
  await open_form('U0OLGA');
  const from = await people.newest();
  await people.close('U0OLGA', { all: true });
  await people.seen('slack.message', { what: 'posted', text: 'Closed, all of it.' }, from);
});

test('a button on a card: a person of another organisation clicks, the card changes', async () => {
  const from = await people.newest();
  await people.command('U0SELLER', '/cppo card');
  const { ts } = await people.seen('slack.message', { what: 'posted', channel: 'C0DEALDESK' }, from);
  await people.click('U0INES', { channel: 'C0DEALDESK', ts }, 'approve');
  await people.seen('slack.response', { ok: true }, from);
  const card = (await people.messages('C0DEALDESK')).find((message) => message.ts === ts);
  assert.equal(card.text, 'Approved: order 7');
  assert.equal(card.blocks[0].text.text, 'Approved by <@U0INES> of T0ISV, for T0HOME');
  assert.equal((await people.whispers('U0INES')).at(-1).text, 'Thank you.');
});

const of_both = { team: { id: 'T0HOME', domain: 'partner' }, token: 'sandbox-verification', is_enterprise_install: false, enterprise: null };

// A payload without what is new each time, whose form is checked.
function steady({ trigger_id, action_ts, ...rest }) {
  assert.match(trigger_id, /^\d+\.\d+\.[0-9a-z]+$/i);
  assert.match(action_ts, /^\d{10}\.\d{6}$/);
  return rest;
}

test('a global shortcut has no place, and its trigger opens a form', async () => {
  const from = await people.newest();
  const { outcome, ack } = await people.shortcut('U0OTTO', 'new_offer');
  assert.deepEqual([outcome, ack], ['acked', {}]);
  await people.seen('view.opened', { user: 'U0OTTO', callback_id: 'order' }, from);
  assert.deepEqual(steady(heard.at(-1)), { ...of_both, type: 'shortcut', callback_id: 'new_offer', user: { id: 'U0OTTO', username: 'otto', team_id: 'T0HOME' } });
  await people.close('U0OTTO', { all: true });
});

// What a message's shortcut brings, used by this person on this message, and answered to them alone.
async function use_on(user, channel, ts, text) {
  const from = await people.newest();
  assert.equal((await people.shortcut(user, 'offer_of_message', { channel, ts })).outcome, 'acked');
  await people.seen('slack.response', { ok: true }, from);
  assert.equal((await people.whispers(user)).at(-1).text, `You read: ${text}`);
  const { response_url, ...rest } = steady(heard.at(-1));
  assert.match(response_url, /\/response\//);
  return rest;
}

test('a shortcut of a message brings the message, a reply or a card as well, and changes none', async () => {
  const post = (text, more) => app.client.chat.postMessage({ channel: 'C0APPROVALS', text, ...more });
  const { ts } = await people.post('U0MAX', 'C0APPROVALS', 'Acme wants 25%');
  const used = { ...of_both, type: 'message_action', callback_id: 'offer_of_message',
    user: { id: 'U0SELLER', name: 'sam', team_id: 'T0HOME' }, channel: { id: 'C0APPROVALS', name: 'approvals' } };
  const message = { type: 'message', user: 'U0MAX', team: 'T0HOME', ts, text: 'Acme wants 25%' };
  assert.deepEqual(await use_on('U0SELLER', 'C0APPROVALS', ts, message.text), { ...used, message_ts: ts, message });
  const reply = await people.post('U0MIA', 'C0APPROVALS', 'So does Zenith', { thread_ts: ts });
  const of_reply = await use_on('U0SELLER', 'C0APPROVALS', reply.ts, 'So does Zenith');
  assert.deepEqual([of_reply.message_ts, of_reply.message.thread_ts], [reply.ts, ts]);
  const card = await post('A card', { blocks: [{ type: 'divider', block_id: 'line' }] });
  const of_card = await use_on('U0SELLER', 'C0APPROVALS', card.ts, 'A card');
  assert.equal(of_card.message.bot_id, 'B0BOT');
  assert.deepEqual(of_card.message.blocks, [{ type: 'divider', block_id: 'line' }]);
  assert.deepEqual((await people.messages('C0APPROVALS')).map((each) => each.text), ['Acme wants 25%', 'So does Zenith', 'A card']);
});

test('a shortcut that is not there, on what cannot be seen, or not acknowledged', async () => {
  const { ts } = await people.post('U0OLGA', 'C0OPERATORS', 'Not for all');
  const error = async (...words) => (await people.shortcut(...words)).error;
  assert.equal(await error('U0SELLER', 'nothing'), 'no_such_shortcut');
  assert.equal(await error('U0SELLER', 'offer_of_message'), 'no_such_channel');
  assert.equal(await error('U0SELLER', 'offer_of_message', { channel: 'C0OPERATORS', ts }), 'not_in_channel');
  assert.equal(await error('U0SELLER', 'offer_of_message', { channel: 'C0DEALDESK', ts }), 'no_such_message');
  const whisper = (await people.whispers('U0SELLER')).at(-1);
  assert.equal(await error('U0SELLER', 'offer_of_message', { channel: whisper.channel, ts: whisper.ts }), 'no_such_message');
  assert.equal((await people.shortcut('U0OLGA', 'offer_of_message', { channel: 'C0OPERATORS', ts, drop_ack: true })).outcome, 'timeout');
  const { shortcuts } = await people.state();
  assert.deepEqual(shortcuts.map(({ type, callback_id }) => [type, callback_id]), [['global', 'new_offer'], ['message', 'offer_of_message']]);
  assert.ok(shortcuts.every(({ name }) => name.length <= 24));
});

test('the Home tab is published when it is opened, and again with the hash of its view', async () => {
  for (const visit of ['Visit 1', 'Visit 2']) {
    const from = await people.newest();
    await people.open_home('U0SELLER');
    await people.seen('slack.call', { method: 'views.publish', ok: true }, from);
    assert.equal((await people.home('U0SELLER')).view.blocks[0].text.text, visit);
  }
});

test('told to refresh, the app comes back on a new ticket and answers', async () => {
  const from = await people.newest();
  await people.fault({ where: 'socket', method: 'now', error: 'refresh_requested' });
  await people.seen('socket.close', { code: 1000 }, from);
  assert.equal((await people.command('U0SELLER', '/cppo hello')).outcome, 'dispatch_failed');
  await people.seen('slack.call', { method: 'apps.connections.open', ok: true }, from);
  await people.seen('socket.up', {}, from);
  assert.equal((await people.command('U0SELLER', '/cppo hello')).outcome, 'acked');
});

test('the sandbox has nothing to complain of, but that Bolt asks who it is with the token in the body', async () => {
  const complaints = await people.complaints();
  assert.deepEqual(complaints.map(({ what, method }) => [what, method]), [['a token in the arguments', 'auth.test']]);
});
