import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { readStackOutputs } from '../../lib/aws/stack-outputs';
import type { LocalCloud } from '../../lib/local/local-cloud';
import { aService } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { ownCloud } from './own-cloud';

jest.setTimeout(PATIENCE);

/** A stage that lives in another account than the platform. */
const OTHER = '444455556666';
const STACK = 'hands-dev';
const SERVICE = { path: '.', name: 'hands', api: false, functions: { hello: 'hello A' } };
const inOther = () => ({ region: 'us-east-1', credentials: { accessKeyId: OTHER, secretAccessKey: 'local' } });

let cloud: LocalCloud;
let app: AnApp;
let first: Seen;
let answered: string;
let second: Seen;

const answer = async (): Promise<string> => {
  const call = new InvokeCommand({ FunctionName: `${STACK}-hello`, Qualifier: 'live', Payload: '{}' });
  const { Payload } = await lambdaClient(inOther()).send(call);
  return JSON.parse(Buffer.from(Payload!).toString('utf8')).body;
};

beforeAll(async () => {
  const shift = { canary: { percent: 10, minutes: 1 } };
  cloud = await ownCloud(
    { hands: { repository: { codecommit: 'hands' }, stages: { dev: { branches: ['main'], target: 'other', shift } } } },
    { name: 'two-accounts', speed: 60 },
    { targets: { other: { account: OTHER } }, before: bootstrapOther },
  );
  app = await anApp('hands');
  first = await app.release(aService(SERVICE));
  answered = await answer();
  second = await app.release(aService({ ...SERVICE, functions: { hello: 'hello B' } }));
});
afterAll(async () => {
  await app?.remove();
  await cloud?.stop();
});

/** Lets the platform's account deploy stacks to the other one, as docs/install.md says. */
async function bootstrapOther(started: LocalCloud): Promise<void> {
  const cdk = join(__dirname, '../../node_modules/aws-cdk/bin/cdk');
  const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const trust = ['--trust', started.accountId, '--cloudformation-execution-policies', admin];
  await promisify(execFile)(
    process.execPath,
    [cdk, 'bootstrap', `aws://${OTHER}/${started.region}`, ...trust, '--app', ''],
    {
      env: { ...process.env, ...started.environment, AWS_ACCESS_KEY_ID: OTHER, CDK_HOME: started.scratchDir },
    },
  );
}

it('deploys to the account where the stage lives, and to no other', async () => {
  expect(first).toMatchObject({ status: 'succeeded', services: { '.': { decision: { kind: 'full' } } } });
  expect(answered).toBe('hello A');
  expect(await readStackOutputs(cloudFormationClient(), STACK)).toBeUndefined();
  expect(await readStackOutputs(cloudFormationClient(inOther()), STACK)).toBeDefined();
});

it('updates code there directly, and shifts traffic with the CodeDeploy of that account', async () => {
  expect(second).toMatchObject({
    status: 'succeeded',
    services: { '.': { decision: { kind: 'incremental' }, functions: [{ updated: true, version: '2' }] } },
  });
  expect(await answer()).toBe('hello B');
});
