import type { Artifacts } from '../ports/artifacts';
import type { TargetPortsOf } from '../ports/target-ports';
import { type MemoryFunctions, memoryFunctions } from './memory-functions';
import { type MemoryStacks, memoryStacks } from './memory-stacks';

/** A target in memory: its stacks make and change its functions. */
export interface MemoryTarget {
  readonly functions: MemoryFunctions;
  readonly stacks: MemoryStacks;
  readonly portsOf: TargetPortsOf;
}

/** @param artifacts where bundles and templates are taken from */
export function memoryTarget(artifacts: Pick<Artifacts, 'find' | 'readBytes'>): MemoryTarget {
  const functions = memoryFunctions(artifacts);
  const stacks = memoryStacks(artifacts, functions);
  return { functions, stacks, portsOf: () => ({ functions, stacks }) };
}
