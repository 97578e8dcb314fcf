import { ReleaseError } from '../contracts/errors';
import { LONGEST_SERVICE_PATH } from '../contracts/keys';
import type { ServicePath } from '../contracts/release';
import { directoryOf, toServicePath } from '../contracts/service-path';
import { useInstead } from '../text/nearest';

/** The names under which the Serverless Framework looks for a service's configuration, in the order of their number. */
export const CONFIG_FILES: readonly string[] = ['yml', 'yaml', 'json', 'js', 'cjs', 'mjs', 'ts'].map(
  (extension) => `serverless.${extension}`,
);

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

/** What makes a directory a service, in words. */
export const LOOKED_FOR = 'serverless.yml (or .yaml, .json, .js, .cjs, .mjs, .ts)';

/**
 * Finds the services of a commit.
 *
 * @param files all paths of the commit's tree
 * @param listed the key `services` of seed.yml: then exactly these are the services
 * @returns the services' paths, sorted
 * @throws ReleaseError NoServiceFound, ServiceNotFound (a listed one has no configuration) or ConfigInvalid (a path
 *   that cannot be one of ours, or is too long for the keys of its bundles)
 */
export function findServices(files: readonly string[], listed?: readonly string[]): ServicePath[] {
  const directories = configDirectories(files);
  const found = listed === undefined ? directories.map(checkedPath) : listedServices(listed, directories);
  if (found.length === 0) throw new ReleaseError('NoServiceFound', `no service found: ${whyNone(listed)}`);
  refuseTooLong(found);
  return found.sort();
}

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

function configDirectories(files: readonly string[]): string[] {
  const directories = files
    .filter((file) => CONFIG_FILES.includes(file.slice(file.lastIndexOf('/') + 1)))
    .map(directoryOf)
    .filter((directory) => !directory.split('/').some((part) => IGNORED.has(part)));
  return [...new Set(directories)];
}

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
