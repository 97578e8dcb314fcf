/**
 * Told of an error that nobody foresaw.
 * @param during what was being done, such as `POST /_github/control`
 */
export type ReportUnforeseen = (during: string, error: unknown) => void;

/** Writes the error with its stack to the standard error, which is the log of a local cloud in the background. */
export const logUnforeseen: ReportUnforeseen = (during, error) =>
  console.error(`${new Date().toISOString()} an error that nobody foresaw, during ${during}:`, error);

/**
 * Lets this process go on after errors that belong to no request, such as a promise that nobody waits for. What the
 * doubles keep is changed by each request alone, so that whatever failed leaves the others as they were.
 */
export function surviveUnforeseen(report: ReportUnforeseen = logUnforeseen): void {
  // Node makes one of every rejection that is not handled, too.
  process.on('uncaughtException', (error) => report('work that no request waits for', error));
}
