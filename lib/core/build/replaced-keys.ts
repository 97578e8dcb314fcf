import { isJsonObject, type Json, type JsonObject } from '../text/canonical-json';

/** A key of the configuration, and what Seedbed does in its place. */
interface Replaced {
  readonly path: readonly [string, ...string[]];
  /** Whether the key asks for anything that Seedbed does otherwise. */
  readonly asks: (value: Json) => boolean;
  readonly instead: string;
}

const anything = (value: Json): boolean => value !== false;
const DASHBOARD = "releases go through no dashboard of the framework's maker; what is deployed is told by Seedbed";

const REPLACED: readonly Replaced[] = [
  {
    path: ['provider', 'profile'],
    asks: anything,
    instead: "packaged and deployed with the roles of the stage's target, which seedbed.yml names; remove the key",
  },
  {
    path: ['provider', 'pruneFunctionVersions'],
    asks: anything,
    instead: 'Seedbed deletes the versions that nothing needs any more; remove the key',
  },
  {
    path: ['provider', 'versionFunctions'],
    asks: (value) => value === false,
    instead: 'Seedbed publishes a version of what it changes: its alias points at one; remove the key',
  },
  {
    path: ['provider', 'deploymentPrefix'],
    asks: anything,
    instead: "bundles are in the platform's bucket, under keys of its own; remove the key",
  },
  ...['org', 'app', 'outputs', 'dashboard', 'console'].map(
    (key): Replaced => ({ path: [key], asks: anything, instead: `${DASHBOARD}; remove the key` }),
  ),
];

/**
 * Tells which keys the framework would follow when it deploys, and Seedbed does otherwise. What has files and functions
 * of its own for it, such as tags or stack policies, is not among them.
 *
 * @param config the service's configuration, with `provider` resolved
 * @returns a warning for each such key
 */
export function tellReplacedKeys(config: JsonObject): readonly string[] {
  return REPLACED.flatMap(({ path, asks, instead }) => {
    const value = path.reduce<Json | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), config);
    if (value === undefined || value === null || !asks(value)) return [];
    return [`${path.join('.')}: not used; ${instead}`];
  });
}
