import {
  type FunctionToPrepare,
  type ReadFunctionsOutput,
  ServiceReleaseInput,
} from '../../lib/core/contracts/payloads';
import { codeUpdate, packagedCode } from '../../lib/core/deploy/packaged-code';
import { prepareBatches } from '../../lib/core/deploy/prepare-batches';
import { requireStack } from '../../lib/core/deploy/require-stack';
import { aliasedFunctions } from '../../lib/core/template/not-aliased';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { FunctionReading } from '../../lib/ports/functions';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { functionMissing } from '../../lib/release/packages/changed-by-hand';
import { readDeployed, readManifest } from '../../lib/release/packages/read-packages';
import { readTemplate } from '../../lib/release/packages/read-template';

export interface ReadFunctionsPorts {
  readonly states: Pick<ServiceStates, 'find'>;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf<'functions' | 'stacks'>;
}

/**
 * Looks, after a stack update, at every function of the service that has the alias. CloudFormation compares templates,
 * not functions: after A was updated directly to B, a template with A again holds no change of code for it and leaves B
 * running. So a function that does not run the manifest's code is updated directly; others, even those whose code is
 * not in the package, are published as CloudFormation left them. A function that serves as it is stays as it is: in
 * most stack updates nearly all of them do, and after a first one all of them, whose versions the stack has made.
 *
 * Functions that cannot have the alias are CloudFormation's alone: what invokes them sees every change at once.
 *
 * @throws ReleaseError `FunctionMissing` if a function of the stack is not in Lambda any more
 */
export const readFunctions =
  ({ states, artifacts, target }: ReadFunctionsPorts) =>
  async (event: unknown): Promise<ReadFunctionsOutput> => {
    const { release, service } = ServiceReleaseInput.parse(event);
    const { functions, stacks } = target(release.target);
    const state = states.find(release, service.path);
    const [manifest, deployed] = await Promise.all([
      readManifest(artifacts, { release, service, state }).then(requireStack),
      state.then((found) => readDeployed(artifacts, found)),
    ]);
    const [names, template] = await Promise.all([
      stacks.functionNames(manifest.stackName),
      readTemplate(artifacts, manifest),
    ]);
    const packaged = packagedCode(manifest);
    const isRepair = service.reasons.some(({ code }) => REPAIRS.includes(code));
    const recorded = deployed === undefined || deployed === 'unreadable' ? {} : deployed.functions;

    const toPrepare = aliasedFunctions(template, manifest.alias).map(
      async (logicalId): Promise<FunctionToPrepare[]> => {
        const name = names[logicalId];
        // Its resource has a Condition that is false in this stage.
        if (name === undefined) return [];
        const [found, live] = await Promise.all([functions.read(name), functions.read(name, manifest.alias)]);
        if (!found) throw functionMissing({ logicalId, name });
        const record = recorded[logicalId];
        // A function that was replaced has another name, and versions of its own.
        const one = {
          logicalId,
          name,
          alias: manifest.alias,
          previousVersion: record?.name === name ? record.version : undefined,
        };
        const wanted = packaged[logicalId];
        if (!wanted || found.codeSha256 === wanted.codeSha256) {
          if (live && !isRepair && isSame(found, live))
            return [{ ...one, action: 'keep-version', version: live.version, codeSha256: found.codeSha256 }];
          return [{ ...one, action: 'publish', codeSha256: found.codeSha256 }];
        }
        return [{ ...one, ...codeUpdate(wanted), revisionId: found.revisionId }];
      },
    );
    return { batches: prepareBatches((await allOrFirstError(toPrepare)).flat()) };
  };

/** An alias may have been left with a weight on it, which only moving it takes away. */
const REPAIRS: readonly string[] = ['previous-release-failed', 'forced'];

/** @returns whether the version that serves is what `$LATEST` is. */
const isSame = (latest: FunctionReading, live: FunctionReading): boolean =>
  live.codeSha256 === latest.codeSha256 && live.configuration === latest.configuration;
