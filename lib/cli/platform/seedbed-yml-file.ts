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
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    if (error.code === 'EISDIR') throw new UsageError(`${file} is a directory; name a file`);
    throw error.code === 'EACCES' ? new UsageError(`${file} cannot be read: you may not`) : error;
  });

/**
 * Writes a file so that it is never half there.
 * @throws UsageError if the file system does not let it
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  await asFileProblem(file, async () => {
    await writeFile(`${file}.next`, text);
    await rename(`${file}.next`, file);
  });
}

/** What the file system may answer to whoever writes where he cannot: not our mistake, and so said as it is. */
const WHY: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the file system is read-only',
  ENOENT: 'its directory does not exist; make it first',
  ENOTDIR: 'part of its path is a file',
  EEXIST: 'part of its path is a file',
  EISDIR: 'it is a directory; name a file',
  ENOSPC: 'the disk is full',
};

/**
 * Runs what writes a file.
 * @throws UsageError that names the file and why it cannot be written, if that is the file system's doing
 */
export async function asFileProblem<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const why = WHY[(error as NodeJS.ErrnoException).code ?? ''];
    throw why === undefined ? error : new UsageError(`${file} cannot be written: ${why}`);
  }
}
