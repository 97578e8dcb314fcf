import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReleaseError } from '../../core/contracts/errors';
import { GitHubSecret } from '../../core/contracts/github-secret';
import { parseJson } from '../../core/text/parse-json';
import type { ReadGitHubSecret } from '../../github/client';
import { busyIsThrottled } from '../clients/busy-is-throttled';
import { secretsManagerClient } from '../clients/secrets-manager';

/** Long enough that a burst of pushes reads it once, short enough that a rotated secret is soon used everywhere. */
const KEEP_MS = 5 * 60_000;

/**
 * @param name of the secret
 * @returns a function that reads it, and keeps it for a few minutes. The same value is the same object.
 *   It throws ReleaseError `SecretMissing`; no part of the value is ever in an error.
 */
export function gitHubSecretReader(
  client: SecretsManagerClient,
  name: string,
  now: () => number = Date.now,
): ReadGitHubSecret {
  let kept: { readonly text: string; readonly secret: GitHubSecret } | undefined;
  let readAt = 0;
  let reading: Promise<GitHubSecret> | undefined;

  async function read(): Promise<GitHubSecret> {
    const text = await readSecret(client, name);
    readAt = now();
    if (kept?.text !== text) kept = { text, secret: parseSecret(text, name) };
    return kept.secret;
  }

  return async (fresh = false) => {
    if (kept && !fresh && now() - readAt < KEEP_MS) return kept.secret;
    // The calls with which a worker begins are made at once, and all need it.
    if (reading && !fresh) return reading;
    const begun = read();
    reading = begun;
    return begun.finally(() => {
      if (reading === begun) reading = undefined;
    });
  };
}

const shared = new Map<string, ReadGitHubSecret>();

/** @returns this secret's reader, shared by the whole worker so that no part reads what another has read already. */
export function gitHubSecret(name: string): ReadGitHubSecret {
  const reader = shared.get(name) ?? gitHubSecretReader(secretsManagerClient(), name);
  shared.set(name, reader);
  return reader;
}

async function readSecret(client: SecretsManagerClient, name: string): Promise<string> {
  try {
    const command = new GetSecretValueCommand({ SecretId: name });
    const { SecretString } = await busyIsThrottled('Secrets Manager', () => client.send(command));
    return SecretString ?? '';
  } catch (error) {
    const why = error instanceof Error ? REASONS[error.name] : undefined;
    if (why === undefined) throw error;
    throw missing(`the platform cannot read secret "${name}" in AWS Secrets Manager: ${why}`, error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ResourceNotFoundException:
    'it does not exist in its account and region; store the access to GitHub there (see "GitHub" in docs/install.md) ' +
    'or correct "github.secret" in seedbed.yml',
  InvalidRequestException: 'it is marked for deletion; restore it, or store another one and name it in "github.secret"',
  DecryptionFailure: 'the platform may not use the key that encrypts it; encrypt it with the default key',
  AccessDeniedException:
    'access is denied; run "cdk deploy" after changing "github" in seedbed.yml, and encrypt the secret with the ' +
    'default key',
};

function parseSecret(text: string, name: string): GitHubSecret {
  const result = GitHubSecret.safeParse(parseJson(text));
  if (result.success) return result.data;
  // Neither values nor unknown keys are shown: somebody may have put the token where it does not belong.
  const places = [...new Set(result.error.issues.map(({ path }) => path.join('.')))].filter((place) => place !== '');
  const where = places.length > 0 ? `: look at ${places.join(', ')}` : '';
  throw missing(
    `secret "${name}" does not have the right form${where}; store JSON: ` +
      '{"app": {"id", "privateKey"}, "webhookSecrets": [...]} or {"token", "webhookSecrets": [...]}, with one or two ' +
      'webhook secrets of at least 16 characters',
  );
}

const missing = (message: string, cause?: unknown): ReleaseError =>
  new ReleaseError('SecretMissing', message, { cause });
