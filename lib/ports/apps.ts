import type { AppConfig } from '../core/contracts/app-config';
import type { Repository } from '../core/contracts/release';

/** The connected apps, as the platform's owner configured them. */
export interface Apps {
  find(app: string): Promise<AppConfig | undefined>;
  findByRepository(repository: Repository): Promise<AppConfig | undefined>;
  /** @returns the names of all apps. */
  names(): Promise<readonly string[]>;
}
