// An app on @slack/socket-mode alone.
import { LogLevel, SocketModeClient } from '@slack/socket-mode';
import { appToken, list, reply, slackApiUrl, store } from './app.js';

const client = new SocketModeClient({ appToken, clientOptions: { slackApiUrl }, logLevel: LogLevel.ERROR });

client.on('slash_commands', async ({ ack, body }) => {
  await ack(body.text === 'list' ? list(body.user_id) : reply);
});
client.on('interactive', async ({ ack, body }) => {
  if (store) await store(body);
  await ack();
});

await client.start();
