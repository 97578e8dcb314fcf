import { type Env, readEnv, SOURCE_ENV } from '../../config/environment';
import type { Repository } from '../../core/contracts/release';
import type { Source } from '../../ports/source';
import { lazyPort } from '../clients/lazy-port';

/** @returns the repositories of all providers; a provider's adapter is loaded with the first call to it. */
export function sources(env: Env<typeof SOURCE_ENV> = readEnv(SOURCE_ENV)): Source {
  return byProvider({
    codecommit: lazyPort(async () => {
      const [{ codeCommitClient }, { codeCommitSource }] = await Promise.all([
        import('../clients/codecommit'),
        import('./codecommit-source'),
      ]);
      return codeCommitSource(codeCommitClient());
    }),
    github: lazyPort(async () => {
      const [{ gitHub }, { gitHubSource }] = await Promise.all([
        import('./github'),
        import('../../github/github-source'),
      ]);
      return gitHubSource(gitHub(env));
    }),
  });
}

/** @returns one source that reads each repository where it lives */
export function byProvider(providers: Readonly<Record<Repository['provider'], Source>>): Source {
  const of = ({ provider }: Repository): Source => providers[provider];
  return {
    repositoryId: (repository) => of(repository).repositoryId(repository),
    findCommit: (repository, commit, branches) => of(repository).findCommit(repository, commit, branches),
    commit: (repository, commit) => of(repository).commit(repository, commit),
    lineage: (repository, commit, other) => of(repository).lineage(repository, commit, other),
    head: (repository, ref) => of(repository).head(repository, ref),
    branches: (repository) => of(repository).branches(repository),
    tags: (repository, prefixes) => of(repository).tags(repository, prefixes),
    pullRequest: (repository, number) => of(repository).pullRequest(repository, number),
    openPullRequests: (repository) => of(repository).openPullRequests(repository),
    listFiles: (repository, commit) => of(repository).listFiles(repository, commit),
    symbolicLinks: (repository, commit) => of(repository).symbolicLinks(repository, commit),
    changedFiles: (repository, base, head) => of(repository).changedFiles(repository, base, head),
    editedFiles: (repository, base, head) => of(repository).editedFiles(repository, base, head),
    readFile: (repository, commit, path) => of(repository).readFile(repository, commit, path),
    cloneUrl: (repository) => of(repository).cloneUrl(repository),
    cloneToken: (repository) => of(repository).cloneToken(repository),
  };
}
