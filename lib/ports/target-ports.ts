import type { Caller } from '../core/contracts/call-reservations';
import type { Target } from '../core/contracts/release';
import type { Alarms } from './alarms';
import type { Buckets } from './buckets';
import type { Functions } from './functions';
import type { HookRuns } from './hook-runs';
import type { Shifts } from './shifts';
import type { Stacks } from './stacks';
import type { Versions } from './versions';

/** What a worker can do in a target: with the target's deploy role, or to buckets with its removal role. */
export interface TargetPorts {
  readonly functions: Functions;
  readonly stacks: Stacks;
  readonly shifts: Shifts;
  readonly alarms: Alarms;
  readonly hookRuns: HookRuns;
  readonly buckets: Buckets;
  readonly versions: Versions;
}

/**
 * @param caller for whom calls are made that all releases share: the platform itself if it is left out
 * @returns the ports into a target that a worker needs; clients and credentials of a target are made once
 */
export type TargetPortsOf<Name extends keyof TargetPorts = keyof TargetPorts> = (
  target: Target,
  caller?: Caller,
) => Pick<TargetPorts, Name>;
