import { join } from 'node:path/posix';
import type { Architecture } from '../contracts/architecture';
import { ReleaseError } from '../contracts/errors';
import { FUNCTION_NAME, inStage, middleOf } from './function-pattern';
import type { WrittenFunction } from './written-functions';

/** A function that something else made, and where its code is. */
export interface NamedFunction {
  readonly name: string;
  /** From the directory of the service. */
  readonly path: string;
  readonly isZip: boolean;
  readonly runtime: string;
  readonly architecture: Architecture;
  readonly handler?: string;
  /** Where it is written, for messages. */
  readonly place: string;
}

interface Surroundings {
  readonly service: string;
  readonly stage: string;
  /** @returns the paths that a path with `*` may stand for, from the directory of the service */
  readonly placesOf: (pattern: string) => readonly string[];
}

/**
 * Names the functions of a service in a stage. A pattern stands for a function for each path that its own stands for:
 * the repository says which functions there are, and nothing else is touched, whatever it is called.
 *
 * @throws ReleaseError `ConfigInvalid` for a name that no function can have, a pattern that stands for nothing, and a
 *   function that two entries name, all at once
 */
export function nameFunctions(
  written: readonly WrittenFunction[],
  { service, stage, placesOf }: Surroundings,
): readonly NamedFunction[] {
  const problems: string[] = [];
  const named = written.flatMap((one, index): NamedFunction[] => {
    const place = `seed.yml: "code_only.${service}[${index}]"`;
    const { directory, zip, runtime, architecture, handler } = one;
    const pattern = (zip ?? directory)!;
    const made = (name: string, path: string): NamedFunction => ({
      name,
      path: join(path),
      isZip: zip !== undefined,
      runtime,
      architecture,
      ...(handler !== undefined && { handler }),
      place,
    });
    const name = inStage(one.name, stage);
    if (!pattern.includes('*')) return [made(name, pattern)];
    const found = placesOf(pattern).flatMap((path) => {
      const middle = middleOf(join(pattern), path);
      return middle
        ? [
            made(
              name.replace('*', () => middle),
              path,
            ),
          ]
        : [];
    });
    if (found.length === 0) {
      problems.push(
        `${place}: nothing is called "${join(service, pattern)}"; correct the path, or make it with "build"`,
      );
    }
    return found;
  });
  const seen = new Map<string, string>();
  for (const { name, place } of named) {
    if (!FUNCTION_NAME.test(name)) {
      problems.push(
        `${place}: no function can be called "${name}": names have letters, digits, "-" and "_", 64 at the most`,
      );
    }
    const earlier = seen.get(name);
    if (earlier !== undefined)
      problems.push(`${place}: function "${name}" is named by ${earlier} already; remove one of the two`);
    seen.set(name, place);
  }
  if (problems.length > 0) throw new ReleaseError('ConfigInvalid', problems.join('\n'));
  return named;
}
