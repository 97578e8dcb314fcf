import { homedir } from 'node:os';
import { configHash } from '../../../core/build/config-hash';
import { tellDeployHooks } from '../../../core/build/deploy-hooks';
import { readIncrementalSettings } from '../../../core/build/incremental-settings';
import { tellReplacedKeys } from '../../../core/build/replaced-keys';
import { tellRestStage } from '../../../core/build/rest-stage';
import { readStackSettings } from '../../../core/build/stack-settings';
import { tellImages } from '../../../core/build/tell-images';
import { imagesByDigest } from '../../../core/template/image-code';
import type { JsonObject } from '../../../core/text/canonical-json';
import { buildImages } from '../../images/build-images';
import { serviceDirectory, type Workspace } from '../../workspace';
import type { BuildOptions, BuiltService, Kind } from '../kind';
import { readShifts, renderedFor } from '../read-shifts';
import { tellKeysOfV4 } from './advise-framework';
import { readCompose } from './compose-file';
import { findBundleFiles } from './find-bundle-files';
import { readOutside } from './read-outside';
import { refuseNoZip } from './refuse-no-zip';
import { refuseOwnCodeDeploy } from './refuse-own-code-deploy';
import { refuseSameNames } from './refuse-same-names';
import { refuseUnrunnableCode } from './refuse-unrunnable-code';
import { runServerless } from './run-serverless';
import { readServiceConfig, type ServiceConfig } from './service-config';
import { tellTargetDefaults } from './tell-target-defaults';

/** Services of the Serverless Framework. */
export const serverless: Kind = {
  name: 'serverless',
  read: async (workspace) => {
    const config = await readServiceConfig(workspace);
    return { file: config.file, build: (options) => build(workspace, config, options) };
  },
};

async function build(
  workspace: Workspace,
  config: ServiceConfig,
  { scratch, shared, watch }: BuildOptions,
): Promise<BuiltService> {
  const output = await runServerless(workspace, config, { scratch, watch });
  const { framework, template, record } = output;
  const { service, provider, custom, plugins, functions } = output.state.service;
  const { root, stage } = workspace;
  const { file } = config;
  refuseOwnCodeDeploy(template, { file, plugins });
  await refuseSameNames(template, { functions, root, file });
  const settings = readStackSettings(provider as JsonObject, { stage, template, file });
  const { alias, shift } = await readShifts(workspace, { functions, custom, template, file, shared });
  const directory = serviceDirectory(workspace);
  const files = await findBundleFiles(output, directory, root);
  await refuseNoZip(files, output, { root, directory, file });
  const machine = {
    directories: [output.directory, root, homedir()],
    artifactDirectory: output.state.package.artifactDirectoryName,
    images: Object.values(imagesByDigest(template)).map(({ image }) => image),
  };
  const withImages = await buildImages(workspace, { template, images: record.images, file, scratch });
  return {
    tool: framework,
    stack: { name: provider.stackName ?? `${service}-${stage}`, settings, files, ...withImages },
    configHash: configHash(output.state.service as JsonObject, machine, renderedFor(alias, shift)),
    incremental: readIncrementalSettings(custom, file),
    alias,
    shift,
    outsideFiles: await readOutside(workspace, output, { config, files }),
    ...(watch && { outsideUnseen: output.record.unseen ?? [`${framework.name} ${framework.version}`] }),
    warnings: output.warnings,
    check: async (bundles) => [
      ...tellKeysOfV4(framework, config),
      ...tellDeployHooks(record.hooks),
      ...tellImages(provider as JsonObject, template, file),
      ...tellRestStage(provider as JsonObject, template),
      ...tellReplacedKeys({ ...config.value, provider } as JsonObject),
      ...(await readCompose(workspace)),
      ...(await tellTargetDefaults(workspace, output, config)),
      ...(await refuseUnrunnableCode(bundles, { workspace, output, file, scratch })),
    ],
  };
}
