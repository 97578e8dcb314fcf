import { constructName } from './worker-declaration';

/** The keys of the workers that are called asynchronously: each has a queue of the calls that were given up. */
export const CALLED_WORKERS = ['push', 'finish', 'sweep', 'reconcile', 'prune', 'notify'] as const;
export type CalledWorkerKey = (typeof CALLED_WORKERS)[number];

/** @returns the names of the outputs of the platform's stack that have the worker's function and queue (its URL). */
export const calledWorkerOutputs = <Key extends CalledWorkerKey>(key: Key) => ({
  functionName: `${constructName(key)}Function`,
  queueUrl: `${constructName(key)}Queue`,
});
