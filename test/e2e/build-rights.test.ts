import { join } from 'node:path';
import { CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { secretsManagerClient } from '../../lib/aws/clients/secrets-manager';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { aService } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';

jest.setTimeout(PATIENCE);

/** What a build may read: its stage `dev` what seedbed.yml grants it, its stage `prod` nothing. */
const STAGES = ['dev', 'prod'] as const;
const SERVICE = aService({
  path: 'api',
  name: 'reading',
  functions: { hello: 'hello' },
  environment: {
    KEY: '${ssm:/reading/${sls:stage}/key}',
    OTHER: '${cf:reading-a-${sls:stage}.HelloArn}',
    ACCOUNT: '${aws:accountId}',
  },
});
/** What a migration or a smoke test does: it asks AWS for what it needs. */
const ASK = `
const { SecretsManagerClient, GetSecretValueCommand } = require(${JSON.stringify(
  join(__dirname, '../../node_modules/@aws-sdk/client-secrets-manager'),
)});
new SecretsManagerClient().send(new GetSecretValueCommand({ SecretId: process.argv[2] })).then(
  ({ SecretString }) => console.log('the secret has ' + SecretString.length + ' letters'),
  (error) => { console.error(error.message); process.exitCode = 1; },
);
`;
const WITH_HOOK = {
  ...SERVICE,
  'ask.js': ASK,
  'seed.yml': 'before_build: ["node ask.js reading/$SEED_STAGE_NAME/database"]\n',
};
const PROD = { branch: 'production' };

let app: AnApp;
let granted: Seen;
let refused: Seen;
let refusedHook: Seen;
let log: string;

beforeAll(async () => {
  app = await anApp('reading');
  for (const stage of STAGES) await makeWhatIsRead(stage);
  granted = await app.release(WITH_HOOK);
  refusedHook = await app.ended(await app.releaseOf(await app.push({}, PROD), 'prod'));
  refused = await app.ended(await app.releaseOf(await app.push({ 'seed.yml': null }, PROD), 'prod'));
  const builds = await app.platform.releaseBuilds.list(granted.release);
  const read = await Promise.all(builds.map(({ buildId }) => app.platform.buildLogs.read(buildId)));
  log = read.flatMap(({ lines }) => lines.map(({ text }) => text)).join('\n');
}, PATIENCE);
afterAll(() => app?.remove());

async function makeWhatIsRead(stage: string): Promise<void> {
  await ssmClient().send(new PutParameterCommand({ Name: `/reading/${stage}/key`, Value: 'blue', Type: 'String' }));
  await secretsManagerClient().send(
    new CreateSecretCommand({ Name: `reading/${stage}/database`, SecretString: 'hush' }),
  );
  const StackName = `reading-a-${stage}`;
  const Mark = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'x' } };
  const TemplateBody = JSON.stringify({ Resources: { Mark }, Outputs: { HelloArn: { Value: `arn of ${stage}` } } });
  const client = cloudFormationClient();
  await client.send(new CreateStackCommand({ StackName, TemplateBody }));
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName });
}

it('resolves variables with what the stage grants its builds', async () => {
  expect(granted).toMatchObject({ status: 'succeeded' });
  const { Environment } = await lambdaClient().send(
    new GetFunctionConfigurationCommand({ FunctionName: 'reading-dev-hello' }),
  );
  expect(Environment?.Variables).toMatchObject({ KEY: 'blue', OTHER: 'arn of dev', ACCOUNT: '111122223333' });
});

it('names the line of seedbed.yml that grants what a variable was refused', () => {
  expect(refused.status).toBe('failed');
  expect(refused.services.api!.error).toMatchObject({ code: 'BuildAccessDenied' });
  const { message } = refused.services.api!.error!;
  expect(message).toContain('service "api" asked for what builds of stage "prod" may not do');
  expect(message).toContain('add this to "apps.reading.stages.prod.build" in seedbed.yml');
  expect(message).toMatch(/^ {2}reads: \[.*'ssm:\/reading\/prod\/key'.*\]$/m);
  expect(message).toMatch(/^ {2}reads: \[.*'cloudformation:reading-a-prod'.*\]$/m);
});

it('runs hooks with the same rights, and no others', () => {
  expect(log).toContain('the secret has 4 letters');
  expect(refusedHook.services.api!.error).toMatchObject({ code: 'BuildAccessDenied' });
  expect(refusedHook.services.api!.error!.message).toMatch(
    /secretsmanager:GetSecretValue[\s\S]*"apps\.reading\.stages\.prod\.build/,
  );
});
