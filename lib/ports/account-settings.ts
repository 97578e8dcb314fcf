import type { AccountSettings } from '../core/trigger/diagnose-lambda';

/** What Lambda gives the platform's own account in its Region, where its workers run. */
export interface AccountReading {
  /** @returns undefined if we may not look */
  read(): Promise<AccountSettings | undefined>;
}
