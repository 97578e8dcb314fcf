import { randomBytes } from 'node:crypto';
import type { Release } from '../../lib/core/contracts/release';
import type { Plan } from '../../lib/core/contracts/state';
import { readable } from '../../lib/core/contracts/unreadable';
import { nextReleaseId } from '../../lib/core/record/release-id';
import type { RefMove, Releases } from '../../lib/ports/releases';
import type { ServiceStates } from '../../lib/ports/service-states';
import { aRelease } from '../builders';

const AT = '2026-01-02T03:04:06.000Z';
const PLAN: Plan = {
  phases: [[{ path: 'orders', reasons: [{ code: 'first-release', message: 'never deployed' }] }]],
  skip: [],
};

/** What every adapter of the port Releases does. @param make the port, and ServiceStates over the same table */
export function releasesContract(make: () => { readonly releases: Releases; readonly states: ServiceStates }): void {
  let releases: Releases;
  let states: ServiceStates;
  let app: string;
  let ids: string[];

  beforeEach(() => {
    ({ releases, states } = make());
    app = `app-${randomBytes(6).toString('hex')}`;
    ids = [];
  });

  /** @returns the next release of the app's stage; ids grow. */
  function next(more: Partial<Release> = {}): Release {
    const id = nextReleaseId(1_767_323_045_678, new Uint8Array(10), ids.at(-1));
    ids.push(id);
    return aRelease({ app, id, trigger: { type: 'push', id: `event-${ids.length}` }, ...more });
  }
  async function accepted(more: Partial<Release> = {}): Promise<Release> {
    const release = next(more);
    expect(await releases.accept(release, await releases.queue(release))).toEqual({ kind: 'accepted' });
    return release;
  }
  async function running(): Promise<Release> {
    const release = await accepted();
    expect(await releases.takeLock(release, AT)).toBe('taken');
    return release;
  }
  const succeeded = { status: 'succeeded', finishedAt: AT } as const;

  it('knows nothing of a stage without releases', async () => {
    expect(await releases.queue({ app, stage: 'dev' })).toEqual({ waiting: undefined, last: undefined });
    expect(await releases.find(next())).toBeUndefined();
    expect(await releases.latest({ app, stage: 'dev' }, 10)).toEqual([]);
  });

  it('lets an accepted release wait', async () => {
    const release = await accepted();
    expect(await releases.queue(release)).toEqual({ waiting: release, last: undefined });
    expect(await releases.find(release)).toEqual({ release, status: 'waiting' });
  });

  it('tells how a release stands', async () => {
    expect(await releases.standing(next())).toBeUndefined();
    const release = await accepted();
    expect(await releases.standing(release)).toEqual({ status: 'waiting', isCancelled: false });
    await releases.takeLock(release, AT);
    expect(await releases.standing(release)).toEqual({ status: 'running', isCancelled: false });
    await releases.cancel(release, { by: 'ada', at: AT });
    expect(await releases.standing(release)).toEqual({ status: 'running', isCancelled: true });
    await releases.end(release, succeeded);
    expect(await releases.standing(release)).toEqual({ status: 'succeeded', isCancelled: true });
  });

  it('ends a release that is cancelled while it waits', async () => {
    const release = await accepted();
    const cancel = { by: 'ada', at: AT };
    expect(await releases.cancel(release, cancel)).toBe('waiting');
    expect(await releases.find(release)).toMatchObject({ status: 'aborted', cancel, error: { code: 'Cancelled' } });
    expect(await releases.queue(release)).toEqual({ waiting: undefined, last: undefined });
    expect(await releases.cancel(release, cancel)).toBe('ended');
  });

  it('keeps who cancelled a release that runs, and leaves its end to others', async () => {
    const release = await running();
    expect(await releases.cancel(release, { by: 'ada', at: AT })).toBe('running');
    expect(await releases.find(release)).toMatchObject({ status: 'running', cancel: { by: 'ada', at: AT } });
    await releases.end(release, succeeded);
    expect(await releases.cancel(release, { by: 'eve', at: AT })).toBe('ended');
    expect(await releases.find(release)).toMatchObject({ status: 'succeeded', cancel: { by: 'ada' } });
  });

  it('answers the first release when a trigger comes again', async () => {
    const first = await accepted();
    const again = next({ trigger: first.trigger });
    expect(await releases.accept(again, await releases.queue(again))).toEqual({
      kind: 'duplicate',
      releaseId: first.id,
    });
    expect(await releases.find(again)).toBeUndefined();
    expect((await releases.queue(first)).waiting).toEqual(first);
  });

  it('answers the first release also when its trigger comes again after the queue has changed', async () => {
    const first = await accepted();
    expect(await releases.accept(next({ trigger: first.trigger }), {})).toEqual({
      kind: 'duplicate',
      releaseId: first.id,
    });
  });

  it('refuses a release if another was accepted since the queue was read', async () => {
    const seen = await releases.queue({ app, stage: 'dev' });
    const first = await accepted();
    const late = next();
    expect(await releases.accept(late, seen)).toEqual({ kind: 'queue-changed' });
    expect(await releases.find(late)).toBeUndefined();
    expect((await releases.queue(first)).waiting).toEqual(first);
  });

  it('refuses a release if the waiting one was begun since the queue was read', async () => {
    const first = await accepted();
    const seen = await releases.queue(first);
    await releases.takeLock(first, AT);
    expect(await releases.accept(next(), seen)).toEqual({ kind: 'queue-changed' });
  });

  it('refuses a release if another was accepted, begun and ended since the queue was read', async () => {
    const seen = await releases.queue({ app, stage: 'dev' });
    const first = await running();
    await releases.end(first, succeeded);
    expect(await releases.accept(next(), seen)).toEqual({ kind: 'queue-changed' });
  });

  describe('of the states of a branch', () => {
    const [head, other] = ['a'.repeat(40), 'b'.repeat(40)];
    const main = { ref: 'heads/main', head, once: true };
    const accept = async (move: RefMove & { readonly once: boolean }) => {
      const release = next();
      return { release, answer: await releases.accept(release, await releases.queue(release), move) };
    };

    it('accepts each once, unless somebody asks for it', async () => {
      const first = await accept(main);
      expect(first.answer).toEqual({ kind: 'accepted' });
      expect((await accept(main)).answer).toEqual({ kind: 'duplicate', releaseId: first.release.id });
      expect((await accept({ ...main, ref: 'tags/main' })).answer).toEqual({ kind: 'accepted' });
      const asked = await accept({ ...main, once: false });
      expect(asked.answer).toEqual({ kind: 'accepted' });
      expect((await accept(main)).answer).toEqual({ kind: 'duplicate', releaseId: asked.release.id });
      for (const state of [other, head, undefined, head]) {
        expect((await accept({ ...main, head: state })).answer).toEqual({ kind: 'accepted' });
      }
    });

    it('knows the newest of each, by stage', async () => {
      await accept(main);
      const { release } = await accept({ ...main, head: undefined });
      const tag = await accept({ ...main, ref: 'tags/v1' });
      const states = [...(await releases.refs(app))].sort((a, b) => (a.ref < b.ref ? -1 : 1));
      const at = release.requestedAt;
      expect(states).toEqual([
        { stage: 'dev', ref: 'heads/main', releaseId: release.id, at },
        { stage: 'dev', ref: 'tags/v1', head, releaseId: tag.release.id, at },
      ]);
      expect(await releases.refs(`${app}-other`)).toEqual([]);
    });

    it('notes one of which no release comes, unless the queue has changed', async () => {
      const stage = { app, stage: 'dev' };
      const seen = await releases.queue(stage);
      expect(await releases.settle(stage, seen, { ref: 'heads/main', head, at: AT })).toBe('settled');
      expect(await releases.refs(app)).toEqual([{ stage: 'dev', ref: 'heads/main', head, at: AT }]);
      // It became no release, so one may come of it yet.
      expect((await accept(main)).answer).toEqual({ kind: 'accepted' });
      expect(await releases.settle(stage, seen, { ref: 'heads/main', head: other, at: AT })).toBe('queue-changed');
      expect(await releases.refs(app)).toMatchObject([{ head }]);
    });

    it('accepts one again that is asked for again, as long as nothing newer is in the stage', async () => {
      const { release } = await accept(main);
      await releases.repeat({ ...release, id: next().id }, main.ref, true);
      expect((await accept(main)).answer.kind).toBe('duplicate');
      await releases.repeat(release, main.ref, true);
      expect((await releases.refs(app))[0]).toMatchObject({ again: release.id });
      // It still waits itself.
      expect((await accept(main)).answer.kind).toBe('duplicate');
      await releases.takeLock(release, AT);
      await releases.end(release, { ...succeeded, status: 'failed' });
      await releases.repeat(release, main.ref, false);
      expect((await accept(main)).answer.kind).toBe('duplicate');
      await releases.repeat(release, main.ref, true);
      const again = await accept(main);
      expect(again.answer).toEqual({ kind: 'accepted' });
      expect((await accept(main)).answer).toEqual({ kind: 'duplicate', releaseId: again.release.id });
      expect((await releases.refs(app))[0]!.again).toBeUndefined();
    });

    it('accepts one of two rivals with the same', async () => {
      const seen = await releases.queue({ app, stage: 'dev' });
      const rivals = [next(), next()];
      const answers = await Promise.all(rivals.map((rival) => releases.accept(rival, seen, main)));
      expect(answers.map(({ kind }) => kind).sort()).toEqual(['accepted', 'queue-changed']);
    });
  });

  it('accepts one of two releases that race for the same place in the queue; one worker gets its lock', async () => {
    const seen = await releases.queue({ app, stage: 'dev' });
    const rivals = [next(), next()];
    const answers = await Promise.all(rivals.map((rival) => releases.accept(rival, seen)));
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['accepted', 'queue-changed']);

    const { waiting } = await releases.queue({ app, stage: 'dev' });
    const locks = await Promise.all([1, 2, 3].map(() => releases.takeLock(waiting!, AT)));
    expect(locks.sort()).toEqual(['not-waiting', 'not-waiting', 'taken']);
  });

  it('supersedes the release that waits by a newer one', async () => {
    const first = await accepted();
    const second = await accepted();
    expect(await releases.find(first)).toMatchObject({ status: 'superseded', supersededBy: second.id });
    expect((await releases.queue(first)).waiting).toEqual(second);
    expect(await releases.takeLock(first, AT)).toBe('not-waiting');
  });

  it('runs the waiting release once', async () => {
    const release = await running();
    expect(await releases.find(release)).toEqual({ release, status: 'running', startedAt: AT });
    expect(await releases.queue(release)).toEqual({ waiting: undefined, last: release.id });
    expect(await releases.takeLock(release, AT)).toBe('not-waiting');
  });

  it('holds the lock of a stage against the next release', async () => {
    const first = await running();
    const second = await accepted();
    expect(await releases.takeLock(second, AT)).toBe('held');
    expect(await releases.find(first)).toMatchObject({ status: 'running' });
    expect(await releases.find(second)).toMatchObject({ status: 'waiting' });
  });

  it('lets two stages of an app run side by side', async () => {
    await running();
    const other = await accepted({ stage: 'prod' });
    expect(await releases.takeLock(other, AT)).toBe('taken');
  });

  it('frees the lock when the release ends', async () => {
    const first = await running();
    const second = await accepted();
    const end = { ...succeeded, durations: { plan: 12 } };
    expect(await releases.end(first, end)).toBe(true);
    expect(await releases.find(first)).toEqual({
      release: first,
      status: 'succeeded',
      startedAt: AT,
      finishedAt: AT,
      durations: { plan: 12 },
    });
    expect(await releases.takeLock(second, AT)).toBe('taken');
  });

  it('keeps the first end of a release', async () => {
    const release = await running();
    const error = { code: 'Aborted', message: 'stopped' };
    expect(await releases.end(release, { status: 'aborted', finishedAt: AT, error })).toBe(true);
    expect(await releases.end(release, succeeded)).toBe(false);
    expect(await releases.find(release)).toMatchObject({ status: 'aborted', error });
  });

  it('leaves the lock of the next release alone when a release ends twice', async () => {
    const first = await running();
    await releases.end(first, succeeded);
    await running();
    expect(await releases.end(first, succeeded)).toBe(false);
    expect(await releases.takeLock(await accepted(), AT)).toBe('held');
  });

  it('does not end a release that waits', async () => {
    expect(await releases.end(await accepted(), succeeded)).toBe(false);
  });

  it('keeps execution, plan and announcement of a release', async () => {
    const release = await running();
    await releases.recordExecution(release, 'arn:execution');
    await releases.recordPlan(release, PLAN, AT);
    await releases.end(release, succeeded);
    await releases.recordAnnouncement(release, AT);
    await releases.recordPruned(release, { versions: 3, bytes: 4_000 });
    expect(await releases.find(release)).toEqual({
      release,
      status: 'succeeded',
      startedAt: AT,
      finishedAt: AT,
      pruned: { versions: 3, bytes: 4_000 },
      executionArn: 'arn:execution',
      plan: PLAN,
      plannedAt: AT,
      announcedAt: AT,
    });
  });

  it('keeps the plan of 5,000 services whole', async () => {
    const release = await running();
    const reasons = [{ code: 'unchanged' as const, message: 'nothing that concerns the service changed since then' }];
    const skip = Array.from({ length: 5_000 }, (_, index) => ({ path: `services/of-a-team/${index}`, reasons }));
    await releases.recordPlan(release, { phases: [], skip }, AT);
    expect((await releases.find(release))?.plan).toEqual({ phases: [], skip });
    expect(readable(await releases.latest(release, 1))[0]?.plan?.skip).toHaveLength(5_000);
  });

  it('takes no plan of a release that does not run', async () => {
    const waiting = await accepted();
    await expect(releases.recordPlan(waiting, PLAN, AT)).rejects.toMatchObject({ code: 'ReleaseSuperseded' });
    await releases.takeLock(waiting, AT);
    await releases.end(waiting, succeeded);
    await expect(releases.recordPlan(waiting, PLAN, AT)).rejects.toMatchObject({ code: 'ReleaseSuperseded' });
  });

  it('lists the releases that wait or run as open', async () => {
    const mine = async () =>
      (await releases.open())
        .filter((key) => key.app === app)
        .map(({ id }) => id)
        .sort();
    const ended = await running();
    await releases.end(ended, succeeded);
    const first = await running();
    const superseded = await accepted();
    const second = await accepted();
    expect(await mine()).toEqual([first.id, second.id]);
    expect(superseded.id < second.id).toBe(true);
    expect((await releases.open()).find(({ id, app: of }) => of === app && id === first.id)).toEqual({
      app,
      stage: 'dev',
      id: first.id,
    });
  });

  it('lists the newest releases of a stage first, whatever they did', async () => {
    const first = await running();
    await states.endService(
      first,
      { status: 'failed' },
      {
        path: 'orders',
        status: 'failed',
        planned: [],
        functions: [],
        outputs: {},
        durations: {},
      },
    );
    await releases.end(first, succeeded);
    const second = await accepted();
    const third = await accepted();
    await accepted({ stage: 'prod' });
    const latest = async (limit: number) => (await releases.latest(first, limit)).map(({ release }) => release.id);
    expect(await latest(10)).toEqual([third.id, second.id, first.id]);
    expect(await latest(2)).toEqual([third.id, second.id]);
  });

  it('keeps why a push was ignored, once for each event', async () => {
    const push = {
      app,
      repository: aRelease().repository,
      branch: 'topic',
      eventId: 'e1',
      at: AT,
      reason: { code: 'branch-without-stage', message: 'no stage deploys it' },
    } as const;
    const later = { ...push, eventId: 'e2', at: '2026-01-02T03:04:07.000Z' };
    for (const one of [push, push, later]) await releases.recordIgnored(one);
    expect(await releases.ignored(app, 10)).toEqual([later, push]);
    expect(await releases.ignored(app, 1)).toEqual([later]);
  });

  it('keeps ignored pushes to repositories without an app', async () => {
    const push = {
      repository: { ...aRelease().repository, name: app },
      branch: 'main',
      eventId: app,
      at: AT,
      reason: { code: 'repository-not-connected', message: 'no app' },
    } as const;
    await releases.recordIgnored(push);
    expect(await releases.ignored(undefined, 1_000)).toContainEqual(push);
  });
}
