import { readFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SEEDBED_YML } from '../../config/seedbed-yml';
import { UsageError } from './run-command';

/** @returns the path of the file that a command edits. */
export const seedbedYmlPath = (directory: string, config: string | undefined): string =>
  resolve(directory, config ?? SEEDBED_YML);

/** @returns the text of a file, or undefined if it is not there. */
export const readIfThere = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error.code === 'EISDIR' ? new UsageError(`${file} is a directory; name a file`) : error;
  });

/** Writes a file so that it is never half there. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.next`, text);
  await rename(`${file}.next`, file);
}
