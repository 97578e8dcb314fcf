import type { AppConfig } from '../../lib/core/app-config';
import { ReleaseError } from '../../lib/core/errors';
import type { StageKey } from '../../lib/core/release';
import type { Apps } from '../../lib/ports/apps';
import type { Stages } from '../../lib/ports/stages';
import { findStage } from './find-stage';

/** An app, and the configured stage whose settings a stage of it has: none if it is configured itself. */
export interface FoundStage {
  readonly config: AppConfig;
  readonly template?: string;
}

/**
 * @returns a configured stage, or one that a pull request or a branch has
 * @throws ReleaseError `AppNotFound` or `StageNotFound`
 */
export async function findStageOrMade(
  { apps, stages }: { readonly apps: Apps; readonly stages: Pick<Stages, 'find'> },
  key: StageKey,
): Promise<FoundStage> {
  try {
    return { config: await findStage(apps, key) };
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.code !== 'StageNotFound') throw error;
    const [made, config] = await Promise.all([stages.find(key), apps.find(key.app)]);
    if (!made || !config?.stages[made.template]) throw error;
    return { config, template: made.template };
  }
}
