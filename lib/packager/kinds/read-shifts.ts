import { SEED_YML } from '../../config/seed-yml';
import { ReleaseError } from '../../core/contracts/errors';
import { LIVE_ALIAS } from '../../core/contracts/live-alias';
import type { ShiftSettings } from '../../core/contracts/settings';
import { readShiftSettings, type ShiftSources } from '../../core/shift/read-shift-settings';
import type { JsonObject } from '../../core/text/canonical-json';
import { configLines } from '../config-lines';
import type { Workspace } from '../workspace';

/** How a service shifts, and under which alias. */
export interface Shifts {
  readonly alias: string;
  readonly shift: ShiftSettings;
}

/**
 * Reads from a packaged service how it shifts.
 *
 * @param sources its configuration, and `shift` of seed.yml
 * @throws ReleaseError `ConfigInvalid` with all problems, each with file, line and key and how to mend it
 */
export async function readShifts(
  { root, service, stage }: Pick<Workspace, 'root' | 'service' | 'stage'>,
  sources: Omit<ShiftSources, 'stage' | 'service'>,
): Promise<Shifts> {
  const reading = readShiftSettings({ stage, service, ...sources });
  if (reading.problems.length === 0) return { alias: reading.alias, shift: reading.settings };
  const lines = new Map(
    await Promise.all([sources.file, SEED_YML].map(async (name) => [name, await configLines(root, name)] as const)),
  );
  const texts = reading.problems.map((one) => `${one.file}${lines.get(one.file)?.(one.place) ?? ''}: ${one.message}`);
  throw new ReleaseError('ConfigInvalid', [...new Set(texts)].join('\n'));
}

/** @returns the parts that the rendered template depends on: the alias, and which hook tests what. */
export function renderedFor(alias: string, { functions }: ShiftSettings): JsonObject {
  const hooks = Object.entries(functions).flatMap(([id, { preTrafficHook, postTrafficHook }]) => {
    const own = [preTrafficHook, postTrafficHook].filter((hook) => hook !== undefined);
    return own.length === 0 ? [] : [[id, own] as const];
  });
  return {
    ...(alias !== LIVE_ALIAS && { alias }),
    ...(hooks.length > 0 && { hooks: Object.fromEntries(hooks) }),
  };
}
