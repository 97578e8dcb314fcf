import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { unzipSync } from 'fflate';
import type { Caller } from '../calls/authorize';
import type { EmulatorClient } from '../calls/emulator-client';

/** Reads an object of the local S3. @throws Error naming the object if it does not exist */
export async function readObject(emulator: EmulatorClient, caller: Caller, location: string): Promise<Buffer> {
  const path = `/${location.split('/').map(encodeURIComponent).join('/')}`;
  const answer = await emulator.send(caller, 's3', { method: 'GET', path });
  if (answer.status !== 200) throw new Error(`s3://${location} could not be read (status ${answer.status})`);
  return answer.body;
}

/** Unpacks a zip into `directory`, with the entries' permissions. @throws Error if an entry would land outside it */
export async function unpack(zip: Buffer, directory: string): Promise<void> {
  const modes = modesOf(zip);
  for (const [name, bytes] of Object.entries(unzipSync(zip))) {
    const path = normalize(name);
    if (path.startsWith('..') || path.startsWith('/'))
      throw new Error(`the source has an entry outside of itself: ${name}`);
    const target = join(directory, path);
    if (name.endsWith('/')) {
      await mkdir(target, { recursive: true });
      continue;
    }
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
    if (((modes.get(name) ?? 0) & 0o111) !== 0) await chmod(target, 0o755);
  }
}

/** Reads Unix modes from a zip's central directory (APPNOTE 4.3.12); fflate does not return them. */
function modesOf(zip: Buffer): ReadonlyMap<string, number> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const modes = new Map<string, number>();
  if (end < 0) return modes;
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    modes.set(zip.toString('utf8', at + 46, at + 46 + nameLength), zip.readUInt32LE(at + 38) >>> 16);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return modes;
}
