import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lineFinder } from '../config/line-finder';
import type { Place } from '../core/text/place';

/**
 * @param root of the repository
 * @param file a configuration file in it
 * @returns a function from a place to `, line 3`; to nothing if the file is a program, or takes the place from
 *   elsewhere
 */
export async function configLines(root: string, file: string): Promise<(place: Place) => string> {
  const text = /\.(ya?ml|json)$/.test(file) ? await readFile(join(root, file), 'utf8').catch(() => '') : '';
  return lineFinder(text);
}
