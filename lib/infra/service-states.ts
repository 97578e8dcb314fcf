import type { IChainable, Map as MapState, TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';

/** What a state gives its worker besides release and service, and keeps of what it returns: values or JSONata. */
interface ServiceTaskOptions {
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Variables set from the worker's result, `$states.result`. */
  readonly assign?: Readonly<Record<string, unknown>>;
}

/** Makes a state that runs one of the workers with release, service and a payload. */
export type MakeTask<Key extends string> = (name: string, worker: Key, options?: ServiceTaskOptions) => LambdaInvoke;

/**
 * @param subject the service that the workers are about, unless each execution has its own in the variable `service`
 * @returns what makes the states of a state machine whose release is in the variable `release`
 */
export const tasksOf =
  <Key extends string>(
    scope: Construct,
    workers: Readonly<Record<Key, Worker>>,
    subject: unknown = '{% $service %}',
  ): MakeTask<Key> =>
  (name, worker, { payload, assign } = {}) =>
    workers[worker].task(scope, name, {
      payload: { release: '{% $release %}', service: subject, ...payload },
      assign,
    });

/** Keeps when a step began; the recorder makes durations of it. */
export const began = (step: string): string => `{% $merge([$marks, {"${step}": $millis()}]) %}`;

/**
 * After any error of one of the states, goes on at `next`; the error is kept in the variable `error`.
 * @param assign what else is set then
 */
export function catchAll(
  states: readonly (TaskStateBase | MapState)[],
  next: IChainable,
  assign: Readonly<Record<string, unknown>> = {},
): void {
  for (const state of states) {
    state.addCatch(next, { errors: ['States.ALL'], assign: { ...assign, error: '{% $states.errorOutput %}' } });
  }
}
