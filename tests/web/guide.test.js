// The hint for a first visitor, and the levers of the Slack side.
import assert from 'node:assert/strict';
import { picture, published_once, says, story } from './story.js';
import { be, card, confirm, go, send, type } from './world.js';

const hint = (page) => page.getByRole('region', { name: 'What to do here' });
const ticked = (page) => hint(page).locator('li.done').count();

story('the hint leads through a sale, and ticks off its steps', async (world, page) => {
  assert.equal(await ticked(page), 0);
  await hint(page).getByRole('button', { name: 'Put it in for me' }).click();
  assert.equal(await page.getByRole('combobox', { name: 'Message' }).inputValue(), '/cppo new Example Corp 25% 123456789012');
  await picture(page, 'hint');
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'New private offer' });
  await form.waitFor();
  assert.equal(await form.getByLabel('Customer').inputValue(), 'Example Corp');
  await form.getByRole('combobox', { name: 'Resale authorization' }).click();
  await form.getByRole('option', { name: 'Archera-Partner-Subscription-2024' }).first().click();
  await send(form);
  await form.waitFor({ state: 'hidden' });
  await hint(page).locator('li.done').waitFor();
  await hint(page).getByRole('button', { name: 'Be Mia in #approvals' }).click();
  assert.ok(await hint(page).isVisible(), 'it stays in every channel');
  await card(page).getByRole('button', { name: 'Approve' }).click();
  await confirm(page, 'Approve');
  await published_once(world);
  await hint(page).locator('li.done').nth(1).waitFor();
  await hint(page).getByRole('button', { name: 'Look at #offers' }).click();
  await says(page, 'is published');
  await hint(page).locator('li.done').nth(2).waitFor();
  await hint(page).getByText('That was a sale').waitFor();
  await go(page, 'CPPO');
  const button = page.getByRole('button', { name: 'What to do here' });
  await button.click();
  await hint(page).waitFor({ state: 'hidden' });
  await button.click();
  await hint(page).waitFor();
});

story('on a phone the hint is one step at a time', async (world, page) => {
  await hint(page).waitFor();
  await picture(page, 'hint-narrow');
  const { height } = await hint(page).boundingBox();
  assert.ok(height < 760 / 5, `${height} pixels of 760`);
  assert.equal(await hint(page).getByRole('button', { name: 'Put it in for me' }).count(), 1);
  assert.equal(await hint(page).getByRole('button', { name: 'Look at #offers' }).count(), 0);
}, { viewport: { width: 380, height: 760 } });

story('the levers of the Slack side', async (world, page) => {
  const pull = (name) => page.getByRole('complementary', { name: 'AWS Marketplace' }).getByRole('button', { name }).click();
  await pull('Take CPPO out of #deal-desk');
  await page.getByText('CPPO is not in this channel').waitFor();
  await type(page, '/cppo help');
  await says(page, 'Only visible to you');
  await pull('Invite CPPO to #deal-desk');
  await pull('Delete the group @managers');
  await page.getByRole('button', { name: 'Give back the group @managers' }).waitFor();
  assert.deepEqual((await world.state()).groups, []);
  await pull('Give back the group @managers');
  await be(page, 'Otto Outsider');
  await pull('Hide Otto Outsider from the app');
  await pull('Let the app see Otto Outsider');
  await pull('Otto Outsider leaves the company');
  await page.getByRole('radio', { name: 'Otto Outsider' }).waitFor({ state: 'hidden' });
  await pull('Otto Outsider comes back');
  await page.getByRole('radio', { name: 'Otto Outsider' }).waitFor({ state: 'attached' });
  await page.getByText('What Slack may do one way or another').click();
  await page.getByLabel('chat.update of messages of one\'s own').selectOption('edit_window_closed');
  await page.waitForFunction(async () => (await (await fetch('/_sandbox/state')).json()).switches.find((each) => each.name === 'edits').value === 'edit_window_closed');
  await picture(page, 'slack-levers');
  await world.slack('chat.postMessage', { channel: 'C0DEALDESK', text: 'old', blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'old', text: { type: 'plain_text', text: 'Old button' } }] }] });
  await pull('Delete the app and make it anew');
  await page.getByText('The app is another one now').waitFor();
  assert.notEqual((await world.state()).bot.user_id, 'U0BOT');
  await page.getByRole('button', { name: 'Old button' }).click();
  await page.getByText('The app that wrote this was deleted').waitFor();
});
