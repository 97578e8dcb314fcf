import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  CreateStackCommand,
  DescribeStackResourceCommand,
  GetTemplateCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionUrlConfigCommand } from '@aws-sdk/client-lambda';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import type { Template } from '../../lib/core/template/template';
import { answering, aService, type Files, type ServiceOptions } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { ask, codeOf, invoke } from './live';

jest.setTimeout(PATIENCE);

const dynamo = new DynamoDBClient();

/** A service that the Serverless Framework deployed by itself, before there was a platform. */
const STACK = 'adoption-dev';
const FUNCTION = `${STACK}-hello`;
const OPEN_FUNCTION = `${STACK}-open`;
const SERVICE: ServiceOptions = {
  path: '.',
  name: 'adoption',
  functions: { hello: 'hello A' },
  api: true,
  moreFunctions: { open: { handler: 'open.handler', package: { patterns: ['open.js'] }, url: true } },
};
const OPEN = { 'open.js': answering('open A') };
/** Another one, whose table is gone from its configuration when it is taken over. */
const LEDGER: ServiceOptions = { path: '.', name: 'adoption-ledger', functions: { book: 'book A' } };
const TABLE = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};
/** A stack of another team that has the name that a service would give its own. */
const STRANGER: ServiceOptions = { path: 'stranger', name: 'adoption-stranger', functions: { call: 'call A' } };

let app: AnApp;
/** Where the service's route goes. */
let before: { readonly route: unknown; readonly api: string; readonly live: string; readonly url: string };
let adopted: Seen & typeof before;
let direct: Seen & typeof before;

async function deployWithFramework(files: Files): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'e2e-adoption-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text ?? '');
  }
  const framework = join(__dirname, '../../node_modules/osls/bin/serverless.js');
  const env = { ...process.env, SLS_AWS_MONITORING_FREQUENCY: '200', SLS_TELEMETRY_DISABLED: '1' };
  await promisify(execFile)(process.execPath, [framework, 'deploy', '--stage', 'dev'], { cwd: directory, env });
  await rm(directory, { recursive: true, force: true });
}

async function look(): Promise<typeof before> {
  const template = new GetTemplateCommand({ StackName: STACK, TemplateStage: 'Original' });
  const { TemplateBody } = await cloudFormationClient().send(template);
  const { Resources }: Template = JSON.parse(TemplateBody!);
  return {
    route: Resources.HttpApiIntegrationHello!.Properties!.IntegrationUri,
    api: await ask(STACK, '/hello'),
    url: (await lambdaClient().send(new GetFunctionUrlConfigCommand({ FunctionName: OPEN_FUNCTION }))).FunctionUrl!,
    live: await codeOf(FUNCTION, 'live').then(
      ({ version }) => version,
      () => 'none',
    ),
  };
}

beforeAll(async () => {
  app = await anApp('adoption');
  await deployWithFramework({ ...aService(SERVICE), ...OPEN });
  before = await look();
  adopted = { ...(await app.release({ ...aService(SERVICE), ...OPEN })), ...(await look()) };
  direct = { ...(await app.release({ 'hello.js': answering('hello B') })), ...(await look()) };
}, PATIENCE);
afterAll(async () => {
  await app.remove();
});

describe('a service that its framework deployed before the platform', () => {
  it('is taken over, though nothing of it has changed', () => {
    expect(before).toMatchObject({ api: 'hello A', live: 'none' });
    expect(adopted.services['.']!.error).toBeUndefined();
    expect(adopted.services['.']).toMatchObject({ status: 'deployed', decision: { kind: 'full' } });
    expect(adopted.api).toBe('hello A');
  });

  it('keeps the address of its function URL, and is told what that means', async () => {
    expect(adopted.url).toBe(before.url);
    expect(direct.url).toBe(before.url);
    expect(adopted.services['.']!.warnings).toContainEqual(
      expect.stringMatching(/^function URL OpenLambdaFunctionUrl keeps its address/),
    );
  });

  it('is invoked through the alias from then on', async () => {
    expect(before.route).toEqual({ 'Fn::GetAtt': ['HelloLambdaFunction', 'Arn'] });
    expect(adopted.route).toEqual({ Ref: 'HelloLambdaFunctionAliasLive' });
    expect(adopted.services['.']!.functions).toContainEqual(
      expect.objectContaining({ name: FUNCTION, version: adopted.live }),
    );
  });

  it('is updated directly by the next change of code', async () => {
    expect(direct.services['.']!.decision!.kind).toBe('incremental');
    expect(direct.api).toBe('hello B');
    expect(await invoke(FUNCTION, 'live')).toBe('hello B');
  });
});

describe('a stack that is there already', () => {
  const ledger = { ...LEDGER, path: 'ledger' };
  let refused: Seen;
  const idOf = async (StackName: string, LogicalResourceId: string) => {
    const found = await cloudFormationClient().send(new DescribeStackResourceCommand({ StackName, LogicalResourceId }));
    const { TableName, TableStatus } = await dynamo
      .send(new DescribeTableCommand({ TableName: found.StackResourceDetail!.PhysicalResourceId }))
      .then(({ Table }) => Table!);
    return { TableName, TableStatus };
  };
  let tables: Record<string, unknown>;

  beforeAll(async () => {
    await deployWithFramework(aService({ ...LEDGER, resources: { Ledger: TABLE } }));
    const TemplateBody = JSON.stringify({ Resources: { Books: TABLE } });
    const StackName = 'adoption-stranger-dev';
    await cloudFormationClient().send(new CreateStackCommand({ StackName, TemplateBody }));
    await waitUntilStackCreateComplete({ client: cloudFormationClient(), maxWaitTime: 120 }, { StackName });
    tables = { ledger: await idOf('adoption-ledger-dev', 'Ledger'), books: await idOf(StackName, 'Books') };
    refused = await app.release({ ...aService(ledger), ...aService(STRANGER) });
  }, PATIENCE);

  it("is not touched if it is another team's: the release says what it is and how to consent", async () => {
    const { status, error } = refused.services.stranger!;
    expect(status).toBe('failed');
    expect(error).toMatchObject({ code: 'StackNameTaken' });
    expect(error!.message).toContain('Books (AWS::DynamoDB::Table');
    expect(error!.message).toContain('"adopt: [adoption-stranger-dev]"');
    expect(await idOf('adoption-stranger-dev', 'Books')).toEqual(tables.books);
  });

  it('is not touched either if the take-over would remove a table of it', async () => {
    const { status, error } = refused.services.ledger!;
    expect(status).toBe('failed');
    expect(error).toMatchObject({ code: 'StatefulChange' });
    expect(error!.message).toMatch(/Ledger \(AWS::DynamoDB::Table "[^"]+"\) removed/);
    expect(error!.message).toContain('replace: [adoption-ledger-dev/Ledger]');
    expect(await idOf('adoption-ledger-dev', 'Ledger')).toEqual(tables.ledger);
  });
});
