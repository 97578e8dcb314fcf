import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  MessageNotInflight,
  MessageSystemAttributeName,
  QueueAttributeName,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  type SQSClient,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import type { GivenUpCalls, HeldMessage } from '../../ports/given-up-calls';

/**
 * The most in an answer:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
const MESSAGES_PER_CALL = 10;
/** In seconds; longer than a function can run, which is 15 minutes. */
const IN_HAND = 16 * 60;
/** In seconds. A call that does not wait asks only some of SQS's servers, and may miss what lies there. */
const WAIT = 1;

/** The port GivenUpCalls over SQS. */
export function sqsGivenUpCalls(client: SQSClient, QueueUrl: string): GivenUpCalls {
  /** @returns whether the message was still in hand */
  async function changeVisibility({ receipt }: HeldMessage, VisibilityTimeout: number): Promise<boolean> {
    try {
      const input = { QueueUrl, ReceiptHandle: receipt, VisibilityTimeout };
      await client.send(new ChangeMessageVisibilityCommand(input));
      return true;
    } catch (error) {
      if (isVoid(error)) return false;
      throw error;
    }
  }

  return {
    async count() {
      const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = QueueAttributeName;
      const AttributeNames = [ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible];
      const { Attributes = {} } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return {
        waiting: Number(Attributes[ApproximateNumberOfMessages]),
        inHand: Number(Attributes[ApproximateNumberOfMessagesNotVisible]),
      };
    },

    async take(most) {
      // SQS may give one message twice; the last receipt is the one that counts.
      const taken = new Map<string, HeldMessage>();
      while (taken.size < most) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: Math.min(MESSAGES_PER_CALL, most - taken.size),
            VisibilityTimeout: IN_HAND,
            WaitTimeSeconds: WAIT,
            MessageAttributeNames: ['All'],
            MessageSystemAttributeNames: [MessageSystemAttributeName.SentTimestamp],
          }),
        );
        if (Messages.length === 0) break;
        for (const message of Messages.map(held)) taken.set(message.id, message);
      }
      return [...taken.values()];
    },

    keepInHand: (message) => changeVisibility(message, IN_HAND),
    async putBack(message) {
      await changeVisibility(message, 0);
    },
    async remove({ receipt }) {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
    },
  };
}

/** Of a message that is gone or that somebody else has, SQS says by this name that it "is not available". */
const NOT_AVAILABLE = 'InvalidParameterValue';

const isVoid = (error: unknown): boolean =>
  error instanceof MessageNotInflight ||
  error instanceof ReceiptHandleIsInvalid ||
  (error instanceof SQSServiceException && error.name === NOT_AVAILABLE);

const held = ({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes = {} }: Message): HeldMessage => ({
  id: MessageId!,
  receipt: ReceiptHandle!,
  body: Body ?? '',
  sentAt: new Date(Number(Attributes?.SentTimestamp)).toISOString(),
  attributes: Object.fromEntries(
    Object.entries(MessageAttributes).flatMap(([name, { StringValue }]) =>
      StringValue === undefined ? [] : [[name, StringValue]],
    ),
  ),
});
