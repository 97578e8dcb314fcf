import { GetFunctionConfigurationCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { readStackOutputs } from '../../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { aService } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { OTHER_ACCOUNT } from './e2e-apps';

jest.setTimeout(PATIENCE);

/** A stage that lives in another account than the platform. */
const STACK = 'elsewhere-dev';
const SERVICE = {
  path: '.',
  name: 'elsewhere',
  api: false,
  functions: { hello: 'hello A' },
  environment: { ACCOUNT: '${aws:accountId}' },
};
const inOther = () => ({
  region: 'us-east-1',
  credentials: { accessKeyId: OTHER_ACCOUNT, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY! },
});

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
  app = await anApp('elsewhere');
  first = await app.release(aService(SERVICE));
  answered = await answer();
  second = await app.release(aService({ ...SERVICE, functions: { hello: 'hello B' } }));
});
afterAll(() => app?.remove());

it('deploys to the account where the stage lives, and to no other', async () => {
  expect(first).toMatchObject({ status: 'succeeded', services: { '.': { decision: { kind: 'full' } } } });
  expect(answered).toBe('hello A');
  expect(await readStackOutputs(cloudFormationClient(), STACK)).toBeUndefined();
  expect(await readStackOutputs(cloudFormationClient(inOther()), STACK)).toBeDefined();
});

it('packages with the rights and the name of that account', async () => {
  const { Environment } = await lambdaClient(inOther()).send(
    new GetFunctionConfigurationCommand({ FunctionName: `${STACK}-hello` }),
  );
  expect(Environment?.Variables).toMatchObject({ ACCOUNT: OTHER_ACCOUNT });
});

it('updates code there directly, and shifts traffic with the CodeDeploy of that account', async () => {
  expect(second).toMatchObject({
    status: 'succeeded',
    services: { '.': { decision: { kind: 'incremental' }, functions: [{ updated: true, version: '2' }] } },
  });
  expect(await answer()).toBe('hello B');
});
