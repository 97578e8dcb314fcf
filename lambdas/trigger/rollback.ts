import * as z from 'zod';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { releaseExecutionName } from '../../lib/core/contracts/execution-name';
import { StartRollbackInput, type StartRollbackOutput } from '../../lib/core/contracts/payloads';
import type { Release, Rollback } from '../../lib/core/contracts/release';
import { problemsOf, type RollbackPreview } from '../../lib/core/contracts/rollback-preview';
import type { ReleaseRecord } from '../../lib/core/contracts/state';
import { allReadable, readable } from '../../lib/core/contracts/unreadable';
import { newestCommit } from '../../lib/core/plan/holds';
import { tellSome } from '../../lib/core/text/tell-some';
import type { Queue } from '../../lib/ports/releases';
import { type ExaminePorts, examineRollback, findRolledBack } from '../../lib/release/packages/examine-rollback';
import { type FindStagePorts, findStage, settingsOf } from '../../lib/release/queue/find-stage';
import { type StartReleasePorts, startRelease } from '../../lib/release/queue/start-release';
import { chooseTarget } from './choose-target';

export interface RollbackPorts extends StartReleasePorts, ExaminePorts {
  readonly apps: FindStagePorts['apps'];
}

/** How far back a rollback looks for releases; whole ids are found whatever their age. */
const HISTORY = 200;

/**
 * Starts a release that returns a stage to what an earlier release left, or tells what it would do. Stops the release
 * that runs, and supersedes the one that waits.
 *
 * @throws ReleaseError `AppNotFound`, `StageNotFound`, `ServiceNotFound`, `ReleaseNotFound`; `RollbackRunning`;
 * `RollbackImpossible` if there is nothing to return to or something that it needs is gone, before anything is touched
 */
export const rollback =
  (ports: RollbackPorts) =>
  async (event: unknown): Promise<StartRollbackOutput> => {
    const input = StartRollbackInput.parse(event);
    const { stage, requestId, by } = input;
    const { config, made } = await findStage(ports, input);
    const { target } = settingsOf(config, stage, made?.template);
    const stages = Object.keys(config.stages);

    /** Finds what is to be done; called again if the queue changes before the release is accepted. */
    const look = async (seen: Queue): Promise<Look> => {
      const listed = await ports.releases.latest(input, HISTORY);
      const history = readable(listed);
      const running = history.find(({ status, release: { id } }) => status === 'running' && id === seen.last);
      const isThis = ({ release: { trigger } }: ReleaseRecord) =>
        trigger.id === requestId && trigger.type === 'rollback';
      const repeated = input.dryRun ? undefined : history.find(isThis);
      if (!repeated) refuseSecond(seen, running?.release);
      const to = repeated?.release.rollback?.to ?? input.to;
      const chosen = await chooseTarget(ports, { ...input, to, stages, running: running !== undefined }, history);
      if (to === undefined) {
        const since = listed.filter(({ release }) => release.id > chosen.release.id);
        allReadable(since, 'so it is not known what to return to: name a release with --to');
      }
      const from = repeated ? repeated.release.rollback?.from : newestCommit(history);
      const wanted: Rollback = { to: chosen.release.id, ...(input.service && { service: input.service }), from };
      const found = await findRolledBack(ports, input, wanted);
      const services = await examineRollback(ports, found, { stage, target });
      if (!repeated && !running && found.plan.phases.length === 0) throw nothingToMove(input, chosen.release);
      const { id: releaseId, commit } = chosen.release;
      return {
        subject: { commit, rollback: wanted },
        preview: {
          to: { releaseId, commit, finishedAt: chosen.finishedAt },
          stops: repeated ? undefined : running?.release.id,
          services: [...services],
        },
        running,
        problems: repeated ? [] : problemsOf(services),
      };
    };

    if (input.dryRun) return { preview: (await look(await ports.releases.queue(input))).preview };
    let last: Look | undefined;
    const started = await startRelease(ports, {
      config,
      stage,
      force: false,
      trigger: { type: 'rollback', id: requestId, by },
      async subject(seen) {
        last = await look(seen);
        if (last.problems.length > 0) throw new ReleaseError('RollbackImpossible', tellSome(last.problems));
        return { ...last.subject, made };
      },
    });
    const { preview, running } = last!;
    // A repeated request may find a newer release running, which is not in its way.
    if (running && running.release.id < started.releaseId) await stop(ports, running, started.releaseId);
    return { preview, started };
  };

/** Tells what a rollback would do; starts and stores nothing. */
export const previewRollback = (ports: RollbackPorts) => {
  const step = rollback(ports);
  return (input: unknown): Promise<StartRollbackOutput> =>
    step({ ...z.looseObject({}).parse(input), dryRun: true, requestId: 'preview' });
};

/** What a rollback finds before it is accepted. */
interface Look {
  readonly subject: Required<Pick<Release, 'commit' | 'rollback'>>;
  readonly preview: RollbackPreview;
  readonly running: ReleaseRecord | undefined;
  readonly problems: readonly string[];
}

/** Stops the release that runs: its end frees the lock and starts the waiting one, as every end does. */
async function stop(
  { executions }: RollbackPorts,
  { release, executionArn }: ReleaseRecord,
  by: string,
): Promise<void> {
  const arn = executionArn ?? executions.arnOf(releaseExecutionName(release));
  await executions.stop(arn, `stopped by rollback ${by}`);
}

/** @throws ReleaseError `RollbackRunning` */
function refuseSecond({ waiting }: Queue, running: Release | undefined): void {
  const other = [running, waiting].find((release) => release?.rollback);
  if (!other) return;
  const state = other === running ? 'runs' : 'waits';
  throw new ReleaseError(
    'RollbackRunning',
    `rollback ${other.id} to release ${other.rollback!.to} already ${state} in stage "${other.stage}" of ` +
      `"${other.app}"; wait until it has ended, or cancel it with "seedbed cancel", then roll back again`,
  );
}

const nothingToMove = ({ app, stage, service }: Asked, { id }: Release): ReleaseError =>
  new ReleaseError(
    'RollbackImpossible',
    `there is nothing to roll back: ${service === undefined ? '' : `service "${service}" in `}stage "${stage}" of ` +
      `"${app}" is what it was when release ${id} ended; name another release with --to`,
  );

type Asked = Pick<StartRollbackInput, 'app' | 'stage' | 'service'>;
