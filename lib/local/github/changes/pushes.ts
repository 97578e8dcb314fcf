import { followFirstBranch, type MovedReference, NOTHING } from '../../git/moved-references';
import { headBranch } from '../../git/rev-parse';
import { type RepositoryJsonParts, repositoryJson } from '../json/repository-json';
import type { Lag } from '../repositories/lag';
import type { Repository } from '../repositories/repositories';
import type { Webhooks } from '../webhooks/webhooks';
import type { PullRequests } from './pull-requests';
import { pushPayload } from './push-payload';

/** If one push has more tags than this, no webhook reports any of them. */
const MOST_TAGS = 3;

export interface PushesParts extends RepositoryJsonParts {
  readonly webhooks: Webhooks;
  readonly pulls: PullRequests;
  readonly lag: Lag;
  readonly now: () => number;
}

/** Does what follows when a push moves references. */
export class Pushes {
  /** Pushes to a repository are handled one after the other, or its pull requests could end up at an earlier one. */
  readonly #last = new Map<number, Promise<void>>();

  constructor(private readonly parts: PushesParts) {}

  /**
   * Updates pull requests, and sends webhooks; resolves when the webhooks are under way.
   * @param login who pushed
   */
  follow(id: number, moved: readonly MovedReference[], login: string): Promise<void> {
    const following = (this.#last.get(id) ?? Promise.resolve()).then(() => this.#follow(id, moved, login));
    this.#last.set(
      id,
      following.catch(() => undefined),
    );
    return following;
  }

  async #follow(id: number, moved: readonly MovedReference[], login: string): Promise<void> {
    const { repositories, pulls, lag, now } = this.parts;
    const before = repositories.get(id);
    if (!before) return;
    lag.noteReferences(id, moved);
    await followFirstBranch(before.directory, moved);
    const repository = await repositories.change(id, {
      pushed: now(),
      defaultBranch: await headBranch(before.directory),
    });
    const tags = moved.filter(({ name }) => name.startsWith('refs/tags/'));
    const branches = moved.filter(({ name }) => name.startsWith('refs/heads/'));
    for (const reference of [...branches, ...(tags.length > MOST_TAGS ? [] : tags)])
      await this.#tell(repository, reference, { moved, login });
    for (const branch of branches) await pulls.follow(repository, branch, login);
  }

  async #tell(
    repository: Repository,
    reference: MovedReference,
    { moved, login }: { readonly moved: readonly MovedReference[]; readonly login: string },
  ): Promise<void> {
    const { webhooks } = this.parts;
    const push = { ...reference, together: moved, login };
    webhooks.emit(repository, 'push', await pushPayload(this.parts, repository, push));
    const event = reference.before === NOTHING ? 'create' : reference.after === NOTHING ? 'delete' : undefined;
    if (event) webhooks.emit(repository, event, this.#comeOrGone(repository, reference, login));
  }

  /** The payload of the events `create` and `delete`. */
  #comeOrGone(repository: Repository, { name }: MovedReference, login: string) {
    const [, kind, ref] = /^refs\/(heads|tags)\/(.+)$/.exec(name) ?? [];
    return {
      ref,
      ref_type: kind === 'tags' ? 'tag' : 'branch',
      master_branch: repository.defaultBranch,
      pusher_type: 'user',
      repository: repositoryJson(this.parts, repository),
      sender: this.parts.accounts.json(login),
    };
  }
}
