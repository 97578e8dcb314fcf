/** An error as Step Functions knows it: a name that retriers and catchers match, and a text. */
export class StateError extends Error {
  constructor(
    readonly error: string,
    override readonly cause = '',
  ) {
    super(`${error}: ${cause}`);
  }

  /** What `$states.errorOutput` is in a catcher. */
  get output(): { readonly Error: string; readonly Cause: string } {
    return { Error: this.error, Cause: this.cause };
  }
}

export const QUERY_FAILED = 'States.QueryEvaluationError';
export const TOO_LARGE = 'States.DataLimitExceeded';

/** "Terminal errors", which no wildcard matches. */
const TERMINAL: readonly string[] = [TOO_LARGE, 'States.Runtime'];

/**
 * @returns whether a retrier or catcher is for an error. `States.ALL` is for all that is not terminal,
 *   `States.TaskFailed` for all of those but timeouts:
 *   https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function matches(errorEquals: readonly string[], error: string): boolean {
  if (errorEquals.includes(error)) return true;
  if (TERMINAL.includes(error)) return false;
  return (
    errorEquals.includes('States.ALL') || (errorEquals.includes('States.TaskFailed') && error !== 'States.Timeout')
  );
}
