import type { AppConfig } from '../contracts/app-config';
import { type Finding, fail, ok, warn } from '../contracts/diagnosis';

/** What a token must be able to do, and what does not work without it. */
interface Need {
  readonly permission: string;
  readonly right: 'read' | 'write';
  readonly without: string;
  /** Whether releases fail without it. */
  readonly vital: boolean;
}

/** @returns the permissions that an app needs on GitHub, by GitHub's names for them */
const needsOf = ({ pullRequests }: Pick<AppConfig, 'pullRequests'>): readonly Need[] => [
  { permission: 'contents', right: 'read', without: 'nothing can be read or cloned', vital: true },
  { permission: 'metadata', right: 'read', without: 'the repository cannot be found', vital: true },
  ...(pullRequests
    ? [{ permission: 'pull_requests', right: 'read', without: 'pull requests get no stages', vital: true } as const]
    : []),
  { permission: 'statuses', right: 'write', without: 'commits do not show how their releases went', vital: false },
  { permission: 'deployments', right: 'write', without: 'GitHub does not show what is deployed', vital: false },
  { permission: 'pull_requests', right: 'write', without: 'pull requests get no comments', vital: false },
];

/** Webhook events that an app needs. */
export const eventsOf = ({ pullRequests }: Pick<AppConfig, 'pullRequests'>): readonly string[] =>
  pullRequests ? ['push', 'pull_request'] : ['push'];

/** @param has rights by permission */
export function diagnosePermissions(
  config: Pick<AppConfig, 'pullRequests'>,
  has: Readonly<Record<string, string>>,
  fix: string,
): readonly Finding[] {
  const missing = needsOf(config).filter(({ permission, right }) => !covers(has[permission], right));
  if (missing.length === 0) return [ok('permissions', 'all that are needed are granted')];
  return missing.map(({ permission, right, without, vital }) =>
    (vital ? fail : warn)('permissions', `"${permission}: ${right}" is missing: ${without}`, fix),
  );
}

const covers = (has: string | undefined, right: 'read' | 'write'): boolean =>
  has === right || has === 'write' || has === 'admin';
