import {
  ExecutionDoesNotExist,
  type HistoryEvent,
  paginateGetExecutionHistory,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { ExecutionHistory, StateEvent } from '../../ports/execution-history';

/**
 * The port ExecutionHistory over Step Functions:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
 */
export const stepFunctionsHistory = (client: SFNClient): ExecutionHistory => ({
  async read(executionArn) {
    const found: StateEvent[] = [];
    const pages = paginateGetExecutionHistory(
      { client },
      { executionArn, maxResults: 1000, includeExecutionData: true },
    );
    try {
      for await (const page of pages) found.push(...(page.events ?? []).flatMap(stateEvent));
    } catch (error) {
      if (!(error instanceof ExecutionDoesNotExist)) throw error;
    }
    return found;
  },
});

function stateEvent({
  timestamp,
  stateEnteredEventDetails: entered,
  stateExitedEventDetails: exited,
}: HistoryEvent): StateEvent[] {
  const at = timestamp?.getTime() ?? 0;
  if (entered?.name) return [{ kind: 'entered', state: entered.name, at }];
  if (!exited?.name) return [];
  // An output that was cut off cannot be read.
  const isWhole = exited.output !== undefined && !exited.outputDetails?.truncated;
  return [{ kind: 'exited', state: exited.name, at, output: isWhole ? JSON.parse(exited.output!) : undefined }];
}
