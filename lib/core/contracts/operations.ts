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
} as const;
