import { ReleaseReport, releaseReport } from '../../../lib/cli/show/release-report';
import type { ReleaseRecord, ServiceRecord } from '../../../lib/core/contracts/state';
import { aRelease, RELEASE_ID } from '../../builders';

const aRecord = (more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  release: aRelease(),
  status: 'succeeded',
  plan: {
    phases: [
      [{ path: 'orders', reasons: [{ code: 'files-changed', message: 'orders/a.js changed' }] }],
      [{ path: 'web', reasons: [{ code: 'forced', message: 'the release was forced' }] }],
    ],
    skip: [{ path: 'catalog', reasons: [{ code: 'unchanged', message: 'nothing changed' }] }],
  },
  durations: { plan: 100, build: 2_000 },
  ...more,
});

const aServiceRecord = (more: Partial<ServiceRecord> = {}): ServiceRecord => ({
  path: 'orders',
  status: 'deployed',
  planned: [{ code: 'files-changed', message: 'orders/a.js changed' }],
  decision: {
    kind: 'incremental',
    reasons: [{ code: 'function-code-changed', message: 'only code changed' }],
    changedFunctions: ['List'],
  },
  functions: [
    { logicalId: 'List', name: 'orders-dev-list', updated: true, version: '2' },
    { logicalId: 'Get', name: 'orders-dev-get', updated: false, version: '1' },
  ],
  outputs: { ServiceEndpoint: 'https://api' },
  durations: { build: 2_000 },
  ...more,
});

describe('the report of a release', () => {
  it('has every service of the commit by path, those that the plan left alone as skipped', () => {
    const { services } = releaseReport(aRecord(), [aServiceRecord()]);
    expect(services.map(({ path, decision }) => [path, decision])).toEqual([
      ['catalog', 'skip'],
      ['orders', 'incremental'],
      ['web', undefined],
    ]);
    expect(services[0]?.reasons).toEqual([{ code: 'unchanged', message: 'nothing changed' }]);
  });

  it('gives the reasons of plan and decision, each once', () => {
    const decision = { kind: 'full' as const, changedFunctions: [] };
    const forced = { code: 'forced' as const, message: 'the release was forced' };
    const { services } = releaseReport(aRecord(), [
      aServiceRecord(),
      aServiceRecord({ path: 'web', planned: [forced], decision: { ...decision, reasons: [forced] } }),
    ]);
    expect(services.map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([
      ['unchanged'],
      ['files-changed', 'function-code-changed'],
      ['forced'],
    ]);
  });

  it('has functions, outputs and the error of each service, and the durations of the release', () => {
    const error = { code: 'StackFailed', message: 'Table: already exists' };
    const report = releaseReport(aRecord({ status: 'failed' }), [aServiceRecord({ status: 'failed', error })]);
    expect(report).toMatchObject({ releaseId: RELEASE_ID, status: 'failed', durations: { plan: 100, build: 2_000 } });
    const { functions, outputs } = aServiceRecord();
    expect(report.services[1]).toMatchObject({ functions, outputs, error });
  });

  it('has the error of a release that never came to a plan', () => {
    const error = { code: 'NoServiceFound', message: 'no service found' };
    expect(releaseReport(aRecord({ status: 'failed', plan: undefined, error }), [])).toMatchObject({
      services: [],
      error,
    });
  });

  it('keeps to its schema', () => {
    const report = releaseReport(aRecord(), [aServiceRecord()]);
    expect(ReleaseReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });
});
