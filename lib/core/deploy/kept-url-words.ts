import { ReleaseError } from '../contracts/errors';
import { type Release, settingsStage } from '../contracts/release';
import type { KeptUrl } from '../template/kept-urls';

/** Where a function URL is, and the alias that it does not invoke. */
interface PlaceOfUrl {
  readonly release: Pick<Release, 'app' | 'stage' | 'template' | 'guard' | 'shift' | 'rollback'>;
  readonly stackName: string;
  readonly alias: string;
}

/** @returns logical ids of what the platform's owner has named in `replace` of a stack. */
export const movableUrls = ({ guard }: Pick<Release, 'guard'>, stackName: string): ReadonlySet<string> =>
  new Set(
    (guard?.replace ?? []).map((one) => one.split('/')).flatMap(([stack, id]) => (stack === stackName ? [id!] : [])),
  );

/** @returns what a person should know of a function URL that keeps its address. */
export function tellKeptUrl({ logicalId, functionId }: Omit<KeptUrl, 'target'>, place: PlaceOfUrl): string {
  return (
    `function URL ${logicalId} keeps its address, for which it has to go on invoking function ${functionId} itself: it ` +
    `runs new code as soon as that is in place, also before and during a gradual shift. To have it invoke alias ` +
    `"${place.alias}", at a new address, ${howToMove(logicalId, place)}`
  );
}

/**
 * No shift reaches a URL that keeps its address. A rollback moves at once anyway.
 *
 * @throws ReleaseError `ShiftRefused` if the stage demands that all traffic shifts gradually
 */
export function refuseKeptUrls(urls: readonly Omit<KeptUrl, 'target'>[], place: PlaceOfUrl): void {
  const { release } = place;
  const [url] = urls;
  if (!url || release.rollback || !release.shift.mustBeGradual) return;
  throw new ReleaseError(
    'ShiftRefused',
    `function URL ${url.logicalId} invokes function ${url.functionId} itself, which no shift reaches, and stage ` +
      `"${release.stage}" demands gradual ones ("mustBeGradual" in seedbed.yml); to have it invoke alias ` +
      `"${place.alias}", at a new address, ${howToMove(url.logicalId, place)}`,
  );
}

function howToMove(logicalId: string, { release, stackName }: PlaceOfUrl): string {
  const listed = [...(release.guard?.replace ?? []), `${stackName}/${logicalId}`].join(', ');
  const stage = `apps.${release.app}.stages.${settingsStage(release)}`;
  return `write this to "${stage}" in seedbed.yml, deploy the platform, and release again: replace: [${listed}]`;
}
