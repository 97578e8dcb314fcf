import type { AliasReading } from '../../ports/functions';
import type { DemoPush } from './demo-act';
import type { LoadStep } from './load-steps';

/** The alias of a function before a release and after it. */
export interface AliasMove {
  readonly logicalId: string;
  readonly before: AliasReading;
  readonly after: AliasReading;
}

/** What a load has seen. */
export interface LoadSighting {
  readonly steps: readonly LoadStep[];
  /** Some answers that no version gives, or why there was none. */
  readonly examples: readonly string[];
  /** How often the new version threw, as CloudWatch has it. */
  readonly thrown: number;
  /** Of every function of the service. */
  readonly aliases: readonly AliasMove[];
}

/** The fewest weights between none and all that a gradual shift has to show. */
const FEWEST_STEPS = 5;

/**
 * @param push one with a load
 * @returns what went differently than it should, in words: requests that failed without a reason, answers of a version
 *   that had no traffic, steps out of order, aliases on two versions or on the wrong one
 */
export function unexpectedOfLoad(
  { load, services }: Pick<DemoPush, 'load' | 'services'>,
  { steps, examples, thrown, aliases }: LoadSighting,
): readonly string[] {
  const isOnNew = load?.ends === 'new';
  const changed = services.find(({ service }) => service === load?.service)?.functions ?? [];
  return [
    ...steps.flatMap(unexpectedOfStep),
    ...examples.map((example) => `a request was lost or wrongly answered: ${example}`),
    ...(thrown === failedOf(steps)
      ? []
      : [`requests that failed: ${failedOf(steps)}, but the new version threw ${thrown} times (CloudWatch)`]),
    ...(isOnNew ? unexpectedOfRise(steps) : unexpectedOfReturn(steps)),
    ...aliases.flatMap(({ logicalId, before, after }) => [
      ...(isWhole(after) ? [] : [`the alias of ${logicalId} is left on two versions: ${describeAlias(after)}`]),
      ...differ(
        `whether the alias of ${logicalId} moved`,
        isOnNew && changed.includes(logicalId),
        after.version !== before.version,
      ),
    ]),
  ];
}

function unexpectedOfStep({ percent, old, new: fromNew, threw, lost }: LoadStep): string[] {
  const at = `at a weight of ${percent} %`;
  return [
    ...(lost > 0 ? [`requests lost or wrongly answered ${at}: ${lost}`] : []),
    ...(percent === 0 && fromNew + threw > 0 ? [`requests to the new version ${at}: ${fromNew + threw}`] : []),
    ...(percent === 100 && old > 0 ? [`requests to the old version ${at}: ${old}`] : []),
  ];
}

function unexpectedOfRise(steps: readonly LoadStep[]): string[] {
  const percents = steps.map(({ percent }) => percent);
  const between = percents.filter((percent) => percent > 0 && percent < 100);
  const rises = percents.every((percent, index) => index === 0 || percent > percents[index - 1]!);
  const threw = failedOf(steps);
  return [
    ...(rises && percents[0] === 0 && percents.at(-1) === 100 && between.length >= FEWEST_STEPS
      ? []
      : [`the weight: expected to rise from 0 % to 100 % in steps, but it was ${percents.join(', ')}`]),
    ...(threw > 0 ? [`requests that failed: ${threw}`] : []),
  ];
}

function unexpectedOfReturn(steps: readonly LoadStep[]): string[] {
  const percents = steps.map(({ percent }) => percent);
  const threw = failedOf(steps);
  return [
    ...(percents[0] === 0 && percents.at(-1) === 0 && percents.length > 2 && !percents.includes(100)
      ? []
      : [`the weight: expected to leave 0 % and to return there, but it was ${percents.join(', ')}`]),
    ...(threw === 0 ? ['no request failed, but the new version throws'] : []),
  ];
}

/** @returns how many requests a version failed. */
export const failedOf = (steps: readonly LoadStep[]): number => steps.reduce((sum, { threw }) => sum + threw, 0);

const isWhole = ({ weights }: AliasReading): boolean => Object.keys(weights).length === 0;

/** @returns where an alias sends its traffic: `3`, or `3 and 10 % to 4`. */
export const describeAlias = ({ version, weights }: AliasReading): string =>
  [version, ...Object.entries(weights).map(([other, weight]) => `${Math.round(weight * 100)} % to ${other}`)].join(
    ' and ',
  );

const differ = (what: string, expected: boolean, found: boolean): string[] =>
  expected === found ? [] : [`${what}: expected ${expected ? 'yes' : 'no'}, but it was ${found ? 'yes' : 'no'}`];
