import type { Release } from '../release';

interface Described {
  readonly release: Pick<Release, 'id' | 'app' | 'stage'>;
  readonly service: string;
  readonly logicalId: string;
}

/** @returns the description of a deployment: for people in CodeDeploy's console, and for us to know whose it is. */
export const describeShift = ({ release, service, logicalId }: Described): string =>
  `${logicalId} of ${service}, release ${release.id} of ${release.app} to ${release.stage}`;

const DESCRIPTION = /^(\S+) of (\S+), release ([0-9A-HJKMNP-TV-Z]{26}) of ([a-z][a-z0-9-]*) to ([a-z][a-z0-9-]*)$/;

/** @returns what `describeShift` was given, or undefined for a deployment that is not one of ours. */
export function readDescription(description: string): Described | undefined {
  const [, logicalId, service, id, app, stage] = DESCRIPTION.exec(description) ?? [];
  if (!logicalId || !service || !id || !app || !stage) return undefined;
  return { release: { id, app, stage }, service, logicalId };
}
