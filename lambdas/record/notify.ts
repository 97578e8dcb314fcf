import * as z from 'zod';
import { ReleaseError } from '../../lib/core/contracts/errors';
import type { ReleaseId, StageKey } from '../../lib/core/contracts/release';
import { IGNORED_EVENT, IgnoredEvent } from '../../lib/core/record/ignored-event';
import { ReleaseEvent } from '../../lib/core/record/release-event';
import { type TellCommitPorts, tellCommit } from './notify/tell-commit';
import { type TellPorts, tellRelease } from './notify/tell-release';

export interface NotifyPorts extends TellPorts, TellCommitPorts {
  readonly releases: TellPorts['releases'] & TellCommitPorts['releases'];
  /** How long a turn to tell of a stage's releases may last, in milliseconds: a bit longer than the worker may run. */
  readonly turnLasts: number;
}

/** What Lambda tells of a call; the id is the same when it tries again. */
interface Call {
  readonly awsRequestId: string;
}

const NotifyIgnored = z.object({ 'detail-type': z.literal(IGNORED_EVENT.detailType), detail: IgnoredEvent });
/** Only says which release: what is told is how its stage is now. */
const NotifyInput = z.object({ detail: ReleaseEvent.pick({ app: true, stage: true, releaseId: true }) });

/**
 * Brings every place that shows a release up to date, in whatever order and however often its events arrive. Nothing
 * here can fail a release. If a place could not be told, Lambda tries again with the same event.
 *
 * @throws Error naming every place that could not be told
 */
export const notify =
  (ports: NotifyPorts) =>
  async (event: unknown, { awsRequestId: by }: Call): Promise<void> => {
    const ignored = NotifyIgnored.safeParse(event).data?.detail;
    if (ignored) return tellIgnored(ports, ignored);
    const { app, stage, releaseId } = NotifyInput.parse(event).detail;
    const now = ports.now();
    const key = { app, stage, id: releaseId };
    if (!(await ports.notices.begin(key, { by, now, until: now + ports.turnLasts }))) return;
    const problems = await tellAll(ports, { app, stage, first: releaseId, by });
    if (problems.length > 0) throw new Error(problems.join('; '));
  };

/** A commit that is not released has one status all the same, for whoever requires that. */
async function tellIgnored(ports: NotifyPorts, { reason, ...about }: IgnoredEvent): Promise<void> {
  try {
    await tellCommit(ports, { ...about, ignored: reason });
  } catch (error) {
    // It was forced away since: nobody waits for it.
    if (!(error instanceof ReleaseError && error.code === 'CommitNotFound')) throw error;
  }
}

interface Telling extends StageKey {
  readonly first: ReleaseId;
  readonly by: string;
}

/** Tells of a release and of those that others leave meanwhile. @returns what could not be told */
async function tellAll(ports: NotifyPorts, { app, stage, first, by }: Telling): Promise<readonly string[]> {
  const failed = new Map<ReleaseId, readonly string[]>();
  let open: readonly ReleaseId[] = [first];
  while (open.length > 0) {
    for (const id of open) {
      const problems = await tellRelease(ports, { app, stage, id });
      if (problems.length > 0) failed.set(id, problems);
      else failed.delete(id);
    }
    open = await ports.notices.end({ app, stage }, { by }, [...failed.keys()]);
  }
  return [...failed].flatMap(([id, problems]) => problems.map((problem) => `release ${id}: ${problem}`));
}
