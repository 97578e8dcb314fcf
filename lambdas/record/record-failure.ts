import { deployedPackageKey } from '../../lib/core/contracts/keys';
import { type PreparedFunction, RecordFailureInput } from '../../lib/core/contracts/payloads';
import type { ServiceRecord } from '../../lib/core/contracts/state';
import { partlyDeployed } from '../../lib/core/deploy/deployed-package';
import { serviceDurations } from '../../lib/core/record/durations';
import { stepErrorOf } from '../../lib/core/record/step-error';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { ServiceStates } from '../../lib/ports/service-states';
import { readBuildTimes } from '../../lib/release/packages/read-build-times';
import { readDeployed, readManifest } from '../../lib/release/packages/read-packages';
import { readTold } from '../../lib/release/packages/read-told';

export interface RecordFailurePorts {
  readonly states: Pick<ServiceStates, 'find' | 'endService'>;
  readonly artifacts: Artifacts;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Records that a service failed, and why. Its state keeps the last commit and package that were deployed; the next
 * release deploys it in full. Functions that move independently and did move are recorded as they are now.
 *
 * @throws ReleaseError `ReleaseSuperseded` if a newer release has written the service's state
 */
export const recordFailure =
  ({ states, artifacts, now }: RecordFailurePorts) =>
  async (event: unknown): Promise<ServiceRecord> => {
    const input = RecordFailureInput.parse(event);
    const { release, service, error, decision, marks, buildId, prepared = [], kept = [] } = input;
    const moved = prepared.filter(({ logicalId }) => kept.includes(logicalId));
    const deployedPackage = moved.length === 0 ? undefined : await storeMoved({ states, artifacts }, input, moved);
    const [buildTimes, ofUpdate] = await Promise.all([
      readBuildTimes(artifacts, input),
      decision === undefined || decision.kind === 'skip' ? [] : readTold(artifacts, input),
    ]);
    const told = [...(input.buildWarning === undefined ? [] : [input.buildWarning]), ...ofUpdate];
    const record: ServiceRecord = {
      path: service.path,
      status: 'failed',
      planned: service.reasons,
      decision,
      functions: moved.map(({ logicalId, name, updated, version }) => ({ logicalId, name, updated, version })),
      outputs: {},
      durations: serviceDurations(marks, now()),
      buildId,
      buildTimes,
      ...(told.length > 0 && { warnings: told }),
      error: stepErrorOf(error),
    };
    await states.endService(release, { status: 'failed', ...(deployedPackage && { deployedPackage }) }, record);
    return record;
  };

/** @returns the key of the package as it is deployed now; undefined if nobody knows what was deployed before. */
async function storeMoved(
  { states, artifacts }: Pick<RecordFailurePorts, 'states' | 'artifacts'>,
  { release, service }: RecordFailureInput,
  moved: readonly PreparedFunction[],
): Promise<string | undefined> {
  const state = states.find(release, service.path);
  const [manifest, before] = await Promise.all([
    readManifest(artifacts, { release, service, state }),
    state.then((found) => readDeployed(artifacts, found)),
  ]);
  if (before === undefined || before === 'unreadable') return undefined;
  const key = deployedPackageKey(release, service.path, release.id);
  await artifacts.writeJson(key, partlyDeployed(before, manifest, moved));
  return key;
}
