import { BUILD_PARTS, type BuildPart } from '../contracts/build-times';
import { type Finding, ok } from '../contracts/diagnosis';
import type { ReleaseRecord } from '../contracts/state';
import { STEPS, type Step } from '../contracts/steps';

/** What a release waits for: its steps, and in place of `build` the parts of the build. */
type Wait = Exclude<Step, 'build'> | BuildPart | 'build';

const WORDS: Readonly<Record<Wait, string>> = {
  trigger: 'another release, or to begin',
  plan: 'the plan',
  build: 'the rest of the build (its start, what CodeBuild does not tell, and being seen to end)',
  queued: "CodeBuild's queue",
  provisioning: 'the machine of the build (PROVISIONING)',
  source: 'the download of the packager (DOWNLOAD_SOURCE)',
  runtime: 'the choice of the runtime (INSTALL)',
  checkout: 'the checkout of the commit',
  dependencies: 'the installation of dependencies',
  hooks: 'commands of seed.yml before the package',
  framework: "the framework's package command",
  hashing: 'hashing bundles',
  upload: 'uploading bundles',
  finalizing: 'the end of the build (FINALIZING)',
  deploy: 'the deployment (stack, functions)',
  shift: 'the shift of traffic',
  record: 'the record',
};

/** How many of the longest waits are told. */
const TOLD = 3;

/**
 * @param records of any stages of an app
 * @returns what those waited for most that built something and succeeded; nothing if there are none
 */
export function diagnoseTimes(records: readonly ReleaseRecord[]): readonly Finding[] {
  const pushes = records.filter(isPush);
  if (pushes.length === 0) return [];
  const waits = new Map<Wait, number>();
  for (const push of pushes) for (const [wait, time] of waitsOf(push)) waits.set(wait, (waits.get(wait) ?? 0) + time);
  const total = [...waits.values()].reduce((sum, time) => sum + time, 0);
  if (total === 0) return [];
  const longest = [...waits].sort(([, a], [, b]) => b - a).slice(0, TOLD);
  const told = longest
    .filter(([, time]) => time > 0)
    .map(([wait, time]) => `${WORDS[wait]}: ${seconds(time / pushes.length)}, ${Math.round((time / total) * 100)} %`);
  const which = pushes.length === 1 ? 'the last release' : `the last ${pushes.length} releases, on average`;
  return [ok('times', `what ${which}, of ${seconds(total / pushes.length)}, waited for most: ${told.join('; ')}`)];
}

const isPush = ({ release, status, durations }: ReleaseRecord): boolean =>
  status === 'succeeded' && !release.rollback && !release.remove && durations?.build !== undefined;

/** @returns the waits of one release; what of its builds is not known in parts is the rest of `build` */
function waitsOf({ durations = {}, buildTimes = {} }: ReleaseRecord): readonly (readonly [Wait, number])[] {
  const parts = BUILD_PARTS.map((part) => [part, buildTimes[part] ?? 0] as const);
  const known = parts.reduce((sum, [, time]) => sum + time, 0);
  const steps = STEPS.map((step) => [step, durations[step] ?? 0] as const);
  const rest = steps.map(([step, time]) => [step, step === 'build' ? Math.max(0, time - known) : time] as const);
  return [...rest, ...parts];
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
