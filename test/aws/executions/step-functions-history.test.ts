import { ExecutionDoesNotExist, GetExecutionHistoryCommand, type HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { stepFunctionsHistory } from '../../../lib/aws/executions/step-functions-history';

const sfn = mockClient(SFNClient);
beforeEach(() => sfn.reset());
const history = stepFunctionsHistory(new SFNClient({}));
const at = (second: number) => new Date(second * 1_000);
const event = (second: number, more: Partial<HistoryEvent>): HistoryEvent => ({
  timestamp: at(second),
  id: second,
  type: undefined,
  ...more,
});

it('tells the states that an execution entered and left, page after page, with what they left', async () => {
  const calls = sfn.on(GetExecutionHistoryCommand);
  calls.resolvesOnce({
    events: [event(1, {}), event(2, { stateEnteredEventDetails: { name: 'Begin build' } })],
    nextToken: 'more',
  });
  calls.resolvesOnce({
    events: [
      event(3, { stateExitedEventDetails: { name: 'Wait for stack', output: '{"events":["A"]}' } }),
      event(4, { stateExitedEventDetails: { name: 'Plan', output: '{"cut', outputDetails: { truncated: true } } }),
    ],
  });
  expect(await history.read('arn')).toEqual([
    { kind: 'entered', state: 'Begin build', at: 2_000 },
    { kind: 'exited', state: 'Wait for stack', at: 3_000, output: { events: ['A'] } },
    { kind: 'exited', state: 'Plan', at: 4_000, output: undefined },
  ]);
});

it('tells nothing of an execution that never was', async () => {
  sfn.on(GetExecutionHistoryCommand).rejects(new ExecutionDoesNotExist({ message: 'no', $metadata: {} }));
  expect(await history.read('arn')).toEqual([]);
});
