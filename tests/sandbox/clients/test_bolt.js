// An app written with @slack/bolt, against the sandbox instead of Slack.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { make_app } from './bolt_app.js';
import * as people from './people.js';

const { SLACK_API_URL: slackApiUrl, SLACK_APP_TOKEN: appToken, SLACK_BOT_TOKEN: token } = process.env;
const app = make_app({ appToken, token, clientOptions: { slackApiUrl } });

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
