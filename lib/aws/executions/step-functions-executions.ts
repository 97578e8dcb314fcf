import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionStatus, Executions } from '../../ports/executions';

/**
 * The port Executions over one standard state machine: https://docs.aws.amazon.com/step-functions/latest/apireference/
 */
export function stepFunctionsExecutions(client: SFNClient, stateMachineArn: string): Executions {
  const arnOf = (name: string): string => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

  return {
    arnOf,

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

    async status(executionArn) {
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
        return ENDS[status ?? ''] ?? 'running';
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return 'unknown';
        throw error;
      }
    },

    async stop(executionArn, cause, error = 'Aborted') {
      try {
        await client.send(new StopExecutionCommand({ executionArn, error, cause }));
      } catch (error) {
        if (!(error instanceof ExecutionDoesNotExist)) throw error;
      }
    },
  };
}

const ENDS: Readonly<Record<string, ExecutionStatus>> = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timed-out',
  ABORTED: 'aborted',
};
