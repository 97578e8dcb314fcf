import { fenceOf } from '../../lib/aws/release-fence';
import type { Standing } from '../../lib/core/record/fencing';
import { PROOF_SERVES } from '../../lib/ports/fence';
import { TestClock } from '../test-clock';

const RELEASE = { app: 'shop', stage: 'prod', id: '01HZZZZZZZZZZZZZZZZZZZZZZZ' };
const OTHER = { ...RELEASE, id: '01J00000000000000000000000' };

function aFence({ undoes = false } = {}) {
  const clock = new TestClock();
  let standing: Standing | undefined = { status: 'running', isCancelled: false };
  let reads = 0;
  const releases = {
    async standing() {
      reads += 1;
      return standing;
    },
  };
  return {
    clock,
    fence: fenceOf(releases, clock, { undoes }),
    reads: () => reads,
    set: (now: Standing | undefined) => {
      standing = now;
    },
  };
}

it('lets a release change its target that holds the lock', async () => {
  const { fence } = aFence();
  await expect(fence.prove(RELEASE)).resolves.toBeUndefined();
});

it.each(['waiting', 'superseded', 'succeeded', 'failed', 'aborted'] as const)(
  'stops one that is %s',
  async (status) => {
    const { fence, set } = aFence();
    set({ status, isCancelled: false });
    await expect(fence.prove(RELEASE)).rejects.toMatchObject({ code: 'ReleaseSuperseded' });
  },
);

it('stops one that nobody knows', async () => {
  const { fence, set } = aFence();
  set(undefined);
  await expect(fence.prove(RELEASE)).rejects.toMatchObject({ code: 'ReleaseSuperseded' });
});

it('stops one that was cancelled, unless it is undone', async () => {
  const [worker, finish] = [aFence(), aFence({ undoes: true })];
  for (const { set } of [worker, finish]) set({ status: 'running', isCancelled: true });
  await expect(worker.fence.prove(RELEASE)).rejects.toThrow('was cancelled: it changes nothing more');
  await expect(finish.fence.prove(RELEASE)).resolves.toBeUndefined();
});

it('asks once for what is changed at once, and again after a second', async () => {
  const { fence, clock, reads, set } = aFence();
  await Promise.all([fence.prove(RELEASE), fence.prove(RELEASE), fence.prove(RELEASE)]);
  clock.windOn(PROOF_SERVES - 1);
  await fence.prove(RELEASE);
  expect(reads()).toBe(1);
  set({ status: 'aborted', isCancelled: true });
  clock.windOn(1);
  await expect(fence.prove(RELEASE)).rejects.toThrow();
  expect(reads()).toBe(2);
});

it('takes the proof of one release for no other', async () => {
  const { fence, reads } = aFence();
  await fence.prove(RELEASE);
  await fence.prove(OTHER);
  expect(reads()).toBe(2);
});
