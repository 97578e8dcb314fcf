import { deployedPackageKey } from '../../lib/core/contracts/keys';
import type { DeployedPackage } from '../../lib/core/contracts/manifest';
import { RecordInput } from '../../lib/core/contracts/payloads';
import type { ServiceRecord, ServiceState } from '../../lib/core/contracts/state';
import { deployedPackage, functionRecords } from '../../lib/core/deploy/deployed-package';
import { serviceDurations } from '../../lib/core/record/durations';
import { keptOutputs } from '../../lib/core/record/kept-outputs';
import { heldAfter } from '../../lib/core/rollback/held-after';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { TargetPorts, TargetPortsOf } from '../../lib/ports/target-ports';
import { readBuildTimes } from '../../lib/release/packages/read-build-times';
import { readDeployed, readManifest } from '../../lib/release/packages/read-packages';
import { readTold } from '../../lib/release/packages/read-told';

export interface RecordPorts {
  readonly states: Pick<ServiceStates, 'find' | 'endService'>;
  readonly artifacts: Pick<Artifacts, 'readBytes' | 'readJson' | 'writeJson'>;
  readonly target: TargetPortsOf<'stacks'>;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Records what a release did with one service: the package as it is deployed now, which the next decision compares
 * with, the service's state, and the service's part of the history.
 *
 * @throws ReleaseError `ReleaseSuperseded` if a newer release has written the service's state
 */
export const record =
  ({ states, artifacts, target, now }: RecordPorts) =>
  async (event: unknown): Promise<ServiceRecord> => {
    const input = RecordInput.parse(event);
    const { release, service, decision, prepared } = input;
    const isSkip = decision.kind === 'skip';
    const state = states.find(release, service.path);
    // A skipped build's package is the deployed one, but may have been made of other files.
    const isBuilt = !isSkip || release.rollback === undefined;
    const [before, packaged, buildTimes, ofUpdate] = await Promise.all([
      state.then((found) => readBefore(artifacts, found)),
      isBuilt ? readManifest(artifacts, { release, service, state }) : undefined,
      readBuildTimes(artifacts, input),
      isSkip ? [] : readTold(artifacts, input),
    ]);
    const manifest = isSkip ? undefined : packaged;
    const outputs =
      decision.kind === 'full' && manifest?.stackName !== undefined
        ? await readOutputs(target(release.target), manifest.stackName)
        : (before?.outputs ?? {});

    const others = decision.kind === 'incremental' ? before : undefined;
    const configuredBy = decision.kind === 'full' ? release.id : before?.configuredBy;
    const after = manifest ? deployedPackage({ manifest, configuredBy, prepared, before: others, outputs }) : before;
    const key = deployedPackageKey(release, service.path, release.id);
    if (manifest) await artifacts.writeJson(key, after);

    const { kept, warnings } = keptOutputs(outputs);
    const ofBuild = input.buildWarning === undefined ? [] : [input.buildWarning];
    const told = [...ofBuild, ...(packaged?.warnings ?? []), ...ofUpdate, ...warnings];
    const recorded: ServiceRecord = {
      path: service.path,
      status: isSkip ? 'skipped' : 'deployed',
      planned: service.reasons,
      decision,
      functions: functionRecords(after?.functions ?? {}, prepared),
      outputs: kept,
      durations: serviceDurations(input.marks, now()),
      buildId: input.buildId,
      buildTimes,
      ...(told.length > 0 && { warnings: told }),
    };
    const deployed = manifest && {
      deployedPackage: key,
      stackName: manifest.stackName,
      architecture: manifest.architecture,
    };
    // A rollback's services may be of different commits; one that already is what it was keeps its own.
    const commit = release.rollback ? manifest?.commit : release.commit;
    const offered = { outputs: kept, phase: service.phase, environment: service.environment };
    const held = heldAfter(release);
    const readFrom = packaged && {
      outsideFiles: packaged.outsideFiles ?? [],
      ...(packaged.outsideUnseen && {
        outsideUnseen: { commit: packaged.commit, by: packaged.outsideUnseen },
      }),
    };
    await states.endService(
      release,
      { status: 'deployed', commit, held, ...deployed, ...readFrom, ...offered },
      recorded,
    );
    return recorded;
  };

/** @returns the package deployed before, or undefined if there is none that can be read. */
async function readBefore(
  artifacts: RecordPorts['artifacts'],
  state: ServiceState | undefined,
): Promise<DeployedPackage | undefined> {
  const deployed = await readDeployed(artifacts, state);
  // The decision was `full` for that reason and all functions were prepared, so nothing of it is needed.
  return deployed === 'unreadable' ? undefined : deployed;
}

async function readOutputs(
  { stacks }: Pick<TargetPorts, 'stacks'>,
  stackName: string,
): Promise<Readonly<Record<string, string>>> {
  return (await stacks.describe(stackName))?.outputs ?? {};
}
