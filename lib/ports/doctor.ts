import type { Diagnosis } from '../core/contracts/diagnosis';

/** Looks at what stands between an app's repository and its releases. */
export interface Doctor {
  /** @throws ReleaseError AppNotFound */
  examine(app: string): Promise<Diagnosis>;
}
