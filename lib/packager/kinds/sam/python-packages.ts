import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalCode } from '../../../core/sam/local-code';
import { runCommand } from '../../run-command';
import type { Workspace } from '../../workspace';
import { runTool } from './run-tool';

const REQUIREMENTS = 'requirements.txt';
/** Of wheels that run on Amazon Linux 2 and 2023. */
const PLATFORMS = { x86_64: 'manylinux2014_x86_64', arm64: 'manylinux2014_aarch64' } as const;

/**
 * Installs what `requirements.txt` asks for beside the code: wheels for the function's own Python and processor, or,
 * for what has none, what the build's Python makes of the source.
 *
 * @param directory absolute path of the copied code
 * @throws ReleaseError `PackageFailed` with the last lines of pip
 */
export async function installPython(
  directory: string,
  { code, workspace }: { readonly code: LocalCode; readonly workspace: Workspace },
): Promise<void> {
  const isThere = await access(join(directory, REQUIREMENTS)).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const version = /^python(\d\.\d+)$/.exec(code.method ?? code.runtime ?? '')?.[1];
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-compile',
    '--root-user-action=ignore',
    '--target',
    directory,
  ];
  const asked = ['--requirement', join(directory, REQUIREMENTS)];
  const wheels = [
    '--only-binary=:all:',
    '--implementation=cp',
    `--platform=${PLATFORMS[code.architecture]}`,
    ...(version === undefined ? [] : [`--python-version=${version}`]),
  ];
  const command = { program: 'python3', cwd: directory, env: workspace.env, shownAs: `pip install -r ${REQUIREMENTS}` };
  const quiet = { ...command, args: [...install, ...wheels, ...asked] };
  const lines: string[] = [];
  if ((await runCommand(quiet, (line) => lines.push(line))).exitCode === 0) return;
  workspace.log(
    `${code.logicalId}: not all packages have wheels for ${PLATFORMS[code.architecture]}; installing from their sources`,
  );
  await runTool({ ...command, args: [...install, '--upgrade', ...asked] }, code, workspace);
}
