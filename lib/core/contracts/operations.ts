/**
 * Headings of docs/operations.md that say what to do: alarms, failed states and the command line name them. Tests hold
 * them to the headings that there are.
 */
export const OPERATIONS = {
  /** A table of all errors. */
  failed: 'docs/operations.md#a-release-or-a-service-failed',
  /** A stage that could not be removed. */
  removalFailed: 'docs/operations.md#removing-a-stage',
  /** Events in the queue of those that could not be told everywhere. */
  untold: 'docs/operations.md#a-place-could-not-be-told-of-a-release',
  /** Lambda's code storage fills up. */
  codeStorage: 'docs/operations.md#code-storage',
  /** A worker that is called asynchronously fails again and again. */
  workerFails: 'docs/operations.md#a-worker-fails',
  /** What a worker is called for waits. */
  workerLate: 'docs/operations.md#a-worker-is-behind',
  /** Calls that a worker did not manage in all its tries. */
  givenUp: 'docs/operations.md#calls-were-given-up',
  /** A worker that runs by the clock did not. */
  notRun: 'docs/operations.md#sweep-or-reconcile-did-not-run',
  /** GitHub's deliveries are refused, or fail. */
  webhook: 'docs/operations.md#the-webhook-answers-with-errors',
  /** IAM does not let somebody make a call of the door. */
  refused: 'docs/operations.md#a-call-is-refused',
  /** Calls of the door fail. */
  door: 'docs/operations.md#the-door-fails',
  overdue: 'docs/operations.md#a-release-takes-longer-than-usual',
  /** Somebody else's repository has the name of a connected one. */
  replaced: 'docs/operations.md#a-repository-was-replaced',
  failedAgain: 'docs/operations.md#a-stage-failed-twice-in-a-row',
  /** Step Functions slows releases down, or starts none. */
  throttled: 'docs/operations.md#step-functions-is-throttled',
} as const;
