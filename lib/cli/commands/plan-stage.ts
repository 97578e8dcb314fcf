import type { PlannedService } from '../../core/contracts/state';
import { chooseRef, type RefOptions } from '../ask/choose-ref';
import { chooseStage } from '../ask/choose-stage';
import type { Platform } from '../platform/connect-platform';
import { checkPlatformOptions, checkService, choiceWorld, type PlatformOptions } from '../platform/platform-options';
import type { World } from '../platform/world';
import { cleanDeep } from '../show/clean-text';

/** The options of `seedbed plan` that ask a platform. */
export interface PlanStageOptions extends PlatformOptions, RefOptions {
  readonly service?: readonly string[];
  readonly force?: true;
}

/** What `--json` prints of a plan against a stage. */
export interface StagePlan {
  readonly app: string;
  readonly stage: string;
  readonly commit: string;
  /** Number of phases that one waits for the other. */
  readonly phases: number;
  readonly deploy: readonly PlannedService[];
  readonly skip: readonly PlannedService[];
}

/** @returns what a release to a stage would do now; nothing is started. */
export async function planStage(options: PlanStageOptions, world: World): Promise<StagePlan> {
  checkPlatformOptions(options);
  const services = options.service?.map(checkService);
  return world.open(options.local, (platform) => ask(platform, { ...options, service: services }, world));
}

async function ask(platform: Platform, options: PlanStageOptions, world: World): Promise<StagePlan> {
  const where = choiceWorld(world);
  const chosen = await chooseStage(platform, options, where);
  const [app, stage] = [chosen.config.app, chosen.stage];
  const ref = await chooseRef(platform, options, chosen, where);
  const services = options.service && [...options.service];
  const { commit, plan } = await platform.workers.previewRelease({
    app,
    stage,
    ...ref,
    services,
    force: options.force === true,
  });
  const { phases, skip } = cleanDeep(plan);
  return { app, stage, commit, phases: phases.length, deploy: phases.flat(), skip };
}
