import { generateKeyPairSync } from 'node:crypto';
import type { GitHubSecret } from '../../lib/core/contracts/github-secret';
import { gitHubClients } from '../../lib/github/client';
import { gitHubSource } from '../../lib/github/github-source';
import { type AGitHub, aGitHub, aRepository } from '../local/a-github';
import { historyOf } from './git-history';
import { type AHistory, sourceContract } from './source-contract';

jest.setTimeout(300_000);

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const webhookSecrets = ['0123456789abcdef'];
const SECRETS: Readonly<Record<string, GitHubSecret>> = {
  'an App': { app: { id: '42', privateKey }, webhookSecrets },
  'a token': { token: 'pat', webhookSecrets },
};

describe.each(['an App', 'a token'])('gitHubSource with %s', (how) => {
  let at: AGitHub;
  let made = 0;
  beforeAll(async () => {
    at = await aGitHub();
    const permissions = { contents: 'read', pull_requests: 'read' } as const;
    await at.ada.control({
      tokens: [{ token: 'pat', login: 'seedbed', permissions }],
      apps: [{ id: 42, publicKey, permissions, installations: [{ account: 'acme' }] }],
    });
  });
  afterAll(() => at.stop());

  sourceContract(async (): Promise<AHistory> => {
    made += 1;
    const name = `acme/shop-${made}`;
    const clone = await aRepository(at, name, { private: true });
    const access = { apiUrl: at.apiUrl, secret: 'seedbed/github' };
    return {
      source: gitHubSource(gitHubClients(access, async () => SECRETS[how]!, { second: 1 })),
      repository: { provider: 'github', name },
      ...historyOf(clone),
      pulls: {
        open: async (branch, into) =>
          (await at.ada.openPullRequest(name, { title: branch, head: branch, base: into })).number,
        async close(number) {
          await at.ada.closePullRequest(name, number);
        },
      },
    };
  });
});
