import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { busyAtOnce } from '../../../lib/aws/target/lambda-busy';
import { lambdaFunctions } from '../../../lib/aws/target/lambda-functions';
import { pacedCalls } from '../../../lib/aws/target/paced-calls';
import { memoryCallBudget } from '../../../lib/memory/memory-call-budget';
import { HastyClock } from '../../test-clock';

type Answer = { readonly status: number; readonly body: object; readonly error?: string };

/** A Lambda client whose service answers as told, one answer a request, the last one again and again. */
function answering(...answers: readonly [Answer, ...Answer[]]) {
  const requests: { readonly method: string; readonly path: string; readonly body?: string }[] = [];
  const client = busyAtOnce(
    new LambdaClient({
      region: 'eu-central-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      retryMode: 'standard',
      maxAttempts: 3,
      requestHandler: {
        handle: async (request: { method: string; path: string; body?: Uint8Array }) => {
          const text = request.body && new TextDecoder().decode(request.body);
          requests.push({ method: request.method, path: request.path, body: text });
          const { status, body, error } = answers[Math.min(requests.length, answers.length) - 1]!;
          const headers: Record<string, string> = { 'content-type': 'application/json' };
          if (error) headers['x-amzn-errortype'] = error;
          const bytes = Buffer.from(JSON.stringify(body));
          return { response: { statusCode: status, headers, body: bytes } };
        },
      } as never,
    }),
    { conflicts: true },
  );
  const clock = new HastyClock();
  const control = pacedCalls({
    budget: memoryCallBudget(clock),
    place: { account: '123456789012', region: 'eu-central-1' },
    caller: { id: 'release', rank: 'configured' },
    clock,
  });
  return { client, functions: lambdaFunctions(client, 'artifacts', control), requests };
}

const failure = (status: number, error: string): Answer => ({ status, error, body: { Message: `${error} happened` } });
const SHA = 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=';
const published: Answer = { status: 201, body: { Version: '2', CodeSha256: SHA } };
const plain: Answer = { status: 200, body: { Configuration: { Version: '$LATEST' }, Code: { RepositoryType: 'S3' } } };
const conflict = failure(409, 'ResourceConflictException');
const throttled = failure(429, 'TooManyRequestsException');

describe('lambdaFunctions', () => {
  it.each([
    ['an earlier update is in progress', conflict],
    ['Lambda throttles', throttled],
  ])('tries again while %s', async (_, answer) => {
    const { functions, requests } = answering(answer, answer, published);
    expect(await functions.publish('orders', SHA)).toEqual({ outcome: 'done', version: '2', codeSha256: SHA });
    expect(requests).toHaveLength(3);
  });

  it.each([
    ['an earlier update is in progress', conflict],
    ['Lambda throttles', throttled],
  ])('gives up after all attempts with an error that the state machine tries again, while %s', async (_, answer) => {
    const { functions } = answering(answer);
    await expect(functions.publish('orders', SHA)).rejects.toMatchObject({
      code: 'Throttled',
      message: expect.stringContaining('"orders"'),
    });
  });

  it('does not try again what cannot succeed', async () => {
    const { functions, requests } = answering(plain, failure(412, 'PreconditionFailedException'));
    const update = { name: 'orders', bundle: 'bundles/a.zip', revisionId: 'r', publish: 'version' } as const;
    expect(await functions.updateCode(update)).toEqual({ outcome: 'changed-since-read' });
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'PUT']);
  });

  it.each([
    [{ State: 'Active', LastUpdateStatus: 'Successful' }, { readiness: 'ready' }],
    [{ State: 'Pending', LastUpdateStatus: 'Successful' }, { readiness: 'pending' }],
    [{ State: 'Active', LastUpdateStatus: 'InProgress' }, { readiness: 'pending' }],
    [{ State: 'Inactive' }, { readiness: 'ready' }],
    [
      { State: 'Failed', StateReason: 'no table' },
      { readiness: 'failed', failure: 'no table' },
    ],
    [
      { State: 'Active', LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'no subnet' },
      { readiness: 'failed', failure: 'no subnet' },
    ],
  ])('takes %j for %j', async (states, readiness) => {
    const { functions } = answering({ status: 200, body: { Configuration: { Version: '2', ...states } } });
    expect(await functions.read('orders', '2')).toMatchObject(readiness);
  });

  it('never takes an access denied for a missing function', async () => {
    const { functions } = answering(failure(403, 'AccessDeniedException'));
    await expect(functions.read('orders')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('takes a refusal to publish other code for a change since it was read', async () => {
    const { functions } = answering(failure(400, 'InvalidParameterValueException'));
    expect(await functions.publish('orders', SHA)).toEqual({ outcome: 'changed-since-read' });
  });

  it.each(['CodeStorageExceededException', 'CodeVerificationFailedException', 'InvalidCodeSignatureException'])(
    'takes %s for a refusal of the code, with its reason',
    async (name) => {
      const { functions } = answering(failure(400, name));
      const refused = { outcome: 'refused', reason: `${name} happened` };
      expect(await functions.updateCode({ name: 'orders', bundle: 'a.zip', publish: 'version' })).toEqual(refused);
      expect(await functions.publish('orders', SHA)).toEqual(refused);
    },
  );

  it('updates code from the artifact bucket, guarded and published in one call', async () => {
    const { functions, requests } = answering(plain, published);
    await functions.updateCode({ name: 'orders', bundle: 'bundles/a.zip', revisionId: 'r-1', publish: 'version' });
    expect(requests[1]!.path).toContain('/functions/orders/code');
    expect(requests).toHaveLength(2);
    expect(JSON.parse(requests[1]!.body!)).toEqual({
      S3Bucket: 'artifacts',
      S3Key: 'bundles/a.zip',
      RevisionId: 'r-1',
      Publish: true,
    });
  });

  it('updates a function of an image by its digest, with nothing of the bucket', async () => {
    const { functions, requests } = answering(plain, published);
    const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${'a'.repeat(64)}`;
    await functions.updateCode({ name: 'orders', image, revisionId: 'r-1', publish: 'version' });
    expect(JSON.parse(requests[1]!.body!)).toEqual({ ImageUri: image, RevisionId: 'r-1', Publish: true });
  });

  it('keeps, when it updates code, what Lambda would take for its default otherwise', async () => {
    const { functions, requests } = answering(
      {
        status: 200,
        body: {
          Configuration: { Version: '$LATEST', Architectures: ['arm64'] },
          Code: {
            ResolvedS3Object: { S3Bucket: 'artifacts', S3Key: 'bundles/before.zip', S3ObjectVersion: 'v' },
            SourceKMSKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/k',
          },
        },
      },
      published,
    );
    await functions.updateCode({ name: 'orders', bundle: 'bundles/a.zip', publish: 'nothing' });
    expect(JSON.parse(requests[1]!.body!)).toEqual({
      Architectures: ['arm64'],
      S3ObjectStorageMode: 'REFERENCE',
      SourceKMSKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/k',
      S3Bucket: 'artifacts',
      S3Key: 'bundles/a.zip',
      Publish: false,
    });
  });

  it('takes away a weight that an interrupted shift left on the alias', async () => {
    const { functions, requests } = answering({ status: 200, body: {} });
    await functions.moveAlias('orders', { alias: 'live', version: '7' });
    expect(JSON.parse(requests[0]!.body!)).toMatchObject({
      FunctionVersion: '7',
      RoutingConfig: { AdditionalVersionWeights: {} },
    });
  });

  it('leaves errors of other calls as they are', async () => {
    const { client } = answering(failure(404, 'ResourceNotFoundException'));
    await expect(client.send(new GetFunctionCommand({ FunctionName: 'orders' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
