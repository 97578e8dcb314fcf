import type { ExecutionStatus, Executions } from '../ports/executions';

/** In-memory twin of the port Executions; a test ends the executions. */
export interface MemoryExecutions extends Executions {
  /** Every execution that was started, in order. */
  readonly started: readonly { readonly arn: string; readonly input: unknown }[];
  /** Ends a running execution. */
  finish(arn: string, status: Exclude<ExecutionStatus, 'running' | 'unknown'>): void;
}

/** @param stateMachine its name; becomes part of the ARNs. */
export function memoryExecutions(stateMachine = 'Release'): MemoryExecutions {
  const statuses = new Map<string, ExecutionStatus>();
  const started: { arn: string; input: unknown }[] = [];
  const arnOf = (name: string): string => `arn:aws:states:eu-west-1:111122223333:execution:${stateMachine}:${name}`;
  const finish = (arn: string, status: ExecutionStatus): void => {
    if (statuses.get(arn) === 'running') statuses.set(arn, status);
  };

  return {
    started,
    finish,
    arnOf,
    async start(name, input) {
      const arn = arnOf(name);
      if (!statuses.has(arn)) {
        statuses.set(arn, 'running');
        started.push({ arn, input: JSON.parse(JSON.stringify(input)) });
      }
      return arn;
    },
    status: async (arn) => statuses.get(arn) ?? 'unknown',
    async stop(arn) {
      finish(arn, 'aborted');
    },
  };
}
