// A WebSocket client that does as it is told, right or wrong: it says and shows the bare bytes.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const { SLACK_API_URL: api, SLACK_APP_TOKEN: app_token } = process.env;

export async function ticket() {
  const reply = await fetch(`${api}apps.connections.open`, {
    method: 'POST', headers: { Authorization: `Bearer ${app_token}` },
  });
  return new URL((await reply.json()).url);
}

export const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10, FINAL = 0x80;

// One frame of a client; `first` is its first byte.
export function frame(first, payload, masked = true) {
  const bytes = Buffer.from(payload);
  const mask = randomBytes(4);
  const wide = bytes.length > 125;
  const head = Buffer.from([first, (masked ? 0x80 : 0) | (wide ? 126 : bytes.length),
    ...(wide ? [bytes.length >> 8, bytes.length & 0xff] : [])]);
  if (!masked) return Buffer.concat([head, bytes]);
  return Buffer.concat([head, mask, bytes.map((byte, i) => byte ^ mask[i % 4])]);
}

export const close_frame = (code, reason = '') =>
  frame(FINAL | CLOSE, Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]));

// {opcode, text, code, size} of the first frame in `bytes`; undefined while it is not whole.
function read_frame(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] & 0x7f;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < head) return undefined;
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < head + length) return undefined;
  const payload = bytes.subarray(head, head + length);
  const opcode = bytes[0] & 0x0f;
  const close = opcode === CLOSE && length >= 2;
  return { opcode, text: payload.subarray(close ? 2 : 0).toString(), code: close ? payload.readUInt16BE(0) : undefined, size: head + length };
}

export class Wire {
  #bytes = Buffer.alloc(0);
  #wake = () => {};
  ended = false;

  // headers: further ones, undefined takes one away.
  constructor(url, headers = {}) {
    const all = { Host: url.host, Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'), ...headers };
    const lines = Object.entries(all).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket = connect(Number(url.port), url.hostname);
    this.socket.on('data', (bytes) => { this.#bytes = Buffer.concat([this.#bytes, bytes]); this.#wake(); });
    this.socket.on('close', () => { this.ended = true; this.#wake(); });
    this.socket.on('error', () => {});
    this.socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`);
  }

  async #until(take) {
    for (;;) {
      const found = take();
      if (found !== undefined || this.ended) return found;
      await new Promise((wake) => { this.#wake = wake; });
    }
  }

  // The head of the answer to the handshake; undefined: the connection was cut instead.
  head = () => this.#until(() => {
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const head = this.#bytes.subarray(0, end).toString();
    this.#bytes = this.#bytes.subarray(end + 4);
    return head;
  });

  // The next frame; undefined: the connection ended.
  frame = () => this.#until(() => {
    const found = read_frame(this.#bytes);
    if (found) this.#bytes = this.#bytes.subarray(found.size);
    return found;
  });

  // The next frame with this opcode.
  async next(opcode) {
    for (;;) {
      const found = await this.frame();
      if (found === undefined || found.opcode === opcode) return found;
    }
  }

  json = async () => JSON.parse((await this.next(TEXT)).text);
  send = (...frames) => this.socket.write(Buffer.concat(frames));
  ack = ({ envelope_id }, payload) => this.send(frame(FINAL | TEXT, JSON.stringify({ envelope_id, payload })));
  end = () => this.#until(() => undefined);
  async close() {
    this.send(close_frame(1000));
    await this.end();
  }
}

// A connection with its hello.
export async function open(headers) {
  const wire = new Wire(await ticket(), headers);
  const head = await wire.head();
  return { wire, head, hello: await wire.json() };
}
