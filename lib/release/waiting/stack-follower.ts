import { ReleaseError } from '../../core/contracts/errors';
import type { StackOperation } from '../../core/contracts/payloads';
import type { Release } from '../../core/contracts/release';
import type { StackEvent } from '../../core/contracts/stack-event';
import { explainGuard } from '../../core/deploy/refused-by-guard';
import { firstFailure, operationEnd } from '../../core/deploy/stack-status';
import { rollbackAdvice } from '../../core/deploy/stuck-stack';
import type { Log } from '../../ports/log';
import type { Stacks } from '../../ports/stacks';
import type { TargetPortsOf } from '../../ports/target-ports';

export interface StackFollowerPorts {
  readonly target: TargetPortsOf<'stacks'>;
  readonly log: Log;
}

/** An operation on the stack of a service. */
export interface StackJob {
  readonly release: Release;
  readonly service: { readonly path: string };
  readonly operation: StackOperation;
}

/** The status of a stack operation, and what happened in it since the look before. */
export interface StackProgress {
  readonly status: 'running' | 'done' | 'deleted' | 'failed';
  /** Events, one line each, oldest first. */
  readonly events: readonly string[];
}

/** Keeps the state's output far below Step Functions' 256 KiB, however many resources a stack has. */
const MOST_EVENTS = 100;

/** @returns the newest events, as many as a state may give on */
export const newestEvents = (lines: readonly string[]): readonly string[] => lines.slice(-MOST_EVENTS);

/**
 * Makes what looks at stack operations, and writes their events to the log. A failed operation counts as ended when its
 * rollback has ended, so that whoever handles the failure finds the stack at rest. The failure of a removal is
 * answered, not thrown, since the removal is tried once more.
 *
 * @throws ReleaseError `StackFailed` with the first resource that failed and its reason; `StackStuck` if the stack
 * cannot be updated any more until a person acts
 */
export function stackFollower({ target, log }: StackFollowerPorts): (job: StackJob) => Promise<StackProgress> {
  /** Last event seen, by operation: a warm worker's next call goes on from there. A cold one repeats some lines. */
  const seen = new Map<string, string>();

  return async ({ release, service, operation }) => {
    if (operation.kind === 'none') return { status: 'done', events: [] };
    const lines: string[] = [];
    const { stacks } = target(release.target);
    const about = { releaseId: release.id, service: service.path, stack: operation.stackName };
    const place = `${release.target.account} ${release.target.region} ${operation.stackName} ${operation.token}`;

    const end = await look();
    if (!end) return { status: 'running', events: lines };
    seen.delete(place);
    if (end.kind === 'failed' && release.remove) return { status: 'failed', events: lines };
    if (end.kind === 'failed') throw await failure(stacks, operation, end.status);
    if (end.kind === 'deleted' && operation.kind !== 'delete') throw deletedMeanwhile(operation);
    return { status: end.kind === 'deleted' ? 'deleted' : 'done', events: lines };

    async function look() {
      const events = await stacks.events(operation.stackName, operation.token, seen.get(place));
      if (events === undefined) return { kind: 'deleted' as const };
      for (const { id, time, logicalId, type, status, reason } of events) {
        log.info(`${status} ${logicalId}`, { ...about, time, type, reason });
        lines.push([status, logicalId, reason].filter(Boolean).join(' '));
        seen.set(place, id);
      }
      const last = events.findLast(({ ofStack, status }) => ofStack && operationEnd(status, operation) !== undefined);
      if (last && operation.kind === 'delete' && operationEnd(last.status) === 'succeeded')
        return { kind: 'failed' as const, status: last.status };
      if (last) return { kind: operationEnd(last.status, operation)!, status: last.status };
      return operation.kind === 'delete' ? await keptByExport(stacks, operation) : undefined;
    }
  };
}

/**
 * CloudFormation accepts the deletion of a stack whose exports are imported by others, and does not begin it: the stack
 * keeps its status, and only the reason of that tells (https://github.com/aws/aws-cdk/issues/604).
 */
async function keptByExport(
  stacks: Stacks,
  { stackName }: StackOperation,
): Promise<{ readonly kind: 'failed'; readonly status: string } | undefined> {
  const stack = await stacks.describe(stackName);
  return stack?.statusReason?.includes('cannot be deleted as it is in use by')
    ? { kind: 'failed', status: stack.status }
    : undefined;
}

async function failure(
  stacks: Stacks,
  { stackName, token, kind }: StackOperation,
  status: string,
): Promise<ReleaseError> {
  const cause = await findCause(stacks, { stackName, token });
  const why = `the ${kind} of stack "${stackName}" failed${cause ? ` at ${inWords(cause)}${explainGuard(cause.reason)}` : ''}`;
  if (status === 'UPDATE_ROLLBACK_FAILED')
    return new ReleaseError('StackStuck', `${why}; ${rollbackAdvice(stackName)}`);
  if (status === 'DELETE_FAILED') {
    const advice = 'delete it by hand in the CloudFormation console, then release again';
    return new ReleaseError('StackStuck', `${why}; ${advice}`);
  }
  const left = status.includes('ROLLBACK') ? 'the stack was rolled back' : STAYS;
  return new ReleaseError('StackFailed', `${why}; ${left}`);
}

const STAYS =
  'the stack stays as it failed, since the service has "provider.disableRollback"; mend it and release again, or roll it ' +
  'back in the CloudFormation console';

async function findCause(
  stacks: Stacks,
  { stackName, token }: Pick<StackOperation, 'stackName' | 'token'>,
): Promise<StackEvent | undefined> {
  const cause = firstFailure((await stacks.events(stackName, token)) ?? []);
  // Where no resource failed, the template may have been refused before any was touched.
  return cause?.ofStack ? ((await stacks.validationErrors(stackName))[0] ?? cause) : cause;
}

const inWords = ({ logicalId, type, reason, ofStack }: StackEvent): string =>
  `${ofStack ? 'the stack itself' : `${logicalId} (${type})`}: ${reason ?? 'CloudFormation gives no reason'}`;

const deletedMeanwhile = ({ stackName }: StackOperation): ReleaseError =>
  new ReleaseError('StackFailed', `stack "${stackName}" was deleted while it was being deployed; release again`);
