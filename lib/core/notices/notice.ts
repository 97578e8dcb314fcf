import * as z from 'zod';

/** Item `RELEASE#<ulid>#NOTICE`: what has been told of a release, and where. */
export const Notice = z.object({
  /** By destination, what it was told last: a status, or a digest of the text. */
  told: z.record(z.string(), z.string()).default({}),
  /** Whether GitHub was asked to make a deployment; if its id is not known, it has to be looked for. */
  deploymentAsked: z.boolean().optional(),
  /** GitHub's id of the release's deployment. */
  deploymentId: z.number().int().optional(),
});
export type Notice = z.infer<typeof Notice>;

export const NO_NOTICE: Notice = { told: {} };
