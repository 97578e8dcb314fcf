import type { ReleaseKey } from '../../core/contracts/release';
import type { ReleaseRecord } from '../../core/contracts/state';
import type { Platform } from '../platform/connect-platform';
import { type PlatformOptions, printJson } from '../platform/platform-options';
import type { World } from '../platform/world';
import { releaseReport } from './release-report';
import { watchRelease, whereToLook } from './watch-release';

/** How a command shows the release that it is about. */
export interface ShowOptions {
  readonly options: Pick<PlatformOptions, 'json' | 'local'>;
  readonly world: World;
  /** What `--json` prints besides the report. */
  readonly more?: object;
}

/**
 * Shows a release until it has ended; with `--json` on standard error, and then prints the report of it.
 * @returns the release at its end
 */
export async function showToEnd(
  platform: Platform,
  key: ReleaseKey,
  { options: { json, local }, world, more }: ShowOptions,
): Promise<ReleaseRecord> {
  const out = json ? world.err : world.out;
  const { record, services } = await watchRelease(platform, key, {
    out,
    whenInterrupted: () => whereToLook(local, key),
  });
  if (json) printJson(world, { ...releaseReport(record, services), ...more });
  return record;
}
