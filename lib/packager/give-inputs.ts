import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outputVariables } from '../core/build/output-variables';
import { BuildInputs, type BuildRequest } from '../core/contracts/build-request';
import type { Artifacts } from '../ports/artifacts';
import type { Log } from './run-command';

/**
 * Brings what other services of the stage offer: as a file beside the checkout, and each output as a variable.
 *
 * @returns the variables for the build's commands
 */
export async function giveInputs(
  { inputs }: Pick<BuildRequest, 'inputs'>,
  to: { readonly artifacts: Pick<Artifacts, 'readJson'>; readonly directory: string; readonly log: Log },
): Promise<NodeJS.ProcessEnv> {
  if (inputs === undefined) return {};
  const given = (await to.artifacts.readJson(inputs, BuildInputs)) ?? { outputs: {} };
  const file = join(to.directory, 'outputs.json');
  await writeFile(file, `${JSON.stringify(given.outputs, undefined, 2)}\n`);
  const { variables, collisions } = outputVariables(given);
  for (const collision of collisions) to.log(`warning: ${collision}`);
  return { ...variables, SEED_OUTPUTS: file };
}
