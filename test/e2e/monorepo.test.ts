import { DeleteRepositoryCommand } from '@aws-sdk/client-codecommit';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { readStackOutputs } from '../../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { codeCommitClient } from '../../lib/aws/clients/codecommit';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { repositoryKey } from '../../lib/aws/state/state-keys';
import { answering, aService } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { invoke } from './live';

jest.setTimeout(PATIENCE);

/** A repository with a service, another one nested in it, a third one, and a directory that all of them share. */
const SERVICES = {
  ...aService({ path: 'shop', name: 'monorepo-shop', functions: { shop: 'shop A' } }),
  ...aService({ path: 'shop/reports', name: 'monorepo-reports', functions: { report: 'report A' } }),
  ...aService({ path: 'mail', name: 'monorepo-mail', functions: { mail: 'mail A' } }),
  'mail/texts/hello.txt': 'hi',
  'libs/money.js': 'exports.currency = "EUR";\n',
  'seed.yml': 'phases:\n  - [mail]\n  - [shop, shop/reports]\n',
};

const CURRENCY = { CURRENCY: '${file(../libs/money.js):currency}' };

let app: AnApp;
let first: Seen;
let parent: Seen;
let shared: Seen;
let byFiles: Seen;
let read: Seen;
let child: Seen;
let linked: Seen;
let rewritten: Seen;
let reborn: Seen;
let gone: Seen;

beforeAll(async () => {
  app = await anApp('monorepo');
  first = await app.deploy(SERVICES);
  parent = await app.deploy({ 'shop/shop.js': answering('shop B') });
  shared = await app.deploy({ 'libs/money.js': 'exports.currency = "NOK";\n' });
  byFiles = await app.deploy({
    'seed.yml': `${SERVICES['seed.yml']}changes: files\n`,
    ...aService({ path: 'mail', name: 'monorepo-mail', functions: { mail: 'mail A' }, environment: CURRENCY }),
  });
  read = await app.deploy({ 'libs/money.js': 'exports.currency = "SEK";\n' });
  await app.link('shop/reports/texts', '../../mail/texts');
  child = await app.deploy({ 'shop/reports/report.js': answering('report B') });
  linked = await app.deploy({ 'mail/texts/hello.txt': 'hello' });
  rewritten = await app.deploy({}, { commit: ['--amend'], push: ['--force'] });
  await codeCommitClient().send(new DeleteRepositoryCommand({ repositoryName: 'monorepo' }));
  await app.platform.repositories.ensure('monorepo');
  await acceptRepository();
  await app.git('checkout', '--quiet', '--orphan', 'anew');
  reborn = await app.deploy({ 'mail/mail.js': answering('mail B') });
  await app.git('rm', '-r', '--quiet', 'shop/reports');
  gone = await app.deploy({ 'seed.yml': '' });
}, PATIENCE);
afterAll(() => app.remove());

/** Stands for the owner, who accepts a new repository of the old name by its id in seedbed.yml. */
async function acceptRepository(): Promise<void> {
  const outputs = await readStackOutputs(cloudFormationClient(), 'Seedbed');
  await dynamoDbClient().send(new DeleteCommand({ TableName: outputs!.StateTable!, Key: repositoryKey('monorepo') }));
}

/** What a plan says: the codes of each service that is deployed, in phases, and of each that is not. */
const planOf = ({ plan }: Seen) => {
  const codes = ({ path, reasons }: NonNullable<Seen['plan']>['skip'][number]) => [path, ...reasons.map((r) => r.code)];
  return { phases: plan!.phases.map((phase) => phase.map(codes)), skip: plan!.skip.map(codes) };
};
const decisions = ({ services }: Seen) =>
  Object.fromEntries(Object.entries(services).map(([path, { decision }]) => [path, decision?.kind]));

it('deploys everything at first, phase after phase', () => {
  expect(first.status).toBe('succeeded');
  expect(planOf(first)).toEqual({
    phases: [
      [['mail', 'first-release']],
      [
        ['shop', 'first-release'],
        ['shop/reports', 'first-release'],
      ],
    ],
    skip: [],
  });
  expect(decisions(first)).toEqual({ mail: 'full', shop: 'full', 'shop/reports': 'full' });
});

it('deploys a nested service when its parent changes', async () => {
  expect(planOf(parent)).toEqual({
    phases: [
      [
        ['shop', 'files-changed'],
        ['shop/reports', 'parent-changed'],
      ],
    ],
    skip: [['mail', 'unchanged']],
  });
  expect(decisions(parent)).toEqual({ shop: 'incremental', 'shop/reports': 'skip' });
  expect(await invoke('monorepo-shop-dev-shop', 'live')).toBe('shop B');
});

it('builds every service when a shared file changes, and touches none whose package is the same', () => {
  expect(planOf(shared)).toEqual({
    phases: [
      [['mail', 'shared-files-changed']],
      [
        ['shop', 'shared-files-changed'],
        ['shop/reports', 'shared-files-changed'],
      ],
    ],
    skip: [],
  });
  expect(decisions(shared)).toEqual({ mail: 'skip', shop: 'skip', 'shop/reports': 'skip' });
  expect(Object.values(shared.services).map(({ status }) => status)).toEqual(['skipped', 'skipped', 'skipped']);
});

it('deploys only the service whose package was made of a shared file, where files are to decide', () => {
  expect(planOf(byFiles).skip).toEqual([]);
  expect(planOf(read)).toEqual({
    phases: [[['mail', 'read-files-changed']]],
    skip: [
      ['shop', 'unchanged'],
      ['shop/reports', 'unchanged'],
    ],
  });
  expect(read.plan!.skip[0]!.reasons[0]!.message).toMatch(
    /^nothing that concerns the service changed .*: its last package was not made of .*that changed: libs\/money\.js$/,
  );
  expect(decisions(read)).toEqual({ mail: 'full' });
});

it('leaves a parent alone when the service nested in it changes', async () => {
  expect(planOf(child)).toEqual({
    phases: [[['shop/reports', 'files-changed']]],
    skip: [
      ['mail', 'unchanged'],
      ['shop', 'unchanged'],
    ],
  });
  expect(await invoke('monorepo-reports-dev-report', 'live')).toBe('report B');
});

it('deploys a service that holds a symbolic link to what changed in another one', () => {
  expect(planOf(linked)).toEqual({
    phases: [[['mail', 'files-changed']], [['shop/reports', 'files-changed', 'read-files-changed']]],
    skip: [['shop', 'unchanged']],
  });
  expect(linked.plan!.phases[1]![0]!.reasons[0]!.message).toContain('texts (a symbolic link to ../../mail/texts)');
});

it('compares the files of a rewritten history, not its commits', () => {
  expect(rewritten.release.commit).not.toBe(linked.release.commit);
  expect(planOf(rewritten)).toEqual({
    phases: [],
    skip: [
      ['mail', 'unchanged'],
      ['shop', 'unchanged'],
      ['shop/reports', 'unchanged'],
    ],
  });
});

it('builds everything when the commit that was deployed is unknown, and updates what differs', async () => {
  expect(planOf(reborn).phases).toEqual([
    [['mail', 'base-commit-unknown']],
    [
      ['shop', 'base-commit-unknown'],
      ['shop/reports', 'base-commit-unknown'],
    ],
  ]);
  expect(decisions(reborn)).toEqual({ mail: 'incremental', shop: 'skip', 'shop/reports': 'skip' });
  expect(await invoke('monorepo-mail-dev-mail', 'live')).toBe('mail B');
});

it('leaves a service that the commit no longer has, and says that it is deployed', async () => {
  expect(planOf(gone).skip).toEqual([['shop/reports', 'not-in-commit']]);
  expect(await invoke('monorepo-reports-dev-report', 'live')).toBe('report B');
});
