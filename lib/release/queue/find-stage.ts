import type { AppConfig, StageConfig } from '../../core/contracts/app-config';
import { ReleaseError } from '../../core/contracts/errors';
import type { MadeStage } from '../../core/contracts/made-stage';
import type { StageKey } from '../../core/contracts/release';
import { useInstead } from '../../core/text/nearest';
import type { Apps } from '../../ports/apps';
import type { Stages } from '../../ports/stages';

export interface FindStagePorts {
  readonly apps: Apps;
  readonly stages: Pick<Stages, 'find' | 'list'>;
}

/** An app, and one of its stages. */
export interface FoundStage {
  readonly config: AppConfig;
  /** Set if the stage was made by a rule. */
  readonly made?: MadeStage;
}

/** @returns the configuration of an app. Throws ReleaseError `AppNotFound`, which names the existing ones. */
export async function findApp(apps: Apps, app: string): Promise<AppConfig> {
  const config = await apps.find(app);
  if (config) return config;
  throw appNotFound(app, await apps.names());
}

/**
 * @returns a stage that is configured or was made
 * @throws ReleaseError `AppNotFound` or `StageNotFound`, which names the existing ones
 */
export async function findStage({ apps, stages }: FindStagePorts, key: StageKey): Promise<FoundStage> {
  const config = await findApp(apps, key.app);
  if (Object.hasOwn(config.stages, key.stage)) return { config };
  const made = await stages.find(key);
  if (made) return { config, made };
  const others = await stages.list(key.app);
  throw stageNotFound(config, key.stage, [...Object.keys(config.stages), ...others.map(({ stage }) => stage)]);
}

/**
 * @param template the configured stage whose settings a made one has
 * @returns the settings of a stage
 * @throws ReleaseError `StageNotFound` if the template is not configured any more
 */
export function settingsOf(config: AppConfig, stage: string, template = stage): StageConfig {
  const settings = Object.hasOwn(config.stages, template) ? config.stages[template] : undefined;
  if (settings) return settings;
  throw new ReleaseError(
    'StageNotFound',
    `stage "${stage}" of app "${config.app}" has the settings of stage "${template}", which is no longer in ` +
      `seedbed.yml; add "${template}" again, or remove stage "${stage}"`,
  );
}

const appNotFound = (app: string, known: readonly string[]): ReleaseError =>
  new ReleaseError('AppNotFound', `there is no app "${app}"; ${addOrUse(app, known)}`);

const stageNotFound = ({ app }: AppConfig, stage: string, known: readonly string[]): ReleaseError =>
  new ReleaseError('StageNotFound', `app "${app}" has no stage "${stage}"; ${addOrUse(stage, [...known].sort())}`);

/** @returns what to do about a name that is not known: what was meant, if that is clear. */
function addOrUse(name: string, known: readonly string[]): string {
  const listed = known.length > 0 ? known.join(', ') : '(there are none yet)';
  return useInstead(name, known, { otherwise: `add it to seedbed.yml, or use one of: ${listed}` });
}
