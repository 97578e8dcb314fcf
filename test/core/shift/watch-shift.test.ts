import fc from 'fast-check';
import type { HookRun } from '../../../lib/core/contracts/hook-run';
import type { ShiftStatus } from '../../../lib/core/contracts/shift-status';
import { HOOK_MOMENTS, type HookMoment, type StartedShift } from '../../../lib/core/contracts/started-shift';
import { watchShift } from '../../../lib/core/shift/watch-shift';
import { RELEASE_ID } from '../../builders';
import '../../runs';

const NOW = Date.parse('2026-01-02T03:04:05.000Z');
const at = (secondsAgo: number): string => new Date(NOW - secondsAgo * 1_000).toISOString();

const aShift = (unit: StartedShift['unit'], ...ids: string[]): StartedShift => ({
  application: 'seedbed-shop-prod-orders',
  unit,
  hookTimeout: 60,
  functions: ids.map((id) => ({
    logicalId: id,
    name: `orders-prod-${id}`,
    group: id,
    deploymentId: `d-${id}`,
    allowed: [],
  })),
});
const allowed = (shift: StartedShift, ...moments: HookMoment[]): StartedShift => ({
  ...shift,
  functions: shift.functions.map((one) => ({ ...one, allowed: moments })),
});
const aStatus = (id: string, more: Partial<ShiftStatus> = {}): ShiftStatus => ({
  deploymentId: `d-${id}`,
  application: 'seedbed-shop-prod-orders',
  group: id,
  description: '',
  status: 'running',
  isRollback: false,
  createdAt: at(5),
  ...more,
});
const aRun = (
  id: string,
  moments: Partial<Record<HookMoment, 'running' | 'passed' | 'failed'>>,
  more: { reason?: string; at?: string; deploymentId?: string } = {},
): HookRun => ({
  application: 'seedbed-shop-prod-orders',
  group: id,
  releaseId: RELEASE_ID,
  app: 'shop',
  stage: 'prod',
  service: 'orders',
  commit: 'c'.repeat(40),
  function: { logicalId: id, name: `orders-prod-${id}`, alias: 'live', currentVersion: '1', targetVersion: '2' },
  hooks: {},
  moments: Object.fromEntries(
    Object.entries(moments).map(([moment, status]) => [
      moment,
      { deploymentId: `d-${id}`, executionId: `${moment} of ${id}`, at: at(1), status, ...more },
    ]),
  ),
  expiresAt: 0,
});
const before = (id: string) => ({ deploymentId: `d-${id}`, executionId: `BeforeAllowTraffic of ${id}` });
const after = (id: string) => ({ deploymentId: `d-${id}`, executionId: `AfterAllowTraffic of ${id}` });

describe('functions that move as one', () => {
  const shift = aShift('service', 'List', 'Get');
  const statuses = [aStatus('List'), aStatus('Get')];

  it('waits until CodeDeploy has called for the hooks', () => {
    const verdict = watchShift(shift, { statuses, runs: [], now: NOW });
    expect(verdict).toMatchObject({ reports: [], stops: [], failed: [], isOver: false });
  });

  it('lets no traffic move before the pre-traffic hooks of all have passed', () => {
    const runs = [aRun('List', { BeforeAllowTraffic: 'passed' }), aRun('Get', { BeforeAllowTraffic: 'running' })];
    expect(watchShift(shift, { statuses, runs, now: NOW }).reports).toEqual([]);
  });

  it('lets all go at once when the last one has passed', () => {
    const runs = [aRun('List', { BeforeAllowTraffic: 'passed' }), aRun('Get', { BeforeAllowTraffic: 'passed' })];
    const verdict = watchShift(shift, { statuses, runs, now: NOW });
    expect(verdict.reports).toEqual([before('List'), before('Get')]);
    expect(verdict.shift).toEqual(allowed(shift, 'BeforeAllowTraffic'));
  });

  it('reports a moment once', () => {
    const runs = [aRun('List', { BeforeAllowTraffic: 'passed' }), aRun('Get', { BeforeAllowTraffic: 'passed' })];
    const verdict = watchShift(allowed(shift, 'BeforeAllowTraffic'), { statuses, runs, now: NOW });
    expect(verdict.reports).toEqual([]);
  });

  it('ends none before the post-traffic hooks of all have passed', () => {
    const moving = allowed(shift, 'BeforeAllowTraffic');
    const early = [aRun('List', { AfterAllowTraffic: 'passed' }), aRun('Get', {})];
    expect(watchShift(moving, { statuses, runs: early, now: NOW }).reports).toEqual([]);
    const ready = [aRun('List', { AfterAllowTraffic: 'passed' }), aRun('Get', { AfterAllowTraffic: 'passed' })];
    expect(watchShift(moving, { statuses, runs: ready, now: NOW }).reports).toEqual([after('List'), after('Get')]);
  });

  it('lets one that arrived long before the others go before CodeDeploy gives it up', () => {
    const moving = allowed(shift, 'BeforeAllowTraffic');
    const held = (minutes: number) => [
      aRun('List', { AfterAllowTraffic: 'passed' }, { at: at(minutes * 60) }),
      aRun('Get', {}),
    ];
    expect(watchShift(moving, { statuses, runs: held(44), now: NOW }).reports).toEqual([]);
    expect(watchShift(moving, { statuses, runs: held(46), now: NOW }).reports).toEqual([after('List')]);
  });

  it('is over when CodeDeploy says that all have succeeded', () => {
    const done = [aStatus('List', { status: 'succeeded' }), aStatus('Get', { status: 'succeeded' })];
    const verdict = watchShift(allowed(shift, ...HOOK_MOMENTS), { statuses: done, runs: [], now: NOW });
    expect(verdict).toMatchObject({ moved: ['List', 'Get'], failed: [], isOver: true });
  });

  it('fails as soon as one hook has failed, and lets nobody go any more', () => {
    const runs = [
      aRun('List', { BeforeAllowTraffic: 'passed' }),
      aRun('Get', { BeforeAllowTraffic: 'failed' }, { reason: 'Error: 3 of 5 products are missing' }),
    ];
    const verdict = watchShift(shift, { statuses, runs, now: NOW });
    expect(verdict).toMatchObject({ reports: [], stops: ['d-Get'], moved: [], isOver: true });
    expect(verdict.failed).toEqual([
      {
        logicalId: 'Get',
        deploymentId: 'd-Get',
        problem: 'the pre-traffic hook failed: Error: 3 of 5 products are missing',
      },
    ]);
  });

  it('does not wait for a hook longer than it may take', () => {
    const hanging = { at: at(61) };
    const runs = [aRun('List', { AfterAllowTraffic: 'running' }, hanging), aRun('Get', {})];
    const verdict = watchShift(allowed(shift, 'BeforeAllowTraffic'), { statuses, runs, now: NOW });
    expect(verdict.failed).toMatchObject([
      { logicalId: 'List', problem: 'the post-traffic hook did not end within 60 s' },
    ]);
  });

  it.each([
    [
      'an alarm',
      { status: 'stopped', error: { code: 'ALARM_ACTIVE', message: 'alarm "errors" is in ALARM' } },
      'an alarm stopped it: alarm "errors" is in ALARM',
    ],
    ['a person', { status: 'stopped' }, 'deployment d-Get was stopped'],
    [
      'CodeDeploy itself',
      { status: 'failed', error: { code: 'INVALID_LAMBDA_CONFIGURATION', message: 'wrong version' } },
      'deployment d-Get failed (INVALID_LAMBDA_CONFIGURATION): wrong version',
    ],
  ] as const)('fails when %s has ended a deployment', (_who, status, problem) => {
    const moving = allowed(shift, 'BeforeAllowTraffic');
    const verdict = watchShift(moving, { statuses: [aStatus('List'), aStatus('Get', status)], runs: [], now: NOW });
    expect(verdict).toMatchObject({ failed: [{ logicalId: 'Get', problem }], isOver: true });
  });

  it('fails when CodeDeploy never calls for the first hook', () => {
    const old = [aStatus('List', { createdAt: at(361) }), aStatus('Get', { createdAt: at(361) })];
    const runs = [aRun('Get', { BeforeAllowTraffic: 'passed' })];
    expect(watchShift(shift, { statuses: old, runs, now: NOW }).failed).toMatchObject([
      { logicalId: 'List', problem: 'CodeDeploy did not call its hook' },
    ]);
  });

  it('fails when CodeDeploy no longer knows a deployment', () => {
    const verdict = watchShift(shift, { statuses: [aStatus('List')], runs: [], now: NOW });
    expect(verdict.failed).toMatchObject([{ problem: 'CodeDeploy no longer knows deployment d-Get' }]);
  });

  it('takes nothing from what an earlier deployment of the group left', () => {
    const stale = { deploymentId: 'd-earlier' };
    const runs = [
      aRun('List', { BeforeAllowTraffic: 'failed' }, stale),
      aRun('Get', { BeforeAllowTraffic: 'passed' }, stale),
    ];
    expect(watchShift(shift, { statuses, runs, now: NOW })).toMatchObject({ reports: [], failed: [] });
  });

  it('goes on with one that reported its hook itself and has ended', () => {
    const ahead = [aStatus('List', { status: 'succeeded' }), aStatus('Get')];
    const runs = [aRun('List', {}), aRun('Get', { BeforeAllowTraffic: 'passed' })];
    expect(watchShift(shift, { statuses: ahead, runs, now: NOW }).reports).toEqual([before('Get')]);
  });
});

describe('functions that move each for itself', () => {
  const shift = aShift('function', 'List', 'Get');
  const statuses = [aStatus('List'), aStatus('Get')];

  it('lets one go without the others', () => {
    const runs = [aRun('List', { BeforeAllowTraffic: 'passed' }), aRun('Get', { BeforeAllowTraffic: 'running' })];
    expect(watchShift(shift, { statuses, runs, now: NOW }).reports).toEqual([before('List')]);
  });

  it('stops the one that fails and goes on with the others until all have ended', () => {
    const runs = [aRun('List', { BeforeAllowTraffic: 'failed' }), aRun('Get', { BeforeAllowTraffic: 'passed' })];
    const going = watchShift(shift, { statuses, runs, now: NOW });
    expect(going).toMatchObject({ reports: [before('Get')], stops: ['d-List'], isOver: false });
    const ended = [aStatus('List', { status: 'stopped' }), aStatus('Get', { status: 'succeeded' })];
    expect(watchShift(going.shift, { statuses: ended, runs, now: NOW })).toMatchObject({
      moved: ['Get'],
      failed: [{ logicalId: 'List' }],
      isOver: true,
    });
  });
});

describe('any shift', () => {
  const ids = ['A', 'B', 'C'];
  const outcome = fc.constantFrom('running', 'passed', 'failed', undefined);
  const sighting = fc.record({
    unit: fc.constantFrom<StartedShift['unit']>('service', 'function'),
    statuses: fc.tuple(
      ...ids.map(() => fc.constantFrom<ShiftStatus['status']>('running', 'succeeded', 'failed', 'stopped')),
    ),
    hooks: fc.tuple(...ids.map(() => fc.record({ BeforeAllowTraffic: outcome, AfterAllowTraffic: outcome }))),
  });
  const judged = ({ unit, statuses, hooks }: typeof sighting extends fc.Arbitrary<infer T> ? T : never) => {
    const given = (moments: object) =>
      Object.fromEntries(Object.entries(moments).filter(([, value]) => value !== undefined));
    return watchShift(aShift(unit, ...ids), {
      statuses: ids.map((id, index) => aStatus(id, { status: statuses[index] })),
      runs: ids.map((id, index) => aRun(id, given(hooks[index]!))),
      now: NOW,
    });
  };

  it('counts no function as moved and failed at once, and is over when each is one of the two', () => {
    fc.assert(
      fc.property(sighting, (seen) => {
        const { moved, failed, isOver } = judged(seen);
        const ended = [...moved, ...failed.map(({ logicalId }) => logicalId)];
        expect(new Set(ended).size).toBe(ended.length);
        if (ended.length === ids.length) expect(isOver).toBe(true);
        if (seen.unit === 'function' && ended.length < ids.length) expect(isOver).toBe(false);
      }),
    );
  });

  it('moves no traffic of a unit unless every hook before it has passed or its function has ended well', () => {
    fc.assert(
      fc.property(sighting, (seen) => {
        const { reports, failed } = judged({ ...seen, unit: 'service' });
        if (reports.length === 0) return;
        expect(failed).toEqual([]);
        const moments = new Set(reports.map(({ executionId }) => executionId.split(' ')[0] as HookMoment));
        for (const moment of moments) {
          for (const [index, id] of ids.entries()) {
            const isThrough = seen.statuses[index] === 'succeeded';
            expect({ id, ready: isThrough || seen.hooks[index]![moment] === 'passed' }).toEqual({ id, ready: true });
          }
        }
      }),
    );
  });
});
