import type { EmitEvent } from '../calls/event-delivery';
import { readBody } from '../calls/read-body';
import type { PathHandler } from '../gateway/gateway';
import { followFirstBranch, type MovedReference, NOTHING, readMoved } from '../git/moved-references';
import { PUSHED_PATH, type Repositories } from './repositories';

/** Where a repository lives. */
export interface RepositoryHome {
  readonly accountId: string;
  readonly region: string;
}

/** Announces moved references as CodeCommit does: one `CodeCommit Repository State Change` for each. */
export class ReferenceEvents {
  constructor(
    private readonly repositories: Repositories,
    private readonly home: RepositoryHome,
    private readonly emit: EmitEvent,
  ) {}

  /**
   * Emits the events; resolves when EventBridge has them.
   * @param userArn who moved the references
   */
  async announce(repository: string, moved: readonly MovedReference[], userArn: string): Promise<void> {
    const id = await this.repositories.id(repository);
    for (const reference of moved) {
      await this.emit(this.home, {
        source: 'aws.codecommit',
        detailType: 'CodeCommit Repository State Change',
        resources: [`arn:aws:codecommit:${this.home.region}:${this.home.accountId}:${repository}`],
        detail: { ...detailOf(reference), repositoryName: repository, repositoryId: id, callerUserArn: userArn },
      });
    }
  }

  /**
   * Answers the repositories' hook. The path names the repository, a header the user; the body is what git gave the
   * hook.
   */
  readonly receive: PathHandler = async (request, response) => {
    const repository = request.url?.slice(PUSHED_PATH.length) ?? '';
    const references = readMoved(await readBody(request));
    const directory = await this.repositories.directory(repository);
    await followFirstBranch(directory, references);
    await this.announce(repository, references, `arn:aws:iam::${this.home.accountId}:user/${request.headers.user}`);
    response.end();
  };
}

function detailOf({ before, after, name }: MovedReference): Record<string, string> {
  const [, kind, short] = /^refs\/(heads|tags)\/(.+)$/.exec(name) ?? [];
  const event = before === NOTHING ? 'referenceCreated' : after === NOTHING ? 'referenceDeleted' : 'referenceUpdated';
  return {
    event,
    referenceType: kind === 'tags' ? 'tag' : 'branch',
    referenceName: short ?? name,
    referenceFullName: name,
    ...(event === 'referenceDeleted' ? {} : { commitId: after }),
    ...(event === 'referenceCreated' ? {} : { oldCommitId: before }),
  };
}
