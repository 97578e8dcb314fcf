import { ReleaseError } from '../contracts/errors';
import type { IncrementalSettings } from '../contracts/manifest';
import { nearest } from '../text/nearest';

const KEY = 'custom.seed.incremental';
const KNOWN = ['enabled', 'disabledFor'];
/** Direct updates are guarded and reconciled, so a service gets them unless it says otherwise. */
const DEFAULTS: IncrementalSettings = { enabled: true, disabledFor: [] };

/**
 * Reads the settings that the plug-in serverless-seed had in a service's configuration.
 *
 * @param custom `custom` of the resolved configuration
 * @param file the configuration's name, for messages
 * @returns the settings; direct updates are on where nothing is said
 * @throws ReleaseError `ConfigInvalid`, naming file, key and value, for all problems at once
 */
export function readIncrementalSettings(custom: unknown, file: string): IncrementalSettings {
  const given = property(property(custom, 'seed'), 'incremental');
  if (given === undefined || given === null) return DEFAULTS;
  const problems: string[] = [];
  if (typeof given !== 'object' || Array.isArray(given)) {
    problems.push(`${KEY} is ${JSON.stringify(given)}; write a map with the keys ${KNOWN.join(' and ')}`);
  } else {
    for (const key of Object.keys(given).filter((name) => !KNOWN.includes(name))) {
      const meant = nearest(key, KNOWN);
      problems.push(`${KEY}.${key} is not known; ${meant ? `did you mean ${meant}?` : `use ${KNOWN.join(' or ')}`}`);
    }
  }
  const enabled = readBoolean(property(given, 'enabled'), problems);
  const disabledFor = readStages(property(given, 'disabledFor'), problems);
  if (problems.length > 0)
    throw new ReleaseError('ConfigInvalid', problems.map((text) => `${file}: ${text}`).join('\n'));
  return { enabled, disabledFor };
}

/** A value that comes from a variable may be text. */
function readBoolean(value: unknown, problems: string[]): boolean {
  if (value === undefined || value === null) return DEFAULTS.enabled;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  problems.push(`${KEY}.enabled is ${JSON.stringify(value)}; write true or false`);
  return false;
}

function readStages(value: unknown, problems: string[]): string[] {
  if (value === undefined || value === null) return DEFAULTS.disabledFor;
  const stages = Array.isArray(value) ? value : [value];
  if (stages.every((stage) => typeof stage === 'string')) return stages;
  problems.push(`${KEY}.disabledFor is ${JSON.stringify(value)}; write a list of stages`);
  return [];
}

const property = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
