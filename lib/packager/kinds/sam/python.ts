import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ReleaseError } from '../../../core/contracts/errors';
import { requireCommand } from '../../run-command';
import type { Workspace } from '../../workspace';

const run = promisify(execFile);

/** As requirements.in asks for it. */
export const TRANSLATOR_VERSION = '1.115.0';

/** The translator and all that it needs, by hash. It lies beside the packager. */
const TRANSLATOR = join(__dirname, 'translator');
const PROGRAM = join(TRANSLATOR, 'translate.py');
const REQUIREMENTS = join(TRANSLATOR, 'requirements.txt');
const OLDEST = [3, 10] as const;
const CANDIDATES = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

/** A Python, and where it finds the translator's packages. */
export interface TranslatorPython {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Installs the translator into the cache directory if it is not there for this Python.
 *
 * @throws ReleaseError `InstallFailed` if there is no Python that is new enough, or the packages cannot be installed
 */
export async function translatorPython(workspace: Workspace): Promise<TranslatorPython> {
  const { cacheDirectory, env, log, region } = workspace;
  const python = await findPython(env);
  const stamp = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .update(python.version)
    .digest('hex');
  const home = join(cacheDirectory, `sam-translator-${stamp.slice(0, 16)}`);
  if (!(await isDirectory(home))) {
    log('installing aws-sam-translator (once, about 20 seconds)');
    // Builds may run side by side on one machine: install apart, then move into place as a whole.
    const apart = `${home}.${process.pid}`;
    await mkdir(cacheDirectory, { recursive: true });
    const args = ['-m', 'pip', 'install', '--require-hashes', '--only-binary=:all:', '--no-deps', '--quiet'];
    const more = [
      '--no-compile',
      '--disable-pip-version-check',
      '--root-user-action=ignore',
      '--target',
      apart,
      '--requirement',
      REQUIREMENTS,
    ];
    await requireCommand(
      {
        program: python.program,
        args: [...args, ...more],
        cwd: cacheDirectory,
        env,
        shownAs: 'pip install aws-sam-translator',
      },
      log,
      {
        code: 'InstallFailed',
        message:
          'cannot install aws-sam-translator, which services of SAM need; make the Python package index reachable',
      },
    );
    await rename(apart, home).catch(() => rm(apart, { recursive: true, force: true }));
  }
  return {
    program: python.program,
    args: [PROGRAM],
    env: { ...env, PYTHONPATH: home, AWS_REGION: region, AWS_DEFAULT_REGION: region },
  };
}

async function findPython(env: NodeJS.ProcessEnv): Promise<{ readonly program: string; readonly version: string }> {
  const question = 'import sys, platform; print(sys.version_info[0], sys.version_info[1], platform.machine())';
  for (const program of CANDIDATES) {
    const { stdout } = await run(program, ['-I', '-c', question], { env }).catch(() => ({ stdout: '' }));
    const version = stdout.trim();
    const [major = 0, minor = 0] = version.split(' ').map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return { program, version };
  }
  throw new ReleaseError(
    'InstallFailed',
    `services of SAM are packaged with AWS's translator, which needs Python ${OLDEST.join('.')} or newer, and there is ` +
      'none on the PATH; use a build image that has one',
  );
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
