import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from './definition';

const CACHE = join(__dirname, '../../node_modules/.cache/seedbed-definitions');
/** Where the synthesised definitions are kept, and the hash of what they were made of. */
export const DEFINITIONS = join(CACHE, 'definitions.json');
export const DEFINITIONS_KEY = join(CACHE, 'key');

export const RELEASE = 'Seedbed-Release';
export const SERVICE_RELEASE = 'Seedbed-ServiceRelease';
export const WATCHER = 'Seedbed-Watcher';
/** The name of the table in the definitions. */
export const STATE_TABLE = 'State';

let own: Readonly<Record<string, Definition>> | undefined;

/** @returns the platform's own definitions, as they were synthesised before the first test ran */
export function ownDefinitions(): Readonly<Record<string, Definition>> {
  own ??= JSON.parse(readFileSync(DEFINITIONS, 'utf8')) as Readonly<Record<string, Definition>>;
  return own;
}
