import { boundProgress } from '../../lib/core/bound-progress';
import { callerOf } from '../../lib/core/contracts/call-reservations';
import type { Release } from '../../lib/core/contracts/release';
import type { Wait, WaitFor, WaitKind, WaitProgress } from '../../lib/core/contracts/wait';
import { mapBounded } from '../../lib/core/map-bounded';
import { describeMoving } from '../../lib/core/shift/describe-moving';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Builds } from '../../lib/ports/builds';
import type { Callbacks } from '../../lib/ports/callbacks';
import type { Clock } from '../../lib/ports/clock';
import type { Log } from '../../lib/ports/log';
import type { Stacks } from '../../lib/ports/stacks';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { endOfBuild } from '../../lib/release/waiting/end-of-build';
import { type Sighting, sightingOf } from '../../lib/release/waiting/sighting';
import { newestEvents, stackFollower } from '../../lib/release/waiting/stack-follower';
import { carryOut, judgeShift, nextLookAt, outcomeOfShift, readShifts } from '../../lib/release/waiting/watched-shift';

export interface LookPorts {
  readonly builds: Pick<Builds, 'statuses'>;
  readonly artifacts: Pick<Artifacts, 'readJson'>;
  readonly target: TargetPortsOf<'stacks' | 'shifts' | 'hookRuns'>;
  readonly callbacks: Pick<Callbacks, 'beat'>;
  readonly pace: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** What was seen of waits, by their tokens; those of which nothing could be learned are left out. */
type Sightings = ReadonlyMap<string, Sighting>;

const NOTHING: Sightings = new Map();

type Look<Kind extends WaitKind> = (release: Release, waits: readonly WaitFor<Kind>[]) => Promise<Sightings>;

/** Jobs of which more is read side by side, once they have ended. */
const AT_ONCE = 10;

/** Looks at all that a release waits for, with as few calls as it takes. */
export interface Looks {
  /**
   * Looks at waits, kind by kind, side by side: what is slow or cannot be read holds up nothing of another kind.
   * Throws nothing.
   * @param seen is told what was seen of each kind, as soon as it was
   */
  look(release: Release, waits: readonly Wait[], seen: (sightings: Sightings) => Promise<void>): Promise<void>;
  /** @returns what happened of what still runs, since it was asked the last time. */
  progress(): readonly WaitProgress[];
}

/** What happened of jobs that run, by token. */
type Happened = Map<string, WaitProgress>;

export function looksAt(ports: LookPorts): Looks {
  const happened: Happened = new Map();
  const looks: { readonly [Kind in WaitKind]: Look<Kind> } = {
    build: lookAtBuilds(ports),
    stack: lookAtStacks(ports, happened),
    shift: lookAtShifts(ports, happened),
  };

  async function lookAt<Kind extends WaitKind>(kind: Kind, release: Release, waits: readonly Wait[]) {
    const ofKind = waits.filter((wait): wait is Wait & WaitFor<Kind> => wait.subject.kind === kind);
    if (ofKind.length === 0) return NOTHING;
    try {
      return await looks[kind](release, ofKind);
    } catch (error) {
      ports.log.warn('nothing could be learned of what is waited for', { releaseId: release.id, kind, error });
      return NOTHING;
    }
  }

  return {
    async look(release, waits, seen) {
      const kinds = Object.keys(looks) as WaitKind[];
      await Promise.all(kinds.map(async (kind) => seen(await lookAt(kind, release, waits))));
    },
    progress() {
      const all = [...happened.values()].filter(({ lines }) => lines.length > 0);
      happened.clear();
      return boundProgress(all);
    },
  };
}

const lookAtBuilds =
  ({ builds, artifacts, log }: LookPorts): Look<'build'> =>
  async (release, waits) => {
    const statuses = await builds.statuses(waits.map(({ subject }) => subject.buildId));
    return eachSeen({ release, waits, log }, ({ service, subject: { task, buildId } }) =>
      sightingOf(endOfBuild(artifacts, { release, service: { path: service }, task, buildId }, statuses.get(buildId)!)),
    );
  };

/** CloudFormation answers 5 such calls a second in an account and region: one is left for others. */
const STACKS_PER_LOOK = 4;
/** Of those that are still at work there is nothing to learn but what they have done so far. */
const AT_WORK_PER_LOOK = 1;

/**
 * CloudFormation tells of one stack a call. Of several stacks, one call tells which are still at work; those that are
 * not are asked for, and of the others one after the other.
 */
function lookAtStacks(ports: LookPorts, happened: Happened): Look<'stack'> {
  const follow = stackFollower(ports);
  /** Tokens, the one whose turn was longest ago first. */
  const turns = new Set<string>();

  return async (release, waits) => {
    const { stacks } = ports.target(release.target, callerOf(release));
    const atWork = waits.length > 1 ? await stacksAtWork(stacks, release) : new Set<string>();
    const isAtWork = ({ subject }: WaitFor<'stack'>) => atWork.has(subject.operation.stackName);
    const order = [...turns];
    const byTurn = [...waits].sort((one, other) => order.indexOf(one.token) - order.indexOf(other.token));
    const resting = byTurn.filter((wait) => !isAtWork(wait));
    const asked = [...resting, ...byTurn.filter(isAtWork).slice(0, AT_WORK_PER_LOOK)].slice(0, STACKS_PER_LOOK);
    const seen = await eachSeen({ release, waits: asked, log: ports.log }, async (wait) => {
      const { token, service, subject } = wait;
      turns.delete(token); // to the end
      turns.add(token);
      const progress = follow({ release, service: { path: service }, operation: subject.operation });
      const sighting = await sightingOf(
        progress.then(({ status, events }) => {
          const lines = newestEvents([...(happened.get(token)?.lines ?? []), ...events]);
          happened.set(token, { service, of: 'stack', lines: [...lines] });
          return { status, events: lines };
        }),
      );
      if (sighting.status !== 'running') happened.delete(token);
      if (sighting.status !== 'running') turns.delete(token);
      return sighting;
    });
    const running: Sighting = { status: 'running' };
    return new Map([...waits.filter(isAtWork).map(({ token }) => [token, running] as const), ...seen]);
  };

  async function stacksAtWork(stacks: Pick<Stacks, 'inProgress'>, { id }: Release): Promise<ReadonlySet<string>> {
    try {
      return await stacks.inProgress();
    } catch (error) {
      // Only slower: all are asked for in turn.
      ports.log.warn('CloudFormation does not tell which stacks are at work', { releaseId: id, error });
      return new Set();
    }
  }
}

function lookAtShifts({ target, callbacks, pace, log }: LookPorts, happened: Happened): Look<'shift'> {
  return async (release, waits) => {
    const ports = target(release.target, callerOf(release));
    const reading = await readShifts(
      ports,
      waits.map(({ subject }) => subject.shift),
    );
    return eachSeen({ release, waits, log }, async ({ token, service, subject }) => {
      const verdict = judgeShift(subject.shift, { ...reading, now: pace.now() });
      const { shift, reports, stops } = verdict;
      const isActing = reports.length > 0 || stops.length > 0;
      // A release that was stopped moves no traffic any more.
      if (isActing && (await callbacks.beat(token)) === 'gone') return { status: 'forsaken' };
      const outcome = async () => {
        await carryOut(ports, verdict);
        return outcomeOfShift(log, { release, service: { path: service }, shift }, verdict);
      };
      const sighting = await sightingOf(outcome());
      happened.delete(token);
      if (sighting.status !== 'running') return sighting;
      happened.set(token, { service, of: 'shift', lines: [...describeMoving(shift)] });
      return { ...sighting, next: nextLookAt(shift), ...(reports.length > 0 && { subject: { ...subject, shift } }) };
    });
  };
}

/** One job of which nothing can be learned keeps nobody from learning of the others. */
async function eachSeen<Kind extends WaitKind>(
  { release, waits, log }: { readonly release: Release; readonly waits: readonly WaitFor<Kind>[]; readonly log: Log },
  see: (wait: WaitFor<Kind>) => Promise<Sighting>,
): Promise<Sightings> {
  const seen = await mapBounded(waits, AT_ONCE, async (wait) => {
    try {
      return [[wait.token, await see(wait)] as const];
    } catch (error) {
      const { service, subject } = wait;
      log.warn('nothing could be learned of a job', { releaseId: release.id, service, kind: subject.kind, error });
      return [];
    }
  });
  return new Map(seen.flat());
}
