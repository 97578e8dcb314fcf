import { ExecutionDoesNotExist, GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { stepFunctionsProgress } from '../../../lib/aws/executions/step-functions-progress';

describe('stepFunctionsProgress', () => {
  const sdk = mockClient(SFNClient);
  const progress = stepFunctionsProgress(new SFNClient({ region: 'eu-west-1' }));
  beforeEach(() => sdk.reset());

  it('gives the states entered last, newest first, and leaves other events out', async () => {
    sdk.on(GetExecutionHistoryCommand, { reverseOrder: true, includeExecutionData: false }).resolves({
      events: [
        { id: 3, type: 'TaskScheduled', timestamp: new Date(30) },
        { id: 2, type: 'TaskStateEntered', timestamp: new Date(20), stateEnteredEventDetails: { name: 'Start build' } },
        { id: 1, type: 'PassStateEntered', timestamp: new Date(10), stateEnteredEventDetails: { name: 'Begin build' } },
      ],
    });
    expect(await progress.entered('arn')).toEqual([
      { name: 'Start build', at: 20 },
      { name: 'Begin build', at: 10 },
    ]);
  });

  it('gives none for an execution that has not begun', async () => {
    sdk.on(GetExecutionHistoryCommand).rejects(new ExecutionDoesNotExist({ message: 'no', $metadata: {} }));
    expect(await progress.entered('arn')).toEqual([]);
  });

  it('does not take another error for that', async () => {
    sdk.on(GetExecutionHistoryCommand).rejects(new Error('AccessDenied'));
    await expect(progress.entered('arn')).rejects.toThrow('AccessDenied');
  });
});
