import { ReleaseError } from '../../lib/core/contracts/errors';
import { releaseExecutionName } from '../../lib/core/contracts/execution-name';
import { CancelInput, type CancelOutput } from '../../lib/core/contracts/payloads';
import type { ReleaseId, StageKey } from '../../lib/core/contracts/release';
import type { ReleaseRecord } from '../../lib/core/contracts/state';
import { allReadable } from '../../lib/core/contracts/unreadable';
import { CANCELLED, cancelledError } from '../../lib/core/record/step-error';
import { announceEnd } from '../../lib/release/publish-state';
import { type FindStagePorts, findStage } from '../../lib/release/queue/find-stage';
import { resumeRelease, type StartNextPorts } from '../../lib/release/queue/start-next';

export interface CancelPorts extends StartNextPorts, FindStagePorts {}

/**
 * Cancels a release. One that waits ends at once. The execution of one that runs is stopped, and that end reaches
 * `Finish` like any other, which undoes what was begun. Whoever is first wins: a release that ends by itself meanwhile
 * stays as it is.
 *
 * @throws ReleaseError `NothingToCancel` with the status of the last release; `ReleaseNotFound`; `AppNotFound`,
 * `StageNotFound`
 */
export const cancel =
  (ports: CancelPorts) =>
  async (event: unknown): Promise<CancelOutput> => {
    const { app, stage, releaseId, by } = CancelInput.parse(event);
    const id = releaseId ?? (await findOpen(ports, { app, stage }));
    const key = { app, stage, id };
    const cancel = { by, at: new Date(ports.now()).toISOString() };
    const stood = await ports.releases.cancel(key, cancel);
    const record = await ports.releases.find(key);
    if (!record) throw await notFound(ports, key);

    if (stood === 'running') await stop(ports, record);
    // A worker that died may have left its end unannounced.
    else if (wasCancelled(record)) await announceEnd(ports, { record, services: [] });
    else throw hasEnded(record);
    return { releaseId: id, was: record.startedAt === undefined ? 'waiting' : 'running' };
  };

const wasCancelled = ({ cancel, error }: ReleaseRecord): boolean => cancel !== undefined && error?.code === CANCELLED;

async function stop(ports: CancelPorts, record: ReleaseRecord): Promise<void> {
  const { executions } = ports;
  // It may just be starting: an execution that does not exist yet cannot be stopped, and would begin later.
  if (record.executionArn === undefined) await resumeRelease(ports, record.release);
  const arn = record.executionArn ?? executions.arnOf(releaseExecutionName(record.release));
  const { code, message } = cancelledError(record.cancel ?? { at: '' });
  await executions.stop(arn, message, code);
  const status = await executions.status(arn);
  if (status !== 'running' && status !== 'aborted') throw hasEnded(record, status);
}

/** @returns the release that runs, or else the one that waits. Throws NothingToCancel. */
async function findOpen(ports: CancelPorts, stage: StageKey): Promise<ReleaseId> {
  const { waiting, last } = await ports.releases.queue(stage);
  const lastRecord = last === undefined ? undefined : await ports.releases.find({ ...stage, id: last });
  if (lastRecord?.status === 'running') return lastRecord.release.id;
  if (waiting) return waiting.id;
  const [newest] = allReadable(await ports.releases.latest(stage, 1), 'so it is not known what it does');
  if (newest) throw hasEnded(newest);
  await findStage(ports, stage);
  throw new ReleaseError('NothingToCancel', `nothing was ever released to stage "${stage.stage}" of "${stage.app}"`);
}

async function notFound(ports: CancelPorts, { app, stage, id }: StageKey & { readonly id: ReleaseId }): Promise<Error> {
  const [newest] = await ports.releases.latest({ app, stage }, 1);
  if (!newest) await findStage(ports, { app, stage });
  const advice = newest ? `; the last one is ${newest.release.id}` : '';
  return new ReleaseError('ReleaseNotFound', `stage "${stage}" of "${app}" has no release ${id}${advice}`);
}

function hasEnded({ release, status, finishedAt }: ReleaseRecord, execution?: string): ReleaseError {
  const how = execution === undefined ? `${status}${finishedAt ? ` at ${finishedAt}` : ''}` : execution;
  return new ReleaseError(
    'NothingToCancel',
    `there is nothing to cancel in stage "${release.stage}" of "${release.app}": release ${release.id} has ended ` +
      `(${how})`,
  );
}
