import { LIMITS } from './limits';
import type { BuildTask } from './state';

/** Keys of the artifact repository. The root service is written `_`, since `.` has a meaning in paths. */
const service = (path: string): string => (path === '.' ? '_' : path);

/** @returns the key of a bundle; the same content always has the same key. */
export const bundleKey = (app: string, path: string, logicalId: string, contentHash: string): string =>
  `${bundlePrefix(app, path)}${logicalId}/${contentHash}.zip`;

/** @returns the prefix of all bundles of a service, ending in `/`. */
export const bundlePrefix = (app: string, path: string): string => `bundles/${app}/${service(path)}/`;

/**
 * So many bytes may a service's path have, whatever the names of app and functions: the keys of its bundles are the
 * longest names that are made of it. A logical id has 255 characters at most:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/resources-section-structure.html
 */
export const LONGEST_SERVICE_PATH =
  LIMITS.objectKey.most - bundleKey('a'.repeat(32), 'x', 'L'.repeat(255), 'f'.repeat(64)).length + 1;

/** @returns the prefix of all packages of a service, ending in `/`. */
export const packagesPrefix = (app: string, path: string): string => `packages/${app}/${service(path)}/`;

/** @returns the prefix of everything one release stored of one service, ending in `/`. */
export const packagePrefix = (app: string, path: string, releaseId: string): string =>
  `${packagesPrefix(app, path)}${releaseId}/`;

/** The only objects of a package that builds may write, `*` for anything; all others are written by workers. */
export const WRITTEN_BY_BUILDS = [
  'manifest.json',
  'template.json',
  'times.json',
  'error.json',
  'error-*.json',
] as const;

export const manifestKey = (app: string, path: string, releaseId: string): string =>
  `${packagePrefix(app, path, releaseId)}manifest.json`;

/** @returns where the packager stores the framework's own template. */
export const templateKey = (app: string, path: string, releaseId: string): string =>
  `${packagePrefix(app, path, releaseId)}template.json`;

/** @returns where the packager leaves the error of a failed build; of a hook's beside it. */
export const buildErrorKey = (app: string, path: string, releaseId: string, task: BuildTask = 'package'): string =>
  `${packagePrefix(app, path, releaseId)}${task === 'package' ? 'error' : `error-${task}`}.json`;

/** @returns where the packager leaves how long the parts of a build took. */
export const buildTimesKey = (app: string, path: string, releaseId: string): string =>
  `${packagePrefix(app, path, releaseId)}times.json`;

/** @returns where a build finds what other services of the stage offer. */
export const buildInputsKey = (app: string, path: string, releaseId: string): string =>
  `${packagePrefix(app, path, releaseId)}inputs.json`;

/** @returns where the template is stored as it is given to CloudFormation. */
export const renderedTemplateKey = (app: string, path: string, releaseId: string): string =>
  `${packagePrefix(app, path, releaseId)}rendered.json`;

export const deployedPackageKey = (app: string, path: string, releaseId: string): string =>
  `${packagePrefix(app, path, releaseId)}deployed.json`;
