import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReleaseError } from '../core/contracts/errors';
import { asTemplate, type Template } from '../core/template/template';
import { type Framework, findFramework } from './find-framework';
import { FRAMEWORK_PRELOAD } from './framework-preload';
import { requireCommand } from './run-command';
import { asServerlessState, type ServerlessState } from './serverless-state';
import { serviceDirectory, type Workspace } from './workspace';

/** What the framework's own package command left. */
export interface FrameworkOutput {
  readonly framework: Framework;
  readonly template: Template;
  readonly state: ServerlessState;
  /** Directory of the zips. */
  readonly directory: string;
}

const TEMPLATE_FILE = 'cloudformation-template-update-stack.json';
const STATE_FILE = 'serverless-state.json';

/**
 * Runs the framework's package command on a service.
 *
 * @param scratch directory to put the output and what it needs into; what is there is removed
 * @throws ReleaseError `PackageFailed` with the command and its last lines, `FrameworkUnsupported` or `InstallFailed`
 */
export async function runServerless(workspace: Workspace, scratch: string): Promise<FrameworkOutput> {
  const framework = await findFramework(workspace);
  const output = join(scratch, 'package');
  await rm(output, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const preload = join(scratch, 'framework-preload.cjs');
  await writeFile(preload, FRAMEWORK_PRELOAD);

  const { stage, region, service, env, log } = workspace;
  log(`packaging ${service} with ${framework.name} ${framework.version}`);
  const options = ['package', '--stage', stage, '--region', region];
  const command = {
    program: process.execPath,
    args: ['--require', preload, framework.program, ...options, '--package', output],
    shownAs: [framework.name, ...options].join(' '),
    cwd: serviceDirectory(workspace),
    env,
  };
  await requireCommand(command, log, {
    code: 'PackageFailed',
    message: `cannot package service ${service}`,
  });

  return {
    framework,
    directory: output,
    template: asTemplate(await readOutput(workspace, join(output, TEMPLATE_FILE))),
    state: asServerlessState(await readOutput(workspace, join(output, STATE_FILE))),
  };
}

async function readOutput({ service }: Workspace, file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(async (cause) => {
    const there = await readdir(join(file, '..')).catch(() => []);
    throw new ReleaseError(
      'PackageFailed',
      `packaging service ${service} left no ${file.split('/').pop()}; it left: ${there.join(', ') || 'nothing'}`,
      { cause },
    );
  });
  return JSON.parse(text);
}
