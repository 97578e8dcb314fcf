import { git } from '../../git/git';
import { nodeId } from '../access/accounts';
import { GitHubError, notFound } from '../http/answer';
import { commitJson } from '../json/commit-json';
import { apiUrlOf, time } from '../json/repository-json';
import { readCommit } from '../repositories/commits';
import { kindOf, listReferences, objectOf, resolveCommit } from '../repositories/references';
import { readTree, treeJson, truncate } from '../repositories/trees';
import { param, type RepositoryCall, type RepositoryRoute } from './call';
import type { GitHubParts } from './parts';

const READ = [{ contents: 'read' }] as const;

/** References, tags, commits, trees and blobs, as in GitHub's REST API. */
export function gitRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  return [
    {
      route: 'GET /git/ref/{ref+}',
      needs: READ,
      respond: async (call) => {
        const name = `refs/${param(call, 'ref')}`;
        const { id, directory } = call.repository;
        const sha = parts.lag.sha(id, name, await objectOf(directory, name));
        const kind = sha && (await kindOf(call.repository.directory, sha));
        if (!sha || !kind) throw notFound();
        const url = apiUrlOf(parts, call.repository);
        return {
          ref: name,
          node_id: nodeId('Ref', name),
          url: `${url}/git/${name}`,
          object: { sha, type: kind, url: `${url}/git/${kind}s/${sha}` },
        };
      },
    },
    {
      // In one piece: https://docs.github.com/en/rest/git/refs#list-matching-references names no pages.
      route: 'GET /git/matching-refs/{ref+}',
      needs: READ,
      respond: async (call) => {
        const url = apiUrlOf(parts, call.repository);
        const all = await listReferences(call.repository.directory, `refs/${param(call, 'ref')}`);
        const found = parts.lag.references(call.repository.id, all);
        return found.map(({ name, sha, kind }) => ({
          ref: name,
          node_id: nodeId('Ref', name),
          url: `${url}/git/${name}`,
          object: { sha, type: kind, url: `${url}/git/${kind}s/${sha}` },
        }));
      },
    },
    {
      // Of two commits that share no history GitHub says 404: https://docs.github.com/en/rest/commits/commits
      route: 'GET /compare/{basehead+}',
      needs: READ,
      respond: async (call) => {
        const { directory } = call.repository;
        const names = param(call, 'basehead').split('...');
        const [base, head] = await Promise.all(names.map((name) => resolveCommit(directory, name)));
        if (!base || !head) throw notFound();
        const merge = await git(directory, ['merge-base', base, head]).catch(() => undefined);
        if (!merge) throw new GitHubError(404, `No common ancestor between ${names.join(' and ')}.`);
        const counted = await git(directory, ['rev-list', '--left-right', '--count', `${base}...${head}`]);
        const [behind = 0, ahead = 0] = counted.toString('utf8').trim().split(/\s+/).map(Number);
        const one = ahead > 0 ? 'ahead' : 'behind';
        const status = ahead > 0 && behind > 0 ? 'diverged' : ahead + behind === 0 ? 'identical' : one;
        const url = `${apiUrlOf(parts, call.repository)}/compare/${names.join('...')}`;
        return { url, status, ahead_by: ahead, behind_by: behind, total_commits: ahead, commits: [], files: [] };
      },
    },
    {
      route: 'GET /git/tags/{sha}',
      needs: READ,
      respond: async (call) => {
        const { repository } = call;
        const sha = param(call, 'sha');
        if ((await kindOf(repository.directory, sha)) !== 'tag') throw notFound();
        const url = apiUrlOf(parts, repository);
        return { node_id: nodeId('Tag', sha), url: `${url}/git/tags/${sha}`, sha, ...(await tagJson(call, sha, url)) };
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
    {
      route: 'GET /git/blobs/{sha}',
      needs: READ,
      respond: async (call) => {
        const { repository } = call;
        const { directory } = repository;
        const sha = param(call, 'sha');
        if ((await kindOf(directory, sha)) !== 'blob') throw notFound();
        const bytes = await git(directory, ['cat-file', 'blob', sha]);
        const content = { content: bytes.toString('base64'), encoding: 'base64', size: bytes.length };
        return {
          sha,
          node_id: nodeId('Blob', sha),
          url: `${apiUrlOf(parts, repository)}/git/blobs/${sha}`,
          ...content,
        };
      },
    },
    {
      route: 'GET /git/trees/{sha+}',
      needs: READ,
      respond: async (call) => {
        const { repository } = call;
        const { directory } = repository;
        const of = param(call, 'sha');
        const isTree = (await kindOf(directory, of)) === 'tree';
        const tree = isTree ? of : await treeOf(directory, of);
        const how = call.query.has('recursive') ? 'recursive' : 'flat';
        const all = await readTree(directory, tree, how);
        const { entries, truncated } = truncate(all, how, parts.limits);
        const url = apiUrlOf(parts, repository);
        const shown = entries.map((entry) => treeJson(url, entry));
        return { sha: tree, url: `${url}/git/trees/${tree}`, tree: shown, truncated };
      },
    },
  ];
}

/** @throws GitHubError 409 if there is no commit at all, 404 if not this one */
async function treeOf(directory: string, reference: string): Promise<string> {
  const commit = await resolveCommit(directory, reference);
  if (commit) return (await git(directory, ['rev-parse', `${commit}^{tree}`])).toString('utf8').trim();
  if (!(await resolveCommit(directory, 'HEAD'))) throw new GitHubError(409, 'Git Repository is empty.');
  throw notFound();
}

/** What an annotated tag says. */
async function tagJson({ repository }: RepositoryCall, sha: string, url: string) {
  const [head = '', ...rest] = (await git(repository.directory, ['cat-file', 'tag', sha]))
    .toString('utf8')
    .split('\n\n');
  const value = (key: string) => new RegExp(`^${key} (.*)$`, 'm').exec(head)?.[1] ?? '';
  const [, name = '', email = '', seconds = '0'] = /^(.*) <(.*)> (\d+)/.exec(value('tagger')) ?? [];
  const type = value('type');
  return {
    tag: value('tag'),
    message: rest.join('\n\n').replace(/\n$/, ''),
    tagger: { name, email, date: time(Number(seconds) * 1000) },
    object: { sha: value('object'), type, url: `${url}/git/${type}s/${value('object')}` },
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  };
}
