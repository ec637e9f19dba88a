// An app on @slack/bolt, as its makers' guide would have it written.
import bolt from '@slack/bolt';
import { appToken, list, reply, slackApiUrl, store, token } from './app.js';

const app = new bolt.App({ socketMode: true, appToken, token, clientOptions: { slackApiUrl }, logLevel: bolt.LogLevel.ERROR });

app.command('/cppo', async ({ command, ack }) => {
  await ack(command.text === 'list' ? list(command.user_id) : reply);
});
app.action(/./, async ({ action, ack }) => {
  if (store) await store(action);
  await ack();
});
app.view('offer_form', async ({ view, ack }) => {
  if (store) await store(view.state.values);
  await ack();
});

await app.start();
