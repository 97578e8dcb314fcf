import { gunzipSync } from 'node:zlib';
import { type DoorStep, doorHandler } from '../../lib/aws/door-handler';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { RELEASE_ID } from '../builders';

const BY = 'arn:aws:sts::111122223333:assumed-role/Developer/ada';
const event = (more: object = {}) => ({
  version: '2.0',
  routeKey: 'POST /apps/{app}/stages/{stage}/cancel',
  rawQueryString: '',
  headers: {},
  pathParameters: { app: 'shop', stage: 'dev' },
  requestContext: { requestId: 'req-1', authorizer: { iam: { userArn: BY, accountId: '111122223333' } } },
  isBase64Encoded: false,
  ...more,
});
/** Answers one request with a step. @returns the answer, what the step was given, and what was logged */
async function answered(step: DoorStep, more?: object) {
  const given: unknown[] = [];
  const logged: object[] = [];
  const log = {
    info: (message: string, fields: object) => logged.push({ message, ...fields }),
    warn: (message: string, fields: object) => logged.push({ message, ...fields }),
  };
  const steps = {
    cancelRelease: (input: unknown) => {
      given.push(input);
      return step(input);
    },
  };
  const { statusCode, headers, body, ...rest } = await doorHandler(steps, log)(event(more));
  return { statusCode, headers, body, ...rest, given, logged };
}
const done = async () => ({ releaseId: RELEASE_ID, was: 'running' });
const failing = (error: Error) => async () => {
  throw error;
};

describe('a worker behind the door', () => {
  it('is given app and stage of the path and whom AWS has authenticated, and its output is the answer', async () => {
    const { statusCode, body, given, logged } = await answered(done, {
      body: JSON.stringify({ releaseId: RELEASE_ID }),
    });
    expect({ statusCode, body: JSON.parse(body) }).toEqual({ statusCode: 200, body: await done() });
    expect(given).toEqual([{ app: 'shop', stage: 'dev', releaseId: RELEASE_ID, by: BY }]);
    expect(logged).toEqual([
      { message: 'a call was answered', call: 'cancelRelease', by: BY, requestId: 'req-1', app: 'shop', stage: 'dev' },
    ]);
  });

  it('reads a body that came as base64, as the API sends what has no type that it knows', async () => {
    const body = Buffer.from(JSON.stringify({ releaseId: RELEASE_ID })).toString('base64');
    const { given } = await answered(done, { body, isBase64Encoded: true });
    expect(given).toMatchObject([{ releaseId: RELEASE_ID }]);
  });

  it('is not reached by a call that says who makes it', async () => {
    const { statusCode, body, given } = await answered(done, { body: JSON.stringify({ by: 'the boss' }) });
    expect([statusCode, given]).toEqual([400, []]);
    expect(JSON.parse(body).error).toMatchObject({ code: 'CallInvalid', message: expect.stringContaining('"by"') });
  });

  it.each([
    ['StageNotFound', 404],
    ['NothingToCancel', 409],
    ['Throttled', 429],
    ['SourceUnavailable', 503],
    ['SourceAccessDenied', 422],
  ] as const)('answers %s with %i, its code and its message', async (code, status) => {
    const { statusCode, body } = await answered(failing(new ReleaseError(code, 'what is wrong')));
    expect([statusCode, JSON.parse(body)]).toEqual([status, { error: { code, message: 'what is wrong' } }]);
  });

  it('tells of its own mistakes only where to look, and logs them', async () => {
    const { statusCode, body, logged } = await answered(failing(new TypeError('secret of the inside')));
    expect(statusCode).toBe(500);
    expect(body).toContain('req-1');
    expect(body).not.toContain('secret');
    expect(logged).toMatchObject([{ status: 500, error: { message: 'secret of the inside' } }]);
  });

  it('packs a long answer for who can unpack it', async () => {
    const long = async () => ({ text: 'x'.repeat(8_000_000) });
    const packed = await answered(long, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed).toMatchObject({ statusCode: 200, isBase64Encoded: true, headers: { 'content-encoding': 'gzip' } });
    expect(packed.body.length).toBeLessThan(1_000_000);
    expect(JSON.parse(gunzipSync(Buffer.from(packed.body, 'base64')).toString()).text).toHaveLength(8_000_000);
    expect((await answered(long)).isBase64Encoded).toBeUndefined();
  });

  it.each([
    ['names no caller', { requestContext: { requestId: 'r', authorizer: {} } }],
    ['has a caller without an ARN', { requestContext: { requestId: 'r', authorizer: { iam: { userArn: '' } } } }],
    ['is of another route', { routeKey: 'POST /apps/{app}/stages/{stage}/removal' }],
    ['is no request', { routeKey: undefined }],
  ])('does nothing for an event that %s', async (_, more) => {
    let reached = false;
    const step = async () => {
      reached = true;
    };
    await expect(answered(step, more)).rejects.toThrow();
    expect(reached).toBe(false);
  });
});
