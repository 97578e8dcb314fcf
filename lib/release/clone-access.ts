import type { BuildRequest } from '../core/contracts/build-request';
import { isFresh } from '../core/contracts/clone-credential';
import { type Release, settingsStage } from '../core/contracts/release';
import { cloneParameter } from '../core/contracts/stage-environment';
import type { CloneCredentials } from '../ports/clone-credentials';
import type { Source } from '../ports/source';

export interface CloneAccessPorts {
  readonly source: Pick<Source, 'cloneUrl' | 'cloneToken'>;
  readonly cloneCredentials: CloneCredentials;
}

/** Makes sure that builds which begin side by side find a token, so that they do not each ask for one. */
export async function prepareCloneAccess(ports: CloneAccessPorts, release: Release, now: number): Promise<void> {
  if (release.repository.provider === 'github') await cloneAccess(ports, release, now);
}

/**
 * Makes sure that a release's builds can clone. A token serves all builds of an app's stage until half of its life is
 * over, so the repository's host is asked once for many services.
 *
 * @param now milliseconds since the epoch
 * @returns what a build needs to know: the URL to clone, and which parameter holds the token if it needs one
 */
export async function cloneAccess(
  { source, cloneCredentials }: CloneAccessPorts,
  release: Release,
  now: number,
): Promise<Pick<BuildRequest, 'cloneUrl' | 'cloneParameter'>> {
  const { app, repository } = release;
  // A build's role may pull from CodeCommit.
  if (repository.provider === 'codecommit') return { cloneUrl: await source.cloneUrl(repository) };

  const parameter = cloneParameter(app, settingsStage(release));
  const known = await cloneCredentials.find(parameter);
  if (known?.repository === repository.name && isFresh(known, now)) {
    return { cloneUrl: known.url, cloneParameter: parameter };
  }
  const [url, given] = await Promise.all([source.cloneUrl(repository), source.cloneToken(repository)]);
  if (!given) return { cloneUrl: url };
  const from = new Date(now).toISOString();
  await cloneCredentials.store(parameter, { repository: repository.name, url, ...given, from });
  return { cloneUrl: url, cloneParameter: parameter };
}
