import type { AlarmState, Alarms } from '../ports/alarms';
import type { Artifacts } from '../ports/artifacts';
import type { HookRuns } from '../ports/hook-runs';
import type { TargetPortsOf } from '../ports/target-ports';
import { memoryAlarms } from './memory-alarms';
import { type MemoryBuckets, memoryBuckets } from './memory-buckets';
import { type MemoryFunctions, memoryFunctions } from './memory-functions';
import { memoryHookRuns } from './memory-hook-runs';
import { type MemoryShifts, memoryShifts } from './memory-shifts';
import { type MemoryStacks, memoryStacks } from './memory-stacks';
import { type MemoryVersions, memoryVersions } from './memory-versions';

/** A target in memory: its stacks make and change its functions and buckets, its CodeDeploy moves their aliases. */
export interface MemoryTarget {
  readonly functions: MemoryFunctions;
  readonly stacks: MemoryStacks;
  readonly shifts: MemoryShifts;
  readonly alarms: Alarms & { readonly all: Map<string, AlarmState> };
  readonly hookRuns: HookRuns;
  readonly buckets: MemoryBuckets;
  readonly versions: MemoryVersions;
  readonly portsOf: TargetPortsOf;
}

/** @param artifacts where bundles and templates are taken from */
export function memoryTarget(artifacts: Pick<Artifacts, 'find' | 'readBytes'>): MemoryTarget {
  const functions = memoryFunctions(artifacts);
  const buckets = memoryBuckets();
  const stacks = memoryStacks(artifacts, functions, buckets);
  const alarms = memoryAlarms();
  const shifts = memoryShifts({ functions, alarms: alarms.all });
  const ports = {
    functions,
    stacks,
    shifts,
    alarms,
    hookRuns: memoryHookRuns(),
    buckets,
    versions: memoryVersions(functions),
  };
  return { ...ports, portsOf: () => ports };
}
