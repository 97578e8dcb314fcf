import type { AppConfig } from '../contracts/app-config';
import type { Repository } from '../contracts/release';
import type { KnownRepository } from '../contracts/state';

/** GitHub takes names that differ only in their case for the same. */
const nameOf = ({ provider, name }: Repository): string =>
  `${provider} ${provider === 'github' ? name.toLowerCase() : name}`;

export const isSameName = (one: Repository, other: Repository): boolean => nameOf(one) === nameOf(other);

/**
 * Tells a repository from another one that has its name by now: somebody may take a name that a rename, a transfer or a
 * deletion has left free.
 * @param known what was found under the name at first
 * @param id of what is found there now
 * @returns what is wrong, and what to do; undefined if it is the one that the app was connected to
 */
export function explainReplaced(
  { app, repository, repositoryId }: Pick<AppConfig, 'app' | 'repository' | 'repositoryId'>,
  known: KnownRepository | undefined,
  id: string,
): string | undefined {
  const wanted = repositoryId ?? known?.id;
  if (wanted === undefined || wanted === id) return undefined;
  const since = repositoryId === undefined ? `the one that was found there first, on ${known?.at}` : 'seedbed.yml';
  return (
    `repository "${repository.name}" is not the one that app "${app}" is connected to: its id is ${id}, and that of ` +
    `${since} is ${wanted}. It was renamed, moved or deleted, and another one has its name now; nothing of it is ` +
    `released. Write the name that yours has now to "repository" of the app in seedbed.yml; or, if this one is meant, ` +
    `"id: '${id}'" beside its name. Then run: npx cdk deploy --all`
  );
}
