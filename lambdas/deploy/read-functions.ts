import { type DecideOutput, type FunctionToPrepare, ReadFunctionsInput } from '../../lib/core/payloads';
import { prepareBatches } from '../../lib/core/prepare-batches';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { allOrFirstError } from '../all-or-first-error';
import { functionMissing } from './function-missing';
import { readDeployed, readManifest } from './read-packages';

export interface ReadFunctionsPorts {
  readonly states: Pick<ServiceStates, 'find'>;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf;
}

/**
 * Looks, after a stack update, at every function of the service. CloudFormation compares templates, not functions: after
 * A was updated directly to B, a template with A again holds no change of code for it and leaves B running. So what does
 * not run the code of the manifest is updated directly; all others are published as CloudFormation left them.
 *
 * @throws ReleaseError `FunctionMissing` if a function of the stack is not in Lambda any more
 */
export const readFunctions =
  ({ states, artifacts, target }: ReadFunctionsPorts) =>
  async (event: unknown): Promise<DecideOutput> => {
    const { release, service, decision } = ReadFunctionsInput.parse(event);
    const { functions, stacks } = target(release.target);
    const [manifest, deployed] = await Promise.all([
      readManifest(artifacts, { release, service }),
      states.find(release, service.path).then((state) => readDeployed(artifacts, state)),
    ]);
    const names = await stacks.functionNames(manifest.stackName);
    const before = deployed === 'unreadable' ? undefined : deployed;

    const toPrepare = Object.entries(manifest.functions).map(
      async ([logicalId, wanted]): Promise<FunctionToPrepare[]> => {
        const name = names[logicalId];
        // Its resource has a Condition that does not hold in this stage.
        if (name === undefined) return [];
        const found = await functions.read(name);
        if (!found) throw functionMissing({ logicalId, name });
        const recorded = before?.functions[logicalId];
        const bundle = before?.manifest.functions[logicalId]?.bundle;
        const one: FunctionToPrepare = {
          logicalId,
          name,
          action: found.codeSha256 === wanted.codeSha256 ? 'publish' : 'update-code',
          bundle: wanted.bundle,
          codeSha256: wanted.codeSha256,
          revisionId: found.revisionId,
          previous:
            // A function that was replaced has another name, and versions of its own.
            recorded && bundle && recorded.name === name
              ? { bundle, codeSha256: recorded.codeSha256, version: recorded.version }
              : undefined,
        };
        return [one];
      },
    );
    return { decision, batches: prepareBatches((await allOrFirstError(toPrepare)).flat()) };
  };
