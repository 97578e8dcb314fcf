import { Answer, GitHubError, notFound } from '../http/answer';
import { commitJson } from '../json/commit-json';
import { comparedFiles, EMPTY_TREE, fileJson } from '../json/compared-files';
import { listCommits, readCommit, readCommits } from '../repositories/commits';
import { resolveCommit } from '../repositories/references';
import { param, type RepositoryCall, type RepositoryRoute } from './call';
import { linkHeader, pageOf, slice } from './pages';
import type { GitHubParts } from './parts';

const READ = [{ contents: 'read' }] as const;
/** How far a list of commits goes back here. */
const MOST_COMMITS = 10_000;

/** Commits, as in GitHub's REST API. */
export function commitRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  return [
    {
      route: 'GET /commits',
      needs: READ,
      respond: async (call) => {
        const { repository, query } = call;
        const sha = await commitOf(call, query.get('sha') || repository.defaultBranch);
        const path = query.get('path');
        const limit = path ? ['--', path] : [];
        const all = await listCommits(repository.directory, [sha, ...limit], MOST_COMMITS);
        const page = pageOf(call);
        const commits = await readCommits(repository.directory, slice(all, page));
        const body = commits.map((commit) => commitJson(parts, repository, commit));
        return new Answer(200, body, linkHeader(call, page, all.length));
      },
    },
    {
      route: 'GET /commits/{ref+}',
      needs: READ,
      respond: async (call) => {
        const { repository, accept } = call;
        const sha = await commitOf(call, param(call, 'ref'));
        if (/\bsha\b/.test(accept)) return new Answer(200, sha, { 'content-type': 'application/vnd.github.v3.sha' });
        const commit = await readCommit(repository.directory, sha);
        const files = await comparedFiles(repository.directory, commit.parents[0] ?? EMPTY_TREE, sha);
        const page = { ...pageOf(call), size: parts.limits.comparedFiles };
        const additions = files.reduce((sum, file) => sum + file.additions, 0);
        const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
        const body = {
          ...commitJson(parts, repository, commit),
          stats: { total: additions + deletions, additions, deletions },
          files: slice(files, page).map((file) => fileJson(parts, repository, { file, sha })),
        };
        return new Answer(200, body, linkHeader(call, page, files.length));
      },
    },
    {
      route: 'GET /git/commits/{sha}',
      needs: READ,
      respond: async (call) => {
        const { repository } = call;
        const sha = await resolveCommit(repository.directory, param(call, 'sha'));
        if (!sha) throw notFound();
        const shown = commitJson(parts, repository, await readCommit(repository.directory, sha));
        const { sha: id, node_id, html_url, parents } = shown;
        const { author, committer, message, tree, url, verification } = shown.commit;
        return { sha: id, node_id, url, html_url, author, committer, message, tree, parents, verification };
      },
    },
  ];
}

/** @throws GitHubError 409 if there is no commit at all, 422 if not this one */
export async function commitOf({ repository }: RepositoryCall, reference: string): Promise<string> {
  const sha = await resolveCommit(repository.directory, reference);
  if (sha) return sha;
  if (!(await resolveCommit(repository.directory, 'HEAD'))) throw new GitHubError(409, 'Git Repository is empty.');
  throw new GitHubError(422, `No commit found for SHA: ${reference}`);
}
