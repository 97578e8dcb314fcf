import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { connectAdmin } from '../../../lib/cli/platform/connect-admin';
import { CALLED_WORKERS, calledWorkerOutputs } from '../../../lib/core/contracts/called-workers';

const [stacks, queues, functions] = [mockClient(CloudFormationClient), mockClient(SQSClient), mockClient(LambdaClient)];
const ENVIRONMENT = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
const OUTPUTS = CALLED_WORKERS.flatMap((key) => {
  const { functionName, queueUrl } = calledWorkerOutputs(key);
  return [
    { OutputKey: functionName, OutputValue: `Seedbed-${key}` },
    { OutputKey: queueUrl, OutputValue: `https://sqs.eu-central-1.amazonaws.com/111122223333/${key}` },
  ];
});
beforeEach(() => {
  for (const client of [stacks, queues, functions]) client.reset();
});

it('reaches the queue and the function of each worker that is called asynchronously', async () => {
  stacks.on(DescribeStacksCommand).resolves({ Stacks: [{ Outputs: OUTPUTS } as never] });
  functions.on(InvokeCommand).resolves({ StatusCode: 200 });
  queues.on(GetQueueAttributesCommand).resolves({
    Attributes: { ApproximateNumberOfMessages: '2', ApproximateNumberOfMessagesNotVisible: '1' },
  });
  const { workers } = await connectAdmin(ENVIRONMENT);
  expect(workers.map(({ key }) => key)).toEqual(CALLED_WORKERS);
  for (const worker of workers) {
    expect(await worker.givenUp.count()).toEqual({ waiting: 2, inHand: 1 });
    await worker.call({});
    expect(queues.commandCalls(GetQueueAttributesCommand).at(-1)!.args[0].input.QueueUrl).toMatch(`/${worker.key}`);
    // Synchronously: only then is it known whether it was managed.
    expect(functions.commandCalls(InvokeCommand).at(-1)!.args[0].input).toEqual({
      FunctionName: `Seedbed-${worker.key}`,
      Payload: '{}',
    });
  }
});

it('says that the platform is another version if its stack does not name them', async () => {
  stacks.on(DescribeStacksCommand).resolves({ Stacks: [{ Outputs: OUTPUTS.slice(1) } as never] });
  await expect(connectAdmin(ENVIRONMENT)).rejects.toThrow('belongs to another version of the platform');
});
