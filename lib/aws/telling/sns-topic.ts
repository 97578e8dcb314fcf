import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Topic } from '../../ports/topic';

/** The port Topic over an SNS topic. */
export const snsTopic = (client: SNSClient, topicArn: string): Topic => ({
  async publish({ subject, text, attributes }) {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    await client.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: text, MessageAttributes }));
  },
});
