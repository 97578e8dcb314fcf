import { CloudFormationClient, paginateListStacks, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { CodeDeployClient, CreateDeploymentCommand, ListDeploymentsCommand } from '@aws-sdk/client-codedeploy';
import { GetAliasCommand, LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectsCommand, S3Client } from '@aws-sdk/client-s3';
import { HttpResponse } from '@smithy/core/protocols';
import { provedClient } from '../../../lib/aws/target/proved-client';
import { callerOf, HOUSEKEEPING } from '../../../lib/core/contracts/call-reservations';
import { releaseNotRunning } from '../../../lib/core/record/fencing';

const RELEASE = { app: 'shop', stage: 'prod', id: '01HZZZZZZZZZZZZZZZZZZZZZZZ' };
const ALIAS = { FunctionName: 'list', Name: 'live', FunctionVersion: '2' };
/** What happened, in its order: proofs, and requests that reached the service. */
let seen: string[];
beforeEach(() => {
  seen = [];
});

/** @param statuses of the answers, one after the other; 200 when there are no more */
const settings = (statuses: number[] = []) => ({
  region: 'eu-central-1',
  credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
  maxAttempts: 3,
  requestHandler: {
    async handle() {
      seen.push('request');
      const statusCode = statuses.shift() ?? 200;
      return { response: new HttpResponse({ statusCode, headers: {}, body: Buffer.from('') }) };
    },
  },
});
/** @param changes after how many proofs the release may change nothing any more */
const fence = (changes = Number.POSITIVE_INFINITY) => ({
  async prove() {
    seen.push('proof');
    if (seen.filter((one) => one === 'proof').length > changes) throw releaseNotRunning(RELEASE);
  },
});
const caller = callerOf(RELEASE);

it('proves before a change', async () => {
  await provedClient(new LambdaClient(settings()), caller, fence()).send(new UpdateAliasCommand(ALIAS));
  expect(seen).toEqual(['proof', 'request']);
});

it('proves before each attempt at it', async () => {
  await provedClient(new LambdaClient(settings([503, 503])), caller, fence()).send(new UpdateAliasCommand(ALIAS));
  expect(seen).toEqual(['proof', 'request', 'proof', 'request', 'proof', 'request']);
});

it('sends nothing more once the release may change nothing', async () => {
  const client = provedClient(new LambdaClient(settings([503, 503])), caller, fence(1));
  await expect(client.send(new UpdateAliasCommand(ALIAS))).rejects.toMatchObject({
    code: 'ReleaseSuperseded',
    message: expect.stringContaining('npx seedbed deploy --app shop --stage prod'),
  });
  expect(seen).toEqual(['proof', 'request', 'proof']);
});

it('reads without a proof', async () => {
  const client = provedClient(new LambdaClient(settings()), caller, fence(0));
  await client.send(new GetAliasCommand({ FunctionName: 'list', Name: 'live' }));
  const deployments = provedClient(new CodeDeployClient(settings()), caller, fence(0));
  await deployments.send(new ListDeploymentsCommand({})).catch(() => undefined); // an empty answer is no JSON
  expect(seen).not.toContain('proof');
});

it.each([
  [
    'stacks',
    () =>
      provedClient(new CloudFormationClient(settings()), caller, fence(0)).send(
        new UpdateStackCommand({ StackName: 'a' }),
      ),
  ],
  [
    'shifts',
    () =>
      provedClient(new CodeDeployClient(settings()), caller, fence(0)).send(
        new CreateDeploymentCommand({ applicationName: 'orders' }),
      ),
  ],
  [
    'buckets',
    () =>
      provedClient(new S3Client(settings()), caller, fence(0)).send(
        new DeleteObjectsCommand({ Bucket: 'orders', Delete: { Objects: [{ Key: 'a' }] } }),
      ),
  ],
])('proves changes of %s', async (_, change) => {
  await expect(change()).rejects.toMatchObject({ code: 'ReleaseSuperseded' });
  expect(seen).toEqual(['proof']);
});

it('leaves other callers of the same client alone', async () => {
  const client = new LambdaClient(settings());
  const proved = provedClient(client, caller, fence(0));
  await expect(proved.send(new UpdateAliasCommand(ALIAS))).rejects.toThrow();
  await client.send(new UpdateAliasCommand(ALIAS));
  await provedClient(client, HOUSEKEEPING, fence(0)).send(new UpdateAliasCommand(ALIAS));
  await provedClient(client, caller, undefined).send(new UpdateAliasCommand(ALIAS));
  expect(seen).toEqual(['proof', 'request', 'request', 'request']);
});

it('can be paginated', async () => {
  const client = provedClient(new CloudFormationClient(settings()), caller, fence(0));
  await paginateListStacks({ client }, {})
    .next()
    .catch(() => undefined); // an empty answer is no XML
  expect(seen).toContain('request');
});
