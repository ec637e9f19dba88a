// Socket Mode byte by byte: what Slack promises, and what RFC 6455 forbids.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import * as people from './people.js';
import { BINARY, CLOSE, FINAL, PING, PONG, TEXT, Wire, close_frame, frame, open, ticket } from './wire.js';

afterEach(() => people.fault({ clear: true }));

const first_line = async (wire) => (await wire.head())?.split('\r\n')[0];
const order = (method, wish = {}) => people.fault({ where: 'socket', method, ...wish });
const befall = (error, sockets = 'all') => order('now', { error, sockets });

test('a ticket is used once', async () => {
  const url = await ticket();
  const wire = new Wire(url);
  assert.match(await wire.head(), /^HTTP\/1.1 101 /);
  assert.equal(await first_line(new Wire(url)), 'HTTP/1.1 403 Forbidden');
  assert.equal(await first_line(new Wire(new URL('/link/?ticket=made-up', url))), 'HTTP/1.1 403 Forbidden');
  await wire.close();
});

test('a handshake that is none is refused', async () => {
  for (const [headers, line] of [
    [{ Upgrade: undefined }, 'HTTP/1.1 400 Bad Request'],
    [{ Connection: 'close' }, 'HTTP/1.1 400 Bad Request'],
    [{ Host: undefined }, 'HTTP/1.1 400 Bad Request'],
    [{ 'Sec-WebSocket-Key': 'c2hvcnQ=' }, 'HTTP/1.1 400 Bad Request'],
    [{ 'Sec-WebSocket-Version': '8' }, 'HTTP/1.1 426 Upgrade Required'],
  ])
    assert.equal(await first_line(new Wire(await ticket(), headers)), line);
  assert.equal(await first_line(new Wire(new URL('/other', await ticket()))), 'HTTP/1.1 404 Not Found');
});

test('hello says what Slack says; no extension is taken up', async () => {
  const { wire, head, hello } = await open({ 'Sec-WebSocket-Extensions': 'permessage-deflate' });
  assert.doesNotMatch(head, /extensions/i);
  assert.equal(hello.type, 'hello');
  assert.equal(hello.num_connections, 1);
  assert.equal(hello.debug_info.approximate_connection_time, 18060);
  assert.match(hello.connection_info.app_id, /^A/);
  await wire.close();
});

test('ten sockets share what happens, each envelope to one; an eleventh is too many', async () => {
  const wires = [];
  for (let i = 1; i <= 10; i++) {
    const { wire, hello } = await open();
    assert.equal(hello.num_connections, i);
    wires.push(wire);
  }
  const { wire: eleventh, hello } = await open();
  assert.deepEqual([hello.type, hello.reason], ['disconnect', 'too_many_websockets']);
  assert.equal((await eleventh.next(CLOSE)).code, 1000);
  const got = wires.map((wire) => wire.json().then((envelope) => { wire.ack(envelope); return envelope.payload.text; }));
  const outcomes = await Promise.all(wires.map((_, i) => people.command('U0SELLER', `/cppo ${i}`)));
  assert.ok(outcomes.every(({ outcome }) => outcome === 'acked'));
  assert.deepEqual((await Promise.all(got)).sort(), [...Array(10).keys()].map(String));
  eleventh.socket.destroy();
  await Promise.all(wires.map((wire) => wire.close()));
});

test('a ghost is counted and is given envelopes, which are lost', async () => {
  const { wire: dead } = await open();
  await befall('ghost');
  await dead.end();
  const { wire, hello } = await open();
  assert.equal(hello.num_connections, 2);
  const answers = Promise.all([people.command('U0SELLER', '/cppo 1'), people.command('U0SELLER', '/cppo 2')]);
  wire.ack(await wire.json());
  assert.deepEqual((await answers).map(({ outcome }) => outcome).sort(), ['acked', 'operation_timeout']);
  await people.fault({ clear: true });
  assert.equal((await people.state()).sockets, 1);
  await wire.close();
});

test('Slack pings, more often and no more when it is told so, and looks at the pong', async () => {
  await order('now', { ping_ms: 40 });
  const from = await people.newest();
  const { wire } = await open();
  assert.match((await wire.next(PING)).text, /^Ping from applink/);
  wire.send(frame(FINAL | PONG, 'something else'));
  await people.seen('complaint', { what: 'a pong that does not echo the ping' }, from);
  await order('ping', { drop: 'before', times: 1000000 });
  const stopped = await people.newest();
  await people.seen('fault', { method: 'ping' }, stopped);
  await people.seen('fault', { method: 'ping' }, await people.newest());
  assert.ok(!(await people.log(stopped)).some(({ kind }) => kind === 'socket.ping'));
  await wire.close();
});

test('a ping of the client is answered with its own words, or not at all', async () => {
  const { wire } = await open();
  wire.send(frame(FINAL | PING, 'hello?'));
  assert.equal((await wire.next(PONG)).text, 'hello?');
  await order('pong', { drop: 'before' });
  wire.send(frame(FINAL | PING, 'one'), frame(FINAL | PING, 'two'));
  assert.equal((await wire.next(PONG)).text, 'two');
  await wire.close();
});

const violations = [
  ['an unmasked frame', [frame(FINAL | TEXT, '{}', false)], 1002, /not masked/],
  ['a reserved bit', [frame(FINAL | 0x40 | TEXT, '{}')], 1002, /reserved bit/],
  ['a continuation of nothing', [frame(FINAL, '{}')], 1002, /continuation/],
  ['a message within a message', [frame(TEXT, '{'), frame(FINAL | TEXT, '}')], 1002, /within/],
  ['a fragmented ping', [frame(PING, '')], 1002, /control frame/],
  ['text that is not UTF-8', [frame(FINAL | TEXT, Buffer.from([0xc3, 0x28]))], 1007, /UTF-8/],
  ['20 481 bytes', [frame(FINAL | TEXT, 'x'.repeat(20481))], 1009, /20480/],
  ['20 481 bytes in two frames', [frame(TEXT, 'x'.repeat(20000)), frame(FINAL, 'x'.repeat(481))], 1009, /20480/],
];
for (const [what, frames, code, reason] of violations)
  test(`${what}: closed with ${code}`, async () => {
    const { wire } = await open();
    wire.send(...frames);
    const close = await wire.next(CLOSE);
    assert.equal(close.code, code);
    assert.match(close.text, reason);
    wire.socket.destroy();
  });

test('20 480 bytes are taken; so are fragments and binary frames, with a complaint', async () => {
  const from = await people.newest();
  const { wire } = await open();
  wire.send(frame(FINAL | TEXT, 'x'.repeat(20480)), frame(TEXT, '{"a"'), frame(FINAL, ':1}'), frame(FINAL | BINARY, 'x'));
  await people.seen('complaint', { what: 'a binary message; Socket Mode is text' }, from);
  assert.deepEqual((await people.complaints(from)).map(({ what }) => what), [
    'a message that is not JSON',
    'a fragmented message; Slack may not put it together',
    'a message without envelope_id',
    'a binary message; Socket Mode is text',
  ]);
  await wire.close();
});

test('a close is answered with the same code, or left hanging', async () => {
  const { wire } = await open();
  wire.send(close_frame(3001, 'bye'));
  assert.equal((await wire.next(CLOSE)).code, 3001);
  await wire.end();
  const from = await people.newest();
  const { wire: other } = await open();
  await order('close', { drop: 'before' });
  other.send(close_frame(1000));
  await people.seen('socket.close', { code: 1000 }, from);
  assert.equal((await people.state()).link.at(-1).state, 'closing');
  other.send(frame(FINAL | PING, 'anybody?'));
  other.socket.destroy();
  await people.seen('socket.down', {}, from);
  assert.equal(await other.next(CLOSE), undefined);
});

// RFC 6455, 1.4: who has said goodbye reads on until the other has, too.
test('what is said before the own close counts, behind it nothing', async () => {
  const from = await people.newest();
  const { wire: heard } = await open();
  await befall('refresh_requested');
  await heard.json();
  void people.command('U0SELLER', '/cppo 1');
  const first = await heard.json();
  assert.equal((await heard.next(CLOSE)).code, 1000);
  heard.ack(first);
  await heard.close();
  await people.seen('envelope.acked', { envelope_id: first.envelope_id }, from);
  const { wire: late } = await open();
  void people.command('U0SELLER', '/cppo 2');
  const second = await late.json();
  late.send(close_frame(1000), frame(FINAL | TEXT, JSON.stringify({ envelope_id: second.envelope_id })));
  await late.end();
  await people.seen('envelope.timeout', { envelope_id: second.envelope_id }, from);
  assert.ok(!(await people.log(from)).some(({ kind, envelope_id }) => kind === 'envelope.acked' && envelope_id === second.envelope_id));
});

test('after a warning a socket still serves; told to refresh, it does not where another is', async () => {
  const { wire: first } = await open();
  await befall('warning');
  assert.equal((await first.json()).reason, 'warning');
  const asked = people.command('U0SELLER', '/cppo 1');
  first.ack(await first.json());
  assert.equal((await asked).outcome, 'acked');
  const { wire: second } = await open();
  await befall('refresh_requested', 'one');
  const [leaving, staying] = await Promise.race([
    first.json().then(() => [first, second]), second.json().then(() => [second, first]),
  ]);
  for (let i = 0; i < 3; i++) {
    const answer = people.command('U0SELLER', `/cppo ${i}`);
    staying.ack(await staying.json());
    assert.equal((await answer).outcome, 'acked');
  }
  assert.equal((await leaving.next(CLOSE)).code, 1000);
  await Promise.all([leaving.close(), staying.close()]);
});

test('link_disabled, too_many_websockets: said, then closed', async () => {
  for (const reason of ['link_disabled', 'too_many_websockets']) {
    const { wire } = await open();
    await befall(reason);
    assert.equal((await wire.json()).reason, reason);
    await wire.close();
  }
});

test('an upgrade is refused with the status that was ordered, or cut', async () => {
  for (const status of [408, 409, 500, 503]) {
    await order('upgrade', { status });
    assert.match(await first_line(new Wire(await ticket())), new RegExp(`^HTTP/1.1 ${status} `));
  }
  await order('upgrade', { drop: 'before' });
  assert.equal(await new Wire(await ticket()).head(), undefined);
});

test('instead of hello there is a reason, or nothing', async () => {
  await order('hello', { error: 'link_disabled' });
  const { wire, hello } = await open();
  assert.deepEqual([hello.type, hello.reason], ['disconnect', 'link_disabled']);
  await wire.close();
  await order('hello', { drop: 'before' });
  const mute = new Wire(await ticket());
  await mute.head();
  mute.send(frame(FINAL | PING, 'hello?'));
  assert.equal((await mute.frame()).opcode, PONG);
  await mute.close();
});

test('a mute socket is counted, and nothing comes or is heard', async () => {
  const { wire } = await open();
  await befall('mute');
  wire.send(frame(FINAL | PING, 'hello?'));
  const { wire: second, hello } = await open();
  assert.equal(hello.num_connections, 2);
  wire.socket.destroy();
  await second.close();
});

test('a fault that makes no sense is refused in words', async () => {
  assert.match((await order('now', { error: 'sleep' })).error, /befall/);
  assert.match((await order('hallo', { error: 'x' })).error, /hallo/);
  assert.match((await order('now', { ping_ms: 0 })).error, /ping_ms/);
  assert.match((await order('now', { error: 'cut', sockets: 'some' })).error, /sockets is/);
  assert.match((await order('now', { error: 'cut', socket: 'one' })).error, /“socket”/);
  assert.match((await people.fault({ where: 'moon' })).error, /where is/);
  assert.match((await people.fault({ where: 'slack', times: '2' })).error, /times is a whole number/);
  assert.match((await people.fault({ where: 'slack', error: 7 })).error, /error is a text/);
  assert.match((await people.fault({ where: 'slack', drop: 'later' })).error, /drop is/);
});
