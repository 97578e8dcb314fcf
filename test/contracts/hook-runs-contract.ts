import type { HookOutcome, HookRun } from '../../lib/core/contracts/hook-run';
import type { HookRuns } from '../../lib/ports/hook-runs';
import { aHookRun } from '../builders';

const NEWER = '01J00000000000000000000000';

/** What every adapter of the port HookRuns does alike. `make` gives an empty table, or applications of their own. */
export function hookRunsContract(
  make: () => Promise<{ readonly hookRuns: HookRuns; readonly application: string }>,
): void {
  const outcome = (more: Partial<HookOutcome> = {}): HookOutcome => ({
    deploymentId: 'd-1',
    executionId: 'execution-1',
    status: 'running',
    at: '2026-01-02T03:04:05.678Z',
    ...more,
  });

  it('keeps runs by application and group', async () => {
    const { hookRuns, application } = await make();
    const hooks = { BeforeAllowTraffic: { logicalId: 'Check', name: 'orders-dev-check', qualifier: '3' } };
    const first = aHookRun({ application, group: 'Create' });
    const second = aHookRun({ application, group: 'List', hooks });
    await hookRuns.prepare([first, second]);
    expect(sorted(await hookRuns.list(application))).toEqual([first, second]);
    expect(await hookRuns.find(application, 'List')).toEqual(second);
    expect(await hookRuns.find(application, 'Delete')).toBeUndefined();
    expect(await hookRuns.list(`${application}-other`)).toEqual([]);
  });

  it('writes any number of runs', async () => {
    const { hookRuns, application } = await make();
    const runs = Array.from({ length: 60 }, (_, index) => aHookRun({ application, group: `F${100 + index}` }));
    await hookRuns.prepare(runs);
    await hookRuns.prepare([]);
    expect(sorted(await hookRuns.list(application))).toEqual(runs);
  });

  it('writes over the runs of an earlier release, with what they recorded', async () => {
    const { hookRuns, application } = await make();
    const run = aHookRun({ application });
    await hookRuns.prepare([run]);
    await hookRuns.record(run, 'BeforeAllowTraffic', outcome());
    const next = aHookRun({ application, releaseId: NEWER });
    await hookRuns.prepare([next]);
    expect(await hookRuns.find(application, run.group)).toEqual(next);
  });

  it('keeps what became of each moment', async () => {
    const { hookRuns, application } = await make();
    const run = aHookRun({ application });
    await hookRuns.prepare([run]);
    expect(await hookRuns.record(run, 'BeforeAllowTraffic', outcome())).toBe(true);
    expect(await hookRuns.record(run, 'BeforeAllowTraffic', outcome({ status: 'passed' }))).toBe(true);
    const after = outcome({ executionId: 'execution-2', status: 'failed', reason: 'no orders' });
    expect(await hookRuns.record(run, 'AfterAllowTraffic', after)).toBe(true);
    expect((await hookRuns.find(application, run.group))!.moments).toEqual({
      BeforeAllowTraffic: outcome({ status: 'passed' }),
      AfterAllowTraffic: after,
    });
  });

  it('begins an execution once, however often it is called, and another one of the same moment anew', async () => {
    const { hookRuns, application } = await make();
    const run = aHookRun({ application });
    await hookRuns.prepare([run]);
    const begin = (executionId: string) => hookRuns.record(run, 'BeforeAllowTraffic', outcome({ executionId }));
    const answers = await Promise.all([begin('execution-1'), begin('execution-1'), begin('execution-1')]);
    expect(answers.filter(Boolean)).toHaveLength(1);
    await hookRuns.record(run, 'BeforeAllowTraffic', outcome({ status: 'failed', reason: 'no orders' }));
    expect(await begin('execution-1')).toBe(false);
    expect(await hookRuns.find(application, run.group)).toMatchObject({
      moments: { BeforeAllowTraffic: { status: 'failed' } },
    });
    expect(await begin('execution-2')).toBe(true);
  });

  it('keeps nothing for a run that is not there or belongs to another release by now', async () => {
    const { hookRuns, application } = await make();
    const run = aHookRun({ application });
    expect(await hookRuns.record(run, 'BeforeAllowTraffic', outcome())).toBe(false);
    expect(await hookRuns.find(application, run.group)).toBeUndefined();
    await hookRuns.prepare([aHookRun({ application, releaseId: NEWER })]);
    expect(await hookRuns.record(run, 'BeforeAllowTraffic', outcome({ status: 'passed' }))).toBe(false);
    expect((await hookRuns.find(application, run.group))!.moments).toEqual({});
  });
}

const sorted = (runs: readonly HookRun[]): HookRun[] => [...runs].sort((a, b) => (a.group < b.group ? -1 : 1));
