import type { ReleaseKey } from '../core/release';
import type { ReleaseRecord } from '../core/state';
import type { Platform } from './connect-platform';
import { type PlatformOptions, printJson } from './platform-options';
import { releaseReport } from './release-report';
import { watchRelease, whereToLook } from './watch-release';
import type { World } from './world';

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
  const { record, services } = await watchRelease(platform, key, { out, whenInterrupted: whereToLook(local, key) });
  if (json) printJson(world, { ...releaseReport(record, services), ...more });
  return record;
}
