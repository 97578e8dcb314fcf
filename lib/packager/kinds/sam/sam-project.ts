import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { join as joinPath } from 'node:path/posix';
import { parse } from 'smol-toml';
import { parseYaml } from '../../../config/parse-yaml';
import { readTemplate } from '../../../config/read-template';
import { ReleaseError } from '../../../core/contracts/errors';
import { KIND_FILES } from '../../../core/plan/kind-files';
import { NO_SAM_CONFIG, readSamConfig, type SamConfig } from '../../../core/sam/sam-config';
import type { Template } from '../../../core/template/template';
import { configLines } from '../../config-lines';
import { refuseLinkOutside } from '../../stay-within';
import { serviceDirectory, type Workspace } from '../../workspace';

/** A service of SAM as it is written. */
export interface SamProject {
  /** Path of the template in the repository. */
  readonly file: string;
  /** Absolute path of the template's directory, where the paths in it start. */
  readonly directory: string;
  readonly template: Template;
  readonly config: SamConfig;
  /** Path of the configuration in the repository; absent if there is none. */
  readonly configFile?: string;
}

const CONFIGS = ['samconfig.toml', 'samconfig.yaml', 'samconfig.yml'];

/**
 * Reads a service's template and `samconfig.toml`.
 *
 * @throws ReleaseError `ConfigInvalid`, `TemplateInvalid` or `NoServiceFound`, naming file and key; `PackageFailed` for
 *   a link out of the repository
 */
export async function readSamProject(workspace: Workspace): Promise<SamProject> {
  const { root, service } = workspace;
  const names = await readdir(serviceDirectory(workspace)).catch((): string[] => []);
  const configName = CONFIGS.find((name) => names.includes(name));
  const configFile = configName && joinPath(service, configName);
  const config = configFile === undefined ? NO_SAM_CONFIG : await readConfig(workspace, configFile);
  const name = config.templateFile ?? KIND_FILES.sam.files.find((one) => names.includes(one));
  if (name === undefined) {
    throw new ReleaseError(
      'NoServiceFound',
      `no template found in directory "${service}": it has no ${KIND_FILES.sam.lookedFor}; add one, or name it in ` +
        'samconfig.toml: template_file = "…" in [default.build.parameters]',
    );
  }
  const file = joinPath(service, name);
  await refuseLinkOutside(root, file);
  const text = await readFile(join(root, file), 'utf8').catch((cause) => {
    throw new ReleaseError(
      'ConfigInvalid',
      `${configFile ?? file}: the template ${file} is not there; correct its path`,
      {
        cause,
      },
    );
  });
  return {
    file,
    directory: dirname(join(root, file)),
    template: readTemplate({ name: file, text }),
    config,
    configFile,
  };
}

async function readConfig({ root, stage, template, region }: Workspace, file: string): Promise<SamConfig> {
  await refuseLinkOutside(root, file);
  const text = await readFile(join(root, file), 'utf8');
  const value = file.endsWith('.toml') ? parseToml(file, text) : parseYaml({ name: file, text });
  const stages = template === undefined ? [stage] : [stage, template];
  const { config, problems } = readSamConfig(value, { stages, region, file });
  if (problems.length === 0) return config;
  const lines = await configLines(root, file);
  const said = problems.map(({ place, message }) => `${file}${lines(place)}: ${message}`);
  throw new ReleaseError('ConfigInvalid', [...new Set(said)].join('\n'));
}

function parseToml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const { line, message } = cause as { readonly line?: number; readonly message: string };
    const [why = message] = message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new ReleaseError(
      'ConfigInvalid',
      `${file}${line === undefined ? '' : `, line ${line}`}: not valid TOML: ${why}`,
      {
        cause,
      },
    );
  }
}
