import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { HttpRequest } from '@smithy/core/protocols';
import { doorClient } from '../../../lib/aws/callers/door-client';
import { doorPlatform } from '../../../lib/aws/callers/door-platform';
import { ReleaseError } from '../../../lib/core/contracts/errors';
import { aRelease, COMMIT, RELEASE_ID } from '../../builders';

const ARN = 'arn:aws:execute-api:eu-west-1:111122223333:abc123/seedbed';
const WHO = 'arn:aws:sts::111122223333:assumed-role/Developer/ada';
const STAGE = { app: 'shop', stage: 'prod' };
const STARTED = { releaseId: RELEASE_ID, status: 'running' } as const;

type Answer = readonly [number, unknown, object?] | Error;

/** A door that gives these answers, one after the other: a status and what it says, or an error of the network. */
function aDoor(answers: readonly Answer[], who = WHO) {
  const left = [...answers];
  const sent: HttpRequest[] = [];
  const slept: number[] = [];
  const requestHandler = {
    handle: async (request: HttpRequest) => {
      sent.push(request);
      const next = left.length > 1 ? left.shift()! : left[0]!;
      if (next instanceof Error) throw next;
      const [statusCode, value, headers = {}] = next;
      const body = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
      return { response: { statusCode, headers, body: Readable.from([body]) } };
    },
    metadata: { handlerProtocol: 'http/1.1' },
  };
  const client = new CloudFormationClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' },
    requestHandler: requestHandler as never,
  });
  const call = doorClient({
    url: 'https://abc123.execute-api.eu-west-1.amazonaws.com/seedbed/',
    arn: ARN,
    client,
    whoAmI: async () => who,
    sleep: async (milliseconds) => slept.push(milliseconds),
  });
  return { ...doorPlatform(call), sent, slept };
}
const FORBIDDEN: Answer = [403, { message: 'Forbidden' }];
const refusal = (status: number, code: string, message: string): Answer => [status, { error: { code, message } }];
const release = { ...STAGE, commit: COMMIT, requestId: 'r-1' };
const LOST = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

describe('calls of the door', () => {
  it('are signed for execute-api, with app and stage in the path and the rest in the body', async () => {
    const { workers, sent } = aDoor([[200, STARTED]]);
    expect(await workers.startRelease(release)).toEqual(STARTED);
    const [{ method, hostname, path, headers, body }] = sent as [HttpRequest];
    expect([method, hostname, path]).toEqual([
      'POST',
      'abc123.execute-api.eu-west-1.amazonaws.com',
      '/seedbed/apps/shop/stages/prod/releases',
    ]);
    expect(JSON.parse(body)).toEqual({ commit: COMMIT, requestId: 'r-1' });
    expect(headers).toMatchObject({
      authorization: expect.stringMatching(/Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request/),
      'x-amz-security-token': 'token',
    });
  });

  it('ask by GET what changes nothing', async () => {
    const { workers, sent } = aDoor([refusal(409, 'RollbackImpossible', 'there is nothing to roll back')]);
    const asked = workers.startRollback({ ...STAGE, dryRun: true, requestId: 'r', to: 'abc' });
    await expect(asked).rejects.toMatchObject({ code: 'RollbackImpossible' });
    expect(sent[0]).toMatchObject({
      method: 'GET',
      path: '/seedbed/apps/shop/stages/prod/rollbacks/preview',
      query: { to: 'abc' },
    });
  });

  it('tell whom IAM refuses who they are, what they may not, and what to ask for', async () => {
    const { workers, sent } = aDoor([FORBIDDEN]);
    await expect(workers.startRelease(release)).rejects.toMatchObject({
      code: 'CallRefused',
      message:
        `your IAM identity ${WHO} may not POST /apps/shop/stages/prod/releases: ask for execute-api:Invoke on ` +
        `${ARN}/POST/apps/shop/stages/prod/releases; see docs/operations.md#a-call-is-refused`,
    });
    expect(sent).toHaveLength(1);
  });

  it('tell callers of other accounts that no policy of theirs counts', async () => {
    const { workers } = aDoor([FORBIDDEN], WHO.replace('111122223333', '444455556666'));
    const refused = /callers are of account 111122223333: assume a role there/;
    await expect(workers.startRelease(release)).rejects.toThrow(refused);
  });

  it('throw what the worker threw, as it threw it', async () => {
    const { workers, sent } = aDoor([refusal(404, 'StageNotFound', 'app "shop" has no stage "qa"')]);
    const error = await workers.startRelease(release).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ReleaseError);
    expect(error).toMatchObject({ code: 'StageNotFound', message: 'app "shop" has no stage "qa"' });
    expect(sent).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ['the answer was lost', LOST],
    ['the API has waited for its 30 seconds', [503, { message: 'Service Unavailable' }]],
    ['the API throttles', [429, { message: 'Too Many Requests' }]],
    ['the worker was throttled', refusal(429, 'Throttled', 'ThrottlingException: slow down')],
  ])('are made again with the same id when %s', async (_, first) => {
    const { workers, sent, slept } = aDoor([first, [200, STARTED]]);
    expect(await workers.startRelease(release)).toEqual(STARTED);
    expect(sent.map(({ body }) => JSON.parse(body).requestId)).toEqual(['r-1', 'r-1']);
    expect(slept).toEqual([500]);
  });

  it('are given up after some attempts, with what to do', async () => {
    const { workers, sent } = aDoor([[503, { message: 'Service Unavailable' }]]);
    await expect(workers.startRelease(release)).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      message: expect.stringMatching(
        /POST \/apps\/shop\/stages\/prod\/releases was answered with 503; .*seedbed status/,
      ),
    });
    expect(sent).toHaveLength(6);
  });

  it('do not cancel again what was not named: it might be the next release', async () => {
    const unnamed = aDoor([LOST, [200, { releaseId: RELEASE_ID, was: 'running' }]]);
    await expect(unnamed.workers.cancelRelease(STAGE)).rejects.toThrow('socket hang up');
    expect(unnamed.sent).toHaveLength(1);
    const named = aDoor([LOST, [200, { releaseId: RELEASE_ID, was: 'running' }]]);
    expect(await named.workers.cancelRelease({ ...STAGE, releaseId: RELEASE_ID })).toMatchObject({ was: 'running' });
  });

  it('unpack long answers', async () => {
    const value = gzipSync(JSON.stringify({ apps: ['blog', 'shop'] }));
    const { apps } = aDoor([[200, value, { 'content-encoding': 'gzip' }]]);
    expect(await apps.names()).toEqual(['blog', 'shop']);
  });

  it('answer undefined for what is not there, and ask for no id that is none', async () => {
    const missing = aDoor([refusal(404, 'ReleaseNotFound', 'no such release')]);
    expect(await missing.releases.find({ ...STAGE, id: RELEASE_ID })).toBeUndefined();
    expect(await missing.releases.find({ ...STAGE, id: 'ABCDEF' })).toBeUndefined();
    expect(missing.sent).toHaveLength(1);
    expect(await aDoor([refusal(404, 'AppNotFound', 'no such app')]).apps.find('shop')).toBeUndefined();
    const gone = aDoor([refusal(404, 'StageNotFound', 'gone')]);
    await expect(gone.releases.find({ ...STAGE, id: RELEASE_ID })).rejects.toThrow('gone');
  });

  it('send of a release that stands for its key no more than that', async () => {
    const { releaseBuilds, sent } = aDoor([[200, { builds: [] }]]);
    await releaseBuilds.list(aRelease());
    expect(sent[0]).toMatchObject({ query: {}, path: expect.stringMatching(/\/releases\/[0-9A-Z]{26}\/builds$/) });
  });

  it('say of a path that the door does not have that the platform may be older', async () => {
    const { releases } = aDoor([[404, { message: 'Not Found' }]]);
    await expect(releases.latest(STAGE, 1)).rejects.toMatchObject({
      code: 'CallInvalid',
      message: expect.stringContaining('the door has no such path'),
    });
  });

  it('refuse an answer that is not of its form', async () => {
    const odd = aDoor([[200, { unknown: true }]]);
    await expect(odd.workers.startRelease(release)).rejects.toMatchObject({ name: 'ZodError' });
  });
});
