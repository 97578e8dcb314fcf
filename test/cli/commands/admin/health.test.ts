import type { WatchedAlarm } from '../../../../lib/aws/callers/cloudwatch-health';
import { registerAdmin } from '../../../../lib/cli/commands/admin/admin';
import { memoryCodeStorages } from '../../../../lib/memory/memory-code-storages';
import { memoryGivenUpCalls } from '../../../../lib/memory/memory-given-up-calls';
import { NOW } from '../../../memory-platform';
import { aWorld } from '../../a-world';

const at = (minutesAgo: number): string => new Date(NOW - minutesAgo * 60_000).toISOString();
const anAlarm = (name: string, state: WatchedAlarm['state']): WatchedAlarm => ({
  name: `Seedbed-Alarms${name}1A2B3C4D-hJk3Lm4Nop5Q`,
  state,
  since: at(20),
  description: `It is about ${name}. What to do: docs/operations.md#a-worker-fails`,
});

async function aPlatform(alarms: readonly WatchedAlarm[], { lying = 0, used = 10 } = {}) {
  const message = (index: number) => ({ id: `${index}`, sentAt: at(60), body: '{}', attributes: {} });
  const workers = (['push', 'sweep', 'reconcile'] as const).map((key) => ({
    key,
    givenUp: memoryGivenUpCalls(key === 'push' ? Array.from({ length: lying }, (_, index) => message(index)) : []),
    lastRun: async () => (key === 'sweep' ? at(4) : undefined),
    call: () => Promise.reject(new Error('health calls nothing')),
  }));
  const codeStorages = memoryCodeStorages();
  await codeStorages.keep({ account: '1', region: 'eu-central-1', used, limit: 100, at: at(60) });
  return { ...aWorld(registerAdmin, { admin: { workers, alarms: async () => alarms, codeStorages } }), workers };
}

describe('seedbed admin health', () => {
  it('says that all is well, and when Sweep and Reconcile ran last', async () => {
    const { call } = await aPlatform([anAlarm('PushErrors', 'ok'), anAlarm('SweepRuns', 'ok')]);
    const { status, out } = await call('admin', 'health');
    expect(status).toBe(0);
    expect(out.split('\n')).toEqual([
      '2 alarms: 0 gone off, 0 without enough data',
      'no worker has given up a call',
      'Sweep ran last: 4 min ago',
      'Reconcile has not run in the last three hours',
      expect.stringMatching(/^code storage of 1, eu-central-1: .*\(10 %\), 1 h ago$/),
      '',
    ]);
  });

  it('fails if an alarm has gone off, and names the heading that helps', async () => {
    const { call, json } = await aPlatform([anAlarm('PushErrors', 'alarm'), anAlarm('SweepRuns', 'ok')]);
    const { status, out } = await call('admin', 'health');
    expect(status).toBe(1);
    expect(out).toContain(
      '✖ PushErrors, 20 min ago: It is about PushErrors.\n    → docs/operations.md#a-worker-fails\n',
    );
    expect(out).not.toContain('SweepRuns');
    expect(await json('admin', 'health')).toMatchObject({
      healthy: false,
      alarms: [
        { state: 'alarm', means: 'It is about PushErrors.', whatToDo: 'docs/operations.md#a-worker-fails' },
        { state: 'ok' },
      ],
      queues: [{ worker: 'push', waiting: 0, inHand: 0 }, { worker: 'sweep' }, { worker: 'reconcile' }],
      runs: [{ worker: 'sweep', lastRun: at(4) }, { worker: 'reconcile' }],
      codeStorage: [{ account: '1', percent: 10 }],
    });
  });

  it('shows an alarm that knows too little, and does not fail for it', async () => {
    const { call } = await aPlatform([anAlarm('PushAge', 'insufficient-data')]);
    const { status, out } = await call('admin', 'health');
    expect([status, out]).toEqual([0, expect.stringContaining('? PushAge, 20 min ago')]);
  });

  it('names what workers gave up, with the command that shows it, and takes nothing in hand', async () => {
    const { call, workers } = await aPlatform([anAlarm('PushGivenUp', 'ok')], { lying: 3 });
    expect((await call('admin', 'health')).out).toContain(
      'Push has given up about 3 calls; see them with: npx seedbed admin redrive --worker push --dry-run\n',
    );
    expect(await workers[0]!.givenUp.count()).toEqual({ waiting: 3, inHand: 0 });
  });

  it('fails if there is no alarm that could go off', async () => {
    const { call } = await aPlatform([]);
    const { status, out } = await call('admin', 'health');
    expect([status, out]).toEqual([1, expect.stringContaining('the platform has no alarm')]);
  });
});
