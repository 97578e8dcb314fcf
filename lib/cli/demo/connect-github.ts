import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { GitHubSecret } from '../../core/contracts/github-secret';
import { GitHubClient } from '../../local/github/github-client';
import type { LocalCloud } from '../../local/local-cloud';

/** A repository at the double of GitHub, as an organization that uses Seedbed has it. */
export interface ConnectedGitHub {
  /** Acts as a developer of the organization. */
  readonly developer: GitHubClient;
  /** Makes the double deliver pushes and pull requests to the platform's webhook. */
  readonly sendEventsTo: (webhookUrl: string) => Promise<void>;
}

/** Where to connect: to which local cloud, and what. */
export interface ConnectGitHubOptions extends Pick<LocalCloud, 'endpoint' | 'region' | 'root'> {
  /** `owner/name`; made. */
  readonly repository: string;
  /** Name of the secret that the platform reads. */
  readonly secret: string;
  /** Whose webhook delivers events: the App's, for all its repositories (default), or the repository's own. */
  readonly webhookOf?: 'app' | 'repository';
}

const APP = 1;
/** What docs/install.md has the App ask for. */
const PERMISSIONS = {
  metadata: 'read',
  contents: 'read',
  statuses: 'write',
  deployments: 'write',
  pull_requests: 'write',
} as const;

const EVENTS = ['push', 'pull_request'];

/**
 * Does at the double of GitHub, and in the local account, what docs/install.md has a person do: a repository, an App
 * that is installed on it, the secret with its key, and a webhook.
 */
export async function connectGitHub(options: ConnectGitHubOptions): Promise<ConnectedGitHub> {
  const { endpoint, region, root, repository, secret, webhookOf = 'app' } = options;
  const [account = ''] = repository.split('/');
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: pem,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const webhookSecret = randomBytes(20).toString('hex');
  const value: GitHubSecret = { app: { id: String(APP), privateKey }, webhookSecrets: [webhookSecret] };
  const developer = new GitHubClient(endpoint, `ghp_${randomBytes(18).toString('hex')}`);
  const secrets = new SecretsManagerClient({ endpoint, region, credentials: root });
  await secrets.send(new CreateSecretCommand({ Name: secret, SecretString: JSON.stringify(value) }));
  secrets.destroy();
  await developer.register('developer');
  await developer.createRepository(repository, { private: true });
  const app = { id: APP, publicKey, permissions: PERMISSIONS, events: EVENTS };
  await developer.control({ apps: [{ ...app, installations: [{ account }] }] });
  return {
    developer,
    async sendEventsTo(url) {
      const webhook = { url, secret: webhookSecret };
      if (webhookOf === 'app') await developer.control({ apps: [{ ...app, webhook }] });
      else await developer.createHook(repository, { ...webhook, events: EVENTS });
    },
  };
}
