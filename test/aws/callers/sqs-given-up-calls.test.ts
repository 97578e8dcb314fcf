import {
  ChangeMessageVisibilityCommand,
  MessageNotInflight,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SQSClient,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { sqsGivenUpCalls } from '../../../lib/aws/callers/sqs-given-up-calls';

const QUEUE = 'https://sqs.eu-central-1.amazonaws.com/111122223333/Seedbed-PushGivenUp';
const client = mockClient(SQSClient);
const calls = sqsGivenUpCalls(new SQSClient({ region: 'eu-central-1' }), QUEUE);
beforeEach(() => client.reset());

const message = (id: string, receipt: string) => ({
  MessageId: id,
  ReceiptHandle: receipt,
  Body: '{}',
  Attributes: { SentTimestamp: '1760000000000' },
  MessageAttributes: {
    RULE_ARN: { DataType: 'String', StringValue: 'arn:rule' },
    RETRY_ATTEMPTS: { DataType: 'Number', StringValue: '3' },
    OTHER: { DataType: 'Binary', BinaryValue: new Uint8Array() },
  },
});
const held = { id: 'a', receipt: 'r', body: '', sentAt: '2026-01-01T00:00:00.000Z', attributes: {} };

it('holds what it takes for longer than a function runs, and asks all of SQS’s servers until nothing comes', async () => {
  client
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: [message('a', 'first'), message('b', 'x')] })
    .resolvesOnce({ Messages: [message('a', 'second')] })
    .resolves({});
  const taken = await calls.take(1_000);
  // SQS gave one twice: the last receipt counts.
  expect(taken.map(({ id, receipt }) => [id, receipt])).toEqual([
    ['a', 'second'],
    ['b', 'x'],
  ]);
  expect(taken[0]).toMatchObject({
    sentAt: new Date(1_760_000_000_000).toISOString(),
    attributes: { RULE_ARN: 'arn:rule', RETRY_ATTEMPTS: '3' },
  });
  const [{ input }] = client.commandCalls(ReceiveMessageCommand).map(({ args }) => args[0]) as [ReceiveMessageCommand];
  expect(input.VisibilityTimeout).toBeGreaterThan(15 * 60);
  expect(input.WaitTimeSeconds).toBeGreaterThan(0);
});

const sqsError = (name: string) => new SQSServiceException({ name, $fault: 'client', $metadata: {} });
it.each([
  new MessageNotInflight({ message: '', $metadata: {} }),
  new ReceiptHandleIsInvalid({ message: '', $metadata: {} }),
  sqsError('InvalidParameterValue'),
])('learns from $name that somebody else has a message', async (error) => {
  client.on(ChangeMessageVisibilityCommand).rejects(error);
  expect(await calls.keepInHand(held)).toBe(false);
  await expect(calls.putBack(held)).resolves.toBeUndefined();
});

it('does not take a refusal for that', async () => {
  client.on(ChangeMessageVisibilityCommand).rejects(sqsError('AccessDenied'));
  await expect(calls.keepInHand(held)).rejects.toThrow(expect.objectContaining({ name: 'AccessDenied' }));
});
