import { describeShift } from '../../lib/core/shift/description';
import type { ShiftGroup, ShiftRequest, ShiftStatus, Shifts } from '../../lib/ports/shifts';
import { aRelease } from '../builders';

/**
 * What a suite needs besides the port: a function whose alias `live` is whole on version 1 of two, made anew for each
 * test.
 */
export interface ShiftsUnderTest {
  readonly shifts: Shifts;
  /** Of a CodeDeploy application that is not there yet. */
  readonly application: string;
  readonly functionName: string;
  readonly roleArn: string;
  /** Name of an alarm that is not active. */
  readonly alarm: string;
  alias(): Promise<{ readonly version: string; readonly weights: Readonly<Record<string, number>> } | undefined>;
  /** @returns the hooks that CodeDeploy has called for these deployments and that wait to be reported on. */
  hookCalls(): Promise<readonly { readonly deploymentId: string; readonly executionId: string }[]>;
  activate(alarm: string): Promise<void>;
  /** Lets this many minutes of CodeDeploy's time go by. */
  wait(minutes: number): Promise<void>;
}

/** Of the release of `aHookRun`: its hooks are called for deployments that say so. */
const DESCRIPTION = describeShift({
  release: aRelease({ stage: 'prod' }),
  service: 'orders',
  logicalId: 'ListLambdaFunction',
});

/** What every adapter of the port Shifts does alike. */
export function shiftsContract(make: () => Promise<ShiftsUnderTest>): void {
  const group = ({ roleArn }: ShiftsUnderTest, more: Partial<ShiftGroup> = {}): ShiftGroup => ({
    group: 'ListLambdaFunction',
    shift: { kind: 'all-at-once' },
    alarms: [],
    triggers: [],
    roleArn,
    ...more,
  });
  const request = ({ functionName }: ShiftsUnderTest, more: Partial<ShiftRequest> = {}): ShiftRequest => ({
    group: 'ListLambdaFunction',
    functionName,
    alias: 'live',
    currentVersion: '1',
    targetVersion: '2',
    hooks: [],
    description: DESCRIPTION,
    ...more,
  });
  const CANARY = { kind: 'canary', percent: 25, minutes: 10 } as const;
  /** Does not go on by itself while a test looks at it. */
  const LONG_CANARY = { ...CANARY, minutes: 1_000 } as const;

  async function started(subject: ShiftsUnderTest, more: Partial<ShiftRequest> = {}): Promise<string> {
    const outcome = await subject.shifts.start(subject.application, request(subject, more));
    if (outcome === 'busy') throw new Error('the group is busy');
    return outcome.deploymentId;
  }

  async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      await new Promise((resume) => setTimeout(resume, 50));
    }
  }
  const ended = ({ shifts }: ShiftsUnderTest, deploymentId: string): Promise<ShiftStatus> =>
    until(async () => (await shifts.statuses([deploymentId])).find(({ status }) => status !== 'running'));
  /** Waits for the deployment and for the rollback that it starts. */
  async function rolledBack(subject: ShiftsUnderTest, deploymentId: string): Promise<ShiftStatus> {
    const end = await ended(subject, deploymentId);
    const rollback = await until(async () => (await subject.shifts.statuses([deploymentId]))[0]?.rollback);
    await ended(subject, rollback);
    return end;
  }
  const weighted = (subject: ShiftsUnderTest, percent: number) =>
    until(async () => ((await subject.alias())?.weights['2'] === percent / 100 ? true : undefined));

  it('moves an alias, and knows how it went', async () => {
    const subject = await make();
    const { shifts, application } = subject;
    await shifts.ensureGroups(application, [group(subject)]);
    const deploymentId = await started(subject);
    expect(await ended(subject, deploymentId)).toMatchObject({
      deploymentId,
      application,
      group: 'ListLambdaFunction',
      description: DESCRIPTION,
      status: 'succeeded',
      isRollback: false,
      createdAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
    });
    expect(await subject.alias()).toEqual({ version: '2', weights: {} });
  });

  it('shifts step by step, by a configuration of our own', async () => {
    const subject = await make();
    await subject.shifts.ensureGroups(subject.application, [group(subject, { shift: CANARY })]);
    const deploymentId = await started(subject);
    await until(async () => (await subject.shifts.statuses([deploymentId])).at(0)?.status);
    await weighted(subject, 25);
    expect((await subject.alias())!.version).toBe('1');
    await subject.wait(11);
    expect(await ended(subject, deploymentId)).toMatchObject({ status: 'succeeded' });
    expect(await subject.alias()).toEqual({ version: '2', weights: {} });
  });

  it('starts one deployment of a group at a time', async () => {
    const subject = await make();
    const { shifts, application } = subject;
    await shifts.ensureGroups(application, [group(subject, { shift: LONG_CANARY })]);
    const deploymentId = await started(subject);
    expect(await shifts.start(application, request(subject))).toBe('busy');
    await shifts.stop(deploymentId);
    await rolledBack(subject, deploymentId);
    expect(await shifts.start(application, request(subject))).toMatchObject({ deploymentId: expect.any(String) });
  });

  it('stops a shift and takes the alias back, by a deployment of its own; what has ended stays as it is', async () => {
    const subject = await make();
    const { shifts, application } = subject;
    await shifts.ensureGroups(application, [group(subject, { shift: LONG_CANARY })]);
    const deploymentId = await started(subject);
    await weighted(subject, 25);
    await shifts.stop(deploymentId);
    const { status, rollback } = await rolledBack(subject, deploymentId);
    expect(status).toBe('stopped');
    const [undoing] = await shifts.statuses([rollback!]);
    expect(undoing).toMatchObject({ status: 'succeeded', isRollback: true, group: 'ListLambdaFunction' });
    expect(await subject.alias()).toEqual({ version: '1', weights: {} });
    await shifts.stop(deploymentId);
    expect(await shifts.statuses([deploymentId])).toMatchObject([{ status: 'stopped', rollback }]);
  });

  it('waits at each hook until it is told that it passed; told again, nothing happens', async () => {
    const subject = await make();
    const { shifts, application } = subject;
    await shifts.ensureGroups(application, [group(subject)]);
    const deploymentId = await started(subject, { hooks: ['BeforeAllowTraffic', 'AfterAllowTraffic'] });
    const called = async () => {
      await shifts.statuses([deploymentId]);
      return (await subject.hookCalls()).find((call) => call.deploymentId === deploymentId);
    };

    const before = await until(called);
    expect(await subject.alias()).toEqual({ version: '1', weights: {} });
    await shifts.reportHook({ ...before, status: 'Succeeded' });
    await shifts.reportHook({ ...before, status: 'Succeeded' });

    const after = await until(async () => {
      const call = await called();
      return call?.executionId === before.executionId ? undefined : call;
    });
    expect(await subject.alias()).toEqual({ version: '2', weights: {} });
    expect(await shifts.statuses([deploymentId])).toMatchObject([{ status: 'running' }]);
    await shifts.reportHook({ ...after, status: 'Succeeded' });
    expect(await ended(subject, deploymentId)).toMatchObject({ status: 'succeeded' });
  });

  it('takes the alias back when a hook failed', async () => {
    const subject = await make();
    const { shifts, application } = subject;
    await shifts.ensureGroups(application, [group(subject)]);
    const deploymentId = await started(subject, { hooks: ['BeforeAllowTraffic'] });
    const call = await until(async () => {
      await shifts.statuses([deploymentId]);
      return (await subject.hookCalls()).find((one) => one.deploymentId === deploymentId);
    });
    await shifts.reportHook({ ...call, status: 'Failed' });
    expect(await rolledBack(subject, deploymentId)).toMatchObject({
      status: 'failed',
      error: { code: expect.stringMatching(/./), message: expect.any(String) },
    });
    expect(await subject.alias()).toEqual({ version: '1', weights: {} });
  });

  it('takes the alias back when an alarm of the group becomes active', async () => {
    const subject = await make();
    const { shifts, application, alarm } = subject;
    await shifts.ensureGroups(application, [group(subject, { shift: LONG_CANARY, alarms: [alarm] })]);
    const deploymentId = await started(subject);
    await weighted(subject, 25);
    await subject.activate(alarm);
    const end = await rolledBack(subject, deploymentId);
    expect(end.error?.code).toBe('ALARM_ACTIVE');
    expect(await subject.alias()).toEqual({ version: '1', weights: {} });
  });

  it('fails where the alias is not on the version that the deployment is to leave', async () => {
    const subject = await make();
    await subject.shifts.ensureGroups(subject.application, [group(subject)]);
    const deploymentId = await started(subject, { currentVersion: '2', targetVersion: '1' });
    expect(await ended(subject, deploymentId)).toMatchObject({
      status: 'failed',
      error: { code: 'INVALID_LAMBDA_CONFIGURATION' },
    });
    expect(await subject.alias()).toMatchObject({ version: '1' });
  });

  it('finds what is under way in applications of a prefix, and leaves out what it does not know', async () => {
    const subject = await make();
    const { shifts, application } = subject;
    await shifts.ensureGroups(application, [group(subject, { shift: LONG_CANARY })]);
    const deploymentId = await started(subject);
    expect(await shifts.open(application)).toMatchObject([{ deploymentId, application, status: 'running' }]);
    expect(await shifts.open(`${application}-other`)).toEqual([]);
    expect(await shifts.statuses([])).toEqual([]);
    await shifts.stop(deploymentId);
    await rolledBack(subject, deploymentId);
    expect(await shifts.open(application)).toEqual([]);
  });

  it('brings groups up to date: pace and alarms change, the stale ones go', async () => {
    const subject = await make();
    const { shifts, application } = subject;
    const stale = group(subject, { group: 'Stale', shift: { kind: 'linear', percent: 30, minutes: 2 } });
    await shifts.ensureGroups(application, [group(subject), stale]);
    const wanted = group(subject, { shift: LONG_CANARY });
    await shifts.ensureGroups(application, [wanted]);
    await shifts.ensureGroups(application, [wanted]);
    await expect(shifts.start(application, request(subject, { group: 'Stale' }))).rejects.toThrow();
    await started(subject);
    await weighted(subject, 25);
  });

  it('has nothing to do for an application without groups', async () => {
    const { shifts, application } = await make();
    await shifts.ensureGroups(application, []);
    expect(await shifts.open(application)).toEqual([]);
  });
}
