// The sandbox's proxy, as Node's own HTTP client sees one.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import * as people from './people.js';

const { host } = new URL(people.url);

// CONNECT ${target} through the proxy at ${port}; {status, socket, headers}.
async function connect(port, target, words) {
  const headers = words ? { 'Proxy-Authorization': `Basic ${Buffer.from(words).toString('base64')}` } : {};
  const asked = request({ host: '127.0.0.1', port, method: 'CONNECT', path: target, headers });
  asked.end();
  const [reply, socket] = await once(asked, 'connect');
  return { status: reply.statusCode, headers: reply.headers, socket };
}

// The status of the state, asked for by ${socket}.
async function state_by(socket) {
  const asked = request({ createConnection: () => socket, path: '/_sandbox/state', headers: { Host: host } });
  asked.end();
  const [reply] = await once(asked, 'response');
  reply.resume();
  await once(reply, 'end');
  return reply.statusCode;
}

test('what goes through arrives', async () => {
  const { port } = await people.proxy({});
  const { status, socket } = await connect(port, host);
  assert.equal(status, 200);
  assert.equal(await state_by(socket), 200);
  socket.destroy();
  assert.deepEqual((await people.seen('proxy.connect', { target: host })).status, 200);
});

test('a user and a password are asked for, and nothing else does', async () => {
  const { port } = await people.proxy({ user: 'deal-desk', password: 'sé:cret' });
  const without = await connect(port, host);
  assert.equal(without.status, 407);
  assert.match(without.headers['proxy-authenticate'], /^Basic /);
  assert.equal((await connect(port, host, 'deal-desk:other')).status, 407);
  const { status, socket } = await connect(port, host, 'deal-desk:sé:cret');
  assert.equal(status, 200);
  socket.destroy();
  await people.proxy({});
});

test('it leads nowhere but here, and can be made to refuse', async () => {
  const { port } = await people.proxy({});
  assert.equal((await connect(port, 'slack.com:443')).status, 403);
  assert.equal((await connect(port, '127.0.0.1:1')).status, 502);
  await people.fault({ where: 'proxy', status: 503 });
  assert.equal((await connect(port, host)).status, 503);
  await people.fault({ where: 'proxy' });
  await assert.rejects(connect(port, host), { code: 'ECONNRESET' });
  const plain = request({ host: '127.0.0.1', port, path: people.url });
  plain.end();
  const [reply] = await once(plain, 'response');
  reply.resume();
  assert.equal(reply.statusCode, 405);
});
