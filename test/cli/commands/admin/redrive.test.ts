import { registerAdmin } from '../../../../lib/cli/commands/admin/admin';
import type { CalledWorkerKey } from '../../../../lib/core/contracts/called-workers';
import type { KeptMessage } from '../../../../lib/core/record/read-given-up-call';
import type { HookAnswer } from '../../../../lib/core/shift/judge-hook';
import { memoryCodeStorages } from '../../../../lib/memory/memory-code-storages';
import { memoryGivenUpCalls } from '../../../../lib/memory/memory-given-up-calls';
import { NOW } from '../../../memory-platform';
import { aWorld } from '../../a-world';

const kept = (id: string, hoursAgo: number, body: unknown): KeptMessage => ({
  id,
  sentAt: new Date(NOW - hoursAgo * 3_600_000).toISOString(),
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: {},
});
const record = (requestPayload: unknown, errorMessage = 'no access') => ({
  requestContext: { condition: 'RetriesExhausted' },
  requestPayload,
  responsePayload: { errorType: 'Error', errorMessage },
});

/** A platform with these messages in the queues of its workers, and what they are called with. */
function aPlatform(
  messages: Partial<Record<CalledWorkerKey, readonly KeptMessage[]>>,
  answer: (payload: unknown) => HookAnswer | Promise<HookAnswer> = () => ({ outcome: 'returned', value: null }),
) {
  const called: [string, unknown][] = [];
  const workers = (['push', 'finish'] as const).map((key) => ({
    key,
    givenUp: memoryGivenUpCalls(messages[key]),
    lastRun: async () => undefined,
    async call(payload: unknown) {
      called.push([key, payload]);
      return answer(payload);
    },
  }));
  const world = aWorld(registerAdmin, {
    admin: { workers, alarms: async () => [], codeStorages: memoryCodeStorages() },
  });
  const left = async () => Promise.all(workers.map(({ givenUp }) => givenUp.count()));
  return { ...world, workers, called, left };
}

const TWO = [kept('young', 1, record({ push: 2 })), kept('old', 5, record({ push: 1 }))];

describe('seedbed admin redrive', () => {
  it('shows what lies there, calls the worker with what it was called with, oldest first, and removes what it managed', async () => {
    const { call, called, left } = aPlatform({ push: TWO });
    const { status, out } = await call('admin', 'redrive');
    expect(out.split('\n')).toEqual([
      'Push: 2 calls given up, the oldest 5 h ago',
      '  2 × Error: no access',
      '  → 2 calls made again',
      '',
    ]);
    expect(status).toBe(0);
    expect(called).toEqual([
      ['push', { push: 1 }],
      ['push', { push: 2 }],
    ]);
    expect(await left()).toEqual([
      { waiting: 0, inHand: 0 },
      { waiting: 0, inHand: 0 },
    ]);
  });

  it('finds nothing to do a second time', async () => {
    const { call, called } = aPlatform({ push: TWO });
    await call('admin', 'redrive');
    const { status, out } = await call('admin', 'redrive');
    expect([status, out]).toEqual([0, 'no worker has given up a call\n']);
    expect(called).toHaveLength(2);
  });

  it('calls nothing in a dry run, and leaves everything where others find it', async () => {
    const { call, called, left } = aPlatform({ push: TWO });
    const { status, out } = await call('admin', 'redrive', '--dry-run');
    expect([status, out]).toEqual([0, 'Push: 2 calls given up, the oldest 5 h ago\n  2 × Error: no access\n']);
    expect(called).toEqual([]);
    expect((await left())[0]).toEqual({ waiting: 2, inHand: 0 });
  });

  it('keeps what fails again and what cannot be read, says so of each, and fails', async () => {
    const messages = [...TWO, kept('torn', 3, '{"requestPay')];
    const fails = (payload: unknown): HookAnswer =>
      (payload as { push: number }).push === 1
        ? { outcome: 'threw', type: 'Error', message: 'still\n no access' }
        : { outcome: 'returned', value: null };
    const { call, called, left } = aPlatform({ push: messages }, fails);
    const { status, out } = await call('admin', 'redrive');
    expect(status).toBe(1);
    expect(out).toContain('  1 × cannot be read: its body is not JSON\n');
    expect(out).toContain('  → 1 call made again\n');
    expect(out).toContain('  → stays, since it failed again: old: Error: still no access\n');
    expect(out).toContain('  → stays, since it cannot be read: torn: its body is not JSON\n');
    expect(called).toHaveLength(2);
    expect((await left())[0]).toEqual({ waiting: 2, inHand: 0 });
  });

  it('puts back what it has in hand if Lambda cannot be reached', async () => {
    const { call, left } = aPlatform({ push: TWO }, () => {
      throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    });
    const { status, err } = await call('admin', 'redrive');
    expect(status).toBe(1);
    expect(err).toContain('AWS cannot be reached');
    expect((await left())[0]).toEqual({ waiting: 2, inHand: 0 });
  });

  it('leaves to somebody else what that has in hand, and says so', async () => {
    const { call, called, workers } = aPlatform({ push: TWO });
    await workers[0]!.givenUp.take(1);
    const { out } = await call('admin', 'redrive');
    expect(out).toContain("about 1 more in somebody else's hand");
    expect(called).toHaveLength(1);
  });

  it('does not call what somebody else has taken meanwhile', async () => {
    const { call, called, workers } = aPlatform({ push: TWO });
    workers[0]!.givenUp.keepInHand = async () => false;
    expect((await call('admin', 'redrive')).out).toContain('left to somebody else, who has taken it meanwhile: old');
    expect(called).toEqual([]);
  });

  it('keeps to one worker, and names those that there are', async () => {
    const { call, called } = aPlatform({ push: TWO, finish: [kept('end', 1, record({ end: 1 }))] });
    await call('admin', 'redrive', '--worker', 'Finish');
    expect(called).toEqual([['finish', { end: 1 }]]);
    const { status, err } = await call('admin', 'redrive', '--worker', 'finnish');
    expect(status).toBe(2);
    expect(err).toContain('"finnish"');
    expect(err).toContain('"finish"');
  });

  it('prints for programs what became of each message, and for terminals nothing that moves the cursor', async () => {
    const { json, call } = aPlatform({ push: [kept('one', 1, record({}, '\u001b[2Jno access'))] }, () => ({
      outcome: 'missing',
    }));
    expect((await call('admin', 'redrive', '--dry-run')).out).not.toContain('\u001b');
    expect(await json('admin', 'redrive')).toEqual({
      dryRun: false,
      workers: [
        {
          worker: 'push',
          inHand: 0,
          more: false,
          calls: [
            {
              messageId: 'one',
              sentAt: expect.any(String),
              why: 'Error: no access',
              outcome: 'failed',
              readable: true,
              error: 'there is no such function; deploy the platform',
            },
          ],
        },
        { worker: 'finish', inHand: 0, more: false, calls: [] },
      ],
    });
  });
});
