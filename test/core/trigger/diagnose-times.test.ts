import type { ReleaseRecord } from '../../../lib/core/contracts/state';
import { diagnoseTimes } from '../../../lib/core/trigger/diagnose-times';
import { aRelease } from '../../builders';

const aPush = (more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  release: aRelease(),
  status: 'succeeded',
  durations: { trigger: 100, plan: 400, build: 36_000, deploy: 3_000, shift: 500 },
  buildTimes: { provisioning: 24_000, dependencies: 6_000, framework: 3_000 },
  ...more,
});

it('says what the last releases waited for most', () => {
  expect(diagnoseTimes([aPush(), aPush()])).toEqual([
    {
      check: 'times',
      level: 'ok',
      message:
        'what the last 2 releases, on average, of 40.0 s, waited for most: the machine of the build (PROVISIONING): ' +
        '24.0 s, 60 %; the installation of dependencies: 6.0 s, 15 %; ' +
        'the rest of the build (its start, what CodeBuild does not tell, and being seen to end): 3.0 s, 8 %',
    },
  ]);
});

it('says of old records what is known of them', () => {
  const [finding] = diagnoseTimes([aPush({ buildTimes: undefined })]);
  expect(finding!.message).toMatch(
    /^what the last release, of 40\.0 s, waited for most: the rest of the build .* 36\.0 s, 90 %/,
  );
});

it('leaves out what built nothing, or did not succeed', () => {
  const rollback = { to: 'earlier' } as unknown as ReleaseRecord['release']['rollback'];
  const others = [
    aPush({ status: 'failed' }),
    aPush({ release: { ...aRelease(), rollback } }),
    aPush({ durations: { plan: 300 }, buildTimes: undefined }),
  ];
  expect(diagnoseTimes(others)).toEqual([]);
  expect(diagnoseTimes([...others, aPush()])[0]!.message).toContain('the last release, of 40.0 s');
});
