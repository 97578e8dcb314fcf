import { parseArgs } from 'node:util';

/** What the command line asks of the benchmarks. */
export interface BenchOptions {
  /** How many services, for those that change that. */
  readonly services?: readonly number[];
  /** How many functions each has, for those that change that. */
  readonly functions?: readonly number[];
  /** How often each push is measured. */
  readonly runs: number;
}

/**
 * @param args such as `many --services 4,16 --runs 3`
 * @returns the benchmarks that are named, and the options
 * @throws Error if an option does not exist, or is no number
 */
export function readArguments(args: readonly string[]): { names: readonly string[]; options: BenchOptions } {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { services: text, functions: text, runs: text },
  });
  const { services, functions, runs = '1' } = values;
  return {
    names: positionals,
    options: {
      services: numbers('services', services),
      functions: numbers('functions', functions),
      runs: numbers('runs', runs)![0]!,
    },
  };
}

function numbers(name: string, text: string | undefined): readonly number[] | undefined {
  const values = text?.split(',').map(Number);
  if (values === undefined || values.every((value) => Number.isInteger(value) && value > 0)) return values;
  throw new Error(`--${name}: "${text}" is no number; give one, or several with commas, such as 4,16`);
}
