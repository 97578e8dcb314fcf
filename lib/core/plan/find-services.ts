import { ReleaseError } from '../contracts/errors';
import { LONGEST_SERVICE_PATH } from '../contracts/keys';
import type { ServicePath } from '../contracts/release';
import type { FoundKind } from '../contracts/service-kind';
import { directoryOf, ROOT, toServicePath } from '../contracts/service-path';
import { useInstead } from '../text/nearest';
import { CDK_FILE, KIND_FILES, LOOKED_FOR } from './kind-files';

/** Directories of installed or generated files: a configuration in there is not a service of this repository. */
const IGNORED: ReadonlySet<string> = new Set([
  'node_modules',
  'bower_components',
  'site-packages',
  '.git',
  '.serverless',
  '.aws-sam',
  '.build',
  '.esbuild',
  '.webpack',
  '.venv',
  'cdk.out',
]);

/** What seed.yml says of which directories are services. */
export interface ServicesWritten {
  /** Exactly these are the services. */
  readonly services?: readonly string[];
  /** By directory, what it is made with. */
  readonly kinds?: Readonly<Record<string, FoundKind>>;
  /** By directory, services whose functions something else makes. */
  readonly code_only?: Readonly<Record<string, unknown>>;
}

/**
 * @param files all paths of the commit's tree
 * @returns the files whose text has to be known to find its services, see `hasSamTransform`
 */
export function undecidedFiles(files: readonly string[], written: ServicesWritten = {}): readonly string[] {
  const named = namedKinds(written);
  const listed = written.services && new Set(written.services.map(toServicePath));
  return files.filter((file) => {
    const directory = directoryOf(file);
    if (!KIND_FILES.sam.files.includes(nameOf(file)) || isIgnored(directory)) return false;
    return !named.has(directory) && (listed === undefined || listed.has(directory));
  });
}

/**
 * Finds the services of a commit.
 *
 * @param files all paths of the commit's tree
 * @param written what seed.yml says
 * @param samTemplates those of `undecidedFiles` that are templates of SAM
 * @returns the services' paths, sorted
 * @throws ReleaseError NoServiceFound, ServiceNotFound (a listed one has no configuration, or one of `code_only` no
 *   file) or ConfigInvalid (a path that cannot be one of ours, or is too long for the keys of its bundles; a directory
 *   of two kinds)
 */
export function findServices(
  files: readonly string[],
  written: ServicesWritten = {},
  samTemplates: ReadonlySet<string> = new Set(),
): ServicePath[] {
  const { services: listed } = written;
  const named = namedKinds(written);
  const directories = kindsOf(files, samTemplates);
  for (const [directory, kind] of named) directories.set(directory, [namedService(files, directory, kind)]);
  for (const directory of codeOnlyServices(files, written, directories)) directories.set(directory, []);
  const paths = [...directories.keys()];
  const found = listed === undefined ? paths.map(checkedPath) : listedServices(listed, paths);
  if (found.length === 0) throw new ReleaseError('NoServiceFound', `no service found: ${whyNone(listed)}`);
  refuseTooLong(found);
  for (const path of found) oneKind(path, directories.get(path)!);
  return found.sort();
}

/**
 * @param names of the files of a directory
 * @param samTemplates those of them that are templates of SAM
 * @param named what seed.yml says that it is
 * @returns the kind of the service in that directory; undefined if there is none
 * @throws ReleaseError ConfigInvalid if there are two kinds, and it is not said which counts
 */
export function kindInDirectory(
  path: ServicePath,
  {
    names,
    samTemplates,
    named,
  }: { readonly names: readonly string[]; readonly samTemplates: ReadonlySet<string>; readonly named?: FoundKind },
): FoundKind | undefined {
  if (named !== undefined) return named;
  const found = names.flatMap((name) => kindFileOf(name, () => samTemplates.has(name)) ?? []);
  return found.length === 0 ? undefined : oneKind(path, found);
}

/** A file that makes its directory a service, or may. */
interface KindFile {
  readonly name: string;
  readonly kind: FoundKind | 'cdk';
}

function kindFileOf(name: string, isSamTemplate: () => boolean): KindFile | undefined {
  if (KIND_FILES.serverless.files.includes(name)) return { name, kind: 'serverless' };
  if (KIND_FILES.sam.files.includes(name)) return isSamTemplate() ? { name, kind: 'sam' } : undefined;
  return name === CDK_FILE ? { name, kind: 'cdk' } : undefined;
}

/** @returns what makes each directory a service, by directory. A CDK app alone does not. */
function kindsOf(files: readonly string[], samTemplates: ReadonlySet<string>): Map<string, KindFile[]> {
  const found = new Map<string, KindFile[]>();
  for (const file of files) {
    const one = kindFileOf(nameOf(file), () => samTemplates.has(file));
    const directory = directoryOf(file);
    if (one !== undefined && !isIgnored(directory)) found.set(directory, [...(found.get(directory) ?? []), one]);
  }
  for (const [directory, all] of found) if (all.every(({ kind }) => kind === 'cdk')) found.delete(directory);
  return found;
}

/**
 * A CDK app beside a template of SAM is in doubt, since the template may be what it has made. Beside a serverless.yml
 * it is something of its own: nothing that the CDK makes is called so.
 */
function oneKind(path: string, all: readonly KindFile[]): FoundKind | undefined {
  const found = all.some(({ kind }) => kind === 'sam') ? all : all.filter(({ kind }) => kind !== 'cdk');
  const kinds = new Map(found.map((one) => [one.kind, one]));
  const [first, ...others] = [...kinds.values()];
  if (others.length === 0) return first?.kind === 'cdk' ? undefined : first?.kind;
  const inWords = [...kinds.values()].map(
    ({ name, kind }) =>
      `${name} (${kind === 'cdk' ? 'the CDK, which Seedbed does not deploy' : KIND_FILES[kind].title})`,
  );
  const choices = [...kinds.keys()].filter((kind) => kind !== 'cdk');
  throw new ReleaseError(
    'ConfigInvalid',
    `the directory "${path}" has ${inWords.join(' and ')}, and a service has one kind; say in seed.yml which it is: ` +
      `${choices.map((kind) => `"kinds: { ${JSON.stringify(path)}: ${kind} }"`).join(' or ')}, or move one of them to a ` +
      'directory of its own',
  );
}

function namedKinds({ kinds = {} }: ServicesWritten): ReadonlyMap<string, FoundKind> {
  return new Map(
    Object.entries(kinds).map(([text, kind]) => {
      const path = toServicePath(text);
      if (path !== undefined) return [path, kind];
      throw new ReleaseError(
        'ConfigInvalid',
        `seed.yml: kinds: "${text}" is not a directory of the repository; write its path from the repository's root, ` +
          'without white space',
      );
    }),
  );
}

function namedService(files: readonly string[], directory: string, kind: FoundKind): KindFile {
  const { named, lookedFor } = KIND_FILES[kind];
  const name = named.find((one) => files.includes(directory === ROOT ? one : `${directory}/${one}`));
  if (name !== undefined) return { name, kind };
  throw new ReleaseError(
    'ServiceNotFound',
    `seed.yml: kinds: "${directory}" is to be ${kind}, but has no ${lookedFor}; add one, or correct the entry`,
  );
}

/** @returns the directories of the services whose functions something else makes */
function codeOnlyServices(
  files: readonly string[],
  { code_only = {} }: ServicesWritten,
  others: ReadonlyMap<string, readonly KindFile[]>,
): readonly string[] {
  return Object.keys(code_only).map((text) => {
    const key = `seed.yml: "code_only.${text}"`;
    // What is no path of a directory is refused where seed.yml is read.
    const path = toServicePath(text) ?? text;
    const [other] = others.get(path) ?? [];
    if (other !== undefined) {
      throw new ReleaseError(
        'ConfigInvalid',
        `${key} is the directory of another service, by its ${other.name}; name the functions in a directory of their own`,
      );
    }
    if (path !== ROOT && !files.some((file) => file.startsWith(`${path}/`))) {
      throw new ReleaseError(
        'ServiceNotFound',
        `${key} has no file in the commit; correct the path, or commit its code`,
      );
    }
    return path;
  });
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

const isIgnored = (directory: string): boolean => directory.split('/').some((part) => IGNORED.has(part));

function refuseTooLong(services: readonly ServicePath[]): void {
  const path = services.find((one) => Buffer.byteLength(one) > LONGEST_SERVICE_PATH);
  if (path === undefined) return;
  const bytes = Buffer.byteLength(path);
  throw new ReleaseError(
    'ConfigInvalid',
    `the path of the service directory "${path.slice(0, 60)}…" has ${bytes} bytes, ${bytes - LONGEST_SERVICE_PATH} ` +
      `more than the ${LONGEST_SERVICE_PATH} that are left for it in the keys of its bundles; move the service nearer to ` +
      'the root, or shorten the names of its directories',
  );
}

const whyNone = (listed: readonly string[] | undefined): string =>
  listed === undefined
    ? `no directory of the commit has a ${LOOKED_FOR}; add one, or release a commit that has one`
    : 'seed.yml: services: the list is empty; list a service, or remove the key to have all of them found';

function checkedPath(directory: string): ServicePath {
  const path = toServicePath(directory);
  if (path !== undefined) return path;
  throw new ReleaseError(
    'ConfigInvalid',
    `the service directory "${directory}" has white space in its name; rename it, ` +
      'or list the services that are to be deployed in seed.yml, key "services"',
  );
}

function listedServices(listed: readonly string[], directories: readonly string[]): ServicePath[] {
  const services = new Set<ServicePath>();
  for (const [index, text] of listed.entries()) {
    const key = `seed.yml: services[${index}]: "${text}"`;
    const path = toServicePath(text);
    if (path === undefined) {
      throw new ReleaseError(
        'ConfigInvalid',
        `${key} is not a directory of the repository; write its path from the repository's root, without white space`,
      );
    }
    if (!directories.includes(path)) {
      const hint = useInstead(path, directories, { otherwise: 'add one, or remove the entry' });
      throw new ReleaseError('ServiceNotFound', `${key} has no ${LOOKED_FOR}; ${hint}`);
    }
    services.add(path);
  }
  return [...services];
}
