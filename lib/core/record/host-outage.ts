import type { ErrorCode } from '../contracts/errors';
import type { ReleaseRecord, ServiceRecord } from '../contracts/state';

/** What a release says that failed only because the host of its repository was away. */
const CODES: readonly string[] = ['SourceUnavailable', 'CloneUnavailable'] satisfies readonly ErrorCode[];

/**
 * @returns whether a release that a push or a pull request made failed for nothing but an outage of the repository's
 *   host: it is made again when the host is back. What a person asked for, that person asks for again.
 */
export function failedForOutage(
  { release: { trigger }, status, error }: Pick<ReleaseRecord, 'release' | 'status' | 'error'>,
  services: readonly Pick<ServiceRecord, 'error'>[],
): boolean {
  if (status !== 'failed' || !error || (trigger.type !== 'push' && trigger.type !== 'pull-request')) return false;
  if (CODES.includes(error.code)) return true;
  const errors = services.flatMap((service) => service.error ?? []);
  return error.code === 'ServiceFailed' && errors.length > 0 && errors.every(({ code }) => CODES.includes(code));
}
