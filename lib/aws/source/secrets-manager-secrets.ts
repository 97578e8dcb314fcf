import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Secrets } from '../../ports/secrets';

/** Long enough for what comes at once, short enough that a changed secret is soon known. */
const KEEP_MS = 5 * 60_000;

/** The port Secrets over AWS Secrets Manager. Values are kept for a few minutes. */
export function secretsManagerSecrets(client: SecretsManagerClient, now: () => number = Date.now): Secrets {
  const kept = new Map<string, { readonly value: string; readonly readAt: number }>();
  return {
    async read(name) {
      const known = kept.get(name);
      if (known && now() - known.readAt < KEEP_MS) return known.value;
      try {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
        const value = SecretString ?? '';
        kept.set(name, { value, readAt: now() });
        return value;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
  };
}
