import type { DoorRefusal } from '../contracts/door';
import { type ErrorCode, ReleaseError } from '../contracts/errors';

/** Statuses of HTTP (RFC 9110, 15) for errors that callers can act on; 422 for those that are not here. */
const STATUS: Partial<Readonly<Record<ErrorCode, number>>> = {
  CallInvalid: 400,
  AppNotFound: 404,
  StageNotFound: 404,
  ServiceNotFound: 404,
  NoServiceFound: 404,
  CommitNotFound: 404,
  BranchNotFound: 404,
  TagNotFound: 404,
  RepositoryNotFound: 404,
  ReleaseNotFound: 404,
  NothingToCancel: 409,
  RollbackImpossible: 409,
  RollbackRunning: 409,
  Throttled: 429,
  ServiceUnavailable: 503,
  SourceUnavailable: 503,
};

/**
 * @param error whatever a step threw
 * @param requestId of the API's log
 * @returns the status and body that tell a caller of it; of what is not theirs to mend only where to look
 */
export function refusalOf(error: unknown, requestId: string): { readonly status: number; readonly body: DoorRefusal } {
  if (error instanceof ReleaseError) {
    const { code, message } = error;
    return { status: STATUS[code] ?? 422, body: { error: { code, message } } };
  }
  const message = `the platform has failed; its logs tell why, by the id of this request: ${requestId}`;
  return { status: 500, body: { error: { code: 'InternalError', message } } };
}
