import { SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readStackOutputs } from '../../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { snsClient } from '../../lib/aws/clients/sns';
import { ReleaseEvent } from '../../lib/core/record/release-event';
import { aService } from './a-service';
import { type AnApp, anApp, PATIENCE } from './an-app';

jest.setTimeout(PATIENCE);

/** The worker that tells of releases, on the cloud: whoever subscribes to the topic learns of their ends. */
const NAME = 'notified';
const sqs = new SQSClient({});
const sns = snsClient();
let app: AnApp;
let queue: string;
let subscription: string;

beforeAll(async () => {
  app = await anApp(NAME);
  const { ReleasesTopic } = (await readStackOutputs(cloudFormationClient(), 'Seedbed'))!;
  const Endpoint = `arn:aws:sqs:us-east-1:111122223333:e2e-${NAME}`;
  // Nothing of a topic reaches a queue that does not let it.
  const sends = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' };
  const Condition = { ArnEquals: { 'aws:SourceArn': ReleasesTopic } };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...sends, Resource: Endpoint, Condition }] });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `e2e-${NAME}`, Attributes: { Policy } }));
  queue = QueueUrl!;
  const FilterPolicy = JSON.stringify({ app: [NAME], status: ['succeeded', 'failed'] });
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: ReleasesTopic,
      Protocol: 'sqs',
      Endpoint,
      ReturnSubscriptionArn: true,
      Attributes: { FilterPolicy, RawMessageDelivery: 'true' },
    }),
  );
  subscription = SubscriptionArn!;
}, PATIENCE);
afterAll(async () => {
  await sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription }));
  await sqs.send(new DeleteQueueCommand({ QueueUrl: queue }));
  await app.remove();
});

/** @returns the next message of the topic. */
async function told(): Promise<ReleaseEvent> {
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 5 }));
    if (Messages[0]) return ReleaseEvent.parse(JSON.parse(Messages[0].Body!));
  }
}

it('tells of a release’s end once, with what was decided', async () => {
  const { release, status } = await app.release(aService({ path: '.', name: NAME, functions: { one: 'first' } }));
  expect(status).toBe('succeeded');
  expect(await told()).toMatchObject({
    releaseId: release.id,
    app: NAME,
    status: 'succeeded',
    commit: release.commit,
    services: [{ path: '.', status: 'deployed', decision: { kind: 'full', reasons: ['first-release'] } }],
  });
});
