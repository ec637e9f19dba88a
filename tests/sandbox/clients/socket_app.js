// An app on @slack/socket-mode and @slack/web-api alone, which keeps what it was told. Nothing in
// it knows of the sandbox but the address that it is given.
import { LogLevel, SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';

const plain = (text) => ({ type: 'plain_text', text });
export const section = (text) => ({ type: 'section', text: { type: 'mrkdwn', text } });
export const modal = (callback_id, ...blocks) => ({
  type: 'modal', callback_id, title: plain('A form'), submit: plain('Send'), blocks,
});
export const input = (block_id, element = { type: 'plain_text_input' }) => ({
  type: 'input', block_id, label: plain(block_id), element: { action_id: block_id, ...element },
});
export const buttons = (block_id, ...ids) => ({
  type: 'actions', block_id, elements: ids.map((id) => ({ type: 'button', action_id: id, text: plain(id), value: id })),
});
export const option = (value) => ({ text: plain(value), value });

export class App {
  // answer(body): what to acknowledge with; undefined: nothing more; null: do not acknowledge.
  // patience: further settings of the socket's client.
  constructor({ appToken, token, slackApiUrl, answer = () => undefined, patience }) {
    const clientOptions = { slackApiUrl, logLevel: LogLevel.ERROR };
    this.web = new WebClient(token, clientOptions);
    this.got = [];
    this.answer = answer;
    this.socket = new SocketModeClient({
      appToken, clientOptions: { ...clientOptions }, logger: silent, ...patience,
    });
    this.socket.on('slack_event', (event) => this.take(event));
    this.socket.on('error', (error) => this.got.push({ error }));
  }

  async take({ ack, body, ...rest }) {
    this.got.push({ body, ...rest });
    const answer = await this.answer(body, this.web);
    if (answer !== null) await ack(answer);
  }

  start = () => this.socket.start();
  stop = () => this.socket.disconnect();
  last = (type) => this.got.findLast(({ body }) => body?.type === type || body?.event?.type === type || body?.command === type);
}

const nothing = () => {};
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing, setLevel: nothing, getLevel: () => LogLevel.ERROR, setName: nothing };
