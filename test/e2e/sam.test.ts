import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { s3Client } from '../../lib/aws/clients/s3';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import type { Template } from '../../lib/core/template/template';
import { packageDirectory } from '../../lib/packager/package-directory';
import { answering, type Files } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { codeOf, invoke } from './live';

jest.setTimeout(PATIENCE);

const STACK = 'sam-orders';
const LIVE = 'sam-orders-live';
/** A minute of CodeDeploy takes a second here. */
const template = (greeting = 'one') => `
Transform: AWS::Serverless-2016-10-31
Parameters: { Stage: { Type: String } }
Globals: { Function: { Runtime: nodejs22.x, AutoPublishAlias: live } }
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub 'sam-hello-\${Stage}'
      CodeUri: hello
      Handler: hello.handler
      Environment: { Variables: { GREETING: ${greeting} } }
      DeploymentPreference: { Type: Canary10Percent5Minutes }
      Events: { Get: { Type: HttpApi, Properties: { Path: /hello, Method: get } } }
  Bye:
    Type: AWS::Serverless::Function
    Properties: { FunctionName: !Sub 'sam-bye-\${Stage}', CodeUri: bye, Handler: bye.handler }
Outputs:
  ApiUrl: { Value: !Sub 'https://\${ServerlessHttpApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/' }
`;
const SERVICE: Files = {
  'template.yaml': template(),
  'samconfig.toml': `
[default.deploy.parameters]
stack_name = "${STACK}"
parameter_overrides = "Stage=dev"
tags = "team=orders"
[prod.deploy.parameters]
stack_name = "${LIVE}"
parameter_overrides = "Stage=prod"
`,
  'hello/hello.js': answering('hello A'),
  'bye/bye.js': answering('bye A'),
};

let app: AnApp;
beforeAll(async () => {
  app = await anApp('sam');
});
afterAll(() => app.remove());

const kindOf = ({ services }: Seen) => services['.']!.decision?.kind;

describe('a service of SAM', () => {
  let first: Seen;
  let changed: Seen;
  let full: Seen;
  let back: Seen;
  const answers: string[] = [];

  beforeAll(async () => {
    first = await app.deploy(SERVICE);
    answers.push(await invoke('sam-hello-dev', 'live'));
    changed = await app.deploy({ 'hello/hello.js': answering('hello B') });
    answers.push(await invoke('sam-hello-dev', 'live'));
    full = await app.deploy({ 'template.yaml': template('two') });
    const stage = { app: 'sam', stage: 'dev' };
    const { started } = await app.platform.workers.startRollback({
      ...stage,
      requestId: randomUUID(),
      to: first.release.id,
    });
    back = await app.ended({ ...stage, id: started!.releaseId });
    answers.push(await invoke('sam-hello-dev', 'live'));
  }, PATIENCE);

  it('is deployed to the stack that samconfig.toml names, with its tags', async () => {
    expect(first).toMatchObject({ status: 'succeeded' });
    expect(kindOf(first)).toBe('full');
    const { Stacks } = await cloudFormationClient().send(new DescribeStacksCommand({ StackName: STACK }));
    expect(Stacks![0]!.Tags).toContainEqual({ Key: 'team', Value: 'orders' });
  });

  it('is updated directly where one handler changed, and moves as its DeploymentPreference says', () => {
    expect(kindOf(changed)).toBe('incremental');
    expect(changed.services['.']!.decision!.changedFunctions).toEqual(['Hello']);
    expect(changed.services['.']!.decision!.shifts).toContainEqual(
      expect.objectContaining({ logicalId: 'Hello', shift: { kind: 'canary', percent: 10, minutes: 5 } }),
    );
  });

  it('is deployed in full where a variable changed', () => {
    expect(kindOf(full)).toBe('full');
  });

  it('goes back to what it was', () => {
    expect(back.status).toBe('succeeded');
    expect(answers).toEqual(['hello A', 'hello B', 'hello A']);
  });

  it('is skipped where nothing changed', async () => {
    const same = await app.deploy({ 'template.yaml': template(), 'hello/hello.js': answering('hello A') });
    expect(same).toMatchObject({ status: 'succeeded', services: {} });
  });
});

/** What `sam deploy` leaves: the translated template, code in a bucket of its own, an alias on a version. */
async function deployWithSam(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'e2e-sam-'));
  for (const [path, text] of Object.entries(SERVICE)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text ?? '');
  }
  const out = join(directory, 'out');
  const [manifest] = await packageDirectory({
    directory,
    app: 'sam',
    stage: 'prod',
    region: process.env.AWS_REGION!,
    out,
    clock: SYSTEM_CLOCK,
    log: () => undefined,
    env: process.env,
  });
  const translated: Template = JSON.parse(await readFile(join(out, manifest!.template!), 'utf8'));
  const Bucket = 'aws-sam-cli-managed-default';
  await s3Client().send(new CreateBucketCommand({ Bucket }));
  for (const [id, { bundle }] of Object.entries(manifest!.functions)) {
    await s3Client().send(new PutObjectCommand({ Bucket, Key: bundle, Body: await readFile(join(out, bundle)) }));
    Object.assign(translated.Resources[id]!.Properties!.Code!, { S3Bucket: Bucket, S3Key: bundle });
  }
  await cloudFormationClient().send(
    new CreateStackCommand({
      StackName: LIVE,
      TemplateBody: JSON.stringify(translated),
      Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'prod' }],
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    }),
  );
  await waitUntilStackCreateComplete({ client: cloudFormationClient(), maxWaitTime: 120 }, { StackName: LIVE });
  await rm(directory, { recursive: true, force: true });
}

describe('a stack that sam deploy made', () => {
  const FUNCTION = 'sam-hello-prod';
  const seen = new Set<string>();
  let before: string;
  let adopted: Seen;
  let answers: string;

  beforeAll(async () => {
    await deployWithSam();
    before = (await codeOf(FUNCTION, 'live')).version;
    const adoption = app.releaseOf(await app.push(SERVICE, { branch: 'production' }), 'prod').then(app.ended);
    let isOver = false;
    const over = adoption.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      seen.add(await codeOf(FUNCTION, 'live').then(({ version }) => version, String));
      await sleep(250);
    }
    adopted = await over;
    answers = await invoke(FUNCTION, 'live');
  }, PATIENCE);

  it('is taken over with the alias that it has, which never leaves the version that serves', () => {
    expect(adopted).toMatchObject({ status: 'succeeded' });
    expect(kindOf(adopted)).toBe('full');
    expect([...seen]).toEqual([before]);
    expect(answers).toBe('hello A');
  });
});
