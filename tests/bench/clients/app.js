// What the clients in JavaScript share. The environment says where Slack is, with what to answer
// (BENCH_REPLY), where the offers of `list` stand (BENCH_OFFERS), and, where what people do is to be
// kept before it is acknowledged, in which file (BENCH_STORE).
import fs from 'node:fs';

const { SLACK_API_URL: slackApiUrl, SLACK_APP_TOKEN: appToken, SLACK_BOT_TOKEN: token, BENCH_REPLY, BENCH_OFFERS, BENCH_STORE } = process.env;
export { appToken, slackApiUrl, token };

export const reply = JSON.parse(fs.readFileSync(BENCH_REPLY));

// The offers of a person, as a command is answered with them.
export let list = () => reply;
if (BENCH_OFFERS) {
  const { DatabaseSync } = await import('node:sqlite');
  const offers = new DatabaseSync(BENCH_OFFERS, { readOnly: true });
  const newest = offers.prepare('SELECT block FROM offer WHERE requester = ? ORDER BY number DESC LIMIT 100');
  const heading = JSON.parse(offers.prepare('SELECT message FROM heading').get().message);
  list = (user) => ({ ...heading, blocks: newest.all(user).map(({ block }) => JSON.parse(block)) });
}

// Keep a line; it is on the disk when this returns.
export let store = null;
if (BENCH_STORE) {
  const file = await fs.promises.open(BENCH_STORE, 'a');
  store = async (body) => {
    await file.appendFile(`${JSON.stringify(body)}\n`);
    await file.datasync();
  };
}
