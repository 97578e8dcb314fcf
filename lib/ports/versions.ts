import type { PublishedVersion } from '../core/record/prunable-versions';
import type { AliasReading } from './functions';

/**
 * The published versions of one target's functions, for cleaning up: it takes its time, so that releases have Lambda's
 * rate for themselves. Methods throw ReleaseError `Throttled` if Lambda is busy after all retries.
 */
export interface Versions {
  /** @returns all but `$LATEST`; none if there is no such function. */
  list(name: string): Promise<readonly PublishedVersion[]>;
  /** @returns every alias of the function, ours or not; none if there is no such function. */
  aliases(name: string): Promise<readonly AliasReading[]>;
  /** @returns whether a durable execution of the version has not ended. */
  isAwaited(name: string, version: string): Promise<boolean>;
  /**
   * @param version its number: never the function itself
   * @returns `in-use` if Lambda keeps it, because an alias names it or an edge location has a copy
   */
  delete(name: string, version: string): Promise<'deleted' | 'in-use'>;
  /** @returns how many bytes the code of all functions, versions and layers of the account and Region takes. */
  storage(): Promise<{ readonly used: number; readonly limit: number }>;
}
