/** What names secrets in seedbed.yml. */
export interface NamesSecrets {
  readonly github: { readonly secret: string };
  readonly notifications: readonly { readonly webhook: string }[];
}

/** @returns the names of the secrets of Secrets Manager with which the platform itself works, each once */
export const platformSecrets = ({ github, notifications }: NamesSecrets): readonly string[] => [
  ...new Set([github.secret, ...notifications.map(({ webhook }) => webhook)]),
];
