import type { CloneCredential } from '../core/contracts/clone-credential';

/** Credentials with which builds clone, by the name of their parameter (`cloneParameter`). */
export interface CloneCredentials {
  /** @returns undefined if there is none, or one that cannot be read as such */
  find(parameter: string): Promise<CloneCredential | undefined>;
  /** Keeps a credential in place of the one before it. */
  store(parameter: string, credential: CloneCredential): Promise<void>;
}
