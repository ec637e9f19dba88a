// AWS's own client for the Catalog API, unmodified but for the address.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, test } from 'node:test';
import {
  AccessDeniedException, CancelChangeSetCommand, DescribeChangeSetCommand, DescribeEntityCommand, ListChangeSetsCommand,
  ListEntitiesCommand, MarketplaceCatalogClient, ResourceInUseException, ResourceNotFoundException,
  ServiceQuotaExceededException, StartChangeSetCommand, ThrottlingException, ValidationException,
} from '@aws-sdk/client-marketplace-catalog';
import {
  DescribeAgreementCommand, MarketplaceAgreementClient, ResourceNotFoundException as NoAgreement, SearchAgreementsCommand,
  ValidationException as BadSearch,
} from '@aws-sdk/client-marketplace-agreement';
import { create, info, order, release, update } from './market.js';
import * as people from './people.js';

const keys = { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY };
const settings = (endpoint, more) => ({ endpoint, region: 'us-east-1', credentials: keys, maxAttempts: 1, ...more });
const catalog = (more) => new MarketplaceCatalogClient(settings(process.env.AWS_ENDPOINT_URL_MARKETPLACE_CATALOG, more));
const client = catalog();
const agreements = new MarketplaceAgreementClient(settings(process.env.AWS_ENDPOINT_URL_MARKETPLACE_AGREEMENT));

const Catalog = 'AWSMarketplace';
const list = (input) => client.send(new ListEntitiesCommand({ Catalog, ...input }));
const authorizations = (input) => list({ EntityType: 'ResaleAuthorization', OwnershipType: 'SHARED', ...input });
const start = (ChangeSet, more) => client.send(new StartChangeSetCommand({ Catalog, ChangeSet, ...more }));
const describe = (ChangeSetId) => client.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId }));
const entity = (EntityId) => client.send(new DescribeEntityCommand({ Catalog, EntityId }));
const cancel = (ChangeSetId) => client.send(new CancelChangeSetCommand({ Catalog, ChangeSetId }));
const sets = (input) => client.send(new ListChangeSetsCommand({ Catalog, ...input }));
const names = (reply) => reply.EntitySummaryList.map((one) => one.Name);

// Until it has ended; the sandbox's log tells when.
async function ended(set) {
  const { ChangeSetId } = await set;
  for (let entry = { seq: 0 }; !['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(entry.status);)
    entry = await people.seen('market.change_set', { id: ChangeSetId }, entry.seq);
  return describe(ChangeSetId);
}
const identifier = (set) => set.ChangeSet[0].Entity.Identifier.split('@')[0];
const draft = async (more) => identifier(await ended(start(create(more))));
const errors = (set) => set.ChangeSet.flatMap((change) => (change.ErrorDetailList ?? []).map((one) => one.ErrorCode));

test.before(async () => {
  await people.limits(false);
  await order('speed', { prepare_ms: 20, apply_ms: 20 });
});
afterEach(() => people.fault({ clear: true }));

test('authorizations are shared, and come in pages', async () => {
  assert.deepEqual((await authorizations({ OwnershipType: 'SELF' })).EntitySummaryList, []);
  const first = await authorizations({ MaxResults: 3 });
  assert.equal(first.EntitySummaryList.length, 3);
  const second = await authorizations({ MaxResults: 3, NextToken: first.NextToken });
  assert.equal(second.NextToken ?? null, null);
  assert.equal(new Set([...names(first), ...names(second)]).size, 5);
  const [one] = first.EntitySummaryList;
  assert.equal(one.OfferSummary ?? null, null);
  assert.equal(one.ResaleAuthorizationSummary.ResellerAccountID, '111122223333');
  assert.match(one.ResaleAuthorizationSummary.AvailabilityEndDate, /^2099-12-31T23:59:59.999Z$/);
});

test('typed filters and sort of authorizations', async () => {
  const by = async (ResaleAuthorizationFilters, ResaleAuthorizationSort) => names(await authorizations({
    EntityTypeFilters: { ResaleAuthorizationFilters },
    EntityTypeSort: ResaleAuthorizationSort && { ResaleAuthorizationSort },
  }));
  assert.deepEqual(await by({ Status: { ValueList: ['Restricted'] } }), ['Archera-Partner-Restricted-2024']);
  assert.deepEqual(await by({ Name: { WildCardValue: 'Single' } }), ['Archera-Partner-Single-2026']);
  assert.deepEqual(await by({ AvailabilityEndDate: { DateRange: { BeforeValue: '2025-01-01T00:00:00Z' } } }), ['Archera-Partner-Old-2023']);
  assert.equal((await by({ ManufacturerAccountId: { WildCardValue: '999988887777' }, Status: { ValueList: ['Active', 'Draft'] } })).length, 4);
  const up = await by({}, { SortBy: 'Name', SortOrder: 'ASCENDING' });
  assert.deepEqual(up, [...up].sort());
  assert.deepEqual(await by({}, { SortBy: 'Name', SortOrder: 'DESCENDING' }), [...up].reverse());
  assert.deepEqual(names(await authorizations({ FilterList: [{ Name: 'Status', ValueList: ['Restricted'] }] })), ['Archera-Partner-Restricted-2024']);
});

test('questions that are malformed', async () => {
  for (const input of [
    { EntityType: 'Offer@1.0' }, { MaxResults: 51 }, { NextToken: 'made-up' }, { Catalog: 'Other' }, { OwnershipType: 'MINE' },
    { EntityTypeFilters: { OfferFilters: {} } },
    { EntityTypeFilters: { ResaleAuthorizationFilters: { Status: { ValueList: [] } } } },
    { EntityTypeFilters: { ResaleAuthorizationFilters: { ManufacturerAccountId: { WildCardValue: '9999' } } } },
    { EntityTypeSort: { ResaleAuthorizationSort: { SortBy: 'ResellerRole' } } },
  ])
    await assert.rejects(authorizations(input), ValidationException, JSON.stringify(input));
  const broken = catalog();
  broken.middlewareStack.add((next) => (args) => {
    args.request.body = '{';
    args.request.headers['content-length'] = '1';
    return next(args);
  }, { step: 'build' });
  await assert.rejects(broken.send(new ListEntitiesCommand({ Catalog, EntityType: 'Offer' })), { name: 'SerializationException' });
  await assert.rejects(entity('offer-none'), ResourceNotFoundException);
  await assert.rejects(describe('none'), ResourceNotFoundException);
});

test('a draft is made, described, released, accepted', async () => {
  const set = await ended(start(create(), { ChangeSetName: 'make CPPO-1', ClientRequestToken: 'token-1' }));
  assert.equal(set.Status, 'SUCCEEDED');
  assert.equal(set.FailureCode ?? null, null);
  assert.equal(set.ChangeSet[0].ErrorDetailList ?? null, null);
  assert.match(set.ChangeSet[0].Entity.Identifier, /^offer-\d+@1$/);
  assert.deepEqual(JSON.parse(set.ChangeSet[2].Details), { Percentage: '25' });
  assert.deepEqual(set.ChangeSet[2].DetailsDocument, { Percentage: '25' });
  const offer = identifier(set);
  const made = await entity(offer);
  assert.equal(made.EntityType, 'Offer@1.0');
  assert.deepEqual(JSON.parse(made.Details), made.DetailsDocument);
  assert.equal(made.DetailsDocument.State, 'Draft');
  assert.equal(made.DetailsDocument.Terms.find((term) => term.Type === 'UsageBasedPricingTerm').RateCards[0].RateCard[0].Price, '0.01');
  assert.equal((await ended(start(release(made.EntityIdentifier)))).Status, 'SUCCEEDED');
  const after = await list({ EntityType: 'Offer', EntityTypeFilters: { OfferFilters: { State: { ValueList: ['Released'] }, BuyerAccounts: { WildCardValue: '222233334444' } } } });
  assert.deepEqual(after.EntitySummaryList.map((one) => one.EntityId), [offer]);

  assert.equal((await order('accept', { offer, account: '999999999999' })).error, 'not_for_this_account');
  const { agreement } = await order('accept', { offer, account: '222233334444' });
  const filters = Object.entries({ PartyType: 'Proposer', AgreementType: 'PurchaseAgreement', OfferId: offer }).map(([name, value]) => ({ name, values: [value] }));
  const found = await agreements.send(new SearchAgreementsCommand({ catalog: Catalog, filters }));
  const [view] = found.agreementViewSummaries;
  assert.equal(view.agreementId, agreement);
  assert.equal(view.status, 'ACTIVE');
  assert.equal(view.proposalSummary.offerId, offer);
  assert.equal(Math.round((view.endTime - view.startTime) / 86400000), 3650);
  const whole = await agreements.send(new DescribeAgreementCommand({ agreementId: agreement }));
  assert.equal(whole.acceptor.accountId, '222233334444');
  await assert.rejects(agreements.send(new DescribeAgreementCommand({ agreementId: 'agmt-none' })), NoAgreement);
  await assert.rejects(agreements.send(new SearchAgreementsCommand({ catalog: Catalog, filters: filters.slice(0, 1) })), BadSearch);
});

test('what is absent is null, where the client hides it', async () => {
  const raw = catalog();
  let body;
  raw.middlewareStack.add((next) => async (args) => {
    const result = await next(args);
    body = await new Response(result.response.body).text();
    result.response.body = Readable.from([body]);
    return result;
  }, { step: 'deserialize', priority: 'low' });
  await people.fault({ change_set: 'hold' });
  const { ChangeSetId } = await start(create());
  await raw.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId }));
  await people.fault({ change_set: 'go_on' });
  const set = JSON.parse(body);
  for (const key of ['EndTime', 'FailureCode', 'FailureDescription'])
    assert.equal(set[key], null, key);
  assert.equal(set.ChangeSet[0].ErrorDetailList, null);
  assert.equal(set.ChangeSet[1].ChangeName, null);
  await raw.send(new ListEntitiesCommand({ Catalog, EntityType: 'Offer' }));
  assert.equal(JSON.parse(body).EntitySummaryList[0].ResaleAuthorizationSummary, null);
});

test('each change type has its rules: at once', async () => {
  const id = await draft();
  for (const [type, details] of [
    ...['5.', '-5', '+5', '1e2', '5%', ' 5', '', 25].map((Percentage) => ['UpdateMarkup', { Percentage }]),
    ['UpdateInformation', {}], ['UpdateInformation', { Name: 'a<b' }], ['UpdateInformation', { Name: ' a' }], ['UpdateInformation', { Name: 'a'.repeat(151) }],
    ['UpdateTargeting', { PositiveTargeting: { BuyerAccounts: ['22223333444'] } }],
    ['UpdateTargeting', { PositiveTargeting: { BuyerAccounts: Array(26).fill('222233334444') } }],
    ['UpdateAvailability', { AvailabilityEndDate: '31.12.2099' }],
    ...[{ AgreementDuration: 'P10W' }, { AgreementDuration: 'P' }, { AgreementDuration: 'P1D1Y' }, {}, { AgreementDuration: 'P1Y', AgreementStartDate: '2099-01-01' }]
      .map((term) => ['UpdateValidityTerms', { Terms: [{ Type: 'ValidityTerm', ...term }] }]),
    ['UpdateLegalTerms', { Terms: [{ Type: 'LegalTerm', Documents: [{ Type: 'StandardEula', Version: '2020-01-01' }] }] }],
    ['ReleaseOffer', { now: true }], ['UpdateInstalments', {}],
  ])
    await assert.rejects(start([update(id, type, details)]), ValidationException, `${type} ${JSON.stringify(details)}`);
  for (const Percentage of ['33.3', '0', '.5', '25.000000001'])
    assert.equal((await ended(start([update(id, 'UpdateMarkup', { Percentage })]))).Status, 'SUCCEEDED');
});

test('each change type has its rules: later, with a code', async () => {
  const id = await draft();
  const bare = await draft({ only: 1 });
  const narrow = await draft({ authorization: 'resaleauthz-single01' });
  const fails = async (changes, code, at = id) => {
    const set = await ended(start(changes(at)));
    assert.equal(set.Status, 'FAILED', code);
    assert.equal(set.FailureCode, 'CLIENT_ERROR');
    assert.deepEqual(errors(set), [code]);
  };
  const one = (type, details) => (at) => [update(at, type, details)];
  const validity = (term) => one('UpdateValidityTerms', { Terms: [{ Type: 'ValidityTerm', ...term }] });
  await fails(one('UpdateTargeting', { PositiveTargeting: { BuyerAccounts: ['123456789012'] } }), 'INCOMPATIBLE_RESALE_AUTHORIZATION', narrow);
  await fails(one('UpdateAvailability', { AvailabilityEndDate: '2020-01-01' }), 'INVALID_AVAILABILITY_END_DATE');
  await fails(validity({ AgreementEndDate: '2099-01-01' }), 'INVALID_AGREEMENT_END_DATE');
  await fails(validity({ AgreementStartDate: '2020-01-01' }), 'INVALID_AGREEMENT_START_DATE');
  await fails(release, 'MISSING_BUYER_ACCOUNTS', bare);
  assert.equal((await ended(start([update(bare, 'UpdateTargeting', { PositiveTargeting: { BuyerAccounts: ['222233334444'] } })]))).Status, 'SUCCEEDED');
  await fails(release, 'MISSING_AVAILABILITY_END_DATE', bare);
  assert.equal((await ended(start(release(id)))).Status, 'SUCCEEDED');
  await fails(release, 'INVALID_UPDATE_REQUEST');
  await fails(one('UpdateMarkup', { Percentage: '5' }), 'INCOMPATIBLE_MARKUP');
  await fails(one('UpdateTargeting', { PositiveTargeting: { BuyerAccounts: ['222233334444'] } }), 'INCOMPATIBLE_TARGETING');
  assert.equal((await ended(start([info(id)]))).Status, 'SUCCEEDED');
  assert.equal((await ended(start([update(id, 'UpdateAvailability', { AvailabilityEndDate: '2020-01-01' })]))).Status, 'SUCCEEDED');
  assert.equal((await order('accept', { offer: id, account: '222233334444' })).error, 'expired');
});

test('a set with a mistake in its form', async () => {
  const id = await draft();
  const markup = update(id, 'UpdateMarkup', { Percentage: '5' });
  for (const [changes, more] of [
    [[markup, markup]], [Array(21).fill(markup)], [[{ ...markup, Details: '{}' }]], [[{ ...markup, Entity: { Type: 'Offer', Identifier: id } }]],
    [[{ ...markup, Entity: { Type: 'Offer@1.0', Identifier: '$Nobody.Entity.Identifier' } }]], [[{ ...markup, ChangeName: 'name 1' }]],
    [[markup], { ChangeSetName: 'a/b' }], [[markup], { ClientRequestToken: 'with space' }], [[markup], { Intent: 'VALIDATE' }],
    [create({ authorization: 'resaleauthz-restrict1' })], [create({ authorization: 'resaleauthz-none' })],
  ])
    await assert.rejects(start(changes, more), ValidationException, JSON.stringify([changes[0], more]));
  await assert.rejects(start([update('offer-none', 'UpdateMarkup', { Percentage: '5' })]), ResourceNotFoundException);
  const used = await ended(start(create({ authorization: 'resaleauthz-used01' })));
  assert.deepEqual(errors(used).slice(0, 1), ['INCOMPATIBLE_RESALE_AUTHORIZATION']);
  assert.equal((await ended(start(create({ backwards: true })))).Status, 'SUCCEEDED', 'the order does not matter');
});

test('an entity is locked while a set works on it', async () => {
  const id = await draft();
  await people.fault({ change_set: 'hold', state: 'PREPARING' });
  const held = await start([info(`${id}@1`)]);
  await assert.rejects(start(release(id)), ResourceInUseException);
  assert.equal((await describe(held.ChangeSetId)).Status, 'PREPARING');
  await cancel(held.ChangeSetId);
  assert.equal((await describe(held.ChangeSetId)).Status, 'CANCELLED');
  await assert.rejects(cancel(held.ChangeSetId), ResourceInUseException);
  await people.fault({ change_set: 'hold' });
  const applying = await start([info(id)]);
  await people.seen('market.change_set', { id: applying.ChangeSetId, status: 'APPLYING' });
  await assert.rejects(cancel(applying.ChangeSetId), ResourceInUseException);
  await people.fault({ change_set: 'go_on' });
  assert.equal((await ended(applying)).Status, 'SUCCEEDED');
  await assert.rejects(start([info(`${id}@1`)]), (error) => error instanceof ValidationException && error.message.includes(`${id}@2`));
});

test('twenty offers at a time', async () => {
  for (let i = 0; i < 20; i++) {
    await people.fault({ change_set: 'hold' });
    await start(create());
  }
  await assert.rejects(start(create()), ServiceQuotaExceededException);
});

// A second's calls at once, and as many for each second after it: however long a hundred take here.
test('so many calls a second', async () => {
  const a_second = 5;
  await people.limits(true);
  const began = performance.now();
  const results = await Promise.allSettled(Array.from({ length: 100 }, () => sets({})));
  const seconds = (performance.now() - began) / 1000;
  await people.limits(false);
  const refused = results.filter((one) => one.status === 'rejected');
  const taken = results.length - refused.length;
  assert.ok(taken >= a_second && taken <= a_second * (1 + seconds), `${taken} of 100 in ${seconds} s`);
  assert.ok(refused.length >= 1);
  assert.ok(refused.every((one) => one.reason instanceof ThrottlingException));
});

test('a token: honoured, ignored, and a call that is applied late', async () => {
  const again = { ClientRequestToken: 'token-2', ChangeSetName: 'twice' };
  const { ChangeSetId } = await start(create(), again);
  assert.equal((await start(create(), again)).ChangeSetId, ChangeSetId);
  await people.fault({ tokens: 'ignored' });
  assert.notEqual((await start(create(), again)).ChangeSetId, ChangeSetId);
  await people.fault({ tokens: 'honoured' });
  await people.fault({ where: 'aws', method: 'StartChangeSet', drop: 'late', delay_ms: 1500 });
  const late = { ClientRequestToken: 'token-3', ChangeSetName: 'late' };
  const before = await people.newest();
  await assert.rejects(start(create(), late));
  assert.deepEqual((await sets({ FilterList: [{ Name: 'ChangeSetName', ValueList: ['late'] }] })).ChangeSetSummaryList, []);
  const second = await start(create(), late);
  await people.seen('market.late', { operation: 'StartChangeSet' }, before);
  const found = await sets({ FilterList: [{ Name: 'ChangeSetName', ValueList: ['late'] }] });
  assert.deepEqual(found.ChangeSetSummaryList.map((set) => set.ChangeSetId), [second.ChangeSetId]);
});

test('lists of change sets: filters, order, pages, lag', async () => {
  const id = await draft();
  const only = { FilterList: [{ Name: 'EntityId', ValueList: [id] }, { Name: 'Status', ValueList: ['SUCCEEDED', 'FAILED'] }] };
  await ended(start([info(id)], { ChangeSetName: 'second' }));
  const all = (await sets(only)).ChangeSetSummaryList;
  assert.equal(all.length, 2);
  assert.equal(all[0].ChangeSetName, 'second');
  assert.match(all[1].ChangeSetName, /^Submitted by /);
  assert.deepEqual(all[0].EntityIdList, [id]);
  const page = await sets({ ...only, MaxResults: 1 });
  assert.deepEqual((await sets({ ...only, MaxResults: 1, NextToken: page.NextToken })).ChangeSetSummaryList, [all[1]]);
  assert.deepEqual((await sets({ FilterList: [{ Name: 'BeforeStartTime', ValueList: ['2020-01-01T00:00:00Z'] }] })).ChangeSetSummaryList, []);
  await assert.rejects(sets({ MaxResults: 21 }), ValidationException);
  await assert.rejects(sets({ FilterList: [{ Name: 'Colour', ValueList: ['red'] }] }), ValidationException);
  await people.fault({ list_lag_ms: 60000 });
  assert.deepEqual((await sets(only)).ChangeSetSummaryList, []);
  assert.deepEqual(names(await list({ EntityType: 'Offer' })), []);
  assert.equal((await entity(id)).DetailsDocument.Id, id);
  assert.equal((await describe(all[0].ChangeSetId)).Status, 'SUCCEEDED');
});

test('bad luck as it was ordered', async () => {
  const id = await draft();
  await people.fault({ change_set: 'fail', code: 'INVALID_TAX_INFORMATION', server_fault: true });
  const failed = await ended(start(release(id)));
  assert.equal(failed.FailureCode, 'SERVER_FAULT');
  assert.deepEqual(errors(failed), ['INVALID_TAX_INFORMATION']);
  await people.fault({ change_set: 'cancel' });
  assert.equal((await ended(start(release(id)))).Status, 'CANCELLED');
  for (const error of [ThrottlingException, ServiceQuotaExceededException, ResourceInUseException, AccessDeniedException]) {
    await people.fault({ where: 'aws', method: 'StartChangeSet', error: error.name });
    await assert.rejects(start(release(id)), error);
  }
  await people.fault({ where: 'aws', method: '*', status: 503 });
  await assert.rejects(start(release(id)), (error) => error.$metadata.httpStatusCode === 503);
});

test('the ISV extends and revokes', async () => {
  const { authorization } = await order('extend', { name: 'Archera-Partner-New-2027', price: '0.0075', buyers: ['222233334444'] });
  const details = (await entity(authorization)).DetailsDocument;
  assert.equal(details.Status, 'Active');
  assert.equal(details.Terms.find((term) => term.Type === 'BuyerTargetingTerm').PositiveTargeting.BuyerAccounts[0].AwsAccountId, '222233334444');
  await order('revoke', { authorization });
  assert.equal((await entity(authorization)).DetailsDocument.Status, 'Restricted');
  assert.equal((await order('revoke', { authorization })).error, 'not_active');
  assert.equal((await order('revoke', { authorization: 'resaleauthz-expired1' })).error, 'expired');
});

// The same call as the client signed it, but with these lines in front of its headers.
async function by_hand(command, lines) {
  const capture = catalog();
  let signed;
  capture.middlewareStack.add(() => async (args) => { signed = args.request; throw new Error('kept'); }, { step: 'finalizeRequest', priority: 'low' });
  await assert.rejects(capture.send(command), /kept/);
  const { hostname, port, path, query, method, headers } = signed;
  const socket = connect(Number(port), hostname);
  const kept = Object.entries(headers).filter(([name]) => name !== 'content-length').map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${method} ${path}?${new URLSearchParams(query)} HTTP/1.1\r\n${lines}${kept.join('')}connection: close\r\n\r\n`);
  return Number((await new Response(Readable.toWeb(socket)).text()).split(' ')[1]);
}

test('a length of nothing is a length', async () => {
  await people.fault({ change_set: 'hold', state: 'PREPARING' });
  const { ChangeSetId } = await start(create());
  await people.fault({ content_length: 'required' });
  const command = new CancelChangeSetCommand({ Catalog, ChangeSetId });
  assert.equal(await by_hand(command, ''), 411);
  assert.equal((await describe(ChangeSetId)).Status, 'PREPARING');
  assert.equal(await by_hand(command, 'Content-Length: 0\r\n'), 200);
  assert.equal((await describe(ChangeSetId)).Status, 'CANCELLED');
});

test('a colleague works with other keys of the account', async () => {
  const id = await draft();
  await people.fault({ deny: '*' });
  await assert.rejects(entity(id), AccessDeniedException);
  const credentials = { accessKeyId: 'AKIDSANDBOXCOLLEAGUE', secretAccessKey: 'sandbox/colleague/secret+key' };
  const set = await catalog({ credentials }).send(new StartChangeSetCommand({ Catalog, ChangeSet: [info(id)] }));
  await people.fault({ allow: '*' });
  assert.equal((await ended(set)).Status, 'SUCCEEDED');
  assert.match((await entity(id)).EntityIdentifier, /@2$/);
});

test('keys and signatures', async () => {
  const call = (more) => catalog(more).send(new ListEntitiesCommand({ Catalog, EntityType: 'Offer' }));
  const named = (name) => (error) => error.name === name && error.$metadata.httpStatusCode === 403;
  await assert.rejects(call({ credentials: { ...keys, secretAccessKey: 'wrong' } }), named('InvalidSignatureException'));
  await assert.rejects(call({ credentials: { ...keys, accessKeyId: 'AKIDNOBODY' } }), named('UnrecognizedClientException'));
  await assert.rejects(call({ credentials: { ...keys, sessionToken: 'made-up' } }), named('UnrecognizedClientException'));
  await assert.rejects(call({ region: 'eu-west-1' }), named('InvalidSignatureException'));
  await assert.rejects(call({ systemClockOffset: -360000 }), named('InvalidSignatureException'));
  await call({ systemClockOffset: 240000 });
  await assert.rejects(call({ credentials: { accessKeyId: 'AKIDSANDBOXOTHER', secretAccessKey: 'sandbox/other/secret+key' } }), AccessDeniedException);
  const role = { accessKeyId: 'ASIASANDBOXROLE', secretAccessKey: 'sandbox/role/secret+key', sessionToken: 'sandbox//session+token==' };
  await assert.rejects(call({ credentials: role }), named('ExpiredTokenException'));
});
