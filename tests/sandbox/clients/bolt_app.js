// An app as its makers' guide would have it written. Nothing in it knows of the sandbox but the
// address that it is given.
import bolt from '@slack/bolt';

const plain = (text) => ({ type: 'plain_text', text });
const button = (action_id, text, value) => ({ type: 'button', action_id, text: plain(text), value });
const modal = (callback_id, title, blocks) => ({
  type: 'modal', callback_id, title: plain(title), submit: plain('Send'), close: plain('Back'), blocks,
});
const section = (text) => ({ type: 'section', text: { type: 'mrkdwn', text } });

const order_form = () => ({
  ...modal('order', 'An order', [
    { type: 'input', block_id: 'amount', label: plain('Amount'),
      element: { type: 'plain_text_input', action_id: 'amount' } },
    { type: 'input', block_id: 'vendor', label: plain('Vendor'),
      element: { type: 'external_select', action_id: 'vendor', min_query_length: 0 } },
    { type: 'actions', block_id: 'more', elements: [button('hint', 'A hint', 'please')] },
  ]),
  notify_on_close: true,
});

const vendors = ['Acme', 'Archera', 'Zenith'];

function commands(app) {
  app.command('/cppo', async ({ command, ack, client, respond, say }) => {
    if (command.text === 'form') {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: order_form() });
    } else if (command.text === 'card') {
      await ack();
      await say({ text: 'An order waits', blocks: [
        section('*An order* waits'),
        { type: 'actions', block_id: 'decide', elements: [button('approve', 'Approve', 'order 7')] },
      ] });
    } else if (command.text === 'later') {
      await ack();
      await respond({ response_type: 'ephemeral', text: 'Here it is.' });
    } else {
      await ack(`You said: ${command.text}`);
    }
  });
}

function form(app) {
  app.options('vendor', async ({ options, ack }) => {
    const fit = vendors.filter((name) => name.toLowerCase().startsWith(options.value.toLowerCase()));
    await ack({ options: fit.map((name) => ({ text: plain(name), value: name })) });
  });
  app.action('hint', async ({ ack, body, client }) => {
    await ack();
    const view = order_form();
    view.blocks.push({ ...section('Up to 10 000.'), block_id: 'help' });
    await client.views.update({ view_id: body.view.id, hash: body.view.hash, view });
  });
  app.view('order', async ({ ack, view }) => {
    const amount = Number(view.state.values.amount.amount.value);
    const vendor = view.state.values.vendor.vendor.selected_option.value;
    if (!(amount > 0)) await ack({ response_action: 'errors', errors: { amount: 'A number, such as 100.' } });
    else if (amount > 10000) await ack({ response_action: 'push', view: modal('large', 'Sure?', [section(`${amount}?`)]) });
    else await ack({ response_action: 'update', view: modal('done', 'Done', [section(`${amount} from ${vendor}`)]) });
  });
  app.view('large', ({ ack }) => ack({ response_action: 'clear' }));
  app.view('done', ({ ack }) => ack());
  app.view({ callback_id: 'order', type: 'view_closed' }, async ({ ack, body, client }) => {
    await ack();
    await client.chat.postMessage({ channel: body.user.id, text: `Closed, ${body.is_cleared ? 'all of it' : 'one'}.` });
  });
}

function card(app) {
  app.action('approve', async ({ ack, action, body, client, respond }) => {
    await ack();
    await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: `Approved: ${action.value}`,
      blocks: [section(`Approved by <@${body.user.id}> of ${body.user.team_id}, for ${body.team.id}`)] });
    await respond({ response_type: 'ephemeral', replace_original: false, text: 'Thank you.' });
  });
}

function shortcuts(app) {
  app.shortcut('new_offer', async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: order_form() });
  });
  app.shortcut({ callback_id: 'offer_of_message', type: 'message_action' }, async ({ ack, shortcut, respond }) => {
    await ack();
    await respond({ response_type: 'ephemeral', replace_original: true, text: `You read: ${shortcut.message.text}` });
  });
}

function home(app) {
  app.event('app_home_opened', async ({ event, client }) => {
    const times = event.view ? Number(event.view.private_metadata) + 1 : 1;
    await client.views.publish({ user_id: event.user, hash: event.view?.hash,
      view: { type: 'home', private_metadata: String(times), blocks: [section(`Visit ${times}`)] } });
  });
}

// options: {appToken, token, clientOptions}
export function make_app(options) {
  const app = new bolt.App({ socketMode: true, logLevel: bolt.LogLevel.ERROR, ...options });
  for (const part of [commands, form, card, shortcuts, home]) part(app);
  return app;
}
