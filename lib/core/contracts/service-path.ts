import { ServicePath } from './release';

/** The root service's path. */
export const ROOT = '.';

/**
 * @param text a service's directory as a person writes it: `./a/b/`, `a//b`, `.`
 * @returns its canonical form (`a/b`), or undefined if it is absolute, leaves the repository or holds white space.
 */
export function toServicePath(text: string): ServicePath | undefined {
  if (text.startsWith('/') || text === '') return undefined;
  const parts = text.split('/').filter((part) => part !== '' && part !== ROOT);
  if (parts.includes('..')) return undefined;
  const path = parts.length === 0 ? ROOT : parts.join('/');
  return ServicePath.safeParse(path).success ? path : undefined;
}

/** @returns the directory of a file or directory; `.` for what lies in the repository's root. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? ROOT : path.slice(0, slash);
}

/** @returns the directories above `path`, nearest first, the root last; none above the root itself. */
export function directoriesAbove(path: string): readonly string[] {
  const above: string[] = [];
  for (let at = path; at !== ROOT; ) {
    at = directoryOf(at);
    above.push(at);
  }
  return above;
}

/**
 * @param services the registered services
 * @returns a function from a file's path to the deepest service whose directory contains it, or undefined if none does.
 *   It remembers directories, so that many files of few directories cost one look-up each.
 */
export function ownerOf(services: readonly ServicePath[]): (file: string) => ServicePath | undefined {
  const registered = new Set<string>(services);
  const known = new Map<string, ServicePath | undefined>();
  const ownerOfDirectory = (directory: string): ServicePath | undefined => {
    if (registered.has(directory)) return directory;
    if (directory === ROOT) return undefined;
    if (known.has(directory)) return known.get(directory);
    const owner = ownerOfDirectory(directoryOf(directory));
    known.set(directory, owner);
    return owner;
  };
  return (file) => ownerOfDirectory(directoryOf(file));
}
