import { ReleaseError } from '../contracts/errors';
import { serviceExecutionName } from '../contracts/execution-name';
import { LIMITS } from '../contracts/limits';
import type { PlanOutput } from '../contracts/payloads';
import type { Release, ServicePath } from '../contracts/release';
import type { Plan } from '../contracts/state';
import { jsonBytes } from '../text/fit-bytes';
import { fitPlan } from './fit-plan';

/** Of what a state sets at once, for all but the release and the phases. */
const RESERVE = 4 * 1024;
/** Of an execution's name and the keys around it. */
const PER_SERVICE = 120;
/** Of all names of services that somebody asks for: they are in a release's item, and in each of its executions. */
const MOST_NAMES = 60_000;

/**
 * @returns for each phase the executions to start. Their reasons are as full as the payload allows; the table has them.
 * @throws ReleaseError `ConfigInvalid` if there are more services than an execution can hold at all
 */
export function executionsOf(release: Release, { phases }: Plan): PlanOutput['phases'] {
  const count = phases.flat().length;
  // The variables that a state sets have no more together than its output: the release is beside the phases.
  const room = LIMITS.payload.most - RESERVE - jsonBytes(release);
  const fitted = fitPlan({ phases, skip: [] }, Math.max(0, room - count * PER_SERVICE));
  const executions = fitted.phases.map((phase) =>
    phase.map((service) => ({ service, executionName: serviceExecutionName(release, service.path) })),
  );
  const bytes = jsonBytes(executions);
  if (bytes <= room) return executions;
  const names = jsonBytes(phases.flat().map(({ path }) => path));
  // Names that are asked for are in the release too.
  const roomForSome = LIMITS.payload.most - RESERVE - jsonBytes({ ...release, only: [] });
  const most = Math.floor(Math.min((roomForSome * count) / (bytes + names), (MOST_NAMES * count) / names));
  const message =
    `${count} services would be deployed at once, which are ${bytes} bytes, ${bytes - room} more than an execution can ` +
    `hold, and nothing was begun; release some of them first, by name (--service), at most ${most} at once: the ` +
    'others are deployed by the next release';
  throw new ReleaseError('ConfigInvalid', message);
}

/**
 * @param only services that somebody asks for
 * @throws ReleaseError `ConfigInvalid` if their names are too long together
 */
export function refuseTooMany(only: readonly ServicePath[]): void {
  const bytes = jsonBytes(only);
  if (bytes <= MOST_NAMES) return;
  const message =
    `the names of the ${only.length} services that are asked for have ${bytes} bytes, and a release may have ` +
    `${MOST_NAMES}; name fewer at once (about ${Math.floor((MOST_NAMES * only.length) / bytes)}), or name none: then ` +
    'all that changed are deployed';
  throw new ReleaseError('ConfigInvalid', message);
}
