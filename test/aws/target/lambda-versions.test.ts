import { LambdaClient } from '@aws-sdk/client-lambda';
import { lambdaVersions } from '../../../lib/aws/target/lambda-versions';

type Answer = { readonly status: number; readonly body?: object; readonly error?: string };

/** The port over a service that answers as told, one answer a request. */
function answering(...answers: readonly Answer[]) {
  const requests: string[] = [];
  const client = new LambdaClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    requestHandler: {
      handle: async ({ method, path, query }: { method: string; path: string; query?: Record<string, string> }) => {
        const text = new URLSearchParams(query).toString();
        const { status, body = {}, error } = answers[requests.length]!;
        requests.push(`${method} ${path}${text && `?${text}`}`);
        const headers = { 'content-type': 'application/json', ...(error && { 'x-amzn-errortype': error }) };
        return { response: { statusCode: status, headers, body: Buffer.from(JSON.stringify(body)) } };
      },
    } as never,
  });
  return { versions: lambdaVersions(client, (call) => call()), requests };
}
const refused = (status: number, error: string): Answer => ({ status, error, body: { message: error } });

describe('lambdaVersions', () => {
  it('lists all pages but $LATEST, with what is durable', async () => {
    const LastModified = '2026-11-30T12:00:00.000+0000';
    const durable = { Version: '2', CodeSize: 8, LastModified, DurableConfig: { RetentionPeriodInDays: 1 } };
    const { versions, requests } = answering(
      {
        status: 200,
        body: { NextMarker: 'more', Versions: [{ Version: '$LATEST' }, { Version: '1', CodeSize: 7, LastModified }] },
      },
      { status: 200, body: { Versions: [durable] } },
    );
    const publishedAt = Date.UTC(2026, 10, 30, 12);
    expect(await versions.list('shop')).toEqual([
      { version: '1', size: 7, isDurable: false, publishedAt },
      { version: '2', size: 8, isDurable: true, publishedAt },
    ]);
    expect(requests[1]).toMatch(/Marker=more/);
  });

  it('finds nothing of a function that is gone', async () => {
    const gone = refused(404, 'ResourceNotFoundException');
    expect(await answering(gone).versions.list('shop')).toEqual([]);
    expect(await answering(gone).versions.aliases('shop')).toEqual([]);
  });

  it('reads every alias, with its weights', async () => {
    const RoutingConfig = { AdditionalVersionWeights: { '3': 0.1 } };
    const Aliases = [
      { Name: 'live', FunctionVersion: '2', RoutingConfig },
      { Name: 'blue', FunctionVersion: '1' },
    ];
    const { versions } = answering({ status: 200, body: { Aliases } });
    expect(await versions.aliases('shop')).toEqual([
      { version: '2', weights: { '3': 0.1 } },
      { version: '1', weights: {} },
    ]);
  });

  it('asks whether an execution of the version runs', async () => {
    const { versions, requests } = answering({ status: 200, body: { DurableExecutions: [{}] } });
    expect(await versions.isAwaited('shop', '3')).toBe(true);
    expect(requests[0]).toMatch(/functions\/shop\/durable-executions\?.*Qualifier=3/);
    expect(requests[0]).toMatch(/Statuses=RUNNING/);
    expect(await answering({ status: 200, body: {} }).versions.isAwaited('shop', '3')).toBe(false);
  });

  it('deletes a version by its number, and nothing without one', async () => {
    const { versions, requests } = answering({ status: 204 });
    expect(await versions.delete('shop', '3')).toBe('deleted');
    expect(requests).toEqual(['DELETE /2015-03-31/functions/shop?Qualifier=3']);
    for (const version of ['', '$LATEST', 'live', '03'])
      await expect(versions.delete('shop', version)).rejects.toThrow(/is not a version/);
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['an alias names', refused(409, 'ResourceConflictException')],
    ['an edge location has', refused(400, 'InvalidParameterValueException')],
  ])('leaves a version that %s', async (_, answer) => {
    expect(await answering(answer).versions.delete('shop', '3')).toBe('in-use');
  });

  it('counts a version that is gone as deleted', async () => {
    expect(await answering(refused(404, 'ResourceNotFoundException')).versions.delete('shop', '3')).toBe('deleted');
  });

  it('says so if Lambda throttles, and passes on what is denied', async () => {
    await expect(
      answering(refused(429, 'TooManyRequestsException')).versions.delete('shop', '3'),
    ).rejects.toMatchObject({ code: 'Throttled' });
    const denied = answering(refused(403, 'AccessDeniedException')).versions.delete('shop', '3');
    await expect(denied).rejects.toThrow('AccessDeniedException');
  });

  it('reads how much code storage is used, and of how much', async () => {
    const body = { AccountUsage: { TotalCodeSize: 61 }, AccountLimit: { TotalCodeSize: 75 } };
    expect(await answering({ status: 200, body }).versions.storage()).toEqual({ used: 61, limit: 75 });
  });
});
