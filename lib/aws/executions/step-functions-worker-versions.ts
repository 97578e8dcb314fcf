import {
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  ExecutionDoesNotExist,
  paginateListExecutions,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { CalledVersions, WorkerVersions } from '../../ports/worker-versions';

/**
 * The port WorkerVersions over state machines. An execution that runs keeps its definition when the state machine is
 * updated: https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
 */
export const stepFunctionsWorkerVersions = (
  client: SFNClient,
  stateMachineArns: readonly string[],
): WorkerVersions => ({
  async current() {
    const machines = stateMachineArns.map((stateMachineArn) =>
      client.send(new DescribeStateMachineCommand({ stateMachineArn })),
    );
    return calledBy((await Promise.all(machines)).map(({ definition }) => definition));
  },

  async running() {
    const executions: string[] = [];
    for (const stateMachineArn of stateMachineArns) {
      for await (const page of paginateListExecutions({ client }, { stateMachineArn, statusFilter: 'RUNNING' })) {
        executions.push(...(page.executions ?? []).map(({ executionArn }) => executionArn!));
        if (executions.length > MOST_EXECUTIONS)
          throw new Error(`more than ${MOST_EXECUTIONS} executions run: which versions they call is not looked at now`);
      }
    }
    // One after the other: Step Functions answers few such questions a second.
    const definitions: (string | undefined)[] = [];
    for (const executionArn of executions) definitions.push(await definitionOf(client, executionArn));
    return calledBy(definitions);
  },
});

/** Step Functions answers so many at once, and then one a second. */
const MOST_EXECUTIONS = 150;

/** @returns none for one that is not there any more. */
async function definitionOf(client: SFNClient, executionArn: string): Promise<string | undefined> {
  try {
    return (await client.send(new DescribeStateMachineForExecutionCommand({ executionArn }))).definition;
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
}

const VERSION_ARN = /"arn:[^":]+:lambda:[^":]+:[^":]+:function:([^":]+):(\d+)"/g;

function calledBy(definitions: readonly (string | undefined)[]): CalledVersions {
  const called = new Map<string, Set<string>>();
  for (const definition of definitions) {
    for (const [, name, version] of (definition ?? '').matchAll(VERSION_ARN))
      called.set(name!, (called.get(name!) ?? new Set()).add(version!));
  }
  return called;
}
