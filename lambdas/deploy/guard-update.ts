import type { Release } from '../../lib/core/contracts/release';
import { holdsStacks, isDataAtRisk } from '../../lib/core/deploy/data-at-risk';
import { judgeChanges } from '../../lib/core/deploy/judge-changes';
import type { Template } from '../../lib/core/template/template';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Clock } from '../../lib/ports/clock';
import type { StackRequest, Stacks } from '../../lib/ports/stacks';
import { foreseeUpdate } from './foresee-update';

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
  // Of a template that cannot be read, nobody knows.
  const nested = !current || holdsStacks(current);
  const { changes } = await foreseeUpdate(stacks, pace, { ...request, nested });
  await stacks.forgetForeseen(request);
  return judgeChanges({ release, stackName: request.name, adopted, current, changes });
}
