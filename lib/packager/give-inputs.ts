import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outputVariables } from '../core/build/output-variables';
import { BuildInputs, type BuildRequest } from '../core/contracts/build-request';
import type { Artifacts } from '../ports/artifacts';
import type { Log } from './run-command';

/**
 * Brings what other services of the stage offer: as a file beside the checkout, and each output as a variable.
 *
 * @returns the variables for the build's commands, and what a person should know of outputs that are none
 */
export async function giveInputs(
  { inputs }: Pick<BuildRequest, 'inputs'>,
  to: { readonly artifacts: Pick<Artifacts, 'readJson'>; readonly directory: string; readonly log: Log },
): Promise<{ readonly variables: NodeJS.ProcessEnv; readonly warnings: readonly string[] }> {
  if (inputs === undefined) return { variables: {}, warnings: [] };
  const given = (await to.artifacts.readJson(inputs, BuildInputs)) ?? { outputs: {} };
  const file = join(to.directory, 'outputs.json');
  await writeFile(file, `${JSON.stringify(given.outputs, undefined, 2)}\n`);
  const { variables, warnings } = outputVariables(given);
  for (const warning of warnings) to.log(`warning: ${warning}`);
  return { variables: { ...variables, SEED_OUTPUTS: file }, warnings };
}
