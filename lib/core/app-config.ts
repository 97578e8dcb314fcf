import * as z from 'zod';
import { Name, Repository, Target } from './release';
import { NO_STAGE_SHIFT, StageShift } from './shift/settings';

/** A stage of an app: the branches that deploy to it (names or globs) and where it lives. */
export const StageConfig = z.object({
  branches: z.array(z.string().min(1)),
  target: Target,
  /** What its owner demands of every shift. */
  shift: StageShift.default(NO_STAGE_SHIFT),
});
export type StageConfig = z.infer<typeof StageConfig>;

/** A connected app, as stored by the platform and read by the trigger: what seedbed.yml comes to. */
export const AppConfig = z.object({ app: Name, repository: Repository, stages: z.record(Name, StageConfig) });
export type AppConfig = z.infer<typeof AppConfig>;
