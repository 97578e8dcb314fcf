import type { HookRun } from '../core/contracts/hook-run';
import type { HookRuns } from '../ports/hook-runs';

/** In-memory twin of the port HookRuns. */
export function memoryHookRuns(): HookRuns {
  const all = new Map<string, HookRun>();
  const keyOf = ({ application, group }: Pick<HookRun, 'application' | 'group'>): string => `${application} ${group}`;
  return {
    prepare: async (runs) => {
      for (const run of runs) all.set(keyOf(run), run);
    },
    list: async (application) => [...all.values()].filter((run) => run.application === application),
    find: async (application, group) => all.get(keyOf({ application, group })),
    record: async (run, moment, outcome) => {
      const found = all.get(keyOf(run));
      if (found?.releaseId !== run.releaseId) return false;
      const isRepeated = found.moments[moment]?.executionId === outcome.executionId;
      if (outcome.status === 'running' && isRepeated) return false;
      all.set(keyOf(run), { ...found, moments: { ...found.moments, [moment]: outcome } });
      return true;
    },
  };
}
