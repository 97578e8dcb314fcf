import type { CloneCredential } from '../core/contracts/clone-credential';

/** The credentials that builds clone with, by the name of their parameter (`cloneParameter`). */
export interface CloneCredentials {
  /** @returns undefined if there is none, or its value is not a credential */
  find(parameter: string): Promise<CloneCredential | undefined>;
  /** Stores a credential in place of the one before it. */
  store(parameter: string, credential: CloneCredential): Promise<void>;
}
