import type { BuildInputs } from '../contracts/build-request';

/** Environment variables of other services' outputs. */
export interface OutputVariables {
  readonly variables: Readonly<Record<string, string>>;
  /** Why outputs are left out, in words: two come to the same name, or there are too many. */
  readonly collisions: readonly string[];
}

/** The environment of a process has a limit of its own, and holds more than these. */
const MOST_CHARACTERS = 200_000;

/**
 * Names outputs for a shell: `SEED_OUTPUT_<SERVICE>_<KEY>` in upper case, with `_` for every other character. Of two
 * outputs with one name the first by service and key has it.
 */
export function outputVariables({ outputs }: BuildInputs): OutputVariables {
  const owners = new Map<string, { readonly owner: string; readonly value: string }>();
  const collisions: string[] = [];
  let characters = 0;
  let tooMany = 0;
  for (const [service, values] of sorted(outputs)) {
    for (const [key, value] of sorted(values)) {
      const name = `SEED_OUTPUT_${forShell(service === '.' ? 'root' : service)}_${forShell(key)}`;
      const owner = `output ${key} of service "${service}"`;
      const first = owners.get(name);
      characters += first ? 0 : name.length + value.length;
      if (characters > MOST_CHARACTERS) tooMany += 1;
      else if (first)
        collisions.push(`${name} is ${first.owner}; ${owner} is only in the file that SEED_OUTPUTS names`);
      else owners.set(name, { owner, value });
    }
  }
  if (tooMany > 0)
    collisions.push(`${tooMany} outputs are only in the file that SEED_OUTPUTS names: too many for variables`);
  return { variables: Object.fromEntries([...owners].map(([name, { value }]) => [name, value])), collisions };
}

const forShell = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '_');

const sorted = <T>(values: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
