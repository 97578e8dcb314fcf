import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from '../calls/aws-error';
import { exists, makeBareRepository } from '../git/bare-repository';
import { git } from '../git/git';
import { branchHead, headBranch } from '../git/rev-parse';

/** Where the repositories' hook reports pushes; the repository's name follows. */
export const PUSHED_PATH = '/_seedbed/pushed/';

const NAME = /^[\w.-]{1,100}$/;

/** What is known of a repository. */
export interface RepositoryRecord {
  readonly name: string;
  readonly id: string;
  readonly directory: string;
  readonly description: string;
  readonly created: Date;
  /** The branch that HEAD names, if it exists. */
  readonly defaultBranch: string | undefined;
}

/**
 * The local cloud's CodeCommit repositories: bare git repositories in one directory, each with a hook that reports
 * pushes to the gateway.
 */
export class Repositories {
  /** Cached: ids never change, and every push needs one. */
  readonly #ids = new Map<string, string>();

  /**
   * @param root directory of the repositories
   * @param endpoint of the gateway, which the hook calls
   */
  constructor(
    private readonly root: string,
    private readonly endpoint: string,
  ) {}

  /** @throws AwsError `RepositoryNameExistsException`, `InvalidRepositoryNameException` */
  async create(name: string, description = ''): Promise<RepositoryRecord> {
    const directory = this.#directoryOf(name);
    if (await exists(directory))
      throw new AwsError('RepositoryNameExistsException', `Repository named ${name} already exists`);
    await makeBareRepository(directory, new URL(`${PUSHED_PATH}${name}`, this.endpoint));
    await git(directory, ['config', 'seedbed.id', randomUUID()]);
    await git(directory, ['config', 'seedbed.description', description]);
    return this.get(name);
  }

  /**
   * @throws AwsError `RepositoryDoesNotExistException`, `RepositoryNameRequiredException` or
   * `InvalidRepositoryNameException`
   */
  async get(name: string): Promise<RepositoryRecord> {
    const directory = await this.directory(name);
    const [config, head, created] = await Promise.all([
      git(directory, ['config', '--get-regexp', '^seedbed\\.']),
      this.#defaultBranch(directory),
      stat(join(directory, 'description')).catch(() => stat(directory)),
    ]);
    const value = (key: string) => new RegExp(`^seedbed\\.${key} (.*)$`, 'm').exec(config.toString('utf8'))?.[1] ?? '';
    return {
      name,
      id: value('id'),
      directory,
      description: value('description'),
      created: created.birthtime,
      defaultBranch: head,
    };
  }

  /** @returns the id of a repository. @throws AwsError as {@link get} */
  async id(name: string): Promise<string> {
    const id = this.#ids.get(name) ?? (await this.get(name)).id;
    this.#ids.set(name, id);
    return id;
  }

  /** @returns the directory of a repository that exists. @throws AwsError as {@link get} */
  async directory(name: string): Promise<string> {
    const directory = this.#directoryOf(name);
    if (!(await exists(directory))) throw new AwsError('RepositoryDoesNotExistException', `${name} does not exist`);
    return directory;
  }

  /** Removes a repository. @returns its id, or undefined if there was none */
  async delete(name: string): Promise<string | undefined> {
    const directory = this.#directoryOf(name);
    if (!(await exists(directory))) return undefined;
    const id = await this.id(name);
    this.#ids.delete(name);
    await rm(directory, { recursive: true, force: true });
    return id;
  }

  /** @returns the names of all repositories, sorted. */
  async list(): Promise<readonly string[]> {
    const entries = await readdir(this.root).catch(() => []);
    return entries
      .filter((entry) => entry.endsWith('.git'))
      .map((entry) => entry.slice(0, -4))
      .sort();
  }

  #directoryOf(name: string | undefined): string {
    if (!name) throw new AwsError('RepositoryNameRequiredException', 'A repository name is required');
    if (!NAME.test(name) || name.endsWith('.git'))
      throw new AwsError('InvalidRepositoryNameException', `${name} is not a valid repository name`);
    return join(this.root, `${name}.git`);
  }

  async #defaultBranch(directory: string): Promise<string | undefined> {
    const branch = await headBranch(directory);
    return (await branchHead(directory, branch)) ? branch : undefined;
  }
}
