// An app on @slack/socket-mode and @slack/web-api, against the sandbox instead of Slack.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WebClientEvent } from '@slack/web-api';
import * as people from './people.js';
import { App, buttons, input, modal, option, section } from './socket_app.js';

const { SLACK_API_URL: slackApiUrl, SLACK_APP_TOKEN: appToken, SLACK_BOT_TOKEN: token } = process.env;
const app = new App({ appToken, token, slackApiUrl });
const { web } = app;
const answer_with = (answer) => { app.answer = answer; };

before(() => app.start());
after(() => app.stop());

test('a slash command carries what Slack sends, and is answered to one or to all', async () => {
  answer_with(() => ({ text: 'for you' }));
  await people.command('U0GUS', '/cppo  one two');
  const { body, accepts_response_payload } = app.last('/cppo');
  assert.equal(body.text, 'one two');
  assert.equal(body.is_enterprise_install, 'false');
  assert.equal(body.channel_name, 'deal-desk');
  assert.equal(accepts_response_payload, true);
  assert.equal((await people.whispers('U0GUS')).at(-1).text, 'for you');
  answer_with(() => ({ text: 'for all', response_type: 'in_channel' }));
  await people.command('U0GUS', '/cppo');
  assert.equal((await people.messages('C0DEALDESK')).at(-1).text, 'for all');
});

test('people of other organisations have no commands', async () => {
  assert.equal((await people.command('U0INES', '/cppo')).error, 'not_a_member');
});

// Let a command of this person's open a form, from the trigger that came with it.
async function open_form(user, ...blocks) {
  answer_with(async (body) => {
    await web.views.open({ trigger_id: body.trigger_id, view: modal('form', ...blocks) });
  });
  assert.equal((await people.command(user, '/cppo form')).outcome, 'acked');
}

test('a trigger is used once', async () => {
  await open_form('U0SELLER', input('name'));
  const view = modal('form', input('name'));
  await assert.rejects(web.views.open({ trigger_id: app.last('/cppo').body.trigger_id, view }),
    (error) => error.data.error === 'exchanged_trigger_id');
  await people.close('U0SELLER');
});

test('errors beside a field, an update, a push, and the whole stack cleared', async () => {
  await open_form('U0SELLER', input('name'));
  answer_with(() => ({ response_action: 'errors', errors: { name: 'Another name, please.' } }));
  assert.deepEqual((await people.submit('U0SELLER', { name: 'x' })).errors, { name: 'Another name, please.' });
  answer_with(() => ({ response_action: 'errors', errors: { nowhere: 'x' } }));
  assert.equal((await people.submit('U0SELLER')).refused, 'errors names what is not an input block');
  answer_with(() => ({ response_action: 'update', view: modal('form', input('name'), input('age')) }));
  await people.submit('U0SELLER');
  assert.deepEqual((await people.modals('U0SELLER'))[0].values, { name: 'x', age: '' });
  answer_with(() => ({ response_action: 'push', view: modal('second', section('More?')) }));
  await people.submit('U0SELLER', { age: '7' });
  assert.equal((await people.modals('U0SELLER')).length, 2);
  answer_with(() => ({ response_action: 'clear' }));
  await people.submit('U0SELLER');
  assert.deepEqual(await people.modals('U0SELLER'), []);
});

test('a third view is pushed, a fourth is not', async () => {
  await open_form('U0MIA', buttons('more', 'another'));
  const results = [];
  answer_with(async (body) => {
    const view = modal('next', buttons('more', 'another'));
    results.push(await web.views.push({ trigger_id: body.trigger_id, view }).catch((error) => error.data));
  });
  for (let i = 0; i < 3; i++) {
    const top = (await people.modals('U0MIA')).at(-1);
    await people.click('U0MIA', { view_id: top.id }, 'another');
  }
  assert.deepEqual(results.map(({ ok, error }) => error ?? ok), [true, true, 'push_limit_reached']);
  await people.close('U0MIA', { all: true });
});

test('an external select is given groups of options', async () => {
  await open_form('U0MAX', input('pick', { type: 'external_select', min_query_length: 2 }));
  answer_with((body) => ({
    option_groups: [{ label: { type: 'plain_text', text: 'Found' }, options: [option(`${body.value}1`), option(`${body.value}2`)] }],
  }));
  assert.equal((await people.suggest('U0MAX', 'pick', 'a')).outcome, 'too_short');
  assert.deepEqual((await people.suggest('U0MAX', 'pick', 'ab')).options.map(({ value }) => value), ['ab1', 'ab2']);
  answer_with(() => undefined);
  assert.equal((await people.submit('U0MAX', { pick: 'ab2' })).closed, true);
  const { state } = app.last('view_submission').body.view;
  assert.deepEqual(state.values.pick.pick, { type: 'external_select', selected_option: option('ab2') });
});

test('a choice in a form comes with all that stands there, and of two updates by one hash the second conflicts', async () => {
  const pick = { ...input('pick', { type: 'static_select', options: [option('a'), option('b')] }), dispatch_action: true };
  const views = [pick, { ...input('line'), dispatch_action: true }, input('name')];
  await open_form('U0MAX', ...views);
  answer_with(() => undefined);
  const { id } = (await people.modals('U0MAX'))[0];
  await people.click('U0MAX', { view_id: id }, 'pick', { value: 'b', values: { name: 'typed' } });
  const { view, actions: [chosen] } = app.last('block_actions').body;
  assert.deepEqual([chosen.type, chosen.selected_option.value], ['static_select', 'b']);
  assert.equal(view.state.values.pick.pick.selected_option.value, 'b');
  assert.equal(view.state.values.name.name.value, 'typed');
  await people.click('U0MAX', { view_id: id }, 'line', { value: 'entered' });
  const entered = app.last('block_actions').body;
  assert.deepEqual([entered.actions[0].type, entered.actions[0].value], ['plain_text_input', 'entered']);
  assert.equal(entered.view.state.values.line.line.value, 'entered');
  assert.equal((await people.click('U0MAX', { view_id: id }, 'name', { value: 'x' })).error, 'not_dispatched');
  const other = { ...input('pick.1', { ...pick.element, action_id: 'pick', initial_option: option('a') }), dispatch_action: true };
  const update = { view_id: id, hash: view.hash, view: modal('form', other, ...views.slice(1)) };
  await web.views.update(update);
  assert.deepEqual((await people.modals('U0MAX'))[0].values, { 'pick.1': 'a', line: 'entered', name: 'typed' });
  await assert.rejects(web.views.update(update), (error) => error.data.error === 'hash_conflict');
  await people.close('U0MAX');
});

test('who acts from another organisation: the teams stand where Slack puts them', async () => {
  const { ts } = await web.chat.postMessage({ channel: 'C0DEALDESK', text: 'card', blocks: [buttons('b', 'form')] });
  answer_with(async (body) => {
    await web.views.open({ trigger_id: body.trigger_id, view: modal('form', input('name')) });
  });
  await people.click('U0INES', { channel: 'C0DEALDESK', ts }, 'form');
  const click = app.last('block_actions').body;
  assert.deepEqual([click.team.id, click.user.team_id], ['T0HOME', 'T0ISV']);
  answer_with(() => undefined);
  await people.submit('U0INES', { name: 'x' });
  const { body } = app.last('view_submission');
  assert.deepEqual([body.team.id, body.user.team_id, body.view.app_installed_team_id], ['T0ISV', 'T0ISV', 'T0HOME']);
});

test('in a grid: the organisation stands beside the team, and people act by either id', async () => {
  answer_with(() => undefined);
  await people.slack({ grid: 'on', click_ids: 'W' });
  await people.command('U0MIA', '/cppo');
  const command = app.last('/cppo').body;
  assert.deepEqual([command.user_id, command.team_id, command.enterprise_id], ['W0MIA', 'T0HOME', 'E0ORG']);
  const { ts } = await web.chat.postMessage({ channel: 'C0DEALDESK', text: 'card', blocks: [buttons('b', 'press')] });
  await people.slack({ click_ids: 'U' });
  await people.click('U0SUE', { channel: 'C0DEALDESK', ts }, 'press');
  const { body } = app.last('block_actions');
  assert.deepEqual([body.user.id, body.user.team_id, body.team.enterprise_id, body.enterprise.id], ['U0SUE', 'T0SISTER', 'E0ORG', 'E0ORG']);
  await people.slack({ grid: 'off' });
});

test('a button on an ephemeral comes without its message', async () => {
  answer_with(() => ({ text: 'menu', blocks: [buttons('menu', 'go')] }));
  await people.command('U0SELLER', '/cppo');
  const { ts } = (await people.whispers('U0SELLER')).at(-1);
  answer_with(() => undefined);
  await people.click('U0SELLER', { ts }, 'go');
  const { body } = app.last('block_actions');
  assert.equal(body.container.is_ephemeral, true);
  assert.equal(body.message, undefined);
  assert.match(body.response_url, /\/response\//);
});

test('the Home tab: the view comes with the second opening, an old hash conflicts', async () => {
  answer_with(() => undefined);
  await people.open_home('U0MIA');
  assert.equal(app.last('app_home_opened').body.event.view, undefined);
  const view = { type: 'home', blocks: [section('Hello')] };
  const first = await web.views.publish({ user_id: 'U0MIA', view });
  await people.open_home('U0MIA');
  assert.equal(app.last('app_home_opened').body.event.view.hash, first.view.hash);
  await web.views.publish({ user_id: 'U0MIA', view, hash: first.view.hash });
  await assert.rejects(web.views.publish({ user_id: 'U0MIA', view, hash: first.view.hash }),
    (error) => error.data.error === 'hash_conflict');
});

test('what Slack refuses, it explains', async () => {
  const blocks = [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }];
  await assert.rejects(web.chat.postMessage({ channel: 'C0OFFERS', text: 'x', blocks }), ({ data }) => {
    assert.equal(data.error, 'invalid_blocks');
    return data.response_metadata.messages[0].includes('[json-pointer:/blocks/0/text');
  });
  const { scopes } = await people.state();
  await people.scopes(['commands']);
  await assert.rejects(web.chat.postMessage({ channel: 'C0OFFERS', text: 'x' }),
    ({ data }) => data.error === 'missing_scope' && data.needed === 'chat:write' && data.provided === 'commands');
  await people.scopes(scopes);
});

test('told to wait, the client waits, and the message stands once', async () => {
  let waits = 0;
  web.on(WebClientEvent.RATE_LIMITED, () => waits++);
  await people.fault({ where: 'slack', method: 'chat.postMessage', retry_after: 1, status: 429 });
  const started = Date.now();
  await web.chat.postMessage({ channel: 'C0APPROVALS', text: 'patience' });
  assert.ok(Date.now() - started >= 1000);
  assert.equal(waits, 1);
  const texts = (await people.messages('C0APPROVALS')).map(({ text }) => text);
  assert.deepEqual(texts, ['patience']);
});

test('a channel takes one message a second: a burst arrives whole, later', async () => {
  await Promise.all([1, 2, 3, 4].map((n) => web.chat.postMessage({ channel: 'C0OFFERS', text: `${n}` })));
  assert.deepEqual((await people.messages('C0OFFERS')).map(({ text }) => text).sort(), ['1', '2', '3', '4']);
  const refused = (await people.log()).filter(({ error }) => error === 'ratelimited');
  assert.ok(refused.length >= 1);
});

test('an event that is not acknowledged comes again, and says why', async () => {
  const from = await people.newest();
  answer_with(() => null);
  const opening = people.open_home('U0MAX');
  const first = await people.seen('envelope.sent', { type: 'events_api' }, from);
  await people.seen('envelope.sent', { envelope_id: first.envelope_id, retry_attempt: 1 }, from);
  assert.equal((await opening).outcome, 'timeout');
  const { retry_num, retry_reason, envelope_id } = app.last('app_home_opened');
  assert.deepEqual([retry_num, retry_reason, envelope_id], [1, 'timeout', first.envelope_id]);
});

test('the same envelope comes again when it is redelivered', async () => {
  answer_with(() => undefined);
  const { envelope_id } = await people.command('U0SELLER', '/cppo again');
  const before = app.got.length;
  assert.equal((await people.redeliver(envelope_id)).outcome, 'acked');
  assert.deepEqual(app.got.slice(before).map((got) => got.envelope_id), [envelope_id]);
});

test('an envelope of a type that is new is acknowledged, not understood', async () => {
  const { outcome } = await people.deliver('tomorrows_kind', { type: 'new' });
  assert.equal(outcome, 'acked');
  assert.equal(app.last('new').type, 'tomorrows_kind');
});

test('frames that make no sense are ignored', async () => {
  await people.frame({ text: 'UNAUTHENTICATED: cache_error' });
  await people.frame({ binary: true, size: 10 });
  assert.equal((await people.command('U0SELLER', '/cppo')).outcome, 'acked');
});

test('two clients: what happens goes to one of them, never to both', async (t) => {
  const second = new App({ appToken, token, slackApiUrl });
  t.after(() => second.stop());
  answer_with(() => undefined);
  const from = await people.newest();
  await second.start();
  assert.equal((await people.seen('socket.up', {}, from)).num_connections, 2);
  const before = app.got.length;
  for (let i = 0; i < 4; i++) assert.equal((await people.command('U0SELLER', `/cppo ${i}`)).outcome, 'acked');
  const texts = [...app.got.slice(before), ...second.got].map(({ body }) => body.text);
  assert.deepEqual(texts.sort(), ['0', '1', '2', '3']);
  assert.equal(second.got.length, 2);
});
