import type { Repository } from '../core/contracts/release';

/** Rights of a token, by GitHub's names of permissions. */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

/** What calls are made for; a token of an App can do that in one repository and nothing else. */
export const RIGHTS = {
  /** Branches, trees, files; cloning. */
  read: { contents: 'read' },
  /** Pull requests and their commits. */
  pulls: { contents: 'read', pull_requests: 'read' },
  /** Commit statuses, deployments, comments on pull requests. */
  report: { statuses: 'write', deployments: 'write', pull_requests: 'write' },
  /** What `seedbed app doctor` looks at. */
  inspect: { contents: 'read', administration: 'read', repository_hooks: 'read' },
} as const satisfies Record<string, Permissions>;
export type Right = keyof typeof RIGHTS;

export interface Token {
  readonly token: string;
  /** ISO time until which it is good; undefined if nobody says. */
  readonly until?: string;
}

/** As whom calls are made. */
export interface Credentials {
  /** For messages. */
  readonly as: string;
  /**
   * @returns a token for calls about this repository
   * @param fresh not one from before, which GitHub may have stopped accepting
   */
  token(repository: Repository, right: Right, fresh?: boolean): Promise<Token>;
}

/** @returns the parameters by which routes name a repository. */
export function ownerAndRepo({ name }: Repository): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = ''] = name.split('/');
  return { owner, repo };
}
