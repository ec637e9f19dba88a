// A client that loses its connection in every way that Slack knows comes back, and misses nothing
// that comes later.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as people from './people.js';
import { App } from './socket_app.js';

const { SLACK_API_URL: slackApiUrl, SLACK_APP_TOKEN: appToken, SLACK_BOT_TOKEN: token } = process.env;
// The client's own settings; with those that it comes with it would wait for 5 and 30 s.
const patience = { clientPingTimeout: 1500, serverPingTimeout: 3000 };
const app = new App({ appToken, token, slackApiUrl, patience });

// Wait for what follows: the client comes back on a new ticket.
async function comes_back(from) {
  await people.seen('slack.call', { method: 'apps.connections.open', ok: true }, from);
  await people.seen('socket.up', {}, from);
  assert.equal((await people.command('U0SELLER', '/cppo here')).outcome, 'acked');
}

// Slack pings oftener than the client's patience is long; nothing else goes wrong.
async function calm() {
  await people.fault({ clear: true });
  await people.fault({ where: 'socket', method: 'now', ping_ms: 200 });
}

before(async () => {
  await calm();
  for (const status of [408, 409, 503]) await people.fault({ where: 'socket', method: 'upgrade', status });
  await app.start();
});
after(() => app.stop());

test('an upgrade that is refused with 408, 409 and 503 is tried again, each time on a new ticket', async () => {
  const entries = await people.log();
  const opens = entries.filter((entry) => entry.kind === 'slack.call' && entry.method === 'apps.connections.open');
  assert.equal(opens.length, 4);
  assert.equal(entries.filter((entry) => entry.kind === 'socket.up').length, 1);
});

for (const reason of ['warning', 'refresh_requested', 'cut'])
  test(`after ${reason} the client comes back`, async () => {
    const from = await people.newest();
    await people.fault({ where: 'socket', method: 'now', error: reason });
    await comes_back(from);
  });

for (const reason of ['too_many_websockets', 'link_disabled'])
  test(`refused with ${reason} instead of hello, the client tries again`, async () => {
    const from = await people.newest();
    await people.fault({ where: 'socket', method: 'hello', error: reason });
    await people.fault({ where: 'socket', method: 'now', error: 'cut' });
    await comes_back(from);
    const opens = (await people.log(from)).filter(({ method }) => method === 'apps.connections.open');
    assert.ok(opens.length >= 2);
  });

test('when the pings of Slack stop, the client leaves', async () => {
  const from = await people.newest();
  await people.seen('socket.ping', {}, from);
  await people.fault({ where: 'socket', method: 'ping', drop: 'before', times: 1000 });
  await people.seen('socket.close', {}, from);
  await calm();
  await comes_back(from);
});

test('when its own pings are not answered, the client leaves', async () => {
  const from = await people.newest();
  await people.fault({ where: 'socket', method: 'pong', drop: 'before', times: 1000 });
  await people.seen('socket.close', {}, from);
  await calm();
  await comes_back(from);
});

test('an acknowledgement above 20 480 bytes ends the connection with 1009', async () => {
  const from = await people.newest();
  app.answer = () => ({ text: 'x'.repeat(20480) });
  await people.command('U0SELLER', '/cppo');
  const complaint = await people.seen('complaint', { what: 'a violation of RFC 6455' }, from);
  app.answer = () => undefined;
  assert.equal(complaint.detail, 'the message is too big');
  await comes_back(from);
});
