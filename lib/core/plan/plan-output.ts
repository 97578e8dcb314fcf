import { ReleaseError } from '../contracts/errors';
import { serviceExecutionName } from '../contracts/execution-name';
import { LIMITS } from '../contracts/limits';
import type { PlanOutput } from '../contracts/payloads';
import type { Release } from '../contracts/release';
import type { Plan } from '../contracts/state';
import { fitPlan } from './fit-plan';

/** The variables that a state sets have no more together than its output: the release is beside the phases. */
const PAYLOAD = LIMITS.payload.most - 8 * 1024;
/** Of an execution's name and the keys around it. */
const PER_SERVICE = 120;

/**
 * An item of DynamoDB has 400 KB, the release itself and its end among them. JSON is never shorter than what is stored.
 */
export const PLAN_IN_TABLE = 340_000;

/**
 * @returns for each phase the executions to start. Their reasons are as full as the payload allows; the table has them.
 * @throws ReleaseError `ConfigInvalid` if there are more services than an execution can hold at all
 */
export function executionsOf(release: Release, { phases }: Plan): PlanOutput['phases'] {
  const count = phases.flat().length;
  const fitted = fitPlan({ phases, skip: [] }, Math.max(0, PAYLOAD - count * PER_SERVICE));
  const executions = fitted.phases.map((phase) =>
    phase.map((service) => ({ service, executionName: serviceExecutionName(release, service.path) })),
  );
  const bytes = Buffer.byteLength(JSON.stringify(executions));
  if (bytes <= PAYLOAD) return executions;
  const most = Math.floor((count * PAYLOAD) / bytes);
  const message =
    `the plan has ${count} services, which are ${bytes} bytes, ${bytes - PAYLOAD} more than an execution can hold; ` +
    `release some of them first, by name (--service), at most ${most} at once`;
  throw new ReleaseError('ConfigInvalid', message);
}
