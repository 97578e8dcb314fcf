import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  SFNClient,
  StopExecutionCommand,
  ValidationException,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { stepFunctionsExecutions } from '../../../lib/aws/executions/step-functions-executions';

const sfn = mockClient(SFNClient);
const executions = stepFunctionsExecutions(
  new SFNClient({ region: 'us-east-1' }),
  'arn:aws:states:us-east-1:111122223333:stateMachine:Release',
);
const ARN = executions.arnOf('shop-dev');
const refused = new ValidationException({ message: 'Execution is not running', $metadata: {} });
beforeEach(() => sfn.reset());

describe('an execution that cannot be stopped', () => {
  it.each(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const)(
    'is left as it is if it has ended: %s',
    async (status) => {
      sfn.on(StopExecutionCommand).rejects(refused);
      sfn.on(DescribeExecutionCommand).resolves({ status });
      await executions.stop(ARN, 'enough');
    },
  );

  it('is left as it is if there is none any more', async () => {
    sfn.on(StopExecutionCommand).rejects(refused);
    sfn.on(DescribeExecutionCommand).rejects(new ExecutionDoesNotExist({ message: 'gone', $metadata: {} }));
    await executions.stop(ARN, 'enough');
  });

  it('is a failure while it runs', async () => {
    sfn.on(StopExecutionCommand).rejects(refused);
    sfn.on(DescribeExecutionCommand).resolves({ status: 'RUNNING' });
    await expect(executions.stop(ARN, 'enough')).rejects.toBe(refused);
  });
});

it('a cause is cut to what Step Functions takes', async () => {
  sfn.on(StopExecutionCommand).resolves({});
  await executions.stop(ARN, 'x'.repeat(40_000));
  expect(sfn.commandCalls(StopExecutionCommand)[0]!.args[0].input.cause).toHaveLength(32_768);
});
