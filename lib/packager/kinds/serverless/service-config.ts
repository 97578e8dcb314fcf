import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { join as joinPath } from 'node:path/posix';
import { parseYaml } from '../../../config/parse-yaml';
import { ReleaseError } from '../../../core/contracts/errors';
import { isJsonObject, type JsonObject } from '../../../core/text/canonical-json';
import { refuseLinkOutside } from '../../stay-within';
import { serviceDirectory, type Workspace } from '../../workspace';

/** A service's configuration as it is written, before the framework resolves what it refers to. */
export interface ServiceConfig {
  /** Path of the file in the repository. */
  readonly file: string;
  readonly text: string;
  /** Absent of a program (`serverless.ts`, `.js`), whose configuration only running it shows. */
  readonly value?: JsonObject;
}

/** In the order in which the framework looks for them. */
const CONFIG_FILES = ['yml', 'yaml', 'json', 'js', 'mjs', 'cjs', 'ts'].map((ending) => `serverless.${ending}`);
/** In a program; what it computes, the framework itself has to check. */
const VERSION_IN_PROGRAM = /\bframeworkVersion['"]?\s*:\s*(['"`])([^'"`$]+)\1/;

/**
 * Reads the framework's configuration before anything is installed or run, so that a typing error is reported at once
 * and with its line. What its keys mean is left to the framework.
 *
 * @throws ReleaseError `PackageFailed` if it is a link out of the repository, `NoServiceFound` if the directory has
 *   none, `ConfigInvalid` if it cannot be read
 */
export async function readServiceConfig(workspace: Pick<Workspace, 'root' | 'service'>): Promise<ServiceConfig> {
  const directory = serviceDirectory(workspace);
  await refuseLinkOutside(workspace.root, workspace.service);
  const files = await readdir(directory).catch((): string[] => []);
  const config = CONFIG_FILES.find((file) => files.includes(file));
  if (config === undefined) {
    throw new ReleaseError(
      'NoServiceFound',
      `no service found in directory "${workspace.service}": it has no serverless.yml (or .yaml, .json, .js, ` +
        '.cjs, .mjs, .ts); ' +
        'add one, or correct the path in seed.yml, key "services"',
    );
  }
  const file = joinPath(workspace.service, config);
  await refuseLinkOutside(workspace.root, file);
  const text = await readFile(join(directory, config), 'utf8');
  if (!/\.(yml|yaml|json)$/.test(config)) return { file, text };
  // JSON is YAML, and YAML's reader knows lines.
  const value = parseYaml({ name: file, text });
  if (!isJsonObject(value)) {
    throw new ReleaseError(
      'ConfigInvalid',
      `${file}: it holds no configuration; write keys such as "service:" and "functions:"`,
    );
  }
  return { file, text, value };
}

/** @returns the range of versions that the configuration asks for, if it says so without a variable */
export function askedVersion({ text, value }: ServiceConfig): string | undefined {
  if (value === undefined) return VERSION_IN_PROGRAM.exec(text)?.[2];
  const { frameworkVersion } = value;
  const isWritten = typeof frameworkVersion === 'string' || typeof frameworkVersion === 'number';
  const asked = isWritten ? String(frameworkVersion) : undefined;
  return asked?.includes('${') ? undefined : asked;
}
