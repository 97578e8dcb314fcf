import { adviseImages } from '../../images/advise-images';
import type { Workspace } from '../../workspace';
import type { Framework } from './find-framework';
import type { ServiceConfig } from './service-config';

/** What went wrong where, as far as advice depends on it. */
interface Failure {
  readonly framework: Pick<Framework, 'name' | 'version'>;
  readonly config: Pick<ServiceConfig, 'file' | 'value'>;
  readonly workspace: Pick<Workspace, 'app' | 'stage' | 'template'>;
}

/** Keys that only Serverless 4 knows, and what says the same elsewhere. */
const KEYS_OF_V4: Readonly<Record<string, string>> = {
  stages: 'write "stages.<stage>.params" as "params.<stage>", which ${param:…} reads',
  build:
    'compile with a plug-in: npm install --save-dev serverless-esbuild esbuild, and serverless-esbuild in "plugins"',
  licenseKey: 'remove it: osls needs no licence',
};

const UNKNOWN_KEY = /unrecognized property '(\w+)'/;
const WRONG_VERSION = /The (\w+) version \(([^)]+)\) does not satisfy the\s+"frameworkVersion" \(([^)]+)\)/;
/** Of Serverless 4: https://www.serverless.com/framework/docs/guides/license-keys */
const LICENCE_REFUSED = /licen[sc]e key|access key|must sign in|serverless login|Unauthorized|Forbidden/i;
const NO_PROGRAM = /Could not download the Serverless Framework binary|install\.serverless\.com/;
const NO_ARTIFACT = /Cannot access package artifact at "([^"]+)"(?: \(for "([^"]+)"\))?|ENOENT.*'([^']+\.(?:zip|jar))'/;
const NO_FILES = /No file matches include \/ exclude patterns/;
const LICENSED_MAJOR = 4;

/**
 * @param lines the last lines of a framework that failed
 * @returns what to do about it, if they tell
 */
export function adviseFramework(
  lines: readonly string[],
  { framework, config, workspace }: Failure,
): string | undefined {
  const { file } = config;
  const text = lines.join('\n');
  const isV4 = isOfV4(framework);
  const key = UNKNOWN_KEY.exec(text)?.[1];
  if (key !== undefined && key in KEYS_OF_V4 && !isV4) return `${file}: ${adviceForV4(key, framework)}`;
  const [, , version, asked] = WRONG_VERSION.exec(text) ?? [];
  if (asked !== undefined) {
    return (
      `${file}, key "frameworkVersion": it asks for "${asked}", and the service is packaged with ${framework.name} ` +
      `${version}, which a package.json names: npm install --save-dev "serverless@${asked}", or change the key`
    );
  }
  if (isV4 && NO_PROGRAM.test(text)) {
    return (
      'serverless 4 downloads itself from install.serverless.com as it starts: let builds reach it, or use osls, which ' +
      'needs neither that nor a licence'
    );
  }
  if (isV4 && LICENCE_REFUSED.test(text)) {
    const { app, stage, template = stage } = workspace;
    return (
      `serverless ${framework.version} has no licence that is accepted: make a licence key in its dashboard and set it ` +
      `with "seedbed env set --app ${app} --stage ${template} --secret SERVERLESS_LICENSE_KEY", or use osls, which ` +
      'needs none'
    );
  }
  const ofImages = adviseImages(lines, { file, workspace });
  if (ofImages !== undefined) return ofImages;
  const artifact = NO_ARTIFACT.exec(text);
  if (artifact) {
    const [, named, holder, path = named] = artifact;
    const at = holder === undefined ? '"package.artifact"' : `"package.artifact" of "${holder}"`;
    return (
      `${file}: ${at} names ${path}, which is not there; correct its path, which starts at the service's directory, or ` +
      'make the file in "before_build" of seed.yml: a build has only what is committed'
    );
  }
  if (NO_FILES.test(text)) {
    return (
      `${file}: "package.patterns" (or "exclude") leave no file for a function or layer; correct them: paths start at the ` +
      `service's directory, and a build has only what is committed or what "before_build" of seed.yml makes`
    );
  }
  // What only Serverless 4 reads may fail as something else: its parameters are missing, for instance.
  return tellKeysOfV4(framework, config).join('\n') || undefined;
}

/**
 * A configuration that is not validated, or only with warnings in the log (`configValidationMode`), is packaged
 * although it says what its framework does not read.
 *
 * @returns what is to be told with the release
 */
export function tellKeysOfV4(
  framework: Pick<Framework, 'name' | 'version'>,
  { file, value = {} }: Pick<ServiceConfig, 'file' | 'value'>,
): readonly string[] {
  if (isOfV4(framework)) return [];
  const found = Object.keys(KEYS_OF_V4).filter((key) => value[key] !== undefined);
  return found.map((key) => `${file}: ${adviceForV4(key, framework)}`);
}

const isOfV4 = ({ name, version }: Pick<Framework, 'name' | 'version'>): boolean =>
  name === 'serverless' && Number(version.split('.')[0]) >= LICENSED_MAJOR;

const adviceForV4 = (key: string, { name, version }: Pick<Framework, 'name' | 'version'>): string =>
  `the key "${key}" is one of Serverless 4, and ${name} ${version} does not know it: ${KEYS_OF_V4[key]}; or add ` +
  'serverless@4 to devDependencies, which needs a licence';
