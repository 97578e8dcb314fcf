import type { ReleaseView } from '../../../lib/cli/show/follow-release';
import { renderNews, renderRunning, renderStepChanges } from '../../../lib/cli/show/render-release';
import { serviceProgress } from '../../../lib/cli/show/service-progress';
import { OPERATIONS } from '../../../lib/core/contracts/operations';
import type { ReleaseRecord, ServiceRecord } from '../../../lib/core/contracts/state';
import { renderSeconds } from '../../../lib/core/text/seconds';
import { aRelease, RELEASE_ID } from '../../builders';

const PLAN: ReleaseRecord['plan'] = {
  phases: [
    [
      { path: 'orders', reasons: [{ code: 'files-changed', message: 'orders/a.js changed' }] },
      { path: 'orders/reports', reasons: [{ code: 'parent-changed', message: 'its parent orders changed' }] },
    ],
  ],
  skip: [{ path: 'catalog', reasons: [{ code: 'unchanged', message: 'nothing changed since 1234567' }] }],
};
const PLANNED: ReleaseRecord = {
  release: aRelease({ requestedAt: '2026-01-01T00:00:00.000Z' }),
  status: 'running',
  startedAt: '2026-01-01T00:00:00.100Z',
  plan: PLAN,
  plannedAt: '2026-01-01T00:00:00.500Z',
};
const DONE: ServiceRecord = {
  path: 'orders',
  status: 'deployed',
  planned: [],
  decision: {
    kind: 'incremental',
    reasons: [{ code: 'function-code-changed', message: 'code of List changed' }],
    changedFunctions: ['List'],
  },
  functions: [
    { logicalId: 'List', name: 'list', updated: true, version: '7' },
    { logicalId: 'Get', name: 'get', updated: false, version: '1' },
  ],
  outputs: {},
  durations: { record: 100, build: 6_200, deploy: 800 },
};

const aView = (more: Partial<ReleaseView> = {}): ReleaseView => ({
  record: PLANNED,
  services: [],
  running: [],
  ...more,
});
const building = serviceProgress(
  'orders',
  [
    { name: 'Wait for build', at: 1_700 },
    { name: 'Begin build', at: 1_000 },
  ],
  PLANNED,
);

it('tells what of a build took time, in order, and leaves out what took none', () => {
  const buildTimes = { framework: 3_100, provisioning: 24_000, upload: 12 };
  const lines = renderNews(undefined, aView({ services: [{ ...DONE, buildTimes }] }));
  expect(lines).toContain('    build: provisioning 24.0 s · framework 3.1 s');
});

describe('paths that are longer than the terminal', () => {
  const path = `${'services/'.repeat(30)}orders`;
  const reasons = [{ code: 'files-changed', message: 'orders/a.js changed' }] as const;
  const record: ReleaseRecord = { ...PLANNED, plan: { phases: [[{ path, reasons: [...reasons] }]], skip: [] } };
  const running = [serviceProgress(path, [{ name: 'Wait for build', at: 1_000 }], PLANNED)];
  const view = aView({ record, running, services: [{ ...DONE, path }] });

  it('are shortened, and what is told of the service is not', () => {
    const [, , plan, done] = renderNews(undefined, view, { width: 80 });
    expect(plan).toBe('  build …/services/services/orders  orders/a.js changed');
    expect(done).toBe('✔ …/services/services/orders  build 6.2 s · deploy 0.8 s · record 0.1 s');
    const [line] = renderRunning(view, { now: 2_000, width: 80, count: 0 });
    expect(line).toMatch(/^. …\/services\/services\/orders {2}/);
    expect(line!.length).toBeLessThanOrEqual(80);
  });

  it('are whole in a file', () => {
    expect(renderNews(undefined, view)[2]).toBe(`  build ${path}  orders/a.js changed`);
  });
});

describe('what is new of a release', () => {
  it('tells of a removal what goes and what stays', () => {
    const remove = { emptyBuckets: true };
    const trigger = { type: 'remove', id: 'event-1', by: 'ada' } as const;
    const plan = { phases: [[{ path: 'web', reasons: [{ code: 'removed', message: 'it is asked for' }] }]], skip: [] };
    const record = { ...PLANNED, release: { ...PLANNED.release, remove, trigger }, plan } as ReleaseRecord;
    const gone: ServiceRecord = {
      path: 'web',
      status: 'removed',
      planned: [],
      functions: [],
      outputs: {},
      durations: { deploy: 800 },
      warnings: ['Letters (AWS::SQS::Queue) stays'],
    };
    expect(renderNews(undefined, aView({ record, services: [gone] }))).toEqual([
      `release ${RELEASE_ID}  shop → dev, removal of the stage, emptying its buckets, by ada`,
      'plan  1 of 1 services  0.4 s',
      '  remove web  it is asked for',
      '✔ web  deploy 0.8 s',
      '    Letters (AWS::SQS::Queue) stays',
    ]);
  });

  it('is at first the release and its plan, with the reasons for each service', () => {
    expect(renderNews(undefined, aView())).toEqual([
      `release ${RELEASE_ID}  shop → dev, commit bbbbbbb of main, by ada`,
      'plan  2 of 3 services  0.4 s',
      '  build orders          orders/a.js changed',
      '  build orders/reports  its parent orders changed',
      '  skip  catalog         nothing changed since 1234567',
    ]);
  });

  it('counts the services that are left alone, if they are many, and names some of many that are not', () => {
    const many = (count: number, code: 'unchanged' | 'not-asked-for' | 'forced') =>
      Array.from({ length: count }, (_, index) => ({ path: `${code}/${index}`, reasons: [{ code, message: code }] }));
    const skip = [...many(198, 'unchanged'), ...many(1, 'not-asked-for')];
    const record: ReleaseRecord = { ...PLANNED, plan: { phases: [many(50, 'forced')], skip } };
    const lines = renderNews(undefined, aView({ record }));
    expect(lines).toHaveLength(2 + 40 + 2);
    expect(lines.slice(-2)).toEqual(['        and 10 more', '  skip  199 services: 198 unchanged, 1 not asked for']);
  });

  it('shows what failed first, and names it again at the end of many', () => {
    const paths = Array.from({ length: 8 }, (_, index) => `services/${index}`);
    const plan = { phases: [paths.map((path) => ({ path, reasons: [] }))], skip: [] };
    const services = paths.map(
      (path, index) => ({ ...DONE, path, status: index > 3 ? 'failed' : 'deployed' }) as const,
    );
    const error = { code: 'ServiceFailed', message: 'told with the service' };
    const record = { ...PLANNED, plan, status: 'failed' as const, error };
    const lines = renderNews(aView(), aView({ record, services }));
    expect(lines.filter((line) => /^[✔✖]/.test(line)).map((line) => line.slice(0, 12))).toEqual([
      ...['4', '5', '6', '7'].map((one) => `✖ services/${one}`),
      ...['0', '1', '2', '3'].map((one) => `✔ services/${one}`),
    ]);
    expect(lines.slice(-3, -1)).toEqual([
      'release failed',
      '    4 of 8 services failed: services/4, services/5, services/6 and 1 more',
    ]);
  });

  it('says of a rollback where it returns to, and which services go back', () => {
    const rollback = { to: '01HZZZZZZZZZZZZZZZZZZZZZZA' };
    const record = (more = {}): ReleaseRecord => ({
      ...PLANNED,
      release: { ...PLANNED.release, branch: undefined, rollback: { ...rollback, ...more } },
    });
    const lines = renderNews(undefined, aView({ record: record() }));
    expect(lines[0]).toBe(
      `release ${RELEASE_ID}  shop → dev, rollback to 01HZZZZZZZZZZZZZZZZZZZZZZA (commit bbbbbbb), by ada`,
    );
    expect(lines.slice(2)).toEqual([
      '  back orders          orders/a.js changed',
      '  back orders/reports  its parent orders changed',
      '  skip catalog         nothing changed since 1234567',
    ]);
    expect(renderNews(undefined, aView({ record: record({ service: 'orders' }) }))[0]).toContain(
      'rollback of orders to 01HZ',
    );
  });

  it('is nothing if nothing has changed', () => {
    expect(renderNews(aView(), aView())).toEqual([]);
  });

  it('is what was decided and done with a service, and why', () => {
    expect(renderNews(aView(), aView({ services: [DONE] }))).toEqual([
      '✔ orders          build 6.2 s · deploy 0.8 s · record 0.1 s',
      '    incremental: code of List changed',
      '    1 of 2 functions updated: List (version 7)',
    ]);
  });

  it('is the whole error of a service that failed', () => {
    const error = { code: 'PackageFailed', message: 'npm run build ended with 1; its last lines:\nerror TS1005' };
    const failed = { ...DONE, status: 'failed' as const, decision: undefined, functions: [], error };
    expect(renderNews(aView(), aView({ services: [failed] }))).toEqual([
      '✖ orders          build 6.2 s · deploy 0.8 s · record 0.1 s',
      '    PackageFailed: npm run build ended with 1; its last lines:',
      '    error TS1005',
    ]);
  });

  it('is the end of the release, once', () => {
    const ended = aView({ record: { ...PLANNED, status: 'succeeded', finishedAt: '2026-01-01T00:00:09.000Z' } });
    expect(renderNews(aView(), ended)).toEqual(['release succeeded in 9.0 s']);
    expect(renderNews(ended, ended)).toEqual([]);
  });

  it('is the error of a release that failed without a service', () => {
    const error = { code: 'NoServiceFound', message: 'no service found: add a serverless.yml' };
    const record = { ...PLANNED, plan: undefined, status: 'failed' as const, error };
    expect(renderNews(undefined, aView({ record })).slice(1)).toEqual([
      'release failed',
      '    NoServiceFound: no service found: add a serverless.yml',
      `    what to do: ${OPERATIONS.failed}`,
    ]);
  });

  it('is which services did not run because an earlier phase failed', () => {
    const plan = {
      phases: ['db', 'api', 'web'].map((path) => [{ path, reasons: [] }]),
      skip: [],
    };
    const error = { code: 'ServiceFailed', message: 'told with the service' };
    const record = { ...PLANNED, plan, status: 'failed' as const, error };
    const failed = { path: 'db', status: 'failed' as const, planned: [], functions: [], outputs: {}, durations: {} };
    expect(renderNews(undefined, aView({ record, services: [failed] })).slice(-3)).toEqual([
      'release failed',
      '    did not run because an earlier phase failed: api, web',
      `    what to do: ${OPERATIONS.failed}`,
    ]);
  });

  it('names what helps with a stage that was not removed, and nothing if somebody stopped the release', () => {
    const release = { ...PLANNED.release, remove: { emptyBuckets: false } };
    const last = (record: Partial<ReleaseRecord>) =>
      renderNews(undefined, aView({ record: { ...PLANNED, plan: undefined, ...record } })).at(-1);
    expect(last({ release, status: 'failed' })).toBe(`    what to do: ${OPERATIONS.removalFailed}`);
    expect(last({ release, status: 'aborted' })).toBe('release aborted');
  });

  it('is which release superseded it', () => {
    const record = { ...PLANNED, plan: undefined, status: 'superseded' as const, supersededBy: RELEASE_ID };
    expect(renderNews(undefined, aView({ record })).at(-1)).toBe(`release superseded by the newer ${RELEASE_ID}`);
  });
});

describe('step changes', () => {
  it('are told once', () => {
    const view = aView({ running: [building] });
    expect(renderStepChanges(aView(), view)).toEqual(['  orders          build …']);
    expect(renderStepChanges(view, view)).toEqual([]);
  });
});

describe('what runs', () => {
  const frame = { now: 3_500, width: 80, count: 0 };

  it('is a line per service: times of its steps and the state it is in', () => {
    const running = [building, serviceProgress('orders/reports', [], PLANNED)];
    expect(renderRunning(aView({ running }), frame)).toEqual([
      '⠋ orders          build 2.5 s  Wait for build',
      '⠋ orders/reports  waits',
    ]);
  });

  it('begins with the services that have begun', () => {
    const running = [serviceProgress('orders/reports', [], PLANNED), building];
    expect(renderRunning(aView({ running }), frame)[0]).toContain('orders          build');
  });

  it('is after_all when all services have ended', () => {
    const view = { ...aView({ running: [] }), ending: 'Wait for after_all' };
    expect(renderRunning(view, frame)).toEqual(['⠋ after_all  Wait for after_all']);
    expect(renderRunning({ ...view, ending: 'Finish' }, frame)).toEqual([]);
  });

  it('fits the width of the terminal', () => {
    const [line] = renderRunning(aView({ running: [building] }), { ...frame, width: 30 });
    expect(line?.length).toBeLessThanOrEqual(30);
    expect(line).toContain('…');
  });

  it('is nothing once the release has ended', () => {
    expect(renderRunning(aView({ record: { ...PLANNED, status: 'failed' }, running: [building] }), frame)).toEqual([]);
  });
});

it.each([
  [0, '0.0 s'],
  [6_249, '6.2 s'],
  [99_940, '99.9 s'],
  [125_000, '2 min 05 s'],
])('%d ms is written %s', (milliseconds, text) => {
  expect(renderSeconds(milliseconds)).toBe(text);
});
