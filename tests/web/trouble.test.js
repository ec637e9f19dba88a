// What goes wrong, and small dark screens.
import assert from 'node:assert/strict';
import { picture, published_once, says, story } from './story.js';
import { be, card, confirm, decide, fill, go, request, send, type } from './world.js';

story('the bot is killed while it publishes', async (world, page) => {
  await request(page);
  await world.control('fault', { change_set: 'hold', state: 'APPLYING' });
  await decide(page, 'Max Manager', 'Approve');
  await confirm(page, 'Approve');
  await page.getByText('Release the offer').waitFor();
  await page.getByRole('button', { name: 'Kill the bot now' }).click();
  await page.getByText(/Bot is down|Bot connects/).waitFor();
  await picture(page, 'killed');
  await page.getByText('Bot connected').waitFor();
  await world.control('fault', { change_set: 'go_on' });
  await published_once(world);
  await go(page, 'offers');
  await says(page, 'is published');
  assert.equal(await page.getByRole('article').filter({ hasText: 'is published' }).count(), 1, 'announced once');
});

story('a reload in the middle of the form loses nothing', async (world, page) => {
  await type(page, '/cppo new');
  await fill(page, { customer: 'Kept Ltd' });
  await page.reload();
  const form = page.getByRole('dialog', { name: 'New private offer' });
  assert.equal(await form.getByLabel('Customer').inputValue(), 'Kept Ltd');
  await send(form);
  await form.waitFor({ state: 'hidden' });
  await be(page, 'Mia Manager');
  await go(page, 'approvals');
  await card(page).waitFor();
  await page.reload();
  await card(page).waitFor();
});

story('a card that changes under a press', async (world, page) => {
  await request(page);
  await be(page, 'Mia Manager');
  await go(page, 'approvals');
  await card(page).getByText('AWS has accepted the draft').waitFor();
  const { channels } = await world.state();
  const { ts, blocks } = channels.find((channel) => channel.id === 'C0APPROVALS').messages[0];
  await card(page).getByRole('button', { name: 'Details' }).hover();
  await page.mouse.down();
  const news = { type: 'section', text: { type: 'plain_text', text: 'something new' } };
  await world.slack('chat.update', { channel: 'C0APPROVALS', ts, text: 'new', blocks: [...blocks, news] });
  await page.waitForFunction(async () => {
    const { store } = await import('/store.js');
    return JSON.stringify(store.state.channels).includes('something new');
  });
  await page.mouse.up();
  await page.getByRole('dialog', { name: 'CPPO-1' }).waitFor();
  await card(page).getByText('something new').waitFor();
});

story('a click that is not answered in time', async (world, page) => {
  await request(page);
  await go(page, 'approvals');
  await card(page).getByText('AWS has accepted the draft').waitFor(); // nothing else is on its way
  await world.control('fault', { where: 'socket', method: 'ack', times: 1 });
  await decide(page, 'Mia Manager', 'Details');
  await page.getByText('We had some trouble connecting').waitFor();
  await picture(page, 'no-answer');
});

// In px: it is 610 high, where one screen is 800.
const CARD_ON_A_PHONE = 700;

story('on a narrow screen, in the dark', async (world, page) => {
  await page.getByRole('button', { name: 'Channels and people' }).click();
  await be(page, 'Sam Seller');
  await page.getByRole('navigation').getByRole('button', { name: 'deal-desk' }).click();
  await type(page, '/cppo new');
  const form = await fill(page);
  await picture(page, 'narrow-form');
  await send(form);
  await form.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Channels and people' }).click();
  await be(page, 'Mia Manager');
  await go(page, 'approvals');
  await card(page).getByText('AWS has accepted the draft').waitFor();
  const box = await card(page).boundingBox();
  assert.ok(box.height <= CARD_ON_A_PHONE, `the card takes ${box.height} px`);
  await picture(page, 'narrow-card');
  await page.getByRole('button', { name: 'AWS Marketplace' }).click();
  await page.getByRole('button', { name: 'Kill the bot now' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Kill the bot now' }).waitFor({ state: 'hidden' });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
}, { viewport: { width: 380, height: 760 }, colorScheme: 'dark' });
