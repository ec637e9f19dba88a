// AWS's side, played on the page: a colleague in the console, agreements, authorizations of every
// kind, rights, and what AWS leaves open.
import assert from 'node:assert/strict';
import { picture, story } from './story.js';
import { request } from './world.js';

const market = (page) => page.getByRole('complementary', { name: 'AWS Marketplace' });
const market_of = async (world) => (await world.state()).market;

story('a colleague changes, releases and cancels; a buyer leaves', async (world, page) => {
  await request(page);
  const pane = market(page);
  await pane.getByText('accept by').first().waitFor();
  await pane.getByLabel('What the colleague does').selectOption('another markup');
  await pane.getByRole('button', { name: 'Do it' }).click();
  await pane.getByText('by a colleague in the console').first().waitFor();
  await pane.getByText('Markup 1 %').waitFor();
  await pane.getByLabel('What the colleague does').selectOption('release it by hand');
  await pane.getByRole('button', { name: 'Do it' }).click();
  await pane.getByRole('button', { name: 'Accept as buyer 123456789012' }).click();
  await pane.getByText('accepted by 123456789012').waitFor();
  await pane.getByRole('button', { name: 'Set it' }).click();
  await pane.getByText('cancelled by 123456789012').waitFor();
  await picture(page, 'colleague');
  await pane.getByLabel('What the colleague does').selectOption('cancel it');
  await pane.getByRole('button', { name: 'Do it' }).click();
  await page.getByText('The colleague did it').waitFor();
  const [offer] = await world.released();
  const end = offer.rules.find((rule) => rule.Type === 'AvailabilityRule').AvailabilityEndDate;
  assert.ok(end < new Date().toISOString().slice(0, 10), end);
});

story('authorizations of every kind, rights, and switches', async (world, page) => {
  const pane = market(page);
  await pane.getByText('Resale authorizations').first().click();
  await pane.getByLabel('Kind of authorization').selectOption('contract in instalments');
  await pane.getByLabel('Use of the authorization').selectOption('until a date');
  await pane.getByRole('button', { name: 'Extend a new resale authorization' }).click();
  await pane.getByText('125000.00 USD on').waitFor();
  await picture(page, 'instalments');
  await pane.getByRole('button', { name: 'The seller is not verified' }).click();
  await page.getByText('KYC is not finished').waitFor();
  assert.deepEqual((await market_of(world)).denied, { StartChangeSet: 'kyc' });
  await pane.getByRole('button', { name: 'All is allowed again' }).click();
  await page.getByText('AWS denies nothing').waitFor();
  await pane.getByText('What AWS leaves open').click();
  await pane.getByLabel('legal terms').selectOption('one term ours first');
  await page.getByText('legal terms: one term ours first').waitFor();
  await pane.getByLabel('stale reads').fill('2');
  await pane.getByLabel('stale reads').press('Enter');
  await page.getByText('stale reads: 2').waitFor();
  const { ways } = await market_of(world);
  assert.deepEqual([ways.legal_terms, ways.stale_reads], ['one_term_ours_first', 2]);
  await picture(page, 'switches');
});
