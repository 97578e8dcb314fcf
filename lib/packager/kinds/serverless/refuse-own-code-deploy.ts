import { ReleaseError } from '../../../core/contracts/errors';
import { findOwnCodeDeploy } from '../../../core/template/own-code-deploy';
import type { Template } from '../../../core/template/template';

const PLUGIN = 'serverless-plugin-canary-deployments';

/**
 * @param file the framework's configuration file, as messages name it
 * @param plugins `plugins` of the resolved configuration
 * @throws ReleaseError `ConfigInvalid` if the template shifts traffic with a CodeDeploy of its own, saying what to
 *   remove
 */
export function refuseOwnCodeDeploy(template: Template, { file, plugins }: { file: string; plugins: unknown }): void {
  const found = findOwnCodeDeploy(template);
  if (found === undefined) return;
  const { resources, aliases, samFunctions } = found;
  const parts = [
    ...(resources.length > 0 ? [`resources ${resources.join(', ')}`] : []),
    ...(aliases.length > 0 ? [`the UpdatePolicy of ${aliases.join(', ')}`] : []),
    ...(samFunctions.length > 0 ? [`the DeploymentPreference of ${samFunctions.join(', ')}`] : []),
  ];
  const remedy = pluginsOf(plugins).includes(PLUGIN)
    ? `remove "${PLUGIN}" from "plugins" and keep its settings ("deploymentSettings"), which mean the same here`
    : `remove them from the configuration, and say how traffic moves with "deploymentSettings"`;
  throw new ReleaseError(
    'ConfigInvalid',
    `${file}: the packaged template shifts traffic with a CodeDeploy of its own (${parts.join('; ')}), and two ` +
      `of them cannot move one alias; ${remedy}`,
  );
}

/** A list, or a map with the list in `modules`. */
function pluginsOf(plugins: unknown): readonly unknown[] {
  const { modules } = (plugins ?? {}) as { readonly modules?: unknown };
  return [plugins, modules].find(Array.isArray) ?? [];
}
