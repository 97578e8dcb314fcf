import { ExecutionDoesNotExist, GetExecutionHistoryCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { ExecutionProgress } from '../../ports/execution-progress';

/** Enough to find where the current step began, even among the states of a Map that is 40 wide. */
const NEWEST_EVENTS = 400;

/**
 * The port ExecutionProgress over Step Functions:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
 */
export function stepFunctionsProgress(client: SFNClient): ExecutionProgress {
  return {
    async entered(executionArn) {
      try {
        const { events } = await client.send(
          new GetExecutionHistoryCommand({
            executionArn,
            reverseOrder: true,
            maxResults: NEWEST_EVENTS,
            includeExecutionData: false,
          }),
        );
        return (events ?? []).flatMap(({ stateEnteredEventDetails, timestamp }) =>
          stateEnteredEventDetails?.name && timestamp
            ? [{ name: stateEnteredEventDetails.name, at: timestamp.getTime() }]
            : [],
        );
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return [];
        throw error;
      }
    },
  };
}
