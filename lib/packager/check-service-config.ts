import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { join as joinPath } from 'node:path/posix';
import { parseYaml } from '../config/parse-yaml';
import { ReleaseError } from '../core/contracts/errors';
import { refuseLinkOutside } from './stay-within';
import { serviceDirectory, type Workspace } from './workspace';

const CONFIG_FILE = /^serverless\.(yml|yaml|json|js|cjs|mjs|ts)$/;

/**
 * Checks the framework's configuration before anything is installed or run, so that a typing error is reported at once
 * and with its line. What its keys mean is left to the framework.
 *
 * @throws ReleaseError `PackageFailed` if it is a link out of the repository, `NoServiceFound` if the directory has
 *   none, `ConfigInvalid` if it cannot be read
 */
export async function checkServiceConfig(workspace: Workspace): Promise<void> {
  const directory = serviceDirectory(workspace);
  await refuseLinkOutside(workspace.root, workspace.service);
  const files = await readdir(directory).catch(() => []);
  const config = files.find((file) => CONFIG_FILE.test(file));
  if (config === undefined) {
    throw new ReleaseError(
      'NoServiceFound',
      `no service found in directory "${workspace.service}": it has no serverless.yml (or .yaml, .json, .js, ` +
        '.cjs, .mjs, .ts); ' +
        'add one, or correct the path in seed.yml, key "services"',
    );
  }
  const name = joinPath(workspace.service, config);
  await refuseLinkOutside(workspace.root, name);
  const text = /\.(yml|yaml|json)$/.test(config) ? await readFile(join(directory, config), 'utf8') : undefined;
  if (text === undefined) return;
  // JSON is YAML, and YAML's reader knows lines.
  const value = parseYaml({ name, text });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ReleaseError(
      'ConfigInvalid',
      `${name}: it holds no configuration; write keys such as "service:" and "functions:"`,
    );
  }
}
