import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { snsTopic } from '../../../lib/aws/telling/sns-topic';

it('snsTopic publishes with attributes by which subscribers filter', async () => {
  const sdk = mockClient(SNSClient);
  sdk.on(PublishCommand).resolves({ MessageId: 'm' });
  const topic = snsTopic(new SNSClient({ region: 'eu-west-1' }), 'arn:topic');
  await topic.publish({ subject: 'shop dev: failed', text: '{}', attributes: { app: 'shop', status: 'failed' } });
  expect(sdk.commandCalls(PublishCommand)[0]!.args[0].input).toEqual({
    TopicArn: 'arn:topic',
    Subject: 'shop dev: failed',
    Message: '{}',
    MessageAttributes: {
      app: { DataType: 'String', StringValue: 'shop' },
      status: { DataType: 'String', StringValue: 'failed' },
    },
  });
});
