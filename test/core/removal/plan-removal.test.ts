import { planRemoval } from '../../../lib/core/removal/plan-removal';
import { aRelease } from '../../builders';

const aRemoval = (more: Parameters<typeof aRelease>[0] = {}) =>
  aRelease({ trigger: { type: 'remove', id: 'event-1', by: 'ada' }, remove: { emptyBuckets: true }, ...more });
const order = (states: Parameters<typeof planRemoval>[1]) =>
  planRemoval(aRemoval(), states).phases.map((phase) => phase.map(({ path }) => path));
const why = (release: Parameters<typeof planRemoval>[0]) =>
  planRemoval(release, [{ path: 'api' }]).phases[0]![0]!.reasons;

describe('planRemoval', () => {
  it('goes through the phases backwards, the services of a phase side by side', () => {
    const states = [
      { path: 'api', phase: 1 },
      { path: 'db', phase: 0 },
      { path: 'jobs', phase: 1 },
      { path: 'web', phase: 10 },
    ];
    expect(order(states)).toEqual([['web'], ['api', 'jobs'], ['db']]);
  });

  it('begins with services of which no phase is known', () => {
    expect(order([{ path: 'db', phase: 0 }, { path: 'old' }, { path: 'api', phase: 1 }])).toEqual([
      ['old'],
      ['api'],
      ['db'],
    ]);
  });

  it('has nothing to do in a stage without services', () => {
    expect(planRemoval(aRemoval(), [])).toEqual({ phases: [], skip: [] });
  });

  it('keeps of each service in which phase it was', () => {
    expect(planRemoval(aRemoval(), [{ path: 'db', phase: 0 }, { path: 'old' }]).phases).toEqual([
      [{ path: 'old', reasons: expect.anything() }],
      [{ path: 'db', phase: 0, reasons: expect.anything() }],
    ]);
  });

  it.each([
    [
      { remove: { emptyBuckets: true, because: 'pull-request-closed' }, pullRequest: { number: 12 } },
      'pull request #12 is closed',
    ],
    [{ remove: { emptyBuckets: true, because: 'branch-deleted' }, branch: 'topic' }, 'branch "topic" was deleted'],
    [{ remove: { emptyBuckets: true } }, 'the removal of the stage was asked for by ada'],
    [{ trigger: { type: 'remove', id: 'event-1' } }, 'the removal of the stage was asked for'],
  ] as const)('says why: %j', (more, message) => {
    expect(why(aRemoval(more))).toEqual([{ code: 'removed', message }]);
  });
});
