import { git } from '../../git/git';
import { Answer, GitHubError, notFound } from '../http/answer';
import { commitJson } from '../json/commit-json';
import { comparedFiles, fileJson } from '../json/compared-files';
import { htmlUrlOf } from '../json/repository-json';
import { listCommits, readCommit, readCommits } from '../repositories/commits';
import { resolveCommit } from '../repositories/references';
import { param, type RepositoryCall, type RepositoryRoute } from './call';
import { linkHeader, pageOf } from './pages';
import type { GitHubParts } from './parts';

/** How many commits a comparison lists when no page is asked for. */
const COMMITS = 250;
const MOST_COMMITS = 10_000;

/** Comparing two commits, as in GitHub's REST API: with what they have in common, and the first 300 files only. */
export function compareRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  return [
    {
      route: 'GET /compare/{basehead+}',
      needs: [{ contents: 'read' }],
      respond: async (call) => {
        const { repository } = call;
        const { directory } = repository;
        const [base, head] = await sidesOf(call);
        const common = await mergeBase(directory, base, head);
        if (!common)
          throw new GitHubError(404, `No common ancestor between ${param(call, 'basehead').replace('...', ' and ')}.`);
        const [ahead, behind, files] = await Promise.all([
          listCommits(directory, [head, `^${base}`], MOST_COMMITS),
          listCommits(directory, [base, `^${head}`], MOST_COMMITS),
          comparedFiles(directory, common, head),
        ]);
        const page = call.query.has('page') || call.query.has('per_page') ? pageOf(call) : { number: 1, size: COMMITS };
        const first = (page.number - 1) * page.size;
        const listed = await readCommits(directory, [...ahead].reverse().slice(first, first + page.size));
        const [baseCommit, commonCommit] = await Promise.all([
          readCommit(directory, base),
          readCommit(directory, common),
        ]);
        const html = htmlUrlOf(parts, repository);
        const body = {
          url: call.url.toString(),
          html_url: `${html}/compare/${base}...${head}`,
          diff_url: `${html}/compare/${base}...${head}.diff`,
          base_commit: commitJson(parts, repository, baseCommit),
          merge_base_commit: commitJson(parts, repository, commonCommit),
          status: statusOf(ahead.length, behind.length),
          ahead_by: ahead.length,
          behind_by: behind.length,
          total_commits: ahead.length,
          commits: listed.map((commit) => commitJson(parts, repository, commit)),
          // Only the first page has files.
          files:
            page.number > 1
              ? []
              : files
                  .slice(0, parts.limits.comparedFiles)
                  .map((file) => fileJson(parts, repository, { file, sha: head })),
        };
        return new Answer(200, body, linkHeader(call, page, ahead.length));
      },
    },
  ];
}

async function sidesOf(call: RepositoryCall): Promise<readonly [string, string]> {
  const [, base = '', head = ''] = /^(.+?)\.\.\.(.+)$/.exec(param(call, 'basehead')) ?? [];
  const { directory } = call.repository;
  const [from, to] = await Promise.all([resolveCommit(directory, base), resolveCommit(directory, head)]);
  if (!from || !to) throw notFound();
  return [from, to];
}

async function mergeBase(directory: string, base: string, head: string): Promise<string | undefined> {
  const found = await git(directory, ['merge-base', base, head]).catch(() => undefined);
  return found?.toString('utf8').trim();
}

function statusOf(ahead: number, behind: number): 'identical' | 'ahead' | 'behind' | 'diverged' {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}
