import { join } from 'node:path/posix';
import type { ServicePath } from '../contracts/release';
import { directoriesAbove, directoryOf, ROOT } from '../contracts/service-path';
import { isJsonObject } from '../text/canonical-json';

/**
 * Files that a service is made of and that do not lie in its directory, by their paths in the repository. `libs/`
 * stands for all that is anywhere below that directory, `libs/*` for what is directly in it.
 */
export type OutsideFiles = readonly string[];

/** Every plan of a stage reads those of all its services; more, or more characters, are told by directories. */
const MOST = 100;
const MOST_CHARACTERS = 8_000;

/**
 * @param paths in the repository, also those of the service's own files
 * @returns those outside of its directory, sorted; if they are too many, directories in their place
 */
export function outsideFiles(paths: Iterable<string>, service: ServicePath): OutsideFiles {
  const isInside = (path: string) => service === ROOT || path.startsWith(`${service}/`);
  let outside = [...new Set(paths)].filter((path) => !isInside(path)).sort();
  while (outside.length > MOST || outside.join('').length > MOST_CHARACTERS) {
    const deepest = Math.max(...outside.map(depth));
    outside = [...new Set(outside.map((path) => (depth(path) === deepest ? directoryFor(path) : path)))].sort();
    outside = withoutCovered(outside);
  }
  return outside;
}

const depth = (path: string): number => path.split('/').filter(Boolean).length;

/** `libs/a.js`, `libs/*` and `libs/b/` become `libs/`; what lies in the root becomes `./`, which is everything. */
const directoryFor = (path: string): string => `${directoryOf(path.replace(/\/$/, ''))}/`;

function withoutCovered(paths: readonly string[]): string[] {
  const directories = new Set(paths.filter((path) => path.endsWith('/')));
  if (directories.has(`${ROOT}/`)) return [`${ROOT}/`];
  const isCovered = (path: string) =>
    directoriesAbove(path.replace(/\/$/, '')).some((directory) => directories.has(`${directory}/`));
  return paths.filter((path) => !isCovered(path));
}

/** Changed files, to find those among them that services read. */
export class ChangedPaths {
  private readonly files: ReadonlySet<string>;
  /** By directory, what changed directly in it. */
  private readonly direct = new Map<string, string[]>();

  constructor(files: readonly string[]) {
    this.files = new Set(files);
    for (const file of this.files) {
      const directory = directoryOf(file);
      this.direct.set(directory, [...(this.direct.get(directory) ?? []), file]);
    }
  }

  /** @returns the changed ones among the files that a service reads */
  among(outside: OutsideFiles): readonly string[] {
    return outside.flatMap((path) => {
      if (path.endsWith('/*')) return this.direct.get(path.slice(0, -2)) ?? [];
      if (path === `${ROOT}/`) return [...this.files];
      if (path.endsWith('/')) return [...this.files].filter((file) => file.startsWith(path));
      if (this.files.has(path)) return [path];
      // What is read through a symbolic link, or of a submodule, is told by these alone.
      return directoriesAbove(path).filter((directory) => this.files.has(directory));
    });
  }
}

/** `${file(../a/texts.yml)}`, with a path that is written out. */
const FILE_VARIABLE = /\bfile\(\s*['"]?([^)'",$]+?)['"]?\s*[),]/g;
const FILE_KEYS = new Set(['artifact', 'path', 'patterns', 'include', 'handler', 'schema', 'mappingTemplates']);

/**
 * Finds without running anything what a configuration names of files outside of the service's directory: by variables,
 * patterns, artifacts, layers and handlers. Only what is written out is found.
 *
 * @param config the configuration as it is written
 */
export function namedOutside(config: unknown, service: ServicePath): OutsideFiles {
  const inRepository = (path: string): string[] => {
    const joined = join(service, path);
    return joined.startsWith('..') ? [] : [joined];
  };
  const found = [...named(config, '')].flatMap(inRepository);
  return outsideFiles(found, service);
}

function* named(value: unknown, key: string): Generator<string> {
  if (typeof value === 'string') {
    for (const [, path] of value.matchAll(FILE_VARIABLE)) yield path!;
    if (FILE_KEYS.has(key) && value.startsWith('../')) yield* pathOf(value, key);
  }
  if (Array.isArray(value)) for (const inner of value) yield* named(inner, key);
  if (isJsonObject(value)) for (const [inner, content] of Object.entries(value)) yield* named(content, inner);
}

/** Of a pattern, the directory above its first wildcard; of a handler, files beside it; else a file or directory. */
function* pathOf(text: string, key: string): Generator<string> {
  const wildcard = text.search(/[*?[{]/);
  if (wildcard !== -1) return yield `${directoryOf(text.slice(0, wildcard + 1))}/`;
  if (key === 'handler') return yield `${directoryOf(text)}/*`;
  yield text;
  if (!text.endsWith('/')) yield `${text}/`;
}
