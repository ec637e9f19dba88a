// How the sandbox starts: on the next free port, in words; and what its help promises.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { url } from './people.js';

const program = '.build/asan/cppo-sandbox';

test('a port that is in use: it says so, and takes the next free one', async () => {
  const port = Number(new URL(url).port);
  const dir = mkdtempSync('.build/asan/worlds/clients/start-');
  const sandbox = spawn(program, ['--port', `${port}`, '--dir', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = [];
  for await (const line of createInterface(sandbox.stdout)) {
    lines.push(line);
    if (line === 'ready') break;
  }
  const [, next] = /^port \d+ is in use, so it is (\d+)$/.exec(lines[0]) ?? assert.fail(lines[0]);
  assert.ok(Number(next) > port);
  assert.equal(lines[1], `page http://127.0.0.1:${next}/`);
  sandbox.kill();
  assert.deepEqual(await once(sandbox, 'exit'), [0, null]);
});

test('with a bot to start, it ends by saying where to look', async () => {
  const dir = mkdtempSync('.build/asan/worlds/clients/demo-');
  const sandbox = spawn(program, ['--port', '0', '--dir', dir, '--', 'sleep', '60'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = [];
  for await (const line of createInterface(sandbox.stdout)) {
    lines.push(line);
    if (line.startsWith('Open')) break;
  }
  const address = lines.find((line) => line.startsWith('page ')).slice(5, -1);
  assert.equal(lines.at(-1), `Open ${address} in a browser. Ctrl-C ends it.`);
  sandbox.kill();
  await once(sandbox, 'exit');
});

test('a port that is none is refused in words', () => {
  const { status, stderr } = spawnSync(program, ['--port', 'http'], { encoding: 'utf8' });
  assert.equal(status, 2);
  assert.match(stderr, /“http” is not a port/);
});

test('the help lists every fault that can be ordered', () => {
  const { stdout } = spawnSync(program, ['--help'], { encoding: 'utf8' });
  for (const key of ['where', 'method', 'match', 'skip', 'times', 'error', 'status', 'retry_after', 'drop', 'delay_ms',
    'body', 'pad', 'sockets', 'ping_ms', 'clear', 'change_set', 'tokens', 'list_lag_ms'])
    assert.match(stdout, new RegExp(`"${key}"`));
  for (const word of ['upgrade', 'hello', 'ping', 'pong', 'close', 'ack', 'payload', 'ephemeral_outside', 'grid', 'warning, refresh_requested, link_disabled',
    'cut', 'mute', 'ghost'])
    assert.match(stdout, new RegExp(`^ +${word}`, 'm'));
});

// The status of a GET of the state, with these headers.
const status_with = (headers) => new Promise((done, fail) => {
  get(`${url}/_sandbox/state`, { headers, agent: false }, (reply) => { reply.resume(); done(reply.statusCode); }).on('error', fail);
});

test('a page of another site has no say here', async () => {
  const { host, port } = new URL(url);
  assert.equal(await status_with({ Host: host, Origin: `http://${host}` }), 200);
  assert.equal(await status_with({ Host: `localhost:${port}`, Origin: `http://localhost:${port}` }), 200);
  assert.equal(await status_with({ Host: host, Origin: 'https://evil.example' }), 403);
  assert.equal(await status_with({ Host: host, Origin: 'null' }), 403);
  assert.equal(await status_with({ Host: host, Origin: `http://127.0.0.1:${Number(port) + 1}` }), 403);
  assert.equal(await status_with({ Host: `127.0.0.1.evil.example:${port}` }), 403);
  assert.equal(await status_with({ Host: 'localhost.evil.example' }), 403);
});
