import type { Manifest } from '../../core/contracts/manifest';
import type { FunctionShift, Reference } from '../../core/contracts/settings';
import type { PlannedShift } from '../../core/contracts/shift-plan';
import { gradualOnes } from '../../core/shift/plan-shifts';
import type { Stacks } from '../../ports/stacks';

/** Physical names by logical id: a stack's functions, alarms, topics. */
export type PhysicalIds = Readonly<Record<string, string>>;

/** @returns what the app asks for a function besides its pace, which may be nothing. */
export const wishOf = ({ shift }: Pick<Manifest, 'shift'>, logicalId: string): FunctionShift =>
  shift.functions[logicalId] ?? { alarms: [], triggers: [] };

/** @returns whether any of the functions names a resource of the service, whose physical name only the stack knows. */
const namesResources = (manifest: Pick<Manifest, 'shift'>, shifts: readonly PlannedShift[]): boolean =>
  gradualOnes(shifts).some(({ logicalId }) => {
    const { alarms, triggers, preTrafficHook, postTrafficHook } = wishOf(manifest, logicalId);
    const references = [...alarms, ...triggers.map(({ topic }) => topic)];
    return (preTrafficHook ?? postTrafficHook) !== undefined || references.some((one) => 'logicalId' in one);
  });

/**
 * @returns the physical names of a service's resources, if they are needed at all. Functions that something else made
 *   are known by theirs.
 */
export async function readPhysicalIds(
  stacks: Pick<Stacks, 'physicalIds'>,
  manifest: Pick<Manifest, 'shift' | 'stackName' | 'functions'>,
  shifts: readonly PlannedShift[],
): Promise<PhysicalIds> {
  if (!namesResources(manifest, shifts)) return {};
  if (manifest.stackName !== undefined) return stacks.physicalIds(manifest.stackName);
  return Object.fromEntries(Object.keys(manifest.functions).map((name) => [name, name]));
}

/** @returns the name that a reference stands for; undefined if its resource is not there (yet). */
export const resolveReference = (reference: Reference, ids: PhysicalIds): string | undefined =>
  'name' in reference ? reference.name : ids[reference.logicalId];
