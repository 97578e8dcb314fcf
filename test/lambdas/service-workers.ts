import { type StartBuildPorts, startBuild } from '../../lambdas/build/start-build';
import { waitForBuild } from '../../lambdas/build/wait-for-build';
import { decide } from '../../lambdas/deploy/decide';
import { prepareFunctions } from '../../lambdas/deploy/prepare-functions';
import { putCodeBack } from '../../lambdas/deploy/put-code-back';
import { readFunctions } from '../../lambdas/deploy/read-functions';
import { startStackUpdate } from '../../lambdas/deploy/start-stack-update';
import { takePackage } from '../../lambdas/deploy/take-package';
import { waitForStack } from '../../lambdas/deploy/wait-for-stack';
import { record } from '../../lambdas/record/record';
import { recordFailure } from '../../lambdas/record/record-failure';
import { emptyBuckets } from '../../lambdas/remove/empty-buckets';
import { prepareRemoval } from '../../lambdas/remove/prepare-removal';
import { recordRemoval } from '../../lambdas/remove/record-removal';
import { removeShifts } from '../../lambdas/remove/remove-shifts';
import { startStackDeletion } from '../../lambdas/remove/start-stack-deletion';
import { verifyRemoval } from '../../lambdas/remove/verify-removal';
import { moveAliases } from '../../lambdas/shift/move-aliases';
import { startShift } from '../../lambdas/shift/start-shift';
import { waitForShift } from '../../lambdas/shift/wait-for-shift';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Clock } from '../../lib/ports/clock';
import type { Log } from '../../lib/ports/log';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { restoreFunctions } from '../../lib/release/undo/restore-functions';
import { stopShift } from '../../lib/release/undo/stop-shift';

export interface ServicePorts
  extends Omit<StartBuildPorts, 'states' | 'artifacts' | 'target' | 'artifactBucket' | 'now'> {
  readonly states: ServiceStates;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf;
  readonly log: Log;
  readonly pace: Clock;
}

/**
 * @returns the workers that `ServiceRelease` calls, by the names of their modules, as definitions in tests know them
 */
export function serviceWorkers(given: ServicePorts) {
  const { now } = given.pace;
  const ports = { ...given, now, artifactBucket: 'artifacts' };
  return {
    'start-build': startBuild({ ...ports, now: () => new Date(now()).toISOString() }),
    'wait-for-build': waitForBuild(ports),
    'take-package': takePackage(ports),
    decide: decide(ports),
    'start-stack-update': startStackUpdate(ports),
    'wait-for-stack': waitForStack(ports),
    'read-functions': readFunctions(ports),
    'prepare-functions': prepareFunctions(ports),
    'start-shift': startShift(ports),
    'wait-for-shift': waitForShift(ports),
    'stop-shift': stopShift(ports),
    'move-aliases': moveAliases(ports),
    'put-code-back': putCodeBack(ports),
    'restore-functions': restoreFunctions(ports),
    record: record(ports),
    'record-failure': recordFailure(ports),
    'prepare-removal': prepareRemoval(ports),
    'remove-shifts': removeShifts(ports),
    'empty-buckets': emptyBuckets(ports),
    'start-stack-deletion': startStackDeletion(ports),
    'verify-removal': verifyRemoval(ports),
    'record-removal': recordRemoval(ports),
  };
}
