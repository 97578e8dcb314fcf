import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFINITIONS, DEFINITIONS_KEY } from './definitions';

const ROOT = join(__dirname, '../..');
/** All that the definitions are made of. */
const SOURCES = ['lib', 'lambdas', 'test/state-machines', 'package-lock.json'];

/** Synthesises the definitions and keeps them for the tests, unless those are there that these very sources make. */
export async function keepDefinitions(): Promise<void> {
  const key = createHash('sha256');
  for (const file of SOURCES.flatMap(filesAt).sort()) key.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  const kept = `${key.digest('hex')}\n`;
  if (readOr(DEFINITIONS_KEY, '') === kept) return;
  // The CDK takes seconds to load.
  const { synthesiseDefinitions } = await import('./synthesise-definitions');
  const definitions = synthesiseDefinitions();
  mkdirSync(join(DEFINITIONS, '..'), { recursive: true });
  // The key comes last and goes first: whatever is interrupted, it never vouches for what is not there.
  rmSync(DEFINITIONS_KEY, { force: true });
  write(DEFINITIONS, JSON.stringify(definitions));
  write(DEFINITIONS_KEY, kept);
}

const filesAt = (path: string): string[] =>
  path.endsWith('.json')
    ? [path]
    : readdirSync(join(ROOT, path), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));

/** Two runs of the tests may write at once: each writes the whole, the same. */
function write(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
