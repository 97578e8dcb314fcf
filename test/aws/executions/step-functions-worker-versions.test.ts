import {
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  ExecutionDoesNotExist,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { stepFunctionsClient } from '../../../lib/aws/clients/step-functions';
import { stepFunctionsWorkerVersions } from '../../../lib/aws/executions/step-functions-worker-versions';

const client = mockClient(SFNClient);
const arn = (name: string, version: string | number) =>
  `arn:aws:lambda:eu-central-1:111122223333:function:${name}:${version}`;
const calling = (...arns: string[]): string =>
  JSON.stringify({ States: Object.fromEntries(arns.map((Resource, index) => [index, { Type: 'Task', Resource }])) });
const MACHINES = ['Release', 'Watcher'].map((name) => `arn:aws:states:eu-central-1:111122223333:stateMachine:${name}`);
const versions = () => stepFunctionsWorkerVersions(stepFunctionsClient({ region: 'eu-central-1' }), MACHINES);
const plain = (called: ReadonlyMap<string, ReadonlySet<string>>) =>
  Object.fromEntries([...called].map(([name, numbers]) => [name, [...numbers].sort()]));
const running = (count: number) => ({
  executions: Array.from({ length: count }, (_, index) => ({ executionArn: `execution-${index}` })) as never,
});

beforeEach(() => {
  client.reset();
  client.on(ListExecutionsCommand).resolves({ executions: [] });
});

describe('stepFunctionsWorkerVersions', () => {
  it('finds what definitions call: versions of functions, and nothing else that looks like one', async () => {
    client
      .on(DescribeStateMachineCommand, { stateMachineArn: MACHINES[0] })
      .resolves({ definition: calling(arn('Plan', 3), arn('Finish', 12), arn('Old', '$LATEST')) } as never)
      .on(DescribeStateMachineCommand, { stateMachineArn: MACHINES[1] })
      .resolves({ definition: calling(arn('Watch', 2), 'arn:aws:states:::states:startExecution') } as never);
    expect(plain(await versions().current())).toEqual({ Plan: ['3'], Finish: ['12'], Watch: ['2'] });
  });

  it('finds what executions call that run, by the definition that each of them began with', async () => {
    client
      .on(ListExecutionsCommand, { stateMachineArn: MACHINES[0], statusFilter: 'RUNNING' })
      .resolves(running(3))
      .on(DescribeStateMachineForExecutionCommand, { executionArn: 'execution-0' })
      .resolves({ definition: calling(arn('Plan', 1)) } as never)
      .on(DescribeStateMachineForExecutionCommand, { executionArn: 'execution-1' })
      .resolves({ definition: calling(arn('Plan', 2)) } as never)
      // It has ended long since by the time that it is asked for.
      .on(DescribeStateMachineForExecutionCommand, { executionArn: 'execution-2' })
      .rejects(new ExecutionDoesNotExist({ message: 'gone', $metadata: {} }));
    expect(plain(await versions().running())).toEqual({ Plan: ['1', '2'] });
  });

  it('fails rather than not to know: if more run than it can ask for, and if it may not ask', async () => {
    client.on(ListExecutionsCommand, { stateMachineArn: MACHINES[0] }).resolves(running(151));
    await expect(versions().running()).rejects.toThrow('more than 150 executions run');
    client.on(ListExecutionsCommand, { stateMachineArn: MACHINES[0] }).resolves(running(1));
    client.on(DescribeStateMachineForExecutionCommand).rejects(new Error('not authorized'));
    await expect(versions().running()).rejects.toThrow('not authorized');
  });
});
