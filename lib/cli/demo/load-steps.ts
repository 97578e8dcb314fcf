import type { LoadRequest } from '../../local/load';
import type { DemoAnswerer } from './demo-load';

/** An alias as it was at some moment between the two, epoch milliseconds. */
export interface WeightReading {
  readonly askedAt: number;
  readonly answeredAt: number;
  /** Share of the new version, in percent. */
  readonly percent: number;
}

/** A time during which an alias kept its weight, and the requests of that time by who answered; `lost` by nobody. */
export interface LoadStep extends Readonly<Record<DemoAnswerer | 'lost', number>> {
  readonly percent: number;
}

/**
 * Counts requests by the weight that the alias had. While one was under way the weight may have changed: then an answer
 * of the old version counts to the smaller weight and any other to the greater one. So an answer that the weight makes
 * impossible was impossible all the time.
 *
 * @param readings in the order in which they were made; without any nothing is known, and nothing counted
 * @returns the steps in their order
 */
export function loadSteps(readings: readonly WeightReading[], requests: readonly LoadRequest[]): readonly LoadStep[] {
  const stepOf: number[] = [];
  const steps: { percent: number; old: number; new: number; threw: number; lost: number }[] = [];
  for (const { percent } of readings) {
    if (steps.at(-1)?.percent !== percent) steps.push({ percent, old: 0, new: 0, threw: 0, lost: 0 });
    stepOf.push(steps.length - 1);
  }
  for (const { at, took, answer = 'lost' } of readings.length > 0 ? requests : []) {
    const last = readings.findLastIndex(({ answeredAt }) => answeredAt <= at);
    const after = readings.findIndex(({ askedAt }) => askedAt >= at + took);
    const possible = stepOf
      .slice(Math.max(0, last), after === -1 ? undefined : after + 1)
      .map((index) => steps[index]!);
    const sign = answer === 'old' ? -1 : 1;
    const step = possible.reduce((best, one) => (sign * one.percent > sign * best.percent ? one : best));
    step[answer as DemoAnswerer | 'lost'] += 1;
  }
  return steps;
}
