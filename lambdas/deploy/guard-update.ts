import { ReleaseError } from '../../lib/core/contracts/errors';
import type { Release } from '../../lib/core/contracts/release';
import { isDataAtRisk } from '../../lib/core/deploy/data-at-risk';
import { judgeChanges } from '../../lib/core/deploy/judge-changes';
import type { Template } from '../../lib/core/template/template';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Clock } from '../../lib/ports/clock';
import type { ForeseenChanges, StackRequest, Stacks } from '../../lib/ports/stacks';
import { pollUntil } from '../../lib/release/poll-until';

export interface GuardUpdatePorts {
  readonly stacks: Stacks;
  readonly artifacts: Pick<Artifacts, 'writeJson'>;
  /** By which CloudFormation's answer is waited for. */
  readonly pace: Clock;
}

export interface UpdateToGuard {
  readonly release: Release;
  /** The update, whose template is not stored yet. */
  readonly request: StackRequest;
  /** Whether it is the first release of a stack that the service had before. */
  readonly adopted: boolean;
  /** The template that the stack has, if it can be read. */
  readonly current: Template | undefined;
  /** The template that it is about to get. */
  readonly next: Template;
}

/**
 * Makes sure that an update takes nothing that it must not take, before anything is touched. CloudFormation is only
 * asked what the update would do where that may be something: it takes seconds.
 *
 * @returns what a person should know of the update although it goes on
 * @throws ReleaseError `StatefulChange`, `AddressChange`; `TemplateInvalid` if CloudFormation refuses the update
 * already; `Throttled`, to be tried again, if it takes longer than a minute to say
 */
export async function guardUpdate(
  { stacks, artifacts, pace }: GuardUpdatePorts,
  { release, request, adopted, current, next }: UpdateToGuard,
): Promise<readonly string[]> {
  if (!adopted && !release.guard?.protect) return [];
  if (!adopted && current && !isDataAtRisk(current, next)) return [];
  await artifacts.writeJson(request.template, next);
  await stacks.foresee(request);
  const foreseen = await pollUntil(
    pace,
    () => answerOf(stacks, request),
    () => LOOK,
  );
  if (!foreseen) {
    throw new ReleaseError(
      'Throttled',
      `CloudFormation is still finding out what the update of stack "${request.name}" would do`,
    );
  }
  await stacks.forgetForeseen(request);
  if (foreseen.status === 'refused') {
    throw new ReleaseError(
      'TemplateInvalid',
      `CloudFormation refuses the update of stack "${request.name}", of which nothing was touched: ${foreseen.reason}; mend the template`,
    );
  }
  return judgeChanges({ release, stackName: request.name, adopted, current, changes: foreseen.changes });
}

/** Milliseconds between two looks. */
const LOOK = 2_000;

async function answerOf(
  stacks: Stacks,
  request: StackRequest,
): Promise<Exclude<ForeseenChanges, { readonly status: 'pending' }> | undefined> {
  const found = await stacks.foreseen(request);
  return found.status === 'pending' ? undefined : found;
}
