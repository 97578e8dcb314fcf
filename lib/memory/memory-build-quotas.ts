import type { ProjectEnvironment } from '../core/contracts/build-machine';
import type { BuildQuota } from '../core/contracts/build-quota';
import { buildProjectName } from '../core/contracts/stage-environment';
import type { BuildQuotas } from '../ports/build-quotas';

/**
 * In-memory twin of the port BuildQuotas.
 * @param projects machines by the names of projects
 * @param quotas undefined if they may not be seen
 */
export function memoryBuildQuotas(
  projects: Readonly<Record<string, ProjectEnvironment>>,
  quotas: readonly BuildQuota[] | undefined,
): BuildQuotas {
  return {
    machines: async (app, stages) =>
      new Map(
        stages.flatMap((stage) => {
          const machine = projects[buildProjectName(app, stage)];
          return machine ? [[stage, machine] as const] : [];
        }),
      ),
    quotas: async () => quotas,
  };
}
