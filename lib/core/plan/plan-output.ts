import { ReleaseError } from '../contracts/errors';
import { serviceExecutionName } from '../contracts/execution-name';
import type { PlanOutput } from '../contracts/payloads';
import type { Release } from '../contracts/release';
import type { Plan } from '../contracts/state';
import { fitPlan } from './fit-plan';

/**
 * States of Step Functions take and give 256 KiB, and the variables that one of them sets have no more together: the
 * release beside the phases. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const PAYLOAD = (256 - 8) * 1024;
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
  if (Buffer.byteLength(JSON.stringify(executions)) <= PAYLOAD) return executions;
  const message =
    `the release would deploy ${count} services at once, more than an execution can hold; release some of them ` +
    'first, by name';
  throw new ReleaseError('ConfigInvalid', message);
}
