import * as z from 'zod';
import { ReleaseError } from '../contracts/errors';
import type { IncrementalSettings } from '../contracts/manifest';
import { isJsonObject } from '../text/canonical-json';
import { checkWritten } from '../text/check-written';
import { stageNames, withEmptyKeys } from '../text/forgiving';

/** A value that comes from a variable may be text. */
const isTrue = z.preprocess(
  (value) => (value === 'true' || value === 'false' ? value === 'true' : value),
  z.boolean('write true or false'),
);

/** Direct updates are guarded and reconciled, so a service gets them unless it says otherwise. */
const Settings = withEmptyKeys(
  z.strictObject(
    { enabled: isTrue.default(true), disabledFor: stageNames.default([]) },
    'write a map with the keys "enabled" and "disabledFor"',
  ),
);

/**
 * Reads the settings that the plug-in serverless-seed had in a service's configuration.
 *
 * @param custom `custom` of the resolved configuration
 * @param file the configuration's name, for messages
 * @returns the settings; direct updates are on where nothing is said
 * @throws ReleaseError `ConfigInvalid`, naming file, key and value, for all problems at once
 */
export function readIncrementalSettings(custom: unknown, file: string): IncrementalSettings {
  const seed = isJsonObject(custom) ? custom.seed : undefined;
  const written = isJsonObject(seed) ? seed.incremental : undefined;
  const { data, problems } = checkWritten(Settings, written ?? {}, { place: ['custom', 'seed', 'incremental'] });
  if (data === undefined) {
    throw new ReleaseError('ConfigInvalid', problems.map(({ message }) => `${file}: ${message}`).join('\n'));
  }
  return { enabled: data.enabled, disabledFor: [data.disabledFor].flat() };
}
