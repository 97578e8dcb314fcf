import fc from 'fast-check';
import { finish } from '../../../lambdas/record/finish';
import { handleDelivery } from '../../../lambdas/trigger/handle-delivery';
import { reconcile } from '../../../lambdas/trigger/reconcile';
import { ReleaseError } from '../../../lib/core/contracts/errors';
import { settingsStage } from '../../../lib/core/contracts/release';
import { refOfRelease } from '../../../lib/core/trigger/ref-name';
import type { PullRequestReading } from '../../../lib/ports/source';
import { anApp, memoryPlatform, NOW } from '../../memory-platform';
import { runs } from '../../runs';

const { dev } = anApp().stages;
const CONFIG = {
  repository: { provider: 'github', name: 'acme/shop' } as const,
  stages: {
    dev: { ...dev!, branches: ['main'] },
    prod: { ...dev!, branches: [], tags: ['v*'] },
  },
  pullRequests: { template: 'dev', into: ['main'], emptyBuckets: true },
  branchStages: [{ branches: ['feature/*'], template: 'dev', emptyBuckets: true }],
};

/** What people do at GitHub, and what becomes of its events. */
type Step =
  | { readonly do: 'push'; readonly branch: string; readonly commit: number }
  | { readonly do: 'delete'; readonly branch: string }
  | { readonly do: 'tag'; readonly tag: string; readonly commit: number }
  | { readonly do: 'untag'; readonly tag: string }
  | { readonly do: 'pull'; readonly number: number; readonly commit: number }
  | { readonly do: 'retarget' | 'close'; readonly number: number }
  /** An event that was kept until now arrives, maybe for the second time, and maybe under another id. */
  | { readonly do: 'arrive'; readonly which: number; readonly renamed: boolean; readonly stays: boolean }
  | { readonly do: 'lose'; readonly which: number }
  | { readonly do: 'reconcile' }
  | { readonly do: 'host'; readonly away: boolean }
  /** The release that runs in some stage ends. */
  | { readonly do: 'end'; readonly which: number; readonly how: 'well' | 'failed' | 'outage' };

const GONE = 'gone';
const commitOf = (number: number): string => String(number + 1).padStart(40, '0');
/** Whether a commit is marked to be skipped. */
const isMarked = (state: string): boolean => state.endsWith('5');

/** A repository at GitHub with the platform that releases it, all in memory. */
function aWorld() {
  const platform = memoryPlatform({ app: CONFIG, branches: { main: commitOf(0) } });
  const { branches, repository, releases } = platform;
  for (let number = 0; number < 10; number += 1) {
    repository.messages[commitOf(number)] = isMarked(commitOf(number)) ? 'docs [skip ci]' : 'work';
  }
  /** All states that a reference has had, in order. */
  const histories = new Map<string, string[]>();
  const sent: { readonly id: string; readonly kind: string; readonly payload: object }[] = [];
  let away = false;
  let ids = 0;
  let minutes = 0;
  const source = new Proxy(platform.source, {
    get:
      (target, name) =>
      async (...asked: unknown[]) => {
        if (away) throw new ReleaseError('SourceUnavailable', 'GitHub answers 502');
        return Reflect.get(target, name)(...asked);
      },
  });
  const ports = { ...platform, source, now: () => NOW + minutes * 60_000 };

  const about = (payload: object) => ({ ...payload, repository: { full_name: 'acme/shop' } });
  function changed(ref: string, state: string, event: { readonly kind: string; readonly payload: object }): void {
    const history = histories.get(ref) ?? [];
    if ((history.at(-1) ?? GONE) === state) return;
    histories.set(ref, [...history, state]);
    ids += 1;
    sent.push({ id: `event-${ids}`, ...event });
  }
  const pushed = (ref: string) => ({ kind: 'push', payload: about({ ref: `refs/${ref}` }) });

  async function deliver({ id, kind, payload }: (typeof sent)[number]): Promise<void> {
    // What fails is answered with 503, and GitHub does not send it again.
    await handleDelivery(ports, { delivery: id, kind, text: JSON.stringify(payload) }).catch(() => undefined);
  }

  async function end(which: number, how: 'well' | 'failed' | 'outage'): Promise<boolean> {
    const open = [...(await releases.open())].sort((a, b) => (a.stage < b.stage ? -1 : 1));
    const running = [];
    for (const key of open) {
      const record = (await releases.find(key))!;
      if (record.status === 'running') running.push(record.release);
    }
    const release = running[which % Math.max(running.length, 1)];
    if (!release) return false;
    const errors = {
      well: undefined,
      failed: { code: 'ServiceFailed', message: 'a service failed' },
      outage: { code: 'SourceUnavailable', message: 'GitHub answers 502' },
    };
    await finish(ports)({ release, error: errors[how] });
    return true;
  }

  async function take(step: Step): Promise<void> {
    minutes += 1;
    if (step.do === 'push') {
      branches[step.branch] = commitOf(step.commit);
      changed(`heads/${step.branch}`, commitOf(step.commit), pushed(`heads/${step.branch}`));
    }
    if (step.do === 'delete') {
      delete branches[step.branch];
      changed(`heads/${step.branch}`, GONE, pushed(`heads/${step.branch}`));
    }
    if (step.do === 'tag') {
      repository.tags[step.tag] = commitOf(step.commit);
      changed(`tags/${step.tag}`, commitOf(step.commit), pushed(`tags/${step.tag}`));
    }
    if (step.do === 'untag') {
      delete repository.tags[step.tag];
      changed(`tags/${step.tag}`, GONE, pushed(`tags/${step.tag}`));
    }
    if (step.do === 'pull' || step.do === 'retarget' || step.do === 'close') pull(step);
    if (step.do === 'arrive' || step.do === 'lose') {
      const which = step.which % Math.max(sent.length, 1);
      const event = sent[which];
      ids += 1;
      if (event && step.do === 'arrive') await deliver(step.renamed ? { ...event, id: `again-${ids}` } : event);
      if (event && !(step.do === 'arrive' && step.stays)) sent.splice(which, 1);
    }
    if (step.do === 'reconcile') await reconcile(ports)({});
    if (step.do === 'host') away = step.away;
    if (step.do === 'end') await end(step.which, step.how);
  }

  function pull(step: Extract<Step, { readonly number: number }>): void {
    const { number } = step;
    const before: PullRequestReading | undefined = repository.pullRequests[number];
    const event = { kind: 'pull_request', payload: about({ action: 'synchronize', number }) };
    if (step.do === 'pull') {
      const commit = commitOf(step.commit);
      branches[`topic/${number}`] = commit;
      const head = { commit, message: repository.messages[commit]! };
      const open = { number, state: 'open', into: 'main', branch: `topic/${number}`, isFork: false } as const;
      repository.pullRequests[number] = { ...open, head };
      changed(`pull/${number}`, commit, event);
    } else if (before) {
      repository.pullRequests[number] =
        step.do === 'close' ? { ...before, state: 'closed' } : { ...before, into: 'other' };
      changed(`pull/${number}`, GONE, event);
    }
  }

  return {
    histories,
    take,
    /** Lets everything come to rest, with no event any more. */
    async rest(): Promise<void> {
      away = false;
      for (let round = 0; round < 6; round += 1) {
        await take({ do: 'reconcile' });
        while (await end(0, 'well'));
      }
    },
    /** @returns what was accepted of a reference, oldest first, each with whether it was to be made again. */
    async accepted(ref: string): Promise<readonly { readonly state: string; readonly mayRepeat: boolean }[]> {
      const made = await platform.stages.list('shop');
      const stages = new Set(['dev', 'prod', 'pr-1', 'pr-2', ...made.map(({ stage }) => stage)]);
      for (const record of all(platform.executions.started)) stages.add(record.stage);
      const found = [];
      for (const stage of stages) {
        for (const { release, status, error } of await releases.latest({ app: 'shop', stage }, 500)) {
          if (refOfRelease(release) !== ref) continue;
          const mayRepeat =
            error?.code === 'SourceUnavailable' || (release.remove !== undefined && status === 'failed');
          found.push({
            id: release.id,
            state: release.remove ? GONE : release.commit,
            mayRepeat,
            settings: settingsStage(release),
          });
        }
      }
      return found.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
  };
}

const all = (started: readonly { readonly input: unknown }[]) =>
  started.map(({ input }) => input as { readonly stage: string });

/** @returns whether all of `some` are in `history`, in this order */
function isPartOf(some: readonly string[], history: readonly string[]): boolean {
  let at = -1;
  return some.every((one) => {
    at = history.indexOf(one, at + 1);
    return at !== -1;
  });
}

const commit = fc.integer({ min: 0, max: 9 });
const branch = fc.constantFrom('main', 'feature/a', 'feature/b');
const tag = fc.constantFrom('v1', 'v2');
const number = fc.constantFrom(1, 2);
const which = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('push' as const), branch, commit }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), branch }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tag' as const), tag, commit }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('untag' as const), tag }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pull' as const), number, commit }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('retarget' as const, 'close' as const), number }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('arrive' as const), which, renamed: fc.boolean(), stays: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const), which }) },
  { weight: 2, arbitrary: fc.constant({ do: 'reconcile' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('host' as const), away: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      which,
      how: fc.constantFrom('well' as const, 'well' as const, 'failed' as const, 'outage' as const),
    }),
  },
);

describe('whatever events are lost, come again, late or out of order', () => {
  it('each reference ends in its last state, and no state is released twice in a row', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const world = aWorld();
        await world.take({ do: 'push', branch: 'main', commit: 0 });
        await world.take({ do: 'arrive', which: 0, renamed: false, stays: false });
        await world.take({ do: 'reconcile' });
        for (const one of steps) await world.take(one);
        await world.rest();

        for (const [ref, history] of world.histories) {
          const accepted = await world.accepted(ref);
          const distinct = accepted.filter(({ state }, index) => state !== accepted[index - 1]?.state);
          // Never an older state after a newer one.
          expect([
            ref,
            isPartOf(
              distinct.map(({ state }) => state),
              history,
            ),
          ]).toEqual([ref, true]);
          // The same again only if it had to be, or was away in between.
          const isSkipped = (state: string): boolean => isMarked(state) && !ref.startsWith('tags/');
          const hasBreak = history.includes(GONE) || history.some(isSkipped);
          const repeats = accepted.filter(({ state }, index) => {
            const last = accepted[index - 1];
            return last?.state === state && !last.mayRepeat && (state === GONE || !hasBreak);
          });
          expect([ref, repeats]).toEqual([ref, []]);
          const last = history.at(-1)!;
          const isReleased = accepted.at(-1)?.state === last;
          // A configured stage keeps what it has when its branch or tag goes; what was never released needs no removal.
          const needsNone =
            isSkipped(last) || (last === GONE && (accepted.length === 0 || /^(heads\/main$|tags\/)/.test(ref)));
          expect([ref, isReleased || needsNone]).toEqual([ref, true]);
          // An outage of the host does not end it. (Tags share a stage, where a newer one takes its place.)
          const isAlone = !ref.startsWith('tags/') && last !== GONE && !isSkipped(last);
          expect([ref, isAlone && accepted.at(-1)!.mayRepeat]).toEqual([ref, false]);
        }
      }),
      { numRuns: runs(300) },
    );
  });
});
