import type { Template } from 'aws-cdk-lib/assertions';
import { emittedMetrics } from './emitted-metrics';
import { type AlarmProperties, type Point, statesOf } from './evaluate-alarm';

const [HOUR, DAY] = [60, 24 * 60];
const at = (value: number, ...minutes: readonly number[]): readonly Point[] => minutes.map((minute) => [minute, value]);
/** Every so many minutes, up to some minute. */
const every = (minutes: number, until: number, value: number): readonly Point[] =>
  Array.from({ length: Math.ceil(until / minutes) }, (_, index) => [index * minutes, value]);

interface Story {
  /** What happens while all is well. */
  readonly normal: readonly Point[];
  /** What the alarm is for. */
  readonly bad: readonly Point[];
  /** How long it is looked at, in minutes. */
  readonly minutes: number;
}

/** For the alarms whose names end so, what their metric is like, on a good day and on a bad one. */
const STORIES: readonly (readonly [names: RegExp, story: Story])[] = [
  // A failure that the next try mends; a worker that fails all the time.
  [/Errors$/, { normal: [...every(1, HOUR, 0), ...at(1, 20)], bad: at(1, 20, 21, 23, 26, 27, 29), minutes: HOUR }],
  // Three tries take three minutes; Lambda does not run the worker.
  [/Age$/, { normal: at(180_000, 20, 21, 23), bad: at(1_800_000, 40), minutes: HOUR }],
  // A queue that nobody uses sends nothing after some hours.
  [/(GivenUp|Untold)(Alarm)?$/, { normal: every(1, 30, 0), bad: every(1, HOUR, 1), minutes: HOUR }],
  // A run is missed; its rule is turned off.
  [
    /SweepRuns$/,
    { normal: every(5, 6 * HOUR, 1).filter(([minute]) => minute !== 100), bad: every(5, 100, 1), minutes: 6 * HOUR },
  ],
  [
    /ReconcileRuns$/,
    { normal: every(15, 6 * HOUR, 1).filter(([minute]) => minute !== 105), bad: every(15, 105, 1), minutes: 6 * HOUR },
  ],
  // Somebody scans the internet; the secret is wrong, and GitHub delivers all the same.
  [/WebhookRefuses$/, { normal: at(1, 10, 11, 12, 13, 80, 90, 130), bad: every(5, 3 * HOUR, 1), minutes: 3 * HOUR }],
  [/(WebhookFails|DoorFails|WebhookThrottled)$/, { normal: at(1, 20), bad: at(1, 20, 26), minutes: HOUR }],
  // It passes within ten minutes; it does not.
  [/(Release|ServiceRelease)Throttled$/, { normal: at(5, 20, 24), bad: every(1, HOUR, 5), minutes: HOUR }],
  // One that Sweep finds too long once, and at the next look it has ended.
  [/ReleasesOverdue$/, { normal: at(1, 20), bad: at(1, 20, 25), minutes: HOUR }],
  [/RepositoriesReplaced$/, { normal: [], bad: at(1, 30), minutes: HOUR }],
  [/ReleasesFailedAgain$/, { normal: [], bad: at(1, 30), minutes: HOUR }],
  // In percent, each night.
  [/StorageAlarm$/, { normal: every(DAY, 4 * DAY, 79), bad: every(DAY, 4 * DAY, 80), minutes: 4 * DAY }],
];
const storiesOf = (name: string) => STORIES.filter(([names]) => names.test(name)).map(([, story]) => story);

/** Every alarm of a template goes off when what it is for happens, and watches what somebody really sends. */
export function alarmsGoOff(template: Template): void {
  const ALARMS = Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(
    ([id, { Properties }]) => [id.replace(/[0-9A-F]{8}$/, ''), Properties as AlarmProperties] as const,
  );
  let isEmitted: Awaited<ReturnType<typeof emittedMetrics>>;
  beforeAll(async () => {
    isEmitted = await emittedMetrics(template);
  });

  it.each(ALARMS)('%s: goes off when it should, and at no other time', (name, alarm) => {
    const stories = storiesOf(name);
    expect([name, stories.length]).toEqual([name, 1]);
    const { normal, bad, minutes } = stories[0]!;
    expect(new Set(statesOf(alarm, normal, minutes))).toEqual(new Set(['OK']));
    expect(statesOf(alarm, bad, minutes)).toContain('ALARM');
  });

  it.each(ALARMS)('%s: watches what AWS or a worker really sends', (_, alarm) => {
    expect(isEmitted(alarm)).toBe(true);
  });

  it('every story is an alarm’s', () => {
    const untold = STORIES.filter(([names]) => !ALARMS.some(([name]) => names.test(name)));
    expect(untold.map(([names]) => names.source)).toEqual([]);
  });

  /** The alarm of this name, with something about it wrong. */
  const wrong = (name: string, change: Partial<AlarmProperties>): AlarmProperties => {
    const [, alarm] = ALARMS.find(([one]) => one.endsWith(name))!;
    expect(isEmitted(alarm)).toBe(true);
    return { ...alarm, ...change };
  };

  it.each<readonly [string, string, Partial<AlarmProperties>]>([
    ['a metric of REST APIs', 'WebhookFails', { MetricName: '5XXError' }],
    ['a stage that the API does not have', 'WebhookFails', { Dimensions: [{ Name: 'Stage', Value: 'prod' }] }],
    ['a misspelt metric of AWS', 'SweepErrors', { MetricName: 'Error' }],
    ['a function by another dimension', 'SweepErrors', { Dimensions: [{ Name: 'Function', Value: { Ref: 'X' } }] }],
    ['a function that is not there', 'SweepErrors', { Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'X' } }] }],
    ['a worker that runs less often than it is looked for', 'ReconcileRuns', { Period: 300 }],
    ['a metric that no worker sends', 'ReleasesOverdue', { MetricName: 'ReleaseOverdue' }],
    [
      'a metric of ours by a dimension that it does not have',
      'StorageAlarm',
      { Dimensions: [{ Name: 'app', Value: 'x' }] },
    ],
  ])('an alarm on %s would be found out', (_, name, change) => {
    expect(isEmitted(wrong(name, change))).toBe(false);
  });

  it('an alarm that keeps its state where nothing is sent stays on until a night is better', () => {
    const [, storage] = ALARMS.find(([name]) => name.endsWith('StorageAlarm'))!;
    const states = statesOf(storage, [...at(85, 0), ...at(70, 3 * DAY)], 5 * DAY);
    expect(states[0]).toBe('ALARM');
    expect(states[2 * DAY - 1]).toBe('ALARM');
    expect(states.at(-1)).toBe('OK');
  });
}
