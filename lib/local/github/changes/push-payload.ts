import { type MovedReference, NOTHING } from '../../git/moved-references';
import { htmlUrlOf, type RepositoryJsonParts, repositoryJson } from '../json/repository-json';
import {
  type Commit,
  isWithin,
  listCommits,
  readCommits,
  type TouchedFiles,
  touchedFiles,
} from '../repositories/commits';
import { listReferences, resolveCommit } from '../repositories/references';
import type { Repository } from '../repositories/repositories';

/** How many commits a payload lists at most. */
const MOST_COMMITS = 2048;

export interface PushOfReference extends MovedReference {
  /** Everything that the same push moved: commits are new if they were in the repository before none of it. */
  readonly together: readonly MovedReference[];
  readonly login: string;
}

/** @returns the payload of the event `push`, as GitHub documents it. */
export async function pushPayload(parts: RepositoryJsonParts, repository: Repository, push: PushOfReference) {
  const { directory } = repository;
  const { name, before, after, login } = push;
  const created = before === NOTHING;
  const deleted = after === NOTHING;
  const head = deleted ? undefined : await resolveCommit(directory, after);
  const [shas, forced, baseRef] = await Promise.all([
    head && name.startsWith('refs/heads/') ? newCommits(directory, push) : ([] as string[]),
    created || deleted ? false : isForced(directory, push),
    created ? branchAt(directory, push, head) : null,
  ]);
  const wanted = head && !shas.includes(head) ? [...shas, head] : shas;
  const [commits, touched] = await Promise.all([readCommits(directory, wanted), touchedFiles(directory, wanted)]);
  const html = htmlUrlOf(parts, repository);
  const described = commits.map((commit) => commitJson(html, commit, touched.get(commit.sha)));
  const shown = repositoryJson(parts, repository);
  return {
    ref: name,
    before,
    after,
    repository: {
      ...shown,
      // Only in this payload does GitHub give these times as seconds since 1970.
      created_at: Math.floor(repository.created / 1000),
      pushed_at: Math.floor(repository.pushed / 1000),
      master_branch: repository.defaultBranch,
    },
    pusher: { name: login, email: `${login}@users.noreply.github.com` },
    sender: parts.accounts.json(login),
    created,
    deleted,
    forced,
    base_ref: baseRef,
    compare: `${html}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: described.filter(({ id }) => shas.includes(id)),
    head_commit: described.find(({ id }) => id === head) ?? null,
  };
}

/** The commits that the push added to this branch, oldest first; on a new branch, those that no branch had before. */
async function newCommits(directory: string, { name, before, after, together }: PushOfReference) {
  if (before !== NOTHING) return (await listCommits(directory, [after, `^${before}`], MOST_COMMITS)).reverse();
  const moved = new Set(together.map((reference) => reference.name));
  const others = (await listReferences(directory, 'refs/heads/')).filter((branch) => !moved.has(branch.name));
  const known = [
    ...others.map(({ sha }) => sha),
    ...together.flatMap((one) => (one.before === NOTHING || one.name === name ? [] : [one.before])),
  ];
  return (await listCommits(directory, [after, ...known.map((sha) => `^${sha}`)], MOST_COMMITS)).reverse();
}

/** Whether the push rewrote the reference's history. */
const isForced = async (directory: string, { before, after }: PushOfReference): Promise<boolean> =>
  !(await isWithin(directory, before, after));

/** A branch that points to the commit where a new reference begins. */
async function branchAt(directory: string, { name }: PushOfReference, head: string | undefined) {
  const branches = await listReferences(directory, 'refs/heads/');
  return branches.find((branch) => branch.sha === head && branch.name !== name)?.name ?? null;
}

function commitJson(html: string, commit: Commit, touched: TouchedFiles | undefined) {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${html}/commit/${commit.sha}`,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
    added: touched?.added ?? [],
    removed: touched?.removed ?? [],
    modified: touched?.modified ?? [],
  };
}
