import type { AppConfig, StageConfig } from '../../core/contracts/app-config';
import type { MadeStage } from '../../core/contracts/made-stage';
import type { StartReleaseOutput } from '../../core/contracts/payloads';
import { type Release, type Removal, settingsStage, type Trigger } from '../../core/contracts/release';
import { allReadable } from '../../core/contracts/unreadable';
import { type StartReleasePorts, type Subject, startRelease } from './start-release';

export interface RemovalRequest {
  readonly config: AppConfig;
  readonly stage: string;
  /** Set if the stage was made by a rule. */
  readonly made?: MadeStage;
  readonly removal: Removal;
}

/**
 * Accepts the removal of what is deployed in a stage. The removal waits for the release that runs, and supersedes one
 * that waits. A later push supersedes a waiting removal: a stage that is pushed to is wanted again.
 *
 * @returns undefined if nothing was ever released to the stage
 */
export async function removeStage(
  ports: StartReleasePorts,
  { trigger, ...request }: RemovalRequest & { readonly trigger: Omit<Trigger, 'type'> },
): Promise<StartReleaseOutput | undefined> {
  return startRelease<undefined>(ports, {
    config: request.config,
    stage: request.stage,
    force: false,
    trigger: { ...trigger, type: 'remove' },
    subject: async () => (await removalOf(ports, request)) ?? { instead: undefined },
  });
}

/** @returns the removal as what is released; undefined if nothing was ever released to the stage */
export async function removalOf(
  ports: StartReleasePorts,
  { config, stage, made, removal }: RemovalRequest,
): Promise<Subject | undefined> {
  const key = { app: config.app, stage };
  const listed = await ports.releases.latest(key, 1);
  const [last] = allReadable(listed, 'so it is not known where the stage lives');
  // Stored first: if the removal is then never accepted, the sweep finds it overdue.
  if (made) await ports.stages.change(key, { removeAskedAt: new Date(ports.now()).toISOString() });
  if (!last) return undefined;
  return {
    commit: last.release.commit,
    branch: made?.origin.branch,
    made,
    remove: removal,
    settings: whereItIs(config, last.release),
  };
}

/**
 * What is deployed is where the last release deployed it: the stage's target may have changed since, or may be gone. If
 * it is still the same place, its present roles count.
 */
function whereItIs({ stages }: AppConfig, last: Release): Pick<StageConfig, 'target' | 'shift' | 'build'> {
  const now = stages[settingsStage(last)];
  const isSame = now?.target.account === last.target.account && now.target.region === last.target.region;
  return isSame ? now : last;
}
