import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ReleaseError } from '../../core/contracts/errors';

const run = promisify(execFile);
const RETRYING = /^WARNING: Retrying /;
const OLDEST = [3, 10] as const;
const CANDIDATES = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const CHECK_VENV = join(__dirname, 'check_venv.py');
const REQUIREMENTS = join(__dirname, 'requirements.txt');

/** Which environment {@link ensureVenv} makes, and with what. */
export interface VenvOptions {
  /**
   * Directory of the environment. It is made if it is missing, and again if its requirements or its Python have
   * changed.
   */
  readonly directory: string;
  /** Pinned requirements; the local cloud's own by default. */
  readonly requirements?: string;
  /** Commands to try for a Python, in order. */
  readonly candidates?: readonly string[];
  /** Environment variables of the programs that this runs. */
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: (line: string) => void;
}

/**
 * Makes the local cloud's Python environment if need be. It takes some 15 seconds the first time, and none afterwards.
 * @returns path of the environment's Python
 * @throws ReleaseError `LocalCloudFailed` if there is no Python ≥ 3.10, it cannot make environments, or packages cannot
 *   be downloaded
 */
export async function ensureVenv(options: VenvOptions): Promise<string> {
  const requirements = options.requirements ?? REQUIREMENTS;
  const stamp = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const python = join(options.directory, 'bin', 'python');
  const made = await readFile(join(options.directory, 'seedbed-stamp'), 'utf8').catch(() => '');
  if (made === stamp && (await canUse(python, options.env))) return python;

  const maker = await findPython(options.candidates ?? CANDIDATES, options.env);
  options.log?.(`making the local cloud's Python environment with ${maker} (once, about 15 seconds)`);
  try {
    await run(maker, ['-I', join(__dirname, 'make_venv.py'), options.directory, requirements, stamp], {
      env: options.env,
    });
  } catch (error) {
    throw venvError(error as { code?: unknown; stdout?: string; stderr?: string }, maker);
  }
  return python;
}

/** @returns whether an environment's Python still runs and is of the version that the packages were installed for. */
const canUse = (python: string, env?: NodeJS.ProcessEnv): Promise<boolean> =>
  run(python, ['-I', CHECK_VENV], { env }).then(
    () => true,
    () => false,
  );

/**
 * @param candidates commands to try, in order
 * @returns absolute path of the first Python that is new enough
 * @throws ReleaseError `LocalCloudFailed` naming what was found instead
 */
export async function findPython(candidates: readonly string[] = CANDIDATES, env?: NodeJS.ProcessEnv): Promise<string> {
  const tooOld: string[] = [];
  for (const candidate of candidates) {
    const found = await askVersion(candidate, env);
    if (!found) continue;
    const [major, minor] = found.version;
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return found.path;
    tooOld.push(`${candidate} is ${major}.${minor}`);
  }
  const needed = `the local cloud needs Python ${OLDEST.join('.')} or newer`;
  throw new ReleaseError(
    'LocalCloudFailed',
    tooOld.length > 0
      ? `${needed}, and only an older one was found (${tooOld.join(', ')}): install a newer one and put it on PATH`
      : `${needed}, and none was found on PATH (tried ${candidates.join(', ')}): install it, then start again`,
  );
}

async function askVersion(candidate: string, env?: NodeJS.ProcessEnv) {
  const question = 'import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)';
  try {
    const { stdout } = await run(candidate, ['-I', '-c', question], { env });
    const [major, minor, ...path] = stdout.trim().split(' ');
    return { version: [Number(major), Number(minor)] as const, path: path.join(' ') };
  } catch {
    return undefined; // it does not exist, or is a shim with no version behind it
  }
}

function venvError(error: { code?: unknown; stdout?: string; stderr?: string }, python: string): ReleaseError {
  const said = `${error.stdout ?? ''}\n${error.stderr ?? ''}`.trim().split('\n');
  // All of pip's attempts say the same: one of them is enough.
  const lines = said.filter((line, i) => !(RETRYING.test(line) && RETRYING.test(said[i + 1] ?? '')));
  const lastLines = lines.slice(-6).join('\n  ');
  const message =
    error.code === 3
      ? `${python} cannot make a virtual environment: install its venv module ` +
        `(on Debian and Ubuntu: apt install python3-venv).\n  ${lastLines}`
      : `the local cloud's Python packages could not be installed: ` +
        `check the connection to the package index (pip's index-url, ` +
        `proxy and certificate settings apply), then start again. pip's last lines:\n  ${lastLines}`;
  return new ReleaseError('LocalCloudFailed', message, { cause: error });
}
