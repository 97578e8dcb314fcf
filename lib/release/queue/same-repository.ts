import type { AppConfig } from '../../core/contracts/app-config';
import { ReleaseError } from '../../core/contracts/errors';
import { explainReplaced } from '../../core/trigger/same-repository';
import type { KnownRepositories } from '../../ports/known-repositories';
import type { Source } from '../../ports/source';

export interface SameRepositoryPorts {
  readonly source: Pick<Source, 'repositoryId'>;
  readonly knownRepositories: KnownRepositories;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Compares the repository that has the name of an app's with the one that the app was connected to, or learns which one
 * that is. What was read of it before is safe to use if it is the same: so it is called after a read, not before.
 * @param id of the repository, if something has told it; else its host is asked
 * @returns what is wrong, and what to do; undefined if it is the same
 */
export async function findReplaced(
  { source, knownRepositories, now }: SameRepositoryPorts,
  config: AppConfig,
  id?: string,
): Promise<string | undefined> {
  const { app, repository, repositoryId } = config;
  const found = id ?? (await source.repositoryId(repository));
  if (repositoryId !== undefined) return explainReplaced(config, undefined, found);
  const at = new Date(now()).toISOString();
  return explainReplaced(config, await knownRepositories.learn(app, { repository, id: found, at }), found);
}

/** @throws ReleaseError `RepositoryReplaced` */
export async function requireSameRepository(ports: SameRepositoryPorts, config: AppConfig): Promise<void> {
  const why = await findReplaced(ports, config);
  if (why !== undefined) throw new ReleaseError('RepositoryReplaced', why);
}
