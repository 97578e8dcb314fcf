import { generateKeyPairSync } from 'node:crypto';
import type { AppConfig } from '../../lib/core/contracts/app-config';
import type { Finding } from '../../lib/core/contracts/diagnosis';
import { ReleaseError } from '../../lib/core/contracts/errors';
import type { GitHubSecret } from '../../lib/core/contracts/github-secret';
import { NO_STAGE_SHIFT } from '../../lib/core/contracts/settings';
import { gitHubClients } from '../../lib/github/client';
import { gitHubDiagnose } from '../../lib/github/diagnose';
import { gitHubSource } from '../../lib/github/github-source';
import { aRelease } from '../builders';
import { type AGitHub, type AReceiver, aGitHub, aReceiver, aRepository } from '../local/a-github';

jest.setTimeout(300_000);

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const SECRET = 'a secret of webhooks';
const webhookSecrets = [SECRET];
const PERMISSIONS = {
  contents: 'read',
  metadata: 'read',
  pull_requests: 'write',
  statuses: 'write',
  deployments: 'write',
} as const;
const PROTECTION = {
  required_status_checks: null,
  enforce_admins: true,
  required_pull_request_reviews: null,
  restrictions: null,
};
const REPOSITORY = { provider: 'github', name: 'acme/shop' } as const;

let at: AGitHub;
let receiver: AReceiver;
beforeAll(async () => {
  at = await aGitHub();
  receiver = await aReceiver();
  const shop = await aRepository(at, REPOSITORY.name, { private: true });
  await shop.commit('first', { 'a.txt': '' });
  await shop.git('push', '--quiet', 'origin', 'HEAD:main', 'HEAD:release');
});
afterAll(async () => {
  await receiver.stop();
  await at.stop();
});

const anApp = (more: Partial<AppConfig> = {}): AppConfig => {
  const { target } = aRelease();
  const stage = { tags: [], target, shift: NO_STAGE_SHIFT };
  const stages = { dev: { ...stage, branches: ['main', 'feature/*'] }, prod: { ...stage, branches: ['release'] } };
  return { app: 'shop', repository: REPOSITORY, stages, branchStages: [], ...more };
};

async function diagnose(
  secret: GitHubSecret | ReleaseError,
  more: Partial<AppConfig> = {},
): Promise<readonly Finding[]> {
  const read = async () => {
    if (secret instanceof Error) throw secret;
    return secret;
  };
  const clients = gitHubClients({ apiUrl: at.apiUrl, secret: 'seedbed/github' }, read, { second: 1 });
  const ports = { clients, source: gitHubSource(clients), webhookUrl: receiver.url, now: Date.now };
  return gitHubDiagnose(ports, anApp(more));
}
const levels = (findings: readonly Finding[]) => findings.map(({ check, level }) => `${check}: ${level}`);
const of = (findings: readonly Finding[], check: Finding['check']) => findings.filter((one) => one.check === check);

describe('the diagnosis of an app whose access is a GitHub App', () => {
  const secret: GitHubSecret = { app: { id: '42', privateKey }, webhookSecrets };
  const permit = (more: object = {}, installation: object = {}) =>
    at.ada.control({
      clear: true,
      apps: [
        {
          id: 42,
          publicKey,
          permissions: PERMISSIONS,
          events: ['push', 'pull_request'],
          webhook: { url: receiver.url, secret: SECRET },
          ...more,
          installations: [{ account: 'acme', ...installation }],
        },
      ],
    });
  beforeEach(() => permit());

  it('finds nothing wrong where nothing is, but that branches are not protected', async () => {
    const findings = await diagnose(secret);
    expect(levels(findings)).toEqual([
      ...['secret: ok', 'access: ok', 'repository: ok', 'permissions: ok'],
      ...['webhook: warn', 'branches: ok', 'rules: warn', 'rules: warn'],
    ]);
    expect(of(findings, 'webhook')[0]!.message).toBe('nothing has been delivered yet');
    expect(of(findings, 'rules')[0]!.message).toMatch(/"main" is not protected/);
  });

  it('names permissions and events that are missing, and what does not work without them', async () => {
    await permit({ permissions: { contents: 'read', metadata: 'read' }, events: ['push'] });
    const pullRequests = { into: ['main'], template: 'dev', emptyBuckets: false };
    const found = of(await diagnose(secret, { pullRequests }), 'permissions');
    expect(found.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'fail "pull_requests: read" is missing: pull requests get no stages',
      'warn "statuses: write" is missing: commits do not show how their releases went',
      'warn "deployments: write" is missing: GitHub does not show what is deployed',
      'warn "pull_requests: write" is missing: pull requests get no comments',
      'fail the App does not get event "pull_request"',
    ]);
    expect(found.every(({ fix }) => fix !== undefined)).toBe(true);
  });

  it('says that the webhook leads elsewhere', async () => {
    await permit({ webhook: { url: 'https://elsewhere.example.com/github', secret: SECRET } });
    expect(of(await diagnose(secret), 'webhook')).toMatchObject([
      { level: 'fail', message: expect.stringContaining(receiver.url), fix: expect.stringContaining('webhookSecrets') },
    ]);
  });

  it('says that the App is gone', async () => {
    await at.ada.control({ removeApps: [42] });
    const findings = await diagnose(secret);
    expect(levels(findings)).toEqual(['secret: ok', 'access: fail']);
    expect(findings[1]!.message).toMatch(/does not accept the key of GitHub App 42/);
  });

  it('says that the App is not installed in the repository', async () => {
    await permit({}, { repositories: ['acme/other'] });
    const findings = await diagnose(secret);
    expect(levels(findings)).toEqual(['secret: ok', 'access: ok', 'repository: fail']);
    expect(findings[2]!.message).toMatch(/is not among the repositories of the App's installation/);
  });

  it('knows which branches are protected, and which rule would wait for itself', async () => {
    const ruled = await aRepository(at, 'acme/ruled');
    await ruled.commit('first', { 'a.txt': '' });
    await ruled.git('push', '--quiet', 'origin', 'HEAD:main', 'HEAD:release');
    const rules = async () =>
      of(await diagnose(secret, { repository: { provider: 'github', name: 'acme/ruled' } }), 'rules');
    await at.call('PUT', '/repos/acme/ruled/branches/release/protection', { body: PROTECTION });
    const ruleset = (name: string, environment: string) => ({
      name,
      target: 'branch',
      enforcement: 'active',
      conditions: { ref_name: { include: ['refs/heads/main'], exclude: [] } },
      rules: [{ type: 'required_deployments', parameters: { required_deployment_environments: [environment] } }],
    });
    await at.call('POST', '/repos/acme/ruled/rulesets', { body: ruleset('harmless', 'qa') });
    expect(levels(await rules())).toEqual(['rules: ok', 'rules: ok']);
    await at.call('POST', '/repos/acme/ruled/rulesets', { body: ruleset('waits', 'dev') });
    expect((await rules())[0]).toMatchObject({
      level: 'warn',
      message:
        'branch "main" accepts only what was released to stage "dev", which releases only what is on that branch',
    });
    const checks = { strict: false, contexts: ['ci', 'seedbed/prod'] };
    const body = { ...PROTECTION, required_status_checks: checks };
    await at.call('PUT', '/repos/acme/ruled/branches/release/protection', { body });
    expect((await rules())[1]).toMatchObject({ level: 'warn', message: expect.stringContaining('stage "prod"') });
  });

  it('names branches that are not there', async () => {
    const { stages } = anApp();
    const staging = { ...stages.dev!, branches: ['staging', 'hotfix/*'] };
    expect(of(await diagnose(secret, { stages: { ...stages, staging } }), 'branches')).toEqual([
      {
        check: 'branches',
        level: 'warn',
        message: 'stage "staging" names branch "staging", which the repository does not have',
        fix: 'push it, or correct the name in seedbed.yml; the repository has main, release',
      },
    ]);
  });

  it('says what else is the matter: the secret, a limit, an outage', async () => {
    const missing = new ReleaseError('SecretMissing', 'there is no secret "seedbed/github"');
    expect(await diagnose(missing)).toEqual([{ check: 'secret', level: 'fail', message: missing.message }]);
    await at.ada.control({ faults: { outage: { status: 503 } } });
    const findings = await diagnose(secret);
    expect(findings.at(-1)).toMatchObject({ check: 'access', level: 'fail', message: expect.stringContaining('503') });
  });
});

describe('the diagnosis of an app whose access is a token', () => {
  const secret: GitHubSecret = { token: 'pat', webhookSecrets };
  const permit = (permissions: Record<string, 'read' | 'write'> = PERMISSIONS, more = {}) =>
    at.ada.control({ clear: true, tokens: [{ token: 'pat', login: 'seedbed', permissions, ...more }] });

  it('finds out what the token may do, and writes nothing', async () => {
    await permit({ contents: 'read', statuses: 'write' });
    expect(of(await diagnose(secret), 'permissions').map(({ message }) => message)).toEqual([
      expect.stringContaining('"deployments: write" is missing'),
      expect.stringContaining('"pull_requests: write" is missing'),
    ]);
    await permit();
    expect(levels(of(await diagnose(secret), 'permissions'))).toEqual(['permissions: ok']);
    expect(await at.ada.deployments(REPOSITORY.name)).toEqual([]);
  });

  it('warns of a token that soon expires', async () => {
    await permit(PERMISSIONS, { expires: Math.floor(Date.now() / 1000) + 3600 });
    expect(of(await diagnose(secret), 'access')).toMatchObject([
      { level: 'warn', fix: expect.stringContaining('seedbed/github') },
    ]);
    await permit(PERMISSIONS, { expires: Math.floor(Date.now() / 1000) + 90 * 24 * 3600 });
    expect(levels(of(await diagnose(secret), 'access'))).toEqual(['access: ok']);
  });

  it('says that the token has expired, or does not reach the repository', async () => {
    await permit(PERMISSIONS, { expires: 1 });
    expect(levels(await diagnose(secret))).toEqual(['secret: ok', 'access: fail']);
    await permit(PERMISSIONS, { repositories: ['acme/other'] });
    expect(levels(await diagnose(secret))).toEqual(['secret: ok', 'access: ok', 'repository: fail']);
  });

  it('warns if the token may not see webhooks', async () => {
    await permit();
    expect(of(await diagnose(secret), 'webhook')).toMatchObject([
      { level: 'warn', fix: expect.stringContaining('Webhooks: read') },
    ]);
  });

  it('looks at the webhook of the repository, and how its last delivery was answered', async () => {
    await permit({ ...PERMISSIONS, repository_hooks: 'read' });
    expect(of(await diagnose(secret), 'webhook')).toMatchObject([
      { level: 'fail', message: expect.stringContaining('leads to') },
    ]);
    const events = ['push', 'pull_request'];
    const delivered = async (status: number | null) => {
      receiver.answers = status;
      receiver.forget();
      const hook = await at.ada.createHook(REPOSITORY.name, { url: receiver.url, secret: SECRET, events });
      await receiver.arrived(1);
      const [finding] = of(await diagnose(secret), 'webhook');
      await at.call('DELETE', `/repos/acme/shop/hooks/${hook}`);
      return finding!;
    };
    expect(await delivered(202)).toMatchObject({ level: 'ok' });
    expect(await delivered(401)).toMatchObject({ level: 'fail', fix: expect.stringContaining('webhookSecrets') });
    expect(await delivered(500)).toMatchObject({ level: 'fail', fix: expect.stringContaining('log of the worker') });
  });

  it('says that a repository has another name now', async () => {
    await permit();
    await aRepository(at, 'acme/before');
    await at.call('PATCH', '/repos/acme/before', { body: { name: 'after' } });
    const repository = { provider: 'github', name: 'acme/before' } as const;
    expect(of(await diagnose(secret, { repository }), 'repository')).toMatchObject([
      { level: 'warn', fix: expect.stringContaining('{ github: acme/after }') },
    ]);
  });
});
