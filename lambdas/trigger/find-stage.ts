import type { AppConfig } from '../../lib/core/app-config';
import { ReleaseError } from '../../lib/core/errors';
import type { StageKey } from '../../lib/core/release';
import type { Apps } from '../../lib/ports/apps';

/**
 * @returns the configuration of an app that has this stage
 * @throws ReleaseError `AppNotFound` or `StageNotFound`, with those that there are
 */
export async function findStage(apps: Apps, { app, stage }: StageKey): Promise<AppConfig> {
  const config = await apps.find(app);
  if (!config) throw appNotFound(app, await apps.names());
  if (!Object.hasOwn(config.stages, stage)) throw stageNotFound(config, stage);
  return config;
}

const appNotFound = (app: string, known: readonly string[]): ReleaseError =>
  new ReleaseError('AppNotFound', `there is no app "${app}"; add it to seedbed.yml, or use one of: ${listed(known)}`);

const stageNotFound = ({ app, stages }: AppConfig, stage: string): ReleaseError =>
  new ReleaseError(
    'StageNotFound',
    `app "${app}" has no stage "${stage}"; add it to seedbed.yml, or use one of: ${listed(Object.keys(stages).sort())}`,
  );

const listed = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : '(none is there yet)');
