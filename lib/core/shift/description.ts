import type { Release } from '../contracts/release';

/** CodeDeploy's limit: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const LONGEST = 256;

type NamedRelease = Pick<Release, 'id' | 'app' | 'stage'>;

/**
 * @returns the description of a deployment: for people in CodeDeploy's console, and for us to know whose it is. Of a
 *   long name and path, its beginning.
 */
export function describeShift({
  release,
  service,
  logicalId,
}: {
  readonly release: NamedRelease;
  readonly service: string;
  readonly logicalId: string;
}): string {
  const whose = `, release ${release.id} of ${release.app} to ${release.stage}`;
  return `${logicalId} of ${service}`.slice(0, LONGEST - whose.length) + whose;
}

const DESCRIPTION = /^.+, release ([0-9A-HJKMNP-TV-Z]{26}) of ([a-z][a-z0-9-]*) to ([a-z][a-z0-9-]*)$/;

/** @returns the release that a deployment belongs to, or undefined for one that is not ours. */
export function readDescription(description: string): { readonly release: NamedRelease } | undefined {
  const [, id, app, stage] = DESCRIPTION.exec(description) ?? [];
  return id && app && stage ? { release: { id, app, stage } } : undefined;
}
