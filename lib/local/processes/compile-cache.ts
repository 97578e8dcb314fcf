import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds after which what was kept is compiled anew, so that what nobody runs any more does not pile up. */
const KEPT_FOR = 7 * 24 * 3_600_000;
/** The first Node that keeps compiled code by itself. */
const [MAJOR = 0, MINOR = 0] = process.versions.node.split('.').map(Number);
const NODE_KEEPS = MAJOR > 22 || (MAJOR === 22 && MINOR >= 1);
/** What makes an older one do so. */
export const KEEP_COMPILED = join(__dirname, 'keep-compiled.cjs');

/**
 * @param directory where it is kept
 * @returns variables by which Node programs keep what they have compiled for whoever runs them next. The Serverless
 *   Framework would else spend half of its time on compiling the same modules in each build.
 */
export const compileCache = (directory: string): Readonly<Record<string, string>> => ({
  NODE_COMPILE_CACHE: directory,
  ...(!NODE_KEEPS && { NODE_OPTIONS: `--require ${quoted(KEEP_COMPILED)}` }),
});

/** As Node reads the variable: nodejs.org/api/cli.html#node_optionsoptions */
const quoted = (path: string): string => `"${path.replaceAll(/["\\]/g, '\\$&')}"`;

/**
 * Removes what was kept long ago.
 * @param directory where it is kept
 * @param now milliseconds since 1970
 */
export async function forgetCompiled(directory: string, now: number): Promise<void> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const file of files.filter((each) => each.isFile())) {
    const path = join(file.parentPath, file.name);
    // Another local cloud may have removed it.
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
    if (now - mtimeMs > KEPT_FOR) await rm(path, { force: true });
  }
}
