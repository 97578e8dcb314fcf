import type { BuildPart, BuildTimes } from '../core/contracts/build-times';
import type { Clock } from '../ports/clock';

/** Measures the parts of one build; what a part does in several goes is added up. */
export class PartTimes {
  readonly #times = new Map<BuildPart, number>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Does a part's work. @returns what the work does; its time counts also if it fails */
  async measure<T>(part: BuildPart, work: () => Promise<T>): Promise<T> {
    const begun = this.clock.now();
    try {
      return await work();
    } finally {
      this.#times.set(part, (this.#times.get(part) ?? 0) + Math.max(0, this.clock.now() - begun));
    }
  }

  /** @returns what was measured so far */
  read(): BuildTimes {
    return Object.fromEntries(this.#times);
  }
}
