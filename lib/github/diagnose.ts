import type { Octokit } from '@octokit/core';
import type { AppConfig } from '../core/contracts/app-config';
import { type Finding, fail, ok, warn } from '../core/contracts/diagnosis';
import { ReleaseError } from '../core/contracts/errors';
import { diagnoseBranches, namedBranches } from '../core/trigger/diagnose-branches';
import { diagnosePermissions, eventsOf } from '../core/trigger/github-needs';
import { diagnoseWebhook } from '../core/trigger/github-webhook';
import type { Source } from '../ports/source';
import type { AppCredentials } from './app-credentials';
import type { GitHubClients } from './client';
import { type Credentials, ownerAndRepo } from './credentials';
import { isStatus } from './errors';
import { readAppWebhook, readRepositoryWebhook } from './read-webhook';
import { probeRights } from './token-rights';

export interface DiagnosePorts {
  readonly clients: GitHubClients;
  readonly source: Source;
  /** Where the platform takes webhooks. */
  readonly webhookUrl: string;
  readonly now: () => number;
}

/** A repository as GitHub shows it to us. */
interface Seen {
  readonly id: number;
  readonly full_name: string;
  readonly archived: boolean;
  readonly default_branch: string;
}

const SOON_MS = 14 * 24 * 3600_000;

/**
 * Looks at an app's repository on GitHub with the platform's own rights, from the secret to the rules of its branches.
 * Changes nothing, and stops where something is missing without which nothing more can be seen.
 */
export async function gitHubDiagnose(ports: DiagnosePorts, config: AppConfig): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const step = async <T>(check: Finding['check'], look: () => Promise<[T, ...Finding[]]>): Promise<T | undefined> => {
    try {
      const [seen, ...found] = await look();
      findings.push(...found);
      return seen;
    } catch (error) {
      findings.push(fail(check, messageOf(error)));
      return undefined;
    }
  };
  const credentials = await step('secret', () => lookAtSecret(ports));
  if (!credentials) return findings;
  if (!(await step('access', () => lookAtAccess(ports, config, credentials)))) return findings;
  const seen = await step('repository', () => lookAtRepository(ports, config));
  if (!seen) return findings;

  const rest = await Promise.all([
    isolated('permissions', () => lookAtPermissions(ports, config, { credentials, seen })),
    isolated('webhook', () => lookAtWebhook(ports, config, { credentials, seen })),
    isolated('branches', () => lookAtBranches(ports, config)),
  ]);
  return [...findings, ...rest.flat()];
}

const isolated = async (
  check: Finding['check'],
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> => look().catch((error: unknown) => [fail(check, messageOf(error))]);

function messageOf(error: unknown): string {
  if (error instanceof ReleaseError) return error.message;
  if (isStatus(error, 404, 422)) return `GitHub answers ${error.status}: ${error.message}`;
  throw error;
}

const isApp = (credentials: Credentials): credentials is AppCredentials => 'request' in credentials;

async function lookAtSecret({ clients }: DiagnosePorts): Promise<[Credentials, Finding]> {
  const credentials = await clients.credentials(true);
  return [credentials, ok('secret', `"${clients.access.secret}" is there, and gives access as ${credentials.as}`)];
}

async function lookAtAccess(
  { clients, now }: DiagnosePorts,
  { repository }: AppConfig,
  credentials: Credentials,
): Promise<[true, Finding]> {
  if (isApp(credentials)) {
    const { data } = await credentials.request('GET /app');
    return [true, ok('access', `GitHub knows ${credentials.as} ("${data?.name}")`)];
  }
  const { headers } = await clients.client(repository, 'read').request('GET /user');
  const expires = headers['github-authentication-token-expiration'];
  if (expires === undefined) return [true, ok('access', 'GitHub accepts the token')];
  const message = `GitHub accepts the token until ${expires}`;
  // Written "2030-01-01 00:00:00 UTC".
  const isSoon = Date.parse(String(expires)) - now() < SOON_MS;
  const fix = `make a new one, and store it in secret "${clients.access.secret}" before that`;
  return [true, isSoon ? warn('access', message, fix) : ok('access', message)];
}

async function lookAtRepository({ clients }: DiagnosePorts, { repository }: AppConfig): Promise<[Seen, Finding]> {
  const seen = await clients
    .client(repository, 'read')
    .request('GET /repos/{owner}/{repo}', ownerAndRepo(repository))
    .then(({ data }) => data)
    .catch((error: unknown) => {
      if (!isStatus(error, 404)) throw error;
      throw new ReleaseError(
        'RepositoryNotFound',
        `GitHub does not show us repository "${repository.name}": it was deleted, or the token has no access to it; ` +
          'give the token access, or correct "repository" in seedbed.yml',
      );
    });
  if (seen.full_name.toLowerCase() !== repository.name.toLowerCase()) {
    const message =
      `"${repository.name}" is now called "${seen.full_name}"; GitHub redirects there, until somebody creates ` +
      'another repository with the old name';
    return [seen, warn('repository', message, `write "repository: { github: ${seen.full_name} }" in seedbed.yml`)];
  }
  if (seen.archived) {
    const message = `"${repository.name}" is archived: nothing can be pushed, and releases cannot be shown there`;
    return [seen, warn('repository', message, 'unarchive it, or remove the app')];
  }
  return [seen, ok('repository', `"${seen.full_name}" can be read`)];
}

interface Looked {
  readonly credentials: Credentials;
  readonly seen: Seen;
}

async function lookAtPermissions(
  { clients }: DiagnosePorts,
  config: AppConfig,
  { credentials }: Looked,
): Promise<readonly Finding[]> {
  if (!isApp(credentials)) {
    const rights = await probeRights(clients.client(config.repository, 'report'), config.repository);
    const fix = `give it to the token of secret "${clients.access.secret}" (GitHub, Settings, Developer settings)`;
    return diagnosePermissions(config, rights, fix);
  }
  const { data } = await installation(credentials, config);
  const fix = "give it in the App's settings under Permissions, then accept it where the App is installed";
  const events = eventsOf(config).filter((event) => !(data.events as readonly string[]).includes(event));
  return [
    ...diagnosePermissions(config, data.permissions, fix),
    ...events.map((event) =>
      fail('permissions', `the App does not get event "${event}"`, "choose it in the App's settings under Permissions"),
    ),
  ];
}

const installation = ({ request }: AppCredentials, { repository }: AppConfig) =>
  request('GET /repos/{owner}/{repo}/installation', ownerAndRepo(repository));

async function lookAtWebhook(
  { clients, webhookUrl }: DiagnosePorts,
  config: AppConfig,
  { credentials, seen }: Looked,
): Promise<readonly Finding[]> {
  const { secret } = clients.access;
  const noHook = (message: string): Finding =>
    fail(
      'webhook',
      message,
      `make one with this URL, content type application/json and one of "webhookSecrets" of secret "${secret}"`,
    );
  if (isApp(credentials)) {
    const { data } = await installation(credentials, config);
    const hook = await readAppWebhook(credentials.request, { repositoryId: seen.id, events: data.events });
    if (!same(hook.url, webhookUrl)) return [noHook(`the App's webhook does not lead to ${webhookUrl}`)];
    return diagnoseWebhook(config, hook, secret);
  }
  try {
    const client = clients.client(config.repository, 'inspect');
    const hook = await readRepositoryWebhook(client, config.repository, (url) => same(url, webhookUrl));
    return hook
      ? diagnoseWebhook(config, hook, secret)
      : [noHook(`no webhook of the repository leads to ${webhookUrl}`)];
  } catch (error) {
    if (!isStatus(error, 404) && !(error instanceof ReleaseError && error.code === 'SourceAccessDenied')) throw error;
    return [
      warn(
        'webhook',
        'the token may not see webhooks',
        'give it "Webhooks: read", or see Settings, Webhooks of the repository',
      ),
    ];
  }
}

const same = (one: string, other: string): boolean => one.replace(/\/$/, '') === other.replace(/\/$/, '');

async function lookAtBranches({ clients, source }: DiagnosePorts, config: AppConfig): Promise<readonly Finding[]> {
  const { repository } = config;
  const branches = new Set((await source.branches(repository)).keys());
  const named = [...new Set(namedBranches(config).map(({ branch }) => branch))].filter((branch) =>
    branches.has(branch),
  );
  const client = clients.client(repository, 'read');
  const rules = await Promise.all(named.map((branch) => lookAtRules(client, config, branch)));
  return [...diagnoseBranches(config, branches), ...rules];
}

/** Whoever may push to a branch may deploy it. A rule that demands a release of a branch may never be met. */
async function lookAtRules(client: Octokit, { repository, stages }: AppConfig, branch: string): Promise<Finding> {
  const names = { ...ownerAndRepo(repository), branch };
  const [{ data }, rules] = await Promise.all([
    client.request('GET /repos/{owner}/{repo}/branches/{branch}', names),
    client.request('GET /repos/{owner}/{repo}/rules/branches/{branch}', names).then(
      (answer) => answer.data,
      // A self-hosted server may be too old to have rules.
      (error: unknown) => {
        if (isStatus(error, 404)) return [];
        throw error;
      },
    ),
  ]);
  const needed = rules.flatMap((rule) => {
    if (rule.type === 'required_deployments') return rule.parameters?.required_deployment_environments ?? [];
    if (rule.type !== 'required_status_checks') return [];
    return (rule.parameters?.required_status_checks ?? []).map(({ context }) => stageOfStatus(context));
  });
  const classic = data.protection?.required_status_checks?.contexts ?? [];
  const waiting = [...needed, ...classic.map(stageOfStatus)].find((stage) => stages[stage]?.branches.includes(branch));
  if (waiting !== undefined) {
    const message =
      `branch "${branch}" accepts only what was released to stage "${waiting}", which releases only what is on that ` +
      'branch';
    return warn('rules', message, `take this environment, or the status "seedbed/${waiting}", out of the rule`);
  }
  if (data.protected || rules.length > 0) return ok('rules', `branch "${branch}" is protected`);
  const message = `branch "${branch}" is not protected: whoever may push to the repository deploys with a push`;
  return warn('rules', message, 'protect it if you do not want that (Settings, Rules)');
}

/** A commit's status is named after the stage: `seedbed/dev`. */
const stageOfStatus = (context: string): string => context.replace(/^seedbed\//, '');
