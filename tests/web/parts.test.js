// What the page is made of: every block and element, dialogs, threads, marks, the Home tab.
import assert from 'node:assert/strict';
import { picture, says, story } from './story.js';
import { fill, go, send, type } from './world.js';

const plain = (text) => ({ type: 'plain_text', text });
const options = ['One', 'Two'].map((name) => ({ text: plain(name), value: name.toLowerCase() }));
const select = (type, more = {}) => ({ type, action_id: type, placeholder: plain(`Choose by ${type}`), ...more });

const kit = [
  { type: 'header', text: plain('A header') },
  { type: 'section', text: { type: 'mrkdwn', text: '*bold* _italic_ ~gone~ `code` <https://example.com|a link> <@U0MIA> &lt;b&gt;' } },
  { type: 'section', fields: [plain('left'), plain('right')], accessory: { type: 'overflow', action_id: 'overflow', options } },
  { type: 'context', elements: [plain('small words'), { type: 'image', image_url: 'data:,', alt_text: 'a picture' }] },
  { type: 'divider' },
  { type: 'image', image_url: 'data:,', alt_text: 'a large picture' },
  { type: 'markdown', text: '# Title\n- **point**' },
  { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'rich', style: { bold: true } }] }] },
  { type: 'file', external_id: 'F1', source: 'remote' },
  { type: 'actions', elements: [
    { type: 'button', action_id: 'button', text: plain('Press'), style: 'primary' },
    select('static_select', { options }), select('external_select'), select('users_select'), select('channels_select'), select('conversations_select'),
    select('datepicker'), select('timepicker'), { type: 'datetimepicker', action_id: 'moment', initial_date_time: 1800000000 },
    { type: 'checkboxes', action_id: 'checkboxes', options }, { type: 'radio_buttons', action_id: 'radio', options },
  ] },
  ...['plain_text_input', 'email_text_input', 'url_text_input', 'number_input', 'multi_static_select', 'multi_external_select', 'multi_users_select', 'file_input']
    .map((type) => ({ type: 'input', block_id: type, label: plain(`Field ${type}`), element: select(type, type === 'multi_static_select' ? { options } : {}) })),
];

// Draw ${blocks} with the page's own module; the text that it shows.
const drawn = (page, blocks) => page.evaluate(async (given) => {
  const { blocks_node } = await import('/blocks.js');
  const { initial_of } = await import('/values.js');
  const node = blocks_node(given.map((block, i) => ({ block_id: `b${i}`, ...block })), { where: { view_id: 'V' }, entry: (block, element) => initial_of(element),
    set: () => {}, error: () => undefined, click: () => {}, suggest: async () => null });
  return { text: node.textContent, unknown: node.querySelectorAll('.unknown').length, bold: node.querySelector('b')?.textContent };
}, blocks);

story('every block and element is shown, and an unknown one is not left out', async (world, page) => {
  const all = await drawn(page, kit);
  assert.equal(all.unknown, 0, `everything is known: ${all.text}`);
  assert.equal(all.bold, 'bold');
  for (const words of ['A header', 'left', 'small words', 'Title', 'rich', 'Press', 'Mia Manager', '<b>'])
    assert.ok(all.text.includes(words), `“${words}” is shown`);
  const strange = await drawn(page, [{ type: 'hologram' }, { type: 'actions', elements: [{ type: 'lever', action_id: 'x' }] }, { type: 'section', text: null, fields: 3 }]);
  assert.equal(strange.unknown, 3, 'each of the three is told of');
  for (const words of ['hologram', 'lever', 'broken block']) assert.ok(strange.text.includes(words), `“${words}” is named`);
});

story('an address is a link only where it was made one', async (world, page) => {
  const links = (text) => page.evaluate(async (given) => {
    const { text_of } = await import('/mrkdwn.js');
    const at = document.createElement('p');
    at.append(text_of(given));
    return [at.textContent, at.querySelectorAll('a').length];
  }, text);
  const [typed, made] = ['see http://evil.example *now*', '<https://example.com|here>'];
  assert.deepEqual(await links({ type: 'mrkdwn', text: typed, verbatim: true }), ['see http://evil.example now', 0]);
  assert.deepEqual(await links({ type: 'mrkdwn', text: `*${typed.slice(0, -6)}*`, verbatim: true }), ['see http://evil.example', 0]);
  assert.deepEqual(await links({ type: 'mrkdwn', text: typed }), ['see http://evil.example now', 1]);
  assert.deepEqual(await links({ type: 'mrkdwn', text: made, verbatim: true }), ['here', 1]);
  assert.deepEqual(await links(plain(typed)), [typed, 0]);
});

story('words of people are text, never markup; threads, marks of what is new', async (world, page) => {
  const hostile = '<img src=x onerror="document.title=1"> & <b>bold</b>';
  const message = await world.control('post', { user: 'U0MAX', channel: 'C0OFFERS', text: hostile });
  await page.getByRole('button', { name: 'offers (unread)' }).click();
  await says(page, hostile);
  assert.equal(await page.locator('#messages img, #messages b').count(), 0, 'nothing of it became an element');
  await page.locator(`[data-ts="${message.ts}"]`).hover();
  await page.getByRole('button', { name: 'Reply in thread' }).click();
  await page.getByRole('textbox', { name: 'Reply' }).fill('Do not do that.');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Thread' }).getByText('Do not do that.').waitFor();
  await page.getByRole('textbox', { name: 'Reply' }).fill('/cppo list');
  await page.keyboard.press('Enter');
  await page.getByText('/cppo is not supported in threads').waitFor();
  await picture(page, 'thread');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '1 reply' }).waitFor();
});

// The state as the page reads it, with three modals on Sam's screen.
async function stack_three(page) {
  await page.route('**/_sandbox/state', async (route) => {
    const state = await (await route.fetch()).json();
    state.views.U0SELLER.stack = ['First', 'Second', 'Third'].map((title, i) => ({ id: `V${i}`, errors: {}, line: '', values: {}, options: {},
      view: { hash: '1', title: plain(title), submit: plain('Go on'), state: { values: {} }, blocks: [{ type: 'input', block_id: 'word', label: plain('A word'),
        element: { type: 'plain_text_input', action_id: 'word' } }] } }));
    await route.fulfill({ json: state });
  });
  await page.reload();
}

story('modals lie on each other, and Tab stays in the topmost', async (world, page) => {
  await stack_three(page);
  const top = page.getByRole('dialog', { name: 'Third' });
  await top.waitFor();
  await picture(page, 'stack');
  assert.equal(await page.locator('dialog[open]').count(), 3);
  for (let i = 0; i < 9; i++) {
    await page.keyboard.press(i < 6 ? 'Tab' : 'Shift+Tab');
    assert.ok(await top.evaluate((node) => node.contains(document.activeElement)), `after ${i + 1} presses of Tab`);
  }
  await page.unroute('**/_sandbox/state');
  await world.control('post', { user: 'U0MAX', channel: 'C0OFFERS', text: 'Something happens.' });
  await top.waitFor({ state: 'hidden' });
});

story('Escape closes a form, and the focus goes back', async (world, page) => {
  await page.getByRole('combobox', { name: 'Message' }).fill('/cppo help');
  await page.keyboard.press('Enter');
  await says(page, 'Only visible to you');
  await page.getByRole('combobox', { name: 'Message' }).fill('/cppo new');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'New private offer' });
  await form.waitFor();
  await page.keyboard.press('Escape');
  await form.waitFor({ state: 'hidden' });
  await page.waitForFunction(() => document.activeElement.id === 'line');
});

story('the Home tab: nothing, and then what the bot publishes', async (world, page) => {
  await go(page, 'CPPO');
  await page.getByText('CPPO has not written to you yet').waitFor();
  await world.control('fault', { where: 'slack', method: 'views.publish', error: 'not_enabled', times: 100 });
  await page.getByRole('tab', { name: 'Home' }).click();
  await page.getByText('has not published a Home tab').waitFor();
  await picture(page, 'home-empty');
  await world.control('fault', { clear: true });
  const reply = await world.slack('views.publish', { user_id: 'U0SELLER', view: { type: 'home', blocks: [{ type: 'header', text: plain('Your offers') }] } });
  assert.equal(reply.ok, true);
  await page.getByRole('heading', { name: 'Your offers' }).waitFor();
});

story('the ISV revokes and extends; Slack goes away and comes back', async (world, page) => {
  const pane = page.getByRole('complementary', { name: 'AWS Marketplace' });
  await pane.getByText('Resale authorizations').first().click();
  const one = pane.getByRole('listitem').filter({ hasText: 'Archera-Partner-Subscription-2024' });
  await one.getByRole('button', { name: 'Revoke' }).click();
  await one.getByText('revoked').waitFor();
  await pane.getByRole('button', { name: 'Extend a new resale authorization' }).click();
  await pane.getByText(`Archera-Partner-Subscription-${new Date().getFullYear() + 1}`).waitFor();
  await picture(page, 'authorizations');
  await world.control('away', { ms: 1500 });
  await page.getByText('Slack is away').waitFor();
  await page.getByText('Bot connected').waitFor();
});

story('what was chosen stays when one looks for something else', async (world, page) => {
  await type(page, '/cppo new');
  const form = await fill(page);
  const choice = form.getByRole('combobox', { name: 'Resale authorization' });
  await choice.fill('no such authorization');
  await form.getByText('No results').waitFor();
  await page.keyboard.press('Escape');
  assert.match(await choice.inputValue(), /^Archera-Partner-Subscription-2024/);
  await send(form);
  await form.waitFor({ state: 'hidden' });
});
