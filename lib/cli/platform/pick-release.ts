import { ReleaseError } from '../../core/contracts/errors';
import type { StageKey } from '../../core/contracts/release';
import type { ReleaseRecord } from '../../core/contracts/state';
import { allReadable } from '../../core/contracts/unreadable';
import type { Releases } from '../../ports/releases';

const SHORTEST = 6;
/** As far back a part of an id is looked for; a whole one is found whatever its age. */
const HISTORY = 200;

/**
 * @param text a release's id, or at least six characters of its beginning or end; without it the newest release
 * @throws ReleaseError ReleaseNotFound, with the id of the newest
 */
export async function pickRelease(
  releases: Pick<Releases, 'find' | 'latest'>,
  { app, stage }: StageKey,
  text?: string,
): Promise<ReleaseRecord> {
  const where = `stage "${stage}" of "${app}"`;
  if (text === undefined) {
    const [newest] = allReadable(await releases.latest({ app, stage }, 1), 'name another release');
    if (newest) return newest;
    throw new ReleaseError('ReleaseNotFound', `nothing has been released to ${where} yet`);
  }
  const id = text.toUpperCase();
  const exact = await releases.find({ app, stage, id });
  if (exact) return exact;
  const history = await releases.latest({ app, stage }, HISTORY);
  const found = history.filter(({ release }) => release.id.startsWith(id) || release.id.endsWith(id));
  if (found.length === 1 && id.length >= SHORTEST) return allReadable(found, 'name another release')[0]!;
  const newest = history[0] ? `; the newest is ${history[0].release.id}` : '';
  if (id.length < SHORTEST) {
    throw new ReleaseError(
      'ReleaseNotFound',
      `"${text}" is too short: give at least ${SHORTEST} characters of an id${newest}`,
    );
  }
  const what =
    found.length > 1 ? `several releases of ${where} begin or end with "${text}"` : `${where} has no release "${text}"`;
  throw new ReleaseError('ReleaseNotFound', what + newest);
}
