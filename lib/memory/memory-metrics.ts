import type { Metrics } from '../ports/metrics';

/** In-memory twin of the port Metrics. */
export interface MemoryMetrics extends Metrics {
  readonly added: readonly {
    readonly dimensions: Readonly<Record<string, string>>;
    readonly values: Readonly<Record<string, number>>;
  }[];
}

export function memoryMetrics(): MemoryMetrics {
  const added: MemoryMetrics['added'][number][] = [];
  return {
    added,
    add(dimensions, values) {
      const numbers = Object.entries(values).map(([name, { value }]) => [name, value]);
      added.push({ dimensions, values: Object.fromEntries(numbers) });
    },
  };
}
