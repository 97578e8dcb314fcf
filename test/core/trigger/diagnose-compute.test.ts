import { buildMachine, type MachineSettings, type ProjectEnvironment } from '../../../lib/core/contracts/build-machine';
import type { ReleaseRecord } from '../../../lib/core/contracts/state';
import { diagnoseCompute } from '../../../lib/core/trigger/diagnose-compute';
import { aRelease } from '../../builders';

const MINUTE = 60_000;
const on = (settings: Partial<MachineSettings> = {}, more: Partial<ProjectEnvironment> = {}): ProjectEnvironment => ({
  ...buildMachine({ compute: 'medium', docker: false, ...settings }),
  variables: [],
  ...more,
});
const built = (...minutes: number[]): ReleaseRecord[] =>
  minutes.map((minute) => ({ release: aRelease(), status: 'succeeded', durations: { build: minute * MINUTE } }));

it('recommends Lambda where the last releases would have fitted, and says that nobody has confirmed it', () => {
  const stages = [
    { stage: 'dev', machine: on(), records: built(1, 2.5, 1) },
    { stage: 'prod', machine: on({ architecture: 'arm64' }), records: built(3, 1, 1) },
  ];
  expect(diagnoseCompute(stages)).toEqual([
    {
      check: 'builds',
      level: 'ok',
      message: expect.stringMatching(
        /^the last releases to dev,? (and )?prod would have fitted .* at most 3\.0 of its 15/,
      ),
      fix: expect.stringMatching(/"build: \{ compute: lambda \}".*never confirmed on a real account/),
    },
  ]);
});

it.each([
  ['a build took 15 minutes', on(), built(1, 15, 1)],
  ['there were few releases', on(), built(1, 1)],
  ['builds run Docker', on({}, { isPrivileged: true }), built(1, 1, 1)],
  ['builds have a network of the owner’s', on({}, { isInVpc: true }), built(1, 1, 1)],
  ['builds have an image of the owner’s', on({ image: 'team/builds:1' }), built(1, 1, 1)],
  ['builds run there', on({ compute: 'lambda' }), built(1, 1, 1)],
  ['builds run in a fleet', on({ compute: 'reserved' }, { variables: ['SEEDBED_BUILD_FLEET'] }), built(1, 1, 1)],
  ['there is no project', undefined, built(1, 1, 1)],
])('recommends nothing where %s', (_, machine, records) => {
  expect(diagnoseCompute([{ stage: 'dev', machine, records }])).toEqual([]);
});
