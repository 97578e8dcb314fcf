import type { Release } from '../../lib/core/contracts/release';
import { type Wait, WatchInput, type WatchOutput } from '../../lib/core/contracts/wait';
import { mapBounded } from '../../lib/core/map-bounded';
import type { Callbacks } from '../../lib/ports/callbacks';
import type { Clock } from '../../lib/ports/clock';
import type { Log } from '../../lib/ports/log';
import type { Releases } from '../../lib/ports/releases';
import type { Waits } from '../../lib/ports/waits';
import { pollUntil } from '../../lib/release/poll-until';
import type { Sighting } from '../../lib/release/waiting/sighting';
import { type LookPorts, looksAt } from './looks';

export interface WatchPorts extends LookPorts {
  readonly releases: Pick<Releases, 'find'>;
  readonly waits: Waits;
  readonly callbacks: Callbacks;
  readonly pace: Clock;
  readonly log: Log;
}

/** Milliseconds between two heartbeats: a third of what the state does without (`lib/infra/watched-wait.ts`). */
const BEAT = 30_000;
/** Milliseconds until the next look at a job, unless the look itself says otherwise. */
const LOOK = 1_000;
/** States that are called back side by side. */
const AT_ONCE = 20;

/**
 * Looks after all that the services of a release wait for, for most of a minute: once a second it reads what that is,
 * looks at all of it together, and calls back the states that wait for what has ended. A state whose wait was looked at
 * hears a heartbeat now and then; where none comes, because nobody could look, the state looks for itself.
 *
 * It may run twice side by side, or die at any point: a state is called back before its wait is removed, and one that
 * waits no more cannot be told.
 */
export const watch = (ports: WatchPorts) => {
  const { releases, waits, callbacks, pace, log } = ports;
  const looks = looksAt(ports);

  return async (event: unknown): Promise<WatchOutput> => {
    const { release } = WatchInput.parse(event);
    // An execution that was stopped, say, has told nobody that it has ended.
    if ((await releases.find(release))?.status !== 'running') return { status: 'ended', progress: [] };
    const turns = turnsOf(pace);
    const ended = await pollUntil(pace, async () => {
      const { waits: found, hasEnded } = await waits.list(release.id);
      if (hasEnded) return true;
      const due = turns.due(found);
      await looks.look(release, due, async (seen) => {
        const sighted = due.flatMap((wait) => {
          const sighting = seen.get(wait.token);
          return sighting ? [{ wait, sighting }] : [];
        });
        await mapBounded(sighted, AT_ONCE, ({ wait, sighting }) =>
          act(release, wait, sighting).catch((error) => unanswered(release, wait, error)),
        );
      });
      return undefined;

      async function act({ id }: Release, wait: Wait, sighting: Sighting): Promise<void> {
        if (sighting.status === 'running') {
          turns.looked(wait, sighting.next);
          if (sighting.subject) await waits.update(id, { ...wait, subject: sighting.subject });
          if (!turns.isBeatDue(wait)) return;
          if ((await callbacks.beat(wait.token)) === 'told') return turns.beaten(wait);
        } else if (sighting.status === 'failed') await callbacks.fail(wait.token, sighting.error);
        else if (sighting.status === 'ended') await callbacks.succeed(wait.token, sighting.output);
        await waits.remove(id, wait);
      }
    });
    return { status: ended ? 'ended' : 'running', progress: [...looks.progress()] };
  };

  function unanswered({ id }: Release, { service, subject }: Wait, error: unknown): void {
    log.warn('a state could not be called back', { releaseId: id, service, kind: subject.kind, error });
  }
};

/** Whose turn it is: when each wait was looked at and when its state heard a heartbeat, by token. */
function turnsOf({ now }: Clock) {
  const nextLook = new Map<string, number>();
  const lastBeat = new Map<string, number>();
  let isFirst = true;
  return {
    /** @returns the waits that are worth a look now. */
    due(waits: readonly Wait[]): readonly Wait[] {
      for (const { token } of waits) {
        // Of those that were there before, nobody knows when they heard one last; the others have just begun to wait.
        if (!lastBeat.has(token)) lastBeat.set(token, isFirst ? Number.NEGATIVE_INFINITY : now());
      }
      isFirst = false;
      return waits.filter(({ token }) => (nextLook.get(token) ?? 0) <= now());
    },
    // A timer may fire a little early: a look that is nearly due is due.
    looked: ({ token }: Wait, next = LOOK) => void nextLook.set(token, now() + next - LOOK / 2),
    isBeatDue: ({ token }: Wait) => now() - lastBeat.get(token)! >= BEAT,
    beaten: ({ token }: Wait) => void lastBeat.set(token, now()),
  };
}
