import type { StageOrigin } from '../contracts/made-stage';
import type { Release } from '../contracts/release';
import type { RefName } from '../contracts/state';

export const branchRef = (branch: string): RefName => `heads/${branch}`;
export const tagRef = (tag: string): RefName => `tags/${tag}`;
export const pullRequestRef = (number: number): RefName => `pull/${number}`;

/** What a reference is, and its name without that: `12` of a pull request. */
export interface RefParts {
  readonly kind: 'branch' | 'tag' | 'pull-request';
  readonly name: string;
}

const KINDS = { heads: 'branch', tags: 'tag', pull: 'pull-request' } as const;

export function refParts(ref: RefName): RefParts {
  const slash = ref.indexOf('/');
  return { kind: KINDS[ref.slice(0, slash) as keyof typeof KINDS], name: ref.slice(slash + 1) };
}

/** @returns the branch, tag or pull request that a release is of; undefined if somebody named a commit alone */
export function refOfRelease({ branch, tag, pullRequest }: Pick<Release, 'branch' | 'tag' | 'pullRequest'>) {
  if (pullRequest) return pullRequestRef(pullRequest.number);
  if (tag !== undefined) return tagRef(tag);
  return branch === undefined ? undefined : branchRef(branch);
}

/** @returns the pull request or branch that a stage was made of */
export const refOfOrigin = (origin: StageOrigin): RefName =>
  origin.kind === 'branch' ? branchRef(origin.branch) : pullRequestRef(origin.number);
