import {
  InvokeCommand,
  LambdaClient,
  LambdaServiceException,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { lambdaUserHooks } from '../../../lib/aws/target/lambda-user-hooks';
import { aHookEvent } from '../../builders';

const client = mockClient(LambdaClient);
const hook = { logicalId: 'Check', name: 'orders-prod-check', qualifier: '7' };
const call = () => lambdaUserHooks(new LambdaClient({ region: 'eu-central-1' })).call(hook, aHookEvent());
const refusal = { message: 'refused', $metadata: {} };

function answering(text: string, FunctionError?: string): void {
  const Payload = Object.assign(Buffer.from(text), { transformToString: () => text });
  client.on(InvokeCommand).resolves({ StatusCode: 200, Payload: Payload as never, FunctionError });
}

describe('lambdaUserHooks', () => {
  beforeEach(() => client.reset());

  it('invokes the hook’s version and waits for its answer', async () => {
    answering('{"checked":3}');
    expect(await call()).toEqual({ outcome: 'returned', value: { checked: 3 } });
    const { Payload, ...input } = client.commandCalls(InvokeCommand)[0]!.args[0].input;
    expect(input).toEqual({ FunctionName: 'orders-prod-check', Qualifier: '7' });
    expect(JSON.parse(String(Payload))).toEqual(aHookEvent());
  });

  it.each([
    ['nothing', '', undefined],
    ['null', 'null', null],
    ['false', 'false', false],
    ['what is not JSON', 'fine', 'fine'],
  ])('takes %s for a value', async (_, text, value) => {
    answering(text);
    expect(await call()).toEqual({ outcome: 'returned', value });
  });

  it.each([
    ['an error', '{"errorType":"TypeError","errorMessage":"no orders"}', 'TypeError', 'no orders'],
    [
      'a time-out',
      '{"errorMessage":"Task timed out after 3.00 seconds"}',
      'Unhandled',
      'Task timed out after 3.00 seconds',
    ],
    ['an end without a word', '', 'Unhandled', 'no message'],
  ])('tells %s of the hook in its own words', async (_, text, type, message) => {
    answering(text, 'Unhandled');
    expect(await call()).toEqual({ outcome: 'threw', type, message });
  });

  it('tells a hook that is not there from one that Lambda does not run', async () => {
    client
      .on(InvokeCommand)
      .rejectsOnce(new ResourceNotFoundException({ ...refusal, Type: 'User' }))
      .rejectsOnce(new TooManyRequestsException({ ...refusal, message: 'Rate Exceeded.' }))
      .rejects(new LambdaServiceException({ name: 'AccessDeniedException', $fault: 'client', ...refusal }));
    expect(await call()).toEqual({ outcome: 'missing' });
    expect(await call()).toEqual({ outcome: 'refused', reason: 'Rate Exceeded.' });
    expect(await call()).toEqual({ outcome: 'refused', reason: 'refused' });
  });
});
