// Who is called, and by what: badges of people, channels and threads.
import assert from 'node:assert/strict';
import { picture, says, story } from './story.js';
import { be, go } from './world.js';

const managers = '<!subteam^S0MANAGERS>';

// What the badge beside a person's name counts.
const calls = async (page, name) =>
  Number((await page.locator('#people label', { hasText: name }).locator('.badge').allTextContents())[0]?.match(/\d+/)[0] ?? 0);

// Wait until the page has drawn what the sandbox knows by now.
async function drawn(world, page) {
  const text = `drawn ${Math.random()}`;
  await world.control('post', { user: 'U0OTTO', channel: 'C0DEALDESK', text });
  await says(page, text);
}

story('a group that is mentioned is called, but for the author; an edit calls nobody', async (world, page) => {
  const card = await world.slack('chat.postMessage', { channel: 'C0APPROVALS', text: `A card for ${managers}` });
  await drawn(world, page);
  assert.deepEqual([await calls(page, 'Mia Manager'), await calls(page, 'Max Manager'), await calls(page, 'Otto Outsider')], [1, 1, 0]);
  await picture(page, 'group-badges');
  await be(page, 'Mia Manager');
  await go(page, 'approvals');
  await says(page, 'A card for');
  await go(page, 'deal-desk');
  await world.slack('chat.update', { channel: 'C0APPROVALS', ts: card.ts, text: `Changed, <@U0MIA> ${managers}` });
  await world.slack('chat.postMessage', { channel: 'C0OPERATORS', text: 'something else' });
  await drawn(world, page);
  await page.getByRole('button', { name: 'operators (unread)' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'approvals (unread)' }).count(), 0, 'the edit marks nothing unread');
  await world.control('post', { user: 'U0MIA', channel: 'C0APPROVALS', text: `${managers}, look` });
  await drawn(world, page);
  await be(page, 'Sam Seller');
  assert.deepEqual([await calls(page, 'Mia Manager'), await calls(page, 'Max Manager')], [0, 2], 'nobody is called by their own words');
});

story('a reply calls who follows the thread, not the channel', async (world, page) => {
  const root = await world.control('post', { user: 'U0SELLER', channel: 'C0APPROVALS', text: `For ${managers}` });
  const reply = (text, more = {}) => world.control('post', { user: 'U0OTTO', channel: 'C0APPROVALS', text, thread_ts: root.ts, ...more });
  await go(page, 'approvals');
  await says(page, 'For @managers');
  await go(page, 'deal-desk');
  await world.control('slack', { root_mention: 'does_not_follow' });
  await reply('The first one.');
  await drawn(world, page);
  await be(page, 'Otto Outsider');
  assert.deepEqual([await calls(page, 'Sam Seller'), await calls(page, 'Mia Manager')], [1, 1], 'Mia has the mention alone');
  await world.control('slack', { root_mention: 'follows' });
  await reply('The second one.');
  await drawn(world, page);
  assert.deepEqual([await calls(page, 'Sam Seller'), await calls(page, 'Mia Manager')], [2, 2], 'now Mia follows');
  await be(page, 'Sam Seller');
  assert.equal(await page.getByRole('button', { name: 'approvals (unread)' }).count(), 0, 'the channel is read');
  await picture(page, 'threads');
  await page.getByRole('button', { name: 'Threads 2' }).click();
  await page.getByRole('region', { name: 'Thread' }).getByText('The second one.').waitFor();
  await page.getByRole('button', { name: 'Threads' }).waitFor({ state: 'hidden' });
  await go(page, 'deal-desk');
  await reply('To all of you.', { broadcast: true });
  await page.getByRole('button', { name: 'approvals (unread)' }).click();
  await page.getByRole('log').getByText('To all of you.').waitFor();
  await page.getByRole('button', { name: 'a thread' }).click();
  await page.getByRole('region', { name: 'Thread' }).getByText('To all of you.').waitFor();
});
