import type { DeployedPackage, LiveFunction } from '../contracts/manifest';
import type { PreviousPackage } from '../deploy/package-diff';

/**
 * A version holds the configuration that the function had when it was published. It may serve again only if no stack
 * update lies between then and now: one that changed something and one that changed it back leave the same template,
 * but perhaps another table under the name in an environment variable.
 *
 * @param deployed what is deployed now
 * @param then what is to be deployed again
 * @returns versions that may serve again, by logical id
 */
export function reusableVersions(
  deployed: PreviousPackage,
  then: DeployedPackage,
): Readonly<Record<string, LiveFunction>> {
  if (deployed === undefined || deployed === 'unreadable') return {};
  if (then.configuredBy === undefined || then.configuredBy !== deployed.configuredBy) return {};
  return Object.fromEntries(
    Object.entries(then.functions).filter(
      ([id, { name }]) => Object.hasOwn(deployed.functions, id) && deployed.functions[id]!.name === name,
    ),
  );
}
