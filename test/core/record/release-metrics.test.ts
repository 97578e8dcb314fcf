import { emfMetrics } from '../../../lib/aws/telling/emf-metrics';
import type { ReleaseRecord, ServiceRecord } from '../../../lib/core/contracts/state';
import { releaseMetrics } from '../../../lib/core/record/release-metrics';
import { aRelease } from '../../builders';

const decision = (kind: 'full' | 'incremental') => ({ kind, reasons: [], changedFunctions: [] });
const record: ReleaseRecord = {
  release: aRelease({ stage: 'pr-7', template: 'dev' }),
  status: 'succeeded',
  finishedAt: '2026-01-02T03:04:46.678Z',
  durations: { trigger: 100, build: 30_000 },
  plan: { phases: [], skip: [{ path: 'web', reasons: [] }] },
};
const services: ServiceRecord[] = ['a', 'b'].map((path, index) => ({
  path,
  status: 'deployed',
  planned: [],
  functions: [],
  outputs: {},
  durations: {},
  decision: decision(index === 0 ? 'full' : 'incremental'),
}));

describe('what is measured of a release', () => {
  it('is its end, its decisions and its times, for the stage whose settings it has', () => {
    const { dimensions, values } = releaseMetrics(record, services);
    expect(dimensions).toEqual({ app: 'shop', stage: 'dev' });
    expect(Object.fromEntries(Object.entries(values).map(([name, one]) => [name, one.value]))).toEqual({
      ReleasesSucceeded: 1,
      ReleasesFailed: 0,
      ReleasesAborted: 0,
      ServicesFull: 1,
      ServicesDirect: 1,
      ServicesUnchanged: 0,
      ServicesLeftOut: 1,
      ServicesFailed: 0,
      QueueTime: 100,
      BuildDuration: 30_000,
      ReleaseDuration: 41_000,
    });
    expect(values.BuildDuration).toEqual({ value: 30_000, unit: 'Milliseconds' });
  });
});

describe('emfMetrics', () => {
  it('writes a line of which CloudWatch makes metrics, of the release’s stage and of the whole platform', () => {
    const lines: string[] = [];
    const { dimensions, values } = releaseMetrics(record, services);
    emfMetrics(
      (line) => lines.push(line),
      () => 1_700_000_000_000,
    ).add(dimensions, values);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    const { _aws, ...rest } = JSON.parse(lines[0]!);
    expect(_aws).toEqual({
      Timestamp: 1_700_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Seedbed',
          Dimensions: [['app', 'stage'], []],
          Metrics: expect.arrayContaining([
            { Name: 'ReleasesSucceeded', Unit: 'Count' },
            { Name: 'BuildDuration', Unit: 'Milliseconds' },
          ]),
        },
      ],
    });
    expect(rest).toMatchObject({ app: 'shop', stage: 'dev', ReleasesSucceeded: 1, BuildDuration: 30_000 });
  });

  it('writes nothing if there is nothing to measure', () => {
    const lines: string[] = [];
    emfMetrics((line) => lines.push(line)).add({ app: 'shop' }, {});
    expect(lines).toEqual([]);
  });
});
