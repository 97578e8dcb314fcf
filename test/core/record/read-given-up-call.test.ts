import { readGivenUpCall } from '../../../lib/core/record/read-given-up-call';

/** As https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html has it. */
const record = (more: object = {}) => ({
  version: '1.0',
  timestamp: '2026-11-14T18:16:05.568Z',
  requestContext: {
    requestId: 'e4b46cbf-b738-xmpl-8880-a18cdf61200e',
    functionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:Seedbed-Push:$LATEST',
    condition: 'RetriesExhausted',
    approximateInvokeCount: 3,
  },
  requestPayload: { detail: { referenceName: 'main' } },
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  responsePayload: { errorMessage: 'no access', errorType: 'Error', trace: [] },
  ...more,
});
const read = (body: unknown, attributes = {}) =>
  readGivenUpCall({ body: typeof body === 'string' ? body : JSON.stringify(body), attributes });

describe('readGivenUpCall', () => {
  it('finds in what Lambda wrote the event that the worker was called with, and its error', () => {
    expect(read(record())).toEqual({
      kind: 'call',
      payload: { detail: { referenceName: 'main' } },
      why: 'Error: no access',
    });
  });

  it('says of a call that was never run on what condition Lambda gave it up', () => {
    const { responsePayload: _, ...never } = record({ requestContext: { condition: 'EventAgeExceeded' } });
    expect(read(never)).toMatchObject({ kind: 'call', why: 'EventAgeExceeded' });
  });

  it('takes a call without an event, as null', () => {
    expect(read(record({ requestPayload: null }))).toMatchObject({ kind: 'call', payload: null });
  });

  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
  it('takes the whole of what EventBridge wrote for the event, even if it looks like a record of Lambda’s', () => {
    const attributes = {
      RULE_ARN: 'arn:aws:events:eu-central-1:111122223333:rule/Seedbed-Push',
      TARGET_ARN: 'arn:aws:lambda:eu-central-1:111122223333:function:Seedbed-Push',
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: 'not authorized',
    };
    expect(read(record(), attributes)).toEqual({
      kind: 'call',
      payload: record(),
      why: 'NO_PERMISSIONS: not authorized',
    });
  });

  it.each([
    ['what is not JSON', 'hello', 'its body is not JSON'],
    ['an event of nobody’s', { detail: {} }, expect.stringContaining('neither Lambda nor EventBridge wrote it')],
    ['a record without the event', record({ requestPayload: undefined }), expect.stringContaining('neither')],
    ['a number', '7', expect.stringContaining('neither')],
  ])('does not guess what to call of %s', (_, body, why) => {
    expect(read(body)).toEqual({ kind: 'unreadable', why });
  });
});
