import type * as z from 'zod';
import { type Diagnosis, DoctorInput } from '../../lib/core/contracts/diagnosis';
import type { Apps } from '../../lib/ports/apps';
import type { Diagnose } from '../../lib/ports/diagnose';
import { findApp } from '../../lib/release/queue/find-stage';

export interface DoctorPorts {
  readonly apps: Apps;
  readonly diagnose: Diagnose;
}

/** Tells what keeps an app's repository from being released. Runs where releases do, so it sees what they see. */
export const doctor =
  ({ apps, diagnose }: DoctorPorts) =>
  async (event: unknown): Promise<z.infer<typeof Diagnosis>> => {
    const { app } = DoctorInput.parse(event);
    const config = await findApp(apps, app);
    return { app, repository: config.repository, findings: [...(await diagnose(config))] };
  };
