import type { AppConfig } from '../core/contracts/app-config';
import type { Finding } from '../core/contracts/diagnosis';

/** Checks what an app's releases need of its repository's host. Whatever is wrong is a finding, not an error. */
export type Diagnose = (config: AppConfig) => Promise<readonly Finding[]>;
