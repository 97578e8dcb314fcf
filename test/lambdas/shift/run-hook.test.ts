import { runHook } from '../../../lambdas/shift/run-hook';
import type { HookRun } from '../../../lib/core/contracts/hook-run';
import type { HookMoment } from '../../../lib/core/contracts/started-shift';
import { describeShift } from '../../../lib/core/shift/description';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { memoryTarget } from '../../../lib/memory/memory-target';
import { memoryUserHooks } from '../../../lib/memory/memory-user-hooks';
import type { Shifts } from '../../../lib/ports/shifts';
import { aHookRun, aRelease, RELEASE_ID } from '../../builders';
import { publishReady } from '../../publish-ready';

const ROLE = 'arn:aws:iam::123456789012:role/seedbed-codedeploy';
const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:CodeDeployHook_SeedbedBeforeTraffic';
const NEWER = '01J00000000000000000000000';
const CHECK = { logicalId: 'Check', name: 'orders-prod-check', qualifier: '7' };
const NOW = Date.parse('2026-01-02T03:04:05.678Z');

/** A shift of one function that waits for its pre-traffic hook; `more`: what its run says otherwise. */
async function shifting(more: Partial<HookRun> = { hooks: { BeforeAllowTraffic: CHECK } }) {
  const { functions, shifts, hookRuns } = memoryTarget(memoryArtifacts());
  const run = aHookRun(more);
  const { name, alias, logicalId } = run.function;
  for (const codeSha256 of ['first', 'second']) {
    functions.put(name, { codeSha256 });
    await publishReady(functions, name, codeSha256);
  }
  await functions.moveAlias(name, { alias, version: '1' });
  await hookRuns.prepare([run]);
  await shifts.ensureGroups(run.application, [
    { group: run.group, shift: { kind: 'all-at-once' }, alarms: [], triggers: [], roleArn: ROLE },
  ]);
  const release = aRelease({ stage: 'prod' });
  await shifts.start(run.application, {
    group: run.group,
    functionName: name,
    alias,
    currentVersion: '1',
    targetVersion: '2',
    hooks: ['BeforeAllowTraffic', 'AfterAllowTraffic'],
    description: describeShift({ release, service: 'orders', logicalId }),
  });
  const userHooks = memoryUserHooks();
  const lines: string[] = [];
  const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };

  /** Calls the hook function as CodeDeploy does. */
  const call = (moment: HookMoment = 'BeforeAllowTraffic', port: Pick<Shifts, 'statuses' | 'reportHook'> = shifts) => {
    const [waiting] = shifts.calls();
    const event = { DeploymentId: waiting!.deploymentId, LifecycleEventHookExecutionId: waiting!.executionId };
    const ports = { moment, shifts: port, hookRuns, userHooks, log, now: () => NOW };
    return runHook(ports)(event, { invokedFunctionArn: ARN });
  };
  const moments = async () => (await hookRuns.find(run.application, run.group))!.moments;
  return { shifts, hookRuns, userHooks, lines, run, call, moments };
}

describe('runHook', () => {
  it('calls the user’s hook with the version under test and leaves what came of it', async () => {
    const { shifts, userHooks, call, moments } = await shifting();
    const { deploymentId, executionId } = shifts.calls()[0]!;
    userHooks.answers.set(CHECK.name, { outcome: 'returned', value: null });
    await call();
    expect(userHooks.calls).toEqual([
      {
        hook: CHECK,
        event: {
          DeploymentId: deploymentId,
          LifecycleEventHookExecutionId: executionId,
          lifecycleEvent: 'BeforeAllowTraffic',
          app: 'shop',
          stage: 'prod',
          service: 'orders',
          release: RELEASE_ID,
          commit: 'b'.repeat(40),
          functionName: 'orders-prod-list',
          alias: 'live',
          version: '2',
          versionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:orders-prod-list:2',
          previousVersion: '1',
        },
      },
    ]);
    expect(await moments()).toEqual({
      BeforeAllowTraffic: { deploymentId, executionId, status: 'passed', at: '2026-01-02T03:04:05.678Z' },
    });
  });

  it('reports nothing to CodeDeploy, which waits until all have passed', async () => {
    const { shifts, userHooks, call } = await shifting();
    userHooks.answers.set(CHECK.name, { outcome: 'returned', value: null });
    const before = shifts.calls();
    await call();
    expect(shifts.calls()).toEqual(before);
  });

  it('says that the hook runs while it does', async () => {
    const { userHooks, call, moments } = await shifting();
    userHooks.answers.set(CHECK.name, async () => {
      expect(await moments()).toMatchObject({ BeforeAllowTraffic: { status: 'running' } });
      return { outcome: 'returned', value: undefined };
    });
    await call();
    expect(userHooks.calls).toHaveLength(1);
  });

  it('leaves the reason of a hook that failed', async () => {
    const { userHooks, call, moments } = await shifting();
    userHooks.answers.set(CHECK.name, { outcome: 'threw', type: 'Error', message: 'no orders' });
    await call();
    expect(await moments()).toMatchObject({ BeforeAllowTraffic: { status: 'failed', reason: 'Error: no orders' } });
  });

  it('fails a hook that could not be called at all, instead of leaving it running', async () => {
    const { userHooks, call, moments } = await shifting();
    userHooks.answers.set(CHECK.name, () => Promise.reject(new Error('connect ECONNREFUSED')));
    await call();
    expect(await moments()).toMatchObject({ BeforeAllowTraffic: { status: 'failed', reason: 'connect ECONNREFUSED' } });
  });

  it.each<[string, HookMoment, Partial<HookRun>]>([
    ['no hook at all', 'BeforeAllowTraffic', {}],
    ['a hook of the other moment', 'AfterAllowTraffic', { hooks: { BeforeAllowTraffic: CHECK } }],
  ])('passes a moment of a function with %s', async (_, moment, more) => {
    const { userHooks, call, moments } = await shifting(more);
    await call(moment);
    expect(userHooks.calls).toEqual([]);
    expect(await moments()).toMatchObject({ [moment]: { status: 'passed' } });
  });

  it('runs the hook once, though it is called twice for one execution', async () => {
    const { userHooks, call, moments } = await shifting();
    userHooks.answers.set(CHECK.name, { outcome: 'threw', type: 'Error', message: 'no orders' });
    await Promise.all([call(), call()]);
    userHooks.answers.set(CHECK.name, { outcome: 'returned', value: true });
    await call();
    expect(userHooks.calls).toHaveLength(1);
    expect(await moments()).toMatchObject({ BeforeAllowTraffic: { status: 'failed' } });
  });

  it('calls nothing for a run that another release has prepared meanwhile', async () => {
    const { hookRuns, userHooks, lines, run, call, moments } = await shifting();
    await hookRuns.prepare([{ ...run, releaseId: NEWER }]);
    await call();
    expect(userHooks.calls).toEqual([]);
    expect(await moments()).toEqual({});
    expect(lines).toEqual(['no release waits for this hook']);
  });

  it('records nothing for a release that another one followed while the hook ran', async () => {
    const { hookRuns, userHooks, run, call, moments } = await shifting();
    userHooks.answers.set(CHECK.name, async () => {
      await hookRuns.prepare([{ ...run, releaseId: NEWER }]);
      return { outcome: 'returned', value: undefined };
    });
    await call();
    expect(userHooks.calls).toHaveLength(1);
    expect(await moments()).toEqual({});
  });

  it.each([
    ['has ended', { status: 'stopped' as const }],
    ['is none of the platform’s', { description: 'by hand' }],
  ])('calls nothing for a deployment that %s', async (_, change) => {
    const { shifts, userHooks, call, moments } = await shifting();
    await call('BeforeAllowTraffic', {
      statuses: async (ids) => (await shifts.statuses(ids)).map((status) => ({ ...status, ...change })),
      reportHook: shifts.reportHook,
    });
    expect(userHooks.calls).toEqual([]);
    expect(await moments()).toEqual({});
  });

  it('calls nothing for a deployment that nobody knows', async () => {
    const { shifts, userHooks, lines, call } = await shifting();
    await call('BeforeAllowTraffic', { statuses: async () => [], reportHook: shifts.reportHook });
    expect(userHooks.calls).toEqual([]);
    expect(lines).toEqual(['no release waits for this hook']);
  });

  it('lets a rollback go on, for whose hooks nobody waits', async () => {
    const { shifts, userHooks, call } = await shifting();
    const reports: unknown[] = [];
    await call('BeforeAllowTraffic', {
      statuses: async (ids) => (await shifts.statuses(ids)).map((status) => ({ ...status, isRollback: true })),
      reportHook: async (report) => void reports.push(report),
    });
    expect(userHooks.calls).toEqual([]);
    expect(reports).toEqual([expect.objectContaining({ status: 'Succeeded' })]);
  });
});
