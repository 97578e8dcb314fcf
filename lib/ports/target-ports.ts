import type { Target } from '../core/release';
import type { Functions } from './functions';
import type { Stacks } from './stacks';

/** What a worker does in a target, with the power of the target's deploy role. */
export interface TargetPorts {
  readonly functions: Functions;
  readonly stacks: Stacks;
}

/** @returns the ports into a target; the same target again gives the same ports. */
export type TargetPortsOf = (target: Target) => TargetPorts;
