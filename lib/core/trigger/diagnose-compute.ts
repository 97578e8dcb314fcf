import { FLEET_VARIABLE, isOfAws, type ProjectEnvironment } from '../contracts/build-machine';
import type { Finding } from '../contracts/diagnosis';
import type { ReleaseRecord } from '../contracts/state';
import { nameSome } from '../text/name-some';

/** https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html#lambda.limitations */
const LONGEST_ON_LAMBDA = 15 * 60_000;
/** With fewer releases nothing is recommended. */
const ENOUGH = 3;

/** A configured stage, with its last releases. */
export interface BuiltStage {
  readonly stage: string;
  readonly machine?: ProjectEnvironment;
  readonly records: readonly ReleaseRecord[];
}

/**
 * @returns the advice to build on Lambda, where the last releases would have fitted: no Docker, no network of one's
 *   own, no image of one's own, and all builds under 15 minutes
 */
export function diagnoseCompute(stages: readonly BuiltStage[]): readonly Finding[] {
  const fitting = stages.flatMap(({ stage, machine, records }) => {
    const builds = records.flatMap((record) => buildTime(record) ?? []);
    const longest = Math.max(0, ...builds);
    return isOnPlainEc2(machine) && builds.length >= ENOUGH && longest < LONGEST_ON_LAMBDA ? [{ stage, longest }] : [];
  });
  if (fitting.length === 0) return [];
  const longest = Math.max(...fitting.map((one) => one.longest));
  return [
    {
      check: 'builds',
      level: 'ok',
      message:
        `the last releases to ${nameSome(fitting.map(({ stage }) => stage))} would have fitted builds on Lambda, which start ` +
        `in seconds: no Docker, no vpc, and at most ${(longest / 60_000).toFixed(1)} of its 15 minutes`,
      fix:
        'try "build: { compute: lambda }" in seedbed.yml, first on a stage that can wait: that it fits was never ' +
        'confirmed on a real account. A build that cannot start there runs on EC2',
    },
  ];
}

/** What a release's builds took, phase after phase: no single build took longer. */
const buildTime = ({ release, durations }: ReleaseRecord): number | undefined =>
  release.rollback || release.remove ? undefined : durations?.build;

const isOnPlainEc2 = (machine: ProjectEnvironment | undefined): boolean =>
  machine !== undefined &&
  /^(LINUX|ARM)_CONTAINER$/.test(machine.type) &&
  isOfAws(machine.image) &&
  !machine.isPrivileged &&
  !machine.isInVpc &&
  !machine.variables.includes(FLEET_VARIABLE);
