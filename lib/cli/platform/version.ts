import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What of this program runs: its version, and the commit that it was made from, if that is known. */
export interface Version {
  readonly version: string;
  /** Its hash, abbreviated. */
  readonly commit?: string;
}

const ROOT = join(__dirname, '../../..');
/** Written into the npm package when it is packed; a checkout has none. */
export const VERSION_FILE = 'version.json';

/** @returns what runs: in the npm package, what was packed; in a checkout, what is checked out. */
export function readVersion(root: string = ROOT): Version {
  const packed = join(root, VERSION_FILE);
  if (existsSync(packed)) return readJson(packed);
  return { version: readJson(join(root, 'package.json')).version, commit: commitOf(root) };
}

/** @returns the version as people read it: `0.1.0 (5d6b981)`. */
export const renderVersion = ({ version, commit }: Version): string =>
  commit === undefined ? version : `${version} (${commit})`;

const readJson = (file: string): Version => JSON.parse(readFileSync(file, 'utf8'));

/** @returns the commit that is checked out, or undefined if the directory is not itself a working copy of git's. */
function commitOf(root: string): string | undefined {
  try {
    const args = ['rev-parse', '--show-prefix', '--short', 'HEAD'];
    const said = execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [within, commit] = said.split('\n');
    return within === '' ? commit : undefined;
  } catch {
    return undefined; // no git, or no commit
  }
}
