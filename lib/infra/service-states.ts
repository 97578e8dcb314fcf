import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IChainable, Map as MapState, TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';
import { errorCodes, retryableCodes } from '../core/contracts/errors';
import type { WaitKind } from '../core/contracts/wait';
import type { JobWait } from './long-job';
import { WatchedWait } from './watched-wait';

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

/** What a state waits for, besides what it keeps of how that ended. */
interface WaitOptions {
  readonly kind: WaitKind;
  /** What the job is known by: values or JSONata. */
  readonly job: Readonly<Record<string, string>>;
  readonly assign?: Readonly<Record<string, unknown>>;
}

/** Makes the states that wait for a job. `worker`: the wait worker of that job. */
export type MakeWait<Key extends string> = (name: string, worker: Key, options: WaitOptions) => JobWait;

/**
 * @param task makes the states of the same state machine that run workers
 * @param table where it is written what is waited for
 * @param path of the service, as JSONata
 */
export const waitsOf =
  <Key extends string>(
    scope: Construct,
    task: MakeTask<Key>,
    { table, path = '$service.path' }: { readonly table: ITable; readonly path?: string },
  ): MakeWait<Key> =>
  (name, worker, { kind, job, assign }) => ({
    watched: new WatchedWait(scope, name, { table, path, subject: { ...job, kind }, assign }),
    alone: task(`${name} without watcher`, worker, { payload: job, assign }),
  });

/** Keeps when a step began; the recorder makes durations of it. */
export const began = (step: string): string => `{% $merge([$marks, {"${step}": $millis()}]) %}`;

/**
 * After any error of one of the states, goes on at `next`; the error is kept in the variable `error`. Of a watched wait
 * those are the errors of what is waited for, which have our codes; whatever else fails there is the watching itself.
 * @param assign what else is set then
 */
export function catchAll(
  states: readonly (TaskStateBase | MapState | JobWait)[],
  next: IChainable,
  assign: Readonly<Record<string, unknown>> = {},
): void {
  const kept = { ...assign, error: '{% $states.errorOutput %}' };
  for (const state of states) {
    if ('watched' in state) {
      state.watched.addCatch(next, { errors: ERRORS_OF_JOBS, assign: kept });
      state.watched.addCatch(state.alone, { errors: ['States.ALL'] });
      state.alone.addCatch(next, { errors: ['States.ALL'], assign: kept });
    } else state.addCatch(next, { errors: ['States.ALL'], assign: kept });
  }
}

/** Those that may pass are for the wait worker to try again. */
const ERRORS_OF_JOBS = errorCodes().filter((code) => !retryableCodes().includes(code));
