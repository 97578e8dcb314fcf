import type { AppConfig } from '../core/contracts/app-config';
import type { Finding } from '../core/contracts/diagnosis';

/** Looks at all that an app's releases need of its repository's host. What is wrong is a finding, not an error. */
export type Diagnose = (config: AppConfig) => Promise<readonly Finding[]>;
