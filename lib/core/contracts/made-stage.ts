import * as z from 'zod';
import { Name } from './release';

/** What a made stage was made of. */
export const StageOrigin = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pull-request'), number: z.number().int().positive(), branch: z.string() }),
  z.object({ kind: z.literal('branch'), branch: z.string() }),
]);
export type StageOrigin = z.infer<typeof StageOrigin>;

/**
 * Item `APP#<app>`, `STAGE#<stage>`: a stage that a pull request or a branch has, made by a rule of seedbed.yml.
 * Configured stages have no such item. It goes when all of the stage's services are removed.
 */
export const MadeStage = z.object({
  app: Name,
  stage: Name,
  /** The configured stage whose settings it has. */
  template: Name,
  origin: StageOrigin,
  /** ISO time. */
  madeAt: z.string(),
  /** ISO time at which its removal was asked for; a stage that still is there long after is reported. */
  removeAskedAt: z.string().optional(),
  /** The comment on the pull request that tells of its releases; one for all of them. */
  commentId: z.number().int().optional(),
});
export type MadeStage = z.infer<typeof MadeStage>;
