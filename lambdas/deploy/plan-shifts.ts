import type { Decision } from '../../lib/core/contracts/decision';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { hasStack, type Manifest, type StackManifest } from '../../lib/core/contracts/manifest';
import type { Release } from '../../lib/core/contracts/release';
import type { PlannedShift } from '../../lib/core/contracts/shift-plan';
import type { PreviousPackage } from '../../lib/core/deploy/package-diff';
import { gradualOnes, planShifts as plan } from '../../lib/core/shift/plan-shifts';
import { aliasedFunctions } from '../../lib/core/template/not-aliased';
import type { Template } from '../../lib/core/template/template';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { TargetPorts } from '../../lib/ports/target-ports';
import { readTemplate } from '../../lib/release/packages/read-template';
import { checkAlarms } from '../../lib/release/shift/check-alarms';
import { readPhysicalIds, resolveReference, wishOf } from '../../lib/release/shift/service-shift';

interface PlanShiftsInput {
  readonly release: Release;
  readonly decision: Decision;
  readonly manifest: Manifest;
  readonly deployed: PreviousPackage;
}

/**
 * Plans how the functions of a service shift, and finds whatever forbids that before anything is touched.
 *
 * @returns the functions that need more than a move of their alias
 * @throws ReleaseError `ShiftRefused`, `AlarmMissing` or `AlarmActive`
 */
export async function planShifts(
  { artifacts, target }: { readonly artifacts: Artifacts; readonly target: Pick<TargetPorts, 'stacks' | 'alarms'> },
  { release, decision, manifest, deployed }: PlanShiftsInput,
): Promise<readonly PlannedShift[]> {
  if (decision.kind === 'skip' || !asksForMore(release, manifest)) return [];
  const before = deployed === undefined || deployed === 'unreadable' ? undefined : deployed;
  // A direct update changes neither roles nor anything else of the template.
  const [templateAfter, templateBefore] = await Promise.all([
    hasStack(manifest) ? readTemplate(artifacts, manifest) : undefined,
    before && decision.kind === 'full' && hasStack(before.manifest)
      ? readTemplateBefore(artifacts, before.manifest)
      : undefined,
  ]);
  const isNewStack =
    before === undefined && hasStack(manifest) && (await target.stacks.describe(manifest.stackName)) === undefined;
  // Functions whose code is not in the package count too: a full deploy publishes and moves them like the others.
  const moving =
    decision.kind === 'full' && templateAfter
      ? aliasedFunctions(templateAfter, manifest.alias)
      : decision.changedFunctions;
  const { shifts, problems } = plan({
    settings: manifest.shift,
    stage: { name: release.stage, shift: release.shift },
    functions: moving.map((logicalId) => ({
      logicalId,
      // If something else deployed the stack, or nothing is known of it, `Start shift` finds out what it has.
      // What something else made has its alias, with what it runs, before it moves.
      isDeployed:
        before === undefined || !hasStack(manifest) ? !isNewStack : Object.hasOwn(before.functions, logicalId),
    })),
    before: templateBefore,
    after: templateAfter,
    alias: manifest.alias,
    isRollback: release.rollback !== undefined,
  });
  if (problems.length > 0) throw new ReleaseError('ShiftRefused', `${problems.join('\n')}\nnothing has been touched`);
  await checkKnownAlarms(target, { manifest, shifts });
  return shifts;
}

/** Most services ask for nothing, so nothing has to be read for them. */
const asksForMore = ({ shift }: Release, manifest: Manifest): boolean =>
  shift.shift.kind !== 'all-at-once' || Object.keys(manifest.shift.functions).length > 0;

/** A template that can no longer be read does not tell what changes; `Start shift` then asks Lambda. */
async function readTemplateBefore(artifacts: Artifacts, manifest: StackManifest): Promise<Template | undefined> {
  try {
    return await readTemplate(artifacts, manifest);
  } catch (error) {
    if (error instanceof ReleaseError && error.code === 'TemplateInvalid') return undefined;
    throw error;
  }
}

/** An alarm that this release is about to make is looked at when the shift starts. */
async function checkKnownAlarms(
  { stacks, alarms }: Pick<TargetPorts, 'stacks' | 'alarms'>,
  { manifest, shifts }: { readonly manifest: Manifest; readonly shifts: readonly PlannedShift[] },
): Promise<void> {
  const ids = await readPhysicalIds(stacks, manifest, shifts);
  const guards = gradualOnes(shifts).flatMap(({ logicalId }) =>
    wishOf(manifest, logicalId).alarms.flatMap((reference) => {
      const alarm = resolveReference(reference, ids);
      return alarm === undefined ? [] : [{ logicalId, alarm }];
    }),
  );
  await checkAlarms(alarms, guards);
}
