import * as z from 'zod';

/** Name of the secret with the platform's access to GitHub, unless seedbed.yml names another one. */
export const GITHUB_SECRET = 'seedbed/github';
export const GITHUB_API_URL = 'https://api.github.com';

/**
 * The secret's value, as JSON in AWS Secrets Manager. An App is better than a token: its tokens last an hour and can be
 * made for one repository, so that no build ever sees what could read another app's.
 */
export const GitHubSecret = z
  .strictObject({
    /** A GitHub App. */
    app: z
      .strictObject({
        id: z.union([z.string(), z.number()]).transform(String),
        /** PEM. */
        privateKey: z.string().startsWith('-----BEGIN'),
      })
      .optional(),
    /** A fine-grained or classic personal access token. */
    token: z.string().min(1).optional(),
    /** Secrets of the webhook: one, or while it is changed the new and the old one. */
    webhookSecrets: z.array(z.string().min(16)).min(1).max(2),
  })
  .refine(({ app, token }) => (app === undefined) !== (token === undefined), 'give either "app" or "token"');
export type GitHubSecret = z.infer<typeof GitHubSecret>;

/** How the platform reaches GitHub. */
export const GitHubAccess = z.object({
  apiUrl: z.string(),
  /** Name of the secret. */
  secret: z.string(),
});
export type GitHubAccess = z.infer<typeof GitHubAccess>;
