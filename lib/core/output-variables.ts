import type { BuildInputs } from './build-request';

/** Environment variables of other services' outputs. */
export interface OutputVariables {
  readonly variables: Readonly<Record<string, string>>;
  /** What each output is left out for, in words: two outputs come to the same name. */
  readonly collisions: readonly string[];
}

/**
 * Names outputs for a shell: `SEED_OUTPUT_<SERVICE>_<KEY>` in upper case, with `_` for every other character. Of two outputs
 * with one name the first by service and key has it.
 */
export function outputVariables({ outputs }: BuildInputs): OutputVariables {
  const owners = new Map<string, { readonly owner: string; readonly value: string }>();
  const collisions: string[] = [];
  for (const [service, values] of sorted(outputs)) {
    for (const [key, value] of sorted(values)) {
      const name = `SEED_OUTPUT_${forShell(service === '.' ? 'root' : service)}_${forShell(key)}`;
      const owner = `output ${key} of service "${service}"`;
      const first = owners.get(name);
      if (first) collisions.push(`${name} is ${first.owner}; ${owner} is only in the file that SEED_OUTPUTS names`);
      else owners.set(name, { owner, value });
    }
  }
  return { variables: Object.fromEntries([...owners].map(([name, { value }]) => [name, value])), collisions };
}

const forShell = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '_');

const sorted = <T>(values: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
