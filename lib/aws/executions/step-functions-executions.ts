import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  ValidationException,
} from '@aws-sdk/client-sfn';
import type { ExecutionStatus, Executions } from '../../ports/executions';

/**
 * The port Executions over one standard state machine: https://docs.aws.amazon.com/step-functions/latest/apireference/
 */
export function stepFunctionsExecutions(client: SFNClient, stateMachineArn: string): Executions {
  const arnOf = (name: string): string => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

  const status = async (executionArn: string): Promise<ExecutionStatus> => {
    try {
      const found = await client.send(new DescribeExecutionCommand({ executionArn }));
      return ENDS[found.status ?? ''] ?? 'running';
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return 'unknown';
      throw error;
    }
  };

  return {
    arnOf,
    status,

    async start(name, input) {
      try {
        // Idempotent by itself only while the execution runs.
        const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
        return (await client.send(command)).executionArn!;
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return arnOf(name);
        throw error;
      }
    },

    async stop(executionArn, cause, error = 'Aborted') {
      try {
        const command = new StopExecutionCommand({ executionArn, error, cause: cause.slice(0, LONGEST_CAUSE) });
        await client.send(command);
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return;
        // What Step Functions says of one that has ended is not written down; MiniStack refuses it so.
        const mayHaveEnded = error instanceof ValidationException;
        if (!mayHaveEnded || (await status(executionArn)) === 'running') throw error;
      }
    },
  };
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html */
const LONGEST_CAUSE = 32_768;

const ENDS: Readonly<Record<string, ExecutionStatus>> = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timed-out',
  ABORTED: 'aborted',
};
