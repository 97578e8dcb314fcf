import { LIMITS } from './limits';
import type { Target } from './release';
import type { StageOfApp } from './stage-environment';
import type { BuildTask } from './state';

/**
 * Keys of the artifact repository. What a stage's builds may write lies in the stage's own folder, so that their rights
 * are one prefix. A made stage's is in that of the stage whose settings, and so whose builds' role, it has.
 */
const folder = ({ app, stage, template }: StageOfApp): string =>
  `${app}/${template === undefined ? stage : `${template}/made/${stage}`}`;

/** The root service is written `_`, since `.` has a meaning in paths. */
const service = (path: string): string => (path === '.' ? '_' : path);

/** @returns the key of a bundle; the same content always has the same key. */
export const bundleKey = (stage: StageOfApp, path: string, logicalId: string, contentHash: string): string =>
  `${bundlePrefix(stage, path)}${logicalId}/${contentHash}.zip`;

/** So many digits of a zip's own hash are in the key of one that is stored beside another of the same content. */
const BESIDE_DIGITS = 16;

/**
 * @param key of a bundle, under which other bytes are stored
 * @param sha256 base64 SHA-256 of the bytes to store
 * @returns the key beside it
 */
export const keyBeside = (key: string, sha256: string): string =>
  key.replace(/\.zip$/, `-${Buffer.from(sha256, 'base64').toString('hex').slice(0, BESIDE_DIGITS)}.zip`);

/** @returns the key that a bundle of the same content has if nothing else is stored there. */
export const keyOfContent = (key: string): string => key.replace(/-[0-9a-f]+\.zip$/, '.zip');

/** @returns the prefix of all bundles of a service, ending in `/`. */
export const bundlePrefix = (stage: StageOfApp, path: string): string => `bundles/${folder(stage)}/${service(path)}/`;

/** Names of apps and stages have 32 characters at most. */
const LONGEST_NAMES: StageOfApp = { app: 'a'.repeat(32), stage: 's'.repeat(32), template: 't'.repeat(32) };

/**
 * So many bytes may a service's path have, whatever the names of app, stage and functions: the keys of its bundles are
 * the longest names that are made of it. A logical id has 255 characters at most:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/resources-section-structure.html
 */
export const LONGEST_SERVICE_PATH =
  LIMITS.objectKey.most -
  keyBeside(bundleKey(LONGEST_NAMES, 'x', 'L'.repeat(255), 'f'.repeat(64)), Buffer.alloc(32).toString('base64'))
    .length +
  1;

/** @returns the prefix of all packages of a service, ending in `/`. */
export const packagesPrefix = (stage: StageOfApp, path: string): string =>
  `packages/${folder(stage)}/${service(path)}/`;

/** @returns the prefix of everything one release stored of one service, ending in `/`. */
export const packagePrefix = (stage: StageOfApp, path: string, releaseId: string): string =>
  `${packagesPrefix(stage, path)}${releaseId}/`;

/**
 * What builds may read and write of a configured stage and of all stages made of it, `*` for anything. Of packages
 * they write these objects alone; all others are written by workers. Each is told by how its key ends: in a policy a
 * `*` before the end would take in what lies in directories, too.
 */
export function keysOfBuilds(app: string, settingsStage: string) {
  const own = `${folder({ app, stage: settingsStage })}/*`;
  const ends = ['/manifest.json', '/template.json', '/times.json', ERROR];
  return {
    bundles: `bundles/${own}`,
    packages: `packages/${own}`,
    written: ends.map((end) => `packages/${own}${end}`),
  } as const;
}

/** End of the names of errors that builds leave. */
const ERROR = '.error.json';

export const manifestKey = (stage: StageOfApp, path: string, releaseId: string): string =>
  `${packagePrefix(stage, path, releaseId)}manifest.json`;

/** @returns where the manifest was before stages had folders of their own. */
export const oldManifestKey = ({ app }: StageOfApp, path: string, releaseId: string): string =>
  `packages/${app}/${service(path)}/${releaseId}/manifest.json`;

/** @returns where the packager stores the framework's own template. */
export const templateKey = (stage: StageOfApp, path: string, releaseId: string): string =>
  `${packagePrefix(stage, path, releaseId)}template.json`;

/** @returns where the packager leaves the error of a failed build; of a hook's beside it. */
export const buildErrorKey = (
  stage: StageOfApp,
  path: string,
  releaseId: string,
  task: BuildTask = 'package',
): string => `${packagePrefix(stage, path, releaseId)}${task}${ERROR}`;

/** @returns where the packager leaves how long the parts of a build took. */
export const buildTimesKey = (stage: StageOfApp, path: string, releaseId: string): string =>
  `${packagePrefix(stage, path, releaseId)}times.json`;

/** @returns where a build finds what other services of the stage offer. */
export const buildInputsKey = (stage: StageOfApp, path: string, releaseId: string): string =>
  `${packagePrefix(stage, path, releaseId)}inputs.json`;

/** The keys of all templates that are given to CloudFormation, for rights. */
export const RENDERED_TEMPLATES = 'rendered/*';

/** @returns of these, those of an account. */
export const renderedTemplatesOf = (account: string): string => `rendered/${account}/*`;

/**
 * @returns where the template is stored as it is given to CloudFormation: apart from what builds read and write, and
 *   below the account, for other accounts have no business with it. It has the values of the stage's environment
 */
export const renderedTemplateKey = (
  stage: StageOfApp & { readonly target: Pick<Target, 'account'> },
  path: string,
  releaseId: string,
): string => `rendered/${stage.target.account}/${folder(stage)}/${service(path)}/${releaseId}.json`;

/** @returns where is kept what a person should know of the deployment although it stopped nothing. */
export const toldKey = (stage: StageOfApp, path: string, releaseId: string): string =>
  `${packagePrefix(stage, path, releaseId)}told.json`;

export const deployedPackageKey = (stage: StageOfApp, path: string, releaseId: string): string =>
  `${packagePrefix(stage, path, releaseId)}deployed.json`;
