// Debian's AWS CLI, whose model is of 2022: the old dialect, and signatures by another hand.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { afterEach, test } from 'node:test';
import { create, order } from './market.js';
import * as people from './people.js';

const CATALOG = ['--catalog', 'AWSMarketplace'];

// What a command prints, or {code: "SomeException"} of what AWS refused.
function aws(command, words = [], env = {}) {
  return new Promise((resolve, reject) => {
    const all = ['marketplace-catalog', command, '--endpoint-url', process.env.AWS_ENDPOINT_URL_MARKETPLACE_CATALOG, '--output', 'json', ...CATALOG, ...words];
    const settings = { AWS_MAX_ATTEMPTS: '1', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', ...env };
    execFile('/usr/bin/aws', all, { env: { ...process.env, ...settings }, timeout: 1800000 }, (failed, out, said) => {
      const code = /An error occurred \((\w+)\)/.exec(said)?.[1];
      if (code) resolve({ code });
      else if (failed) reject(failed);
      else resolve(JSON.parse(out));
    });
  });
}

const old = (change) => ({ ...change, Details: JSON.stringify(change.DetailsDocument), DetailsDocument: undefined });
const start = (changes, ...words) => aws('start-change-set', ['--change-set', JSON.stringify(changes), ...words]);
const describe = (id) => aws('describe-change-set', ['--change-set-id', id]);
const entered = (id, status) => people.seen('market.change_set', { id, status });

test.before(() => order('speed', { prepare_ms: 20, apply_ms: 20 }));
afterEach(() => people.fault({ clear: true }));

test('a draft in the old dialect: started, described, listed', async () => {
  const { ChangeSetId: id } = await start(create().map(old), '--change-set-name', 'make CPPO-1');
  await entered(id, 'SUCCEEDED');
  const [set, sets, offers] = await Promise.all([
    describe(id),
    aws('list-change-sets', ['--filter-list', 'Name=ChangeSetName,ValueList=make CPPO-1']),
    aws('list-entities', ['--entity-type', 'Offer']),
  ]);
  assert.equal(set.Status, 'SUCCEEDED');
  assert.equal(set.ChangeSet.length, 6);
  assert.deepEqual(JSON.parse(set.ChangeSet[2].Details), { Percentage: '25' });
  assert.deepEqual(sets.ChangeSetSummaryList.map((one) => one.ChangeSetId), [id]);
  assert.deepEqual(sets.ChangeSetSummaryList[0].EntityIdList, offers.EntitySummaryList.map((one) => one.EntityId));
  const [offer] = offers.EntitySummaryList;
  const made = await aws('describe-entity', ['--entity-id', offer.EntityId]);
  assert.equal(JSON.parse(made.Details).MarkupPercentage, '25');
  assert.equal(made.EntityIdentifier, `${offer.EntityId}@1`);
});

test('a set that is cancelled in time; one that fails', async () => {
  await people.fault({ change_set: 'hold', state: 'PREPARING' });
  const { ChangeSetId: held } = await start(create().map(old));
  assert.equal((await aws('cancel-change-set', ['--change-set-id', held])).ChangeSetId, held);
  assert.equal((await aws('cancel-change-set', ['--change-set-id', held])).code, 'ResourceInUseException');
  await people.fault({ change_set: 'fail', code: 'INVALID_BUYER_ACCOUNTS', message: '222233334444 is closed' });
  const { ChangeSetId: failed } = await start(create().map(old));
  await entered(failed, 'FAILED');
  const set = await describe(failed);
  assert.equal(set.FailureCode, 'CLIENT_ERROR');
  assert.deepEqual(set.ChangeSet[0].ErrorDetailList, [{ ErrorCode: 'INVALID_BUYER_ACCOUNTS', ErrorMessage: '222233334444 is closed' }]);
});

test('errors by name', async () => {
  const codes = await Promise.all([
    aws('describe-entity', ['--entity-id', 'offer-none']),
    aws('list-entities', ['--entity-type', 'Offer@1.0']),
    aws('list-entities', ['--entity-type', 'Offer'], { AWS_SECRET_ACCESS_KEY: 'wrong' }),
    aws('list-entities', ['--entity-type', 'Offer'], { AWS_ACCESS_KEY_ID: 'AKIDNOBODY' }),
    aws('list-entities', ['--entity-type', 'Offer'], { AWS_ACCESS_KEY_ID: 'ASIASANDBOXROLE', AWS_SECRET_ACCESS_KEY: 'sandbox/role/secret+key', AWS_SESSION_TOKEN: 'sandbox//session+token==' }),
  ]);
  assert.deepEqual(codes.map((one) => one.code), ['ResourceNotFoundException', 'ValidationException',
    'InvalidSignatureException', 'UnrecognizedClientException', 'ExpiredTokenException']);
});
