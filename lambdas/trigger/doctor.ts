import type * as z from 'zod';
import { type Diagnosis, DoctorInput } from '../../lib/core/contracts/diagnosis';
import { diagnoseBuilds } from '../../lib/core/trigger/diagnose-builds';
import type { Apps } from '../../lib/ports/apps';
import type { BuildQuotas } from '../../lib/ports/build-quotas';
import type { Diagnose } from '../../lib/ports/diagnose';
import { findApp } from '../../lib/release/queue/find-stage';

export interface DoctorPorts {
  readonly apps: Apps;
  readonly diagnose: Diagnose;
  readonly buildQuotas: BuildQuotas;
}

/**
 * Tells what keeps an app from being released: at its repository, and where it is built. Runs where releases do, so it
 * sees what they see.
 */
export const doctor =
  ({ apps, diagnose, buildQuotas }: DoctorPorts) =>
  async (event: unknown): Promise<z.infer<typeof Diagnosis>> => {
    const { app } = DoctorInput.parse(event);
    const config = await findApp(apps, app);
    const stages = Object.keys(config.stages);
    const [ofRepository, machines, quotas] = await Promise.all([
      diagnose(config),
      buildQuotas.machines(app, stages),
      buildQuotas.quotas(),
    ]);
    const findings = [...ofRepository, ...diagnoseBuilds(stages, machines, quotas)];
    return { app, repository: config.repository, findings };
  };
