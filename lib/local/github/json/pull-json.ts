import { nodeId } from '../access/accounts';
import type { Pull, PullSide } from '../pulls/pulls';
import { apiUrlOf, htmlUrlOf, type RepositoryJsonParts, repositoryJson, time } from './repository-json';

const NOT_THERE = 'unknown';

/** @returns a pull request as the API and the webhooks show it. */
export function pullJson(parts: RepositoryJsonParts, pull: Pull) {
  const base = parts.repositories.get(pull.base.repositoryId);
  if (!base) throw new Error(`there is no repository ${pull.base.repositoryId}`);
  const url = apiUrlOf(parts, base);
  const html = `${htmlUrlOf(parts, base)}/pull/${pull.number}`;
  return {
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    number: pull.number,
    state: pull.closed === null ? 'open' : 'closed',
    locked: false,
    title: pull.title,
    body: pull.body,
    user: parts.accounts.json(pull.login),
    url: `${url}/pulls/${pull.number}`,
    html_url: html,
    diff_url: `${html}.diff`,
    issue_url: `${url}/issues/${pull.number}`,
    comments_url: `${url}/issues/${pull.number}/comments`,
    statuses_url: `${url}/statuses/${pull.head.sha}`,
    created_at: time(pull.created),
    updated_at: time(pull.updated),
    closed_at: pull.closed === null ? null : time(pull.closed),
    merged_at: pull.merged && time(pull.merged.at),
    merge_commit_sha: pull.merged?.sha ?? null,
    assignees: [],
    requested_reviewers: [],
    labels: [],
    draft: pull.draft,
    head: sideJson(parts, pull.head),
    base: sideJson(parts, pull.base),
    author_association: 'COLLABORATOR',
    auto_merge: null,
  };
}

/** @returns a pull request as a single one is shown, and as webhooks have it. */
export const fullPullJson = (parts: RepositoryJsonParts, pull: Pull) => ({
  ...pullJson(parts, pull),
  merged: pull.merged !== null,
  merged_by: pull.merged && parts.accounts.json(pull.merged.by),
  mergeable: null,
  mergeable_state: 'unknown',
});

/** A deleted repository, such as a fork, is `null`. */
function sideJson(parts: RepositoryJsonParts, { repositoryId, branch, sha }: PullSide) {
  const repository = parts.repositories.get(repositoryId);
  return {
    label: `${repository?.owner ?? NOT_THERE}:${branch}`,
    ref: branch,
    sha,
    user: repository ? parts.accounts.json(repository.owner) : null,
    repo: repository ? repositoryJson(parts, repository) : null,
  };
}
