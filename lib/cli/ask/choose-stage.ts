import type { AppConfig } from '../../core/contracts/app-config';
import { ReleaseError } from '../../core/contracts/errors';
import type { MadeStage } from '../../core/contracts/made-stage';
import { mapBounded } from '../../core/map-bounded';
import { useInstead } from '../../core/text/nearest';
import type { Platform } from '../platform/connect-platform';
import { isSameRepository, repositoriesHere } from '../platform/repository-of-remote';
import { UsageError } from '../platform/run-command';
import type { ChoiceWorld } from '../platform/world';

/** What the choice is made from. */
export interface ChoiceOptions {
  readonly app?: string;
  readonly stage?: string;
}

type AppPorts = Pick<Platform, 'apps'>;
type StagePorts = Pick<Platform, 'apps' | 'stages'>;

/** The app that a command is about. */
export interface ChosenStage {
  readonly config: AppConfig;
  readonly stage: string;
  /** Set if a pull request or a branch made it. */
  readonly made?: MadeStage;
}

/**
 * @returns the app that was named, or else all that are connected
 * @throws ReleaseError AppNotFound
 */
export const chooseApps = async (
  ports: AppPorts,
  options: ChoiceOptions,
  world: ChoiceWorld,
): Promise<readonly AppConfig[]> =>
  options.app === undefined ? findApps(ports.apps, await ports.apps.names()) : [await chooseApp(ports, options, world)];

/** Apps that are read side by side. */
const AT_ONCE = 10;

/** One that has been disconnected in the meantime is left out. */
const findApps = async (apps: AppPorts['apps'], names: readonly string[]): Promise<readonly AppConfig[]> =>
  (await mapBounded(names, AT_ONCE, (name) => apps.find(name))).flatMap((config) => (config ? [config] : []));

/**
 * @returns the app that was named, the only one, or the one whose repository the directory is a clone of
 * @throws ReleaseError AppNotFound; UsageError if it has to be named
 */
export async function chooseApp({ apps }: AppPorts, { app }: ChoiceOptions, world: ChoiceWorld): Promise<AppConfig> {
  const named = app === undefined ? undefined : await apps.find(app);
  if (named) return named;
  const names = await apps.names();
  if (names.length === 0) {
    throw new ReleaseError('AppNotFound', 'no app is connected yet; add one to seedbed.yml with: npx seedbed app add');
  }
  if (app !== undefined) throw notFound('AppNotFound', `there is no app "${app}"`, { meant: app, known: names });
  const configs = await findApps(apps, names);
  if (configs.length === 1) {
    world.tell(`app "${configs[0]!.app}", the only one`);
    return configs[0]!;
  }
  const remotes = await repositoriesHere(world.directory);
  for (const remote of remotes) {
    const found = configs.filter(({ repository }) => isSameRepository(repository, remote));
    if (found.length === 1) {
      world.tell(`app "${found[0]!.app}", since this directory is a clone of its repository ${remote.name}`);
      return found[0]!;
    }
  }
  throw new UsageError(`name the app with --app: ${names.join(', ')}`);
}

/**
 * @returns the stage that was named, or the only configured one, of the app
 * @throws ReleaseError AppNotFound or StageNotFound; UsageError if one has to be named
 */
export async function chooseStage(ports: StagePorts, options: ChoiceOptions, world: ChoiceWorld): Promise<ChosenStage> {
  const config = await chooseApp(ports, options, world);
  const { app } = config;
  const configured = Object.keys(config.stages);
  const { stage } = options;
  if (stage === undefined) {
    if (configured.length !== 1)
      throw new UsageError(`name the stage of "${app}" with --stage: ${configured.join(', ')}`);
    world.tell(`stage "${configured[0]}", the only one of "${app}"`);
    return { config, stage: configured[0]! };
  }
  if (Object.hasOwn(config.stages, stage)) return { config, stage };
  const made = await ports.stages.list(app);
  const found = made.find((one) => one.stage === stage);
  if (found) return { config, stage, made: found };
  const known = [...configured, ...made.map((one) => one.stage)];
  throw notFound('StageNotFound', `app "${app}" has no stage "${stage}"`, { meant: stage, known });
}

function notFound(
  code: 'AppNotFound' | 'StageNotFound',
  what: string,
  { meant, known }: { readonly meant: string; readonly known: readonly string[] },
): ReleaseError {
  const advice = known.length === 0 ? 'add one to seedbed.yml' : useInstead(meant, known);
  return new ReleaseError(code, `${what}; ${advice}`);
}
