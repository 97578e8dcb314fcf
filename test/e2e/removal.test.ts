import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStackCommand,
  DeleteStackCommand,
  paginateDescribeStacks,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { paginateListApplications } from '@aws-sdk/client-codedeploy';
import { paginateListFunctions } from '@aws-sdk/client-lambda';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { readStackOutputs } from '../../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { codeDeployClient } from '../../lib/aws/clients/codedeploy';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { s3Client } from '../../lib/aws/clients/s3';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { applicationName } from '../../lib/core/contracts/code-deploy-names';
import { serviceExecutionName } from '../../lib/core/contracts/execution-name';
import { answering, aService, type ServiceOptions } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { invoke } from './live';

jest.setTimeout(PATIENCE);

/** An app of two phases goes: what it leaves is looked for in AWS itself. */
const STAGE = { app: 'removal', stage: 'dev' };
const BUCKET = 'removal-store-dev-uploads';
const STORE: ServiceOptions = {
  path: 'store',
  name: 'removal-store',
  functions: { keep: 'keep A' },
  resources: {
    Uploads: { Type: 'AWS::S3::Bucket', Properties: { BucketName: BUCKET } },
    Letters: { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Retain' },
  },
};
const WEB: ServiceOptions = { path: 'web', name: 'removal-web', api: true, functions: { hello: 'hello A' } };

let app: AnApp;
let directory: string;

/** @returns what is on all pages. */
async function all<Page, Item>(pages: AsyncIterable<Page>, itemsOf: (page: Page) => readonly Item[] | undefined) {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}

/** What there is in AWS of the stage. */
async function look() {
  const [stacks, functions, buckets, applications, states] = await Promise.all([
    all(paginateDescribeStacks({ client: cloudFormationClient() }, {}), ({ Stacks }) => Stacks),
    all(paginateListFunctions({ client: lambdaClient() }, {}), ({ Functions }) => Functions),
    s3Client().send(new ListBucketsCommand({})),
    all(paginateListApplications({ client: codeDeployClient() }, {}), ({ applications }) => applications),
    app.platform.serviceStates.list(STAGE),
  ]);
  const own = (name = '') => name.startsWith('removal-');
  return {
    stacks: stacks
      .filter(({ StackName, StackStatus }) => own(StackName) && StackStatus !== 'DELETE_COMPLETE')
      .map(({ StackName }) => StackName)
      .sort(),
    functions: functions
      .map(({ FunctionName }) => FunctionName)
      .filter(own)
      .sort(),
    buckets: (buckets.Buckets ?? [])
      .map(({ Name }) => Name)
      .filter(own)
      .sort(),
    applications: applications.filter((name) => name.startsWith('seedbed-removal-')),
    states: states.map(({ path, status }) => [path, status]),
  };
}
type Look = Awaited<ReturnType<typeof look>>;

async function remove(emptyBuckets: boolean): Promise<{ readonly seen: Seen; readonly look: Look }> {
  const { releaseId } = await app.platform.workers.removeStage({
    ...STAGE,
    emptyBuckets,
    requestId: randomUUID(),
  });
  const seen = await app.ended({ ...STAGE, id: releaseId });
  return { seen, look: await look() };
}

/** @returns when a service's part of a release began and ended, in epoch milliseconds. */
async function timesOf({ release }: Seen, path: string) {
  const { ServiceReleaseStateMachine } = (await readStackOutputs(cloudFormationClient(), 'Seedbed'))!;
  const executionArn = `${ServiceReleaseStateMachine!.replace(':stateMachine:', ':execution:')}:${serviceExecutionName(release, path)}`;
  const { startDate, stopDate } = await stepFunctionsClient().send(new DescribeExecutionCommand({ executionArn }));
  return { began: startDate!.getTime(), ended: stopDate!.getTime() };
}

/** Two versions of one object, one that was deleted, and an upload that nobody completed. */
async function fill(): Promise<void> {
  const s3 = s3Client();
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
  for (const Key of ['a', 'a', 'b']) await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'text' }));
  await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'b' }));
  await s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'c' }));
}

/** A stack of nobody's app imports what the framework exports of each service. */
const OUTSIDER = { StackName: 'outside-of-removal' };
const EXPORT = 'sls-removal-store-dev-KeepLambdaFunctionQualifiedArn';

/** Removes the stage while another stack imports an export of it. */
async function removeImported() {
  const client = cloudFormationClient();
  const Properties = { Type: 'String', Name: '/outside-of-removal', Value: { 'Fn::ImportValue': EXPORT } };
  const template = { Resources: { Bucket: { Type: 'AWS::SSM::Parameter', Properties } } };
  await client.send(new CreateStackCommand({ ...OUTSIDER, TemplateBody: JSON.stringify(template) }));
  await waitUntilStackCreateComplete(WAIT(client), OUTSIDER);
  const removal = await remove(true);
  const { Versions } = await s3Client().send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
  await client.send(new DeleteStackCommand(OUTSIDER));
  await waitUntilStackDeleteComplete(WAIT(client), OUTSIDER);
  return { ...removal, kept: Versions?.length };
}
const WAIT = (client: ReturnType<typeof cloudFormationClient>) => ({ client, minDelay: 1, maxWaitTime: 60 });

let deployed: Look;
let refused: Awaited<ReturnType<typeof remove>>;
let imported: Awaited<ReturnType<typeof removeImported>>;
let allowed: Awaited<ReturnType<typeof remove>>;
let repeated: Awaited<ReturnType<typeof remove>>;
let again: Seen;
let answer: string;
let whole: Awaited<ReturnType<typeof remove>>;
let lines: readonly string[];

beforeAll(async () => {
  app = await anApp('removal');
  directory = await mkdtemp(join(tmpdir(), 'e2e-removal-'));
  const say = (hook: string) => [`echo "${hook} $SEED_SERVICE_PATH" >> ${join(directory, 'lines')}`];
  const seedYml = {
    phases: [['store'], ['web']],
    before_remove: say('before'),
    after_remove: say('after'),
  };
  await app.deploy({ ...aService(STORE), ...aService(WEB), 'seed.yml': JSON.stringify(seedYml) });
  // Only what served before has traffic that CodeDeploy can shift, and so an application there.
  await app.deploy({ 'web/hello.js': answering('hello B') });
  await fill();
  deployed = await look();
  refused = await remove(false);
  imported = await removeImported();
  allowed = await remove(true);
  lines = (await readFile(join(directory, 'lines'), 'utf8')).trim().split('\n');
  repeated = await remove(true);
  again = await app.deploy();
  answer = await invoke('removal-web-dev-hello', 'live');
  whole = await remove(true);
});
afterAll(async () => {
  await app?.remove();
  await rm(directory, { recursive: true, force: true });
});

describe('removing a stage', () => {
  it('begins with all of it there', () => {
    expect(deployed).toEqual({
      stacks: ['removal-store-dev', 'removal-web-dev'],
      functions: ['removal-store-dev-keep', 'removal-web-dev-hello'],
      buckets: [BUCKET],
      applications: [applicationName(STAGE, 'web')],
      states: [
        ['store', 'deployed'],
        ['web', 'deployed'],
      ],
    });
  });

  it('stops at a bucket that holds something, and says so', () => {
    const { status, error, services } = refused.seen;
    expect(status).toBe('failed');
    expect(services.web).toMatchObject({ status: 'removed' });
    expect(services.store?.error).toMatchObject({ code: 'StageRemovalIncomplete' });
    expect(services.store?.error?.message).toMatch(
      /^bucket "removal-store-dev-uploads" \(Uploads\) holds 4 objects, all versions counted; nothing was deleted: /,
    );
    expect(error?.message).toMatch(/; not removed: "store"; fix what is named and remove the stage again$/);
  });

  it('has removed the later phase by then, and nothing of the earlier one', () => {
    expect(refused.look).toEqual({
      stacks: ['removal-store-dev'],
      functions: ['removal-store-dev-keep'],
      buckets: [BUCKET],
      applications: [],
      states: [['store', 'failed']],
    });
  });

  it('deletes no object of a service whose exports another stack imports, and names both', () => {
    expect(imported.seen.services.store?.error).toMatchObject({
      code: 'StageRemovalIncomplete',
      message: expect.stringContaining(`"${EXPORT}" (by "${OUTSIDER.StackName}"); release those stacks without`),
    });
    expect(imported.kept).toBe(3);
    expect(imported.look).toEqual(refused.look);
  });

  it('leaves nothing when that is allowed', () => {
    expect(allowed.seen).toMatchObject({ status: 'succeeded', services: { store: { status: 'removed' } } });
    expect(Object.keys(allowed.seen.services)).toEqual(['store']);
    expect(allowed.look).toEqual({ stacks: [], functions: [], buckets: [], applications: [], states: [] });
  });

  it('tells what stays, and how much was deleted', () => {
    expect(allowed.seen.services.store?.warnings).toEqual([
      '4 versions of objects in its buckets were deleted',
      expect.stringMatching(/^Letters \(AWS::SQS::Queue ".+"\) stays: its DeletionPolicy is Retain$/),
    ]);
  });

  it('runs the hooks around each service', () => {
    expect(lines).toEqual(['before web', 'after web', 'before store', 'before store', 'after store']);
  });

  it('has nothing to do once all is gone', () => {
    expect(repeated.seen).toMatchObject({ status: 'succeeded', plan: { phases: [], skip: [] }, services: {} });
  });

  it('lets the stage be deployed again, as for the first time', () => {
    expect(again.services.web?.planned).toContainEqual(expect.objectContaining({ code: 'first-release' }));
    expect(again.services.web?.status).toBe('deployed');
    expect(answer).toBe('hello B');
  });

  it('goes through the phases backwards', async () => {
    expect(whole.look).toEqual({ stacks: [], functions: [], buckets: [], applications: [], states: [] });
    const [web, store] = await Promise.all([timesOf(whole.seen, 'web'), timesOf(whole.seen, 'store')]);
    expect(web.ended).toBeLessThanOrEqual(store.began);
  });
});
