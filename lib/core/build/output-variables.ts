import type { BuildInputs } from '../contracts/build-request';
import { fitBytes } from '../text/fit-bytes';
import { nameSome } from '../text/name-some';

/** Environment variables of other services' outputs. */
export interface OutputVariables {
  readonly variables: Readonly<Record<string, string>>;
  /** Why outputs are left out, in words: two come to the same name, or there are too many. */
  readonly warnings: readonly string[];
}

/**
 * Bytes of all names and values together: the environment of a process has a limit of its own, and holds more than
 * these.
 */
const MOST_BYTES = 200_000;
/** Collisions that are told one by one. */
const MOST_TOLD = 10;

interface Named {
  readonly name: string;
  readonly owner: string;
  readonly value: string;
}

/**
 * Names outputs for a shell: `SEED_OUTPUT_<SERVICE>_<KEY>` in upper case, with `_` for every other character. Of two
 * outputs with one name the first by service and key has it. Where there is not room for all, the longest are left out.
 */
export function outputVariables({ outputs }: BuildInputs): OutputVariables {
  const first = new Map<string, Named>();
  const collisions: string[] = [];
  for (const [service, values] of sorted(outputs)) {
    for (const [key, value] of sorted(values)) {
      const name = `SEED_OUTPUT_${forShell(service === '.' ? 'root' : service)}_${forShell(key)}`;
      const owner = `output ${key} of service "${service}"`;
      const before = first.get(name);
      if (before) collisions.push(`${name} is ${before.owner}; ${owner} is only in the file that SEED_OUTPUTS names`);
      else first.set(name, { name, owner, value });
    }
  }
  const { fits, leftOut } = fitBytes([...first.values()], MOST_BYTES, bytesOf);
  const more = collisions.length - MOST_TOLD;
  return {
    variables: Object.fromEntries(fits.map(({ name, value }) => [name, value])),
    warnings: [
      ...collisions.slice(0, MOST_TOLD),
      ...(more > 0 ? [`and ${more} more outputs are only in that file, since others have their names`] : []),
      ...(leftOut.length > 0 ? [tooMany(leftOut)] : []),
    ],
  };
}

const bytesOf = ({ name, value }: Named): number => Buffer.byteLength(name) + Buffer.byteLength(value);

function tooMany(leftOut: readonly Named[]): string {
  const which = nameSome(leftOut.map(({ owner }) => owner));
  const count = leftOut.length === 1 ? '1 output is' : `${leftOut.length} outputs are`;
  return `${count} only in the file that SEED_OUTPUTS names, since all are too long together for variables: ${which}`;
}

const forShell = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '_');

const sorted = <T>(values: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
