import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeBareRepository } from '../../git/bare-repository';
import { git } from '../../git/git';
import { unprocessable } from '../http/answer';
import { GITHUB_PUSHED_PATH, same } from '../http/paths';

const NAME = /^[\w.-]{1,100}$/;

/** A repository. Only {@link Repositories} changes one. */
export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** Its former full names. */
  readonly formerly: readonly string[];
  readonly private: boolean;
  /** Whether it is read-only. */
  readonly archived: boolean;
  readonly description: string | null;
  readonly defaultBranch: string;
  /** Id of the repository of which this is a fork. */
  readonly parent?: number;
  /** Bare git repository. */
  readonly directory: string;
  /** In milliseconds since 1970, as all times here. */
  readonly created: number;
  readonly pushed: number;
}

/** What can be changed. */
export type RepositoryChange = Partial<
  Pick<Repository, 'name' | 'private' | 'archived' | 'description' | 'defaultBranch' | 'pushed'>
>;

/** @returns owner and name. */
export const fullName = ({ owner, name }: Pick<Repository, 'owner' | 'name'>): string => `${owner}/${name}`;

/** The repositories: bare git repositories in one directory, named by their ids, which unlike names never change. */
export class Repositories {
  readonly #repositories = new Map<number, Repository>();
  /** Ids by full names, present and former, in lower case. */
  readonly #names = new Map<string, number>();
  #last = 0;

  constructor(
    private readonly root: string,
    private readonly endpoint: string,
    private readonly now: () => number,
  ) {}

  /** @throws GitHubError 422 if the name is taken or invalid */
  async create(
    owner: string,
    name: string,
    more: Partial<Pick<Repository, 'private' | 'description' | 'parent' | 'defaultBranch'>> = {},
  ): Promise<Repository> {
    this.#checkName(owner, name);
    this.#last += 1;
    const id = this.#last;
    const now = this.now();
    const repository: Repository = {
      id,
      owner,
      name,
      formerly: [],
      private: more.private ?? false,
      archived: false,
      description: more.description ?? null,
      defaultBranch: more.defaultBranch ?? 'main',
      parent: more.parent,
      directory: join(this.root, `${id}.git`),
      created: now,
      pushed: now,
    };
    this.#repositories.set(id, repository);
    this.#names.set(fullName(repository).toLowerCase(), id);
    await makeBareRepository(repository.directory, new URL(`${GITHUB_PUSHED_PATH}${id}`, this.endpoint));
    // As at GitHub, unreferenced commits can be fetched by id, and nobody can push the references of pull requests.
    await git(repository.directory, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
    await git(repository.directory, ['config', 'uploadpack.allowFilter', 'true']);
    await git(repository.directory, ['config', 'receive.hideRefs', 'refs/pull']);
    await git(repository.directory, ['symbolic-ref', 'HEAD', `refs/heads/${repository.defaultBranch}`]);
    return repository;
  }

  /** @returns the repository that has this name, or had it before it was renamed. */
  find(owner: string, name: string): Repository | undefined {
    return this.get(this.#names.get(`${owner}/${name}`.toLowerCase()) ?? 0);
  }

  get(id: number): Repository | undefined {
    return this.#repositories.get(id);
  }

  list(): readonly Repository[] {
    return [...this.#repositories.values()];
  }

  /** @returns the changed repository. @throws GitHubError 422 if a new name is taken or invalid */
  async change(id: number, change: RepositoryChange): Promise<Repository> {
    const before = this.get(id);
    if (!before) throw new Error(`there is no repository ${id}`);
    const isRenamed = change.name !== undefined && change.name !== before.name;
    const formerly = isRenamed ? [...before.formerly, fullName(before)] : before.formerly;
    const after = { ...before, ...change, formerly };
    if (!same(after.name, before.name)) this.#checkName(after.owner, after.name);
    this.#repositories.set(id, after);
    this.#names.set(fullName(after).toLowerCase(), id);
    if (after.defaultBranch !== before.defaultBranch)
      await git(after.directory, ['symbolic-ref', 'HEAD', `refs/heads/${after.defaultBranch}`]);
    return after;
  }

  async delete({ id, directory }: Repository): Promise<void> {
    this.#repositories.delete(id);
    for (const [name, of] of this.#names) if (of === id) this.#names.delete(name);
    await rm(directory, { recursive: true, force: true });
  }

  #checkName(owner: string, name: string): void {
    if (!NAME.test(name) || name.endsWith('.git') || !NAME.test(owner))
      throw unprocessable('Repository', 'name can only contain ASCII letters, digits, and the characters ., -, and _');
    const taken = this.find(owner, name);
    // A former name is free again.
    if (taken && same(fullName(taken), `${owner}/${name}`))
      throw unprocessable('Repository', 'name already exists on this account');
  }
}
