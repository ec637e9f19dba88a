// What people do with the page, in a real browser.
import assert from 'node:assert/strict';
import { picture, published_once, says, story } from './story.js';
import { be, card, confirm, decide, fill, go, request, send, type } from './world.js';

story('from a mistake in the form to the announcement', async (world, page) => {
  await picture(page, 'first-look');
  await page.getByRole('combobox', { name: 'Message' }).fill('/cppo ');
  await page.getByRole('option', { name: /\/cppo new/ }).waitFor();
  await picture(page, 'commands');
  await type(page, '/cppo new');
  const form = await fill(page, { markup: '120' });
  await send(form);
  await form.getByText('At most').waitFor();
  assert.equal(await form.getByLabel('Customer').inputValue(), 'Example Corp', 'what was typed stays');
  await picture(page, 'mistake');
  await form.getByLabel('Markup').fill('25');
  await send(form);
  await form.waitFor({ state: 'hidden' });

  await be(page, 'Mia Manager');
  await go(page, 'approvals');
  await says(page, 'AWS computes the same price');
  await picture(page, 'card');
  await card(page).getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('dialog').getByText('A release cannot be undone').waitFor();
  await picture(page, 'confirm');
  await confirm(page, 'Approve');
  await published_once(world);
  await picture(page, 'published');
  await go(page, 'offers');
  await says(page, 'is published');
  assert.equal(await page.getByRole('log').getByText('Markup').count(), 0, 'the announcement shows no markup');
  await picture(page, 'announcement');
  await page.getByRole('button', { name: 'Accept as buyer 123456789012' }).click();
  await page.getByText('accepted by 123456789012').waitFor();
  await be(page, 'Sam Seller');
  await go(page, 'CPPO');
  await says(page, 'Published.');
  await picture(page, 'direct-message');
});

story('a message becomes an offer, by its menu', async (world, page) => {
  await go(page, 'deal-desk');
  await world.control('post', { channel: 'C0DEALDESK', user: 'U0MAX', text: 'Example Corp would take it at 31.5% for 1111-2222-3333' });
  const message = page.getByRole('article').filter({ hasText: 'would take it' });
  await message.hover();
  await message.getByRole('button', { name: 'More actions' }).click();
  await picture(page, 'shortcut');
  await page.getByRole('menuitem', { name: 'Make an offer of this' }).click();
  const form = page.getByRole('dialog', { name: 'New private offer' });
  await form.waitFor();
  assert.equal(await form.getByLabel('Markup').inputValue(), '31.5');
  assert.equal(await form.getByLabel('Buyer account ids').inputValue(), '1111-2222-3333');
  assert.match(await form.getByLabel('Note for the approver').inputValue(), /would take it/);
  await picture(page, 'shortcut-form');
  await page.keyboard.press('Escape');
  await form.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Shortcuts' }).click();
  await page.getByRole('menuitem', { name: 'New private offer' }).click();
  await form.waitFor();
  assert.equal(await form.getByLabel('Buyer account ids').inputValue(), '');
});

story('the address of an EULA is asked for with one of our own, and nothing typed is lost', async (world, page) => {
  await type(page, '/cppo new');
  const form = await fill(page, { customer: 'Typed Corp' });
  const address = form.getByLabel('EULA address');
  const choose = async (name) => {
    await form.getByRole('combobox', { name: 'EULA', exact: true }).click();
    await form.getByRole('option', { name }).click();
  };
  await picture(page, 'form-closed');
  await form.getByRole('button', { name: 'More' }).click();
  await form.getByLabel('Offer name').waitFor();
  assert.equal(await form.getByLabel('Customer').inputValue(), 'Typed Corp', 'more loses nothing');
  assert.equal(await address.count(), 0, 'at first nobody asks for it');
  await choose('Our own');
  await address.fill('https://partner.s3.amazonaws.com/eula.pdf');
  assert.equal(await form.getByLabel('Customer').inputValue(), 'Typed Corp');
  await choose('As authorized');
  await address.waitFor({ state: 'detached' });
  await choose('Our own');
  await address.waitFor();
  assert.equal(await address.inputValue(), 'https://partner.s3.amazonaws.com/eula.pdf', 'it comes back');
  await picture(page, 'eula');
  await send(form);
  await form.waitFor({ state: 'hidden' });
  await be(page, 'Mia Manager');
  await go(page, 'approvals');
  await says(page, 'partner.s3.amazonaws.com');
});

story('the form follows what is chosen and typed in it', async (world, page) => {
  await type(page, '/cppo new');
  const form = await fill(page, { customer: 'Typed Corp' });
  await form.getByText('Wholesale price').waitFor();
  assert.equal(await form.getByLabel('Customer').inputValue(), 'Typed Corp', 'what was typed stays');
  const markup = form.getByLabel('Markup');
  await markup.fill('=0.0099');
  await markup.press('Enter');
  await form.getByText('0.0099 USD is a markup of 23.75 %').waitFor();
  await picture(page, 'form-price');
  await markup.fill('25');
  await form.getByRole('button', { name: 'Update' }).click();
  await form.getByText('our margin 0.002 USD').waitFor();
  await markup.scrollIntoViewIfNeeded();
  await picture(page, 'form-follows');
  await send(form);
  await form.waitFor({ state: 'hidden' });
  await be(page, 'Mia Manager');
  await go(page, 'approvals');
  await card(page).getByText('Typed Corp').first().waitFor();
});

story('a rejection with its reason', async (world, page) => {
  await request(page);
  await decide(page, 'Mia Manager', 'Reject');
  const form = page.getByRole('dialog');
  await form.getByRole('textbox').fill('The customer is in another country.');
  await form.getByRole('button', { name: 'Reject' }).click();
  await card(page).getByText('The customer is in another country.').first().waitFor();
  assert.equal(await card(page).getByRole('button', { name: 'Approve' }).count(), 0, 'the buttons are gone');
  await be(page, 'Sam Seller');
  await go(page, 'CPPO');
  await says(page, 'The customer is in another country.');
  assert.equal((await world.released()).length, 0);
});

story('changes are asked for, made and approved', async (world, page) => {
  await request(page, { markup: '42' });
  await decide(page, 'Mia Manager', 'Request changes');
  const reason = page.getByRole('dialog');
  await reason.getByRole('textbox').fill('Too dear: 25, please.');
  await reason.getByRole('button', { name: 'Send back' }).click();
  await card(page).getByText('Changes requested').first().waitFor();
  await be(page, 'Sam Seller');
  await go(page, 'deal-desk');
  await type(page, '/cppo edit CPPO-1');
  const form = page.getByRole('dialog');
  await form.getByText('Too dear: 25, please.').waitFor();
  assert.equal(await form.getByLabel('Customer').inputValue(), 'Example Corp', 'the form holds what was asked for');
  await picture(page, 'edit');
  await form.getByLabel('Markup').fill('25');
  await form.getByRole('button', { name: /Send/ }).click();
  await form.waitFor({ state: 'hidden' });
  await decide(page, 'Mia Manager', 'Approve');
  await confirm(page, 'Approve');
  await published_once(world);
  assert.equal((await world.released())[0].MarkupPercentage, '25', 'with the changed markup');
});

story('others cannot decide, and are told so', async (world, page) => {
  await request(page);
  for (const person of ['Otto Outsider', 'Gus Guest', 'Sam Seller']) {
    await decide(page, person, 'Approve');
    await confirm(page, 'Approve');
    await page.getByText('Only visible to you').first().waitFor();
  }
  await picture(page, 'refused');
  await card(page).getByText('Waiting for approval').first().waitFor();
  assert.equal((await world.released()).length, 0);
  await be(page, 'Ines of the ISV');
  assert.equal(await page.getByRole('navigation').getByRole('button', { name: 'approvals' }).count(), 0, 'another organisation does not see the channel');
});

story('by keyboard alone', async (world, page) => {
  const form = page.getByRole('dialog', { name: 'New private offer' });
  const tab_to = async (label) => {
    for (let i = 0; i < 15 && !(await form.getByLabel(label).evaluate((node) => node === document.activeElement)); i++)
      await page.keyboard.press('Tab');
    assert.ok(await form.getByLabel(label).evaluate((node) => node === document.activeElement), `Tab reaches “${label}”`);
  };
  await page.getByRole('combobox', { name: 'Message' }).focus();
  await page.keyboard.type('/cppo new');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await form.waitFor();
  await page.keyboard.type('Subscription'); // the authorization has the focus
  await form.locator('li.active', { hasText: 'Archera-Partner-Subscription-2024' }).waitFor();
  await page.keyboard.press('Enter');
  await tab_to('Customer');
  await page.keyboard.type('By Keys');
  await tab_to('Buyer account ids');
  await page.keyboard.type('123456789012');
  await tab_to('Markup');
  await page.keyboard.press('Enter');
  await form.getByText('our margin').waitFor();
  await tab_to('Accept by');
  await page.keyboard.press('Enter');
  await form.waitFor({ state: 'hidden' });
  await be(page, 'Mia Manager');
  await go(page, 'approvals');
  await card(page).getByText('By Keys').first().waitFor();
});
