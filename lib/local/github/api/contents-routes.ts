import { posix } from 'node:path';
import { git } from '../../git/git';
import { Answer, GitHubError, notFound } from '../http/answer';
import { apiUrlOf, htmlUrlOf } from '../json/repository-json';
import { resolveCommit } from '../repositories/references';
import { parseEntry, readTree, type TreeEntry } from '../repositories/trees';
import { param, type RepositoryCall, type RepositoryRoute } from './call';
import type { GitHubParts } from './parts';

const MEGABYTE = 1024 * 1024;
/** Files above the first size are served raw only, files above the second not at all. */
const IN_JSON = MEGABYTE;
const AT_ALL = 100 * MEGABYTE;
const MOST_ENTRIES = 1000;
const LINK = '120000';

/** Files and folders by path, as in GitHub's REST API. */
export function contentsRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  return [
    {
      route: 'GET /contents/{path*}',
      needs: [{ contents: 'read' }],
      respond: async (call) => {
        const { directory } = call.repository;
        const path = param(call, 'path').replace(/^\/+|\/+$/g, '');
        const commit = await commitOf(call);
        const entry = path ? await find(directory, commit, path) : ROOT;
        if (entry.type === 'tree') {
          const entries = await readTree(directory, path ? entry.sha : commit, 'flat');
          const within = (one: TreeEntry) => ({ ...one, path: path ? `${path}/${one.path}` : one.path });
          return entries.slice(0, MOST_ENTRIES).map((one) => entryJson(parts, call, within(one)));
        }
        if (entry.type === 'commit') return { ...entryJson(parts, call, entry), submodule_git_url: null };
        return entry.mode === LINK ? followLink(parts, call, { entry, commit }) : fileAnswer(parts, call, entry);
      },
    },
  ];
}

const ROOT: TreeEntry = { path: '', mode: '040000', type: 'tree', sha: '' };

async function commitOf({ repository, query }: RepositoryCall): Promise<string> {
  const reference = query.get('ref') || repository.defaultBranch;
  const commit = await resolveCommit(repository.directory, reference);
  if (commit) return commit;
  if (!query.get('ref')) throw new GitHubError(404, 'This repository is empty.');
  throw new GitHubError(404, `No commit found for the ref ${reference}`);
}

/** @throws GitHubError 404 */
async function find(directory: string, commit: string, path: string): Promise<TreeEntry> {
  const listed = await git(directory, [
    '--literal-pathspecs',
    'ls-tree',
    '-z',
    '-l',
    '--full-tree',
    commit,
    '--',
    path,
  ]);
  const [record = ''] = listed.toString('utf8').split('\0');
  const entry = parseEntry(record);
  if (entry.path !== path) throw notFound();
  return entry;
}

/** A link within the repository is answered with its target file, any other with where it leads. */
async function followLink(
  parts: GitHubParts,
  call: RepositoryCall,
  { entry, commit }: { readonly entry: TreeEntry; readonly commit: string },
) {
  const { directory } = call.repository;
  const target = (await git(directory, ['cat-file', 'blob', entry.sha])).toString('utf8');
  const to = posix.normalize(posix.join(posix.dirname(entry.path), target));
  const file =
    to.startsWith('../') || target.startsWith('/')
      ? undefined
      : await find(directory, commit, to).catch(() => undefined);
  if (file?.type === 'blob' && file.mode !== LINK) return fileAnswer(parts, call, { ...file, path: entry.path });
  return { ...entryJson(parts, call, entry), type: 'symlink', target };
}

async function fileAnswer(parts: GitHubParts, call: RepositoryCall, entry: TreeEntry) {
  const { size = 0, sha } = entry;
  if (size > AT_ALL)
    throw new GitHubError(
      403,
      'This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the API.',
    );
  const raw = isRaw(call.accept);
  const content =
    raw || size <= IN_JSON ? await git(call.repository.directory, ['cat-file', 'blob', sha]) : Buffer.of();
  if (raw) return new Answer(200, content, { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' });
  const shown =
    size <= IN_JSON ? { content: base64Lines(content), encoding: 'base64' } : { content: '', encoding: 'none' };
  return { ...entryJson(parts, call, entry), ...shown };
}

/** GitHub writes base64 in lines of sixty characters. */
const base64Lines = (content: Buffer): string => content.toString('base64').replace(/.{1,60}/g, (line) => `${line}\n`);

/** Whether a call asks for the bytes themselves. */
const isRaw = (accept: string): boolean => /application\/vnd\.github(\.v3)?\.raw\b/.test(accept);

const KINDS: Readonly<Record<string, string>> = { tree: 'dir', commit: 'submodule' };

function entryJson(
  parts: GitHubParts,
  { repository, query }: RepositoryCall,
  { path, mode, type, sha, size = 0 }: TreeEntry,
) {
  const ref = query.get('ref') ?? repository.defaultBranch;
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const api = apiUrlOf(parts, repository);
  const html = `${htmlUrlOf(parts, repository)}/${type === 'tree' ? 'tree' : 'blob'}/${ref}/${encoded}`;
  const self = `${api}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const data = `${api}/git/${type}s/${sha}`;
  return {
    name: posix.basename(path),
    path,
    sha,
    size,
    url: self,
    html_url: html,
    git_url: data,
    download_url: type === 'blob' ? `${htmlUrlOf(parts, repository)}/raw/${ref}/${encoded}` : null,
    type: KINDS[type] ?? (mode === LINK ? 'symlink' : 'file'),
    _links: { self, git: data, html },
  };
}
