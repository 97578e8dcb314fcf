import type { Target } from '../core/release';
import type { Functions } from './functions';
import type { Stacks } from './stacks';

/** What a worker does in a target, with the power of the target's deploy role. */
export interface TargetPorts {
  readonly functions: Functions;
  readonly stacks: Stacks;
}

/** @returns the ports into a target that a worker needs; the same target again gives the same ports. */
export type TargetPortsOf<Name extends keyof TargetPorts = keyof TargetPorts> = (
  target: Target,
) => Pick<TargetPorts, Name>;
