import { randomUUID } from 'node:crypto';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { aZip } from '../local/a-cloud';
import { answering } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { aRole } from './iam-roles';
import { invoke, versionsOf } from './live';

jest.setTimeout(PATIENCE);

/** Functions that something else has made, from the first release to the removal. */
const [ORDERS, MAILS] = ['made-dev-orders', 'made-dev-mails'];
const SEED_YML = JSON.stringify({
  code_only: {
    functions: [{ name: 'made-${stage}-*', directory: 'src/*', runtime: 'nodejs20.x', handler: 'index.handler' }],
  },
});
const lambda = lambdaClient();

async function make(name: string): Promise<void> {
  const request = {
    FunctionName: name,
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Role: role,
    Code: { ZipFile: aZip({ 'index.js': answering('not yet') }) },
  } as const;
  await lambda.send(new CreateFunctionCommand(request));
}

let app: AnApp;
let role: string;
const aliasOf = async (name: string) =>
  (await lambda.send(new GetAliasCommand({ FunctionName: name, Name: 'live' }))).FunctionVersion;
const look = async (seen: Seen) => ({
  seen,
  service: seen.services.functions!,
  latest: await invoke(ORDERS!),
  live: await Promise.all([invoke(ORDERS!, 'live'), invoke(MAILS!, 'live')]),
  aliases: await Promise.all([aliasOf(ORDERS!), aliasOf(MAILS!)]),
});
let unknown: Seen;
let first: Awaited<ReturnType<typeof look>>;
let unchanged: Seen;
let one: typeof first;
let configured: typeof first;
let back: typeof first;
let removed: Seen;

beforeAll(async () => {
  app = await anApp('made-elsewhere');
  const files = {
    'seed.yml': SEED_YML,
    'functions/src/orders/index.js': answering('orders A'),
    'functions/src/mails/index.js': answering('mails A'),
  };
  role = await aRole({ name: 'made-elsewhere', services: ['lambda'], actions: ['logs:PutLogEvents'] });
  await make(ORDERS!);
  unknown = await app.release(files);
  await make(MAILS!);
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: ORDERS,
      StatementId: 'nightly',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: 'arn:aws:events:us-east-1:000000000000:rule/nightly',
    }),
  );
  first = await look(await app.deploy());
  unchanged = await app.deploy({ 'functions/README.md': 'nothing of the code' });
  one = await look(await app.deploy({ 'functions/src/orders/index.js': answering('orders B') }));
  const request = { FunctionName: MAILS, Environment: { Variables: { FROM: 'shop@example.com' } } };
  await lambda.send(new UpdateFunctionConfigurationCommand(request));
  configured = await look(await app.deploy({ 'functions/README.md': 'mails have a sender' }));
  const { started } = await app.platform.workers.startRollback({
    app: app.name,
    stage: 'dev',
    to: first.seen.release.id,
    requestId: randomUUID(),
  });
  back = await look(await app.ended({ app: app.name, stage: 'dev', id: started!.releaseId }));
  const { releaseId } = await app.platform.workers.removeStage({
    app: app.name,
    stage: 'dev',
    requestId: randomUUID(),
  });
  removed = await app.ended({ app: app.name, stage: 'dev', id: releaseId });
}, PATIENCE);
afterAll(() => app?.remove());

describe('functions that something else has made', () => {
  it('are left alone as long as one of them is not there', () => {
    expect(unknown.status).toBe('failed');
    expect(unknown.services.functions!.error).toMatchObject({
      code: 'FunctionMissing',
      message: expect.stringContaining(`function "${MAILS}" is not there`),
    });
  });

  it('get an alias at what they ran, then the new code, shifted as the stage demands', () => {
    expect(first.service.decision).toMatchObject({ kind: 'incremental', changedFunctions: [MAILS, ORDERS] });
    expect(first.live).toEqual(['orders A', 'mails A']);
    expect(first.aliases).toEqual(['2', '2']);
    expect(first.service.decision!.shifts).toMatchObject([
      { logicalId: MAILS, shift: { kind: 'canary' } },
      { logicalId: ORDERS, shift: { kind: 'canary' } },
    ]);
  });

  it('are said to be invoked without their alias where they are', () => {
    expect(first.service.warnings).toEqual([
      expect.stringMatching(/^function "made-dev-orders" is invoked without .*events\.amazonaws\.com/),
    ]);
  });

  it('stay as they are where nothing differs', () => {
    expect(unchanged.services.functions).toMatchObject({ status: 'skipped' });
  });

  it('are updated one by one', () => {
    expect(one.service.decision).toMatchObject({
      kind: 'incremental',
      reasons: [{ code: 'function-code-changed' }],
      changedFunctions: [ORDERS],
    });
    expect(one.live).toEqual(['orders B', 'mails A']);
    expect(one.aliases).toEqual(['3', '2']);
  });

  it('get a version for a configuration that was changed where they are made', () => {
    expect(configured.service.decision).toMatchObject({
      reasons: [{ code: 'function-configuration-changed' }],
      changedFunctions: [MAILS],
    });
    expect(configured.aliases).toEqual(['3', '3']);
  });

  it('go back to the version that served, unless they are configured anew', () => {
    expect(back.live).toEqual(['orders A', 'mails A']);
    expect(back.latest).toBe('orders A');
    expect(back.aliases).toEqual(['2', '3']);
  });

  it('stay when their service is removed, and so does the alias', async () => {
    expect(removed.services.functions).toMatchObject({
      status: 'removed',
      warnings: [expect.stringContaining('stay, and so does their alias')],
    });
    expect(await invoke(ORDERS!, 'live')).toBe('orders A');
    expect(await versionsOf(ORDERS!)).toEqual(['1', '2', '3']);
  });
});
