import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReleaseError } from '../core/errors';
import { asTemplate, type Template } from '../core/template/template';
import { type Framework, findFramework } from './find-framework';
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
 * Packaging makes one single call to AWS of its own: with layers it asks CloudFormation for the deployed stack, to leave
 * an unchanged layer where it is. The platform compares layers itself, and the build role may not read stacks, so the
 * comparison is taken out; serverless 3 and osls share the method's name. If it is not found, nothing happens, and
 * the framework says what it misses.
 */
const WITHOUT_STACK_LOOKUP = `const Module = require('node:module');
const load = Module._load;
Module._load = function (...args) {
  const loaded = load.apply(this, args);
  if (typeof loaded === 'function' && loaded.prototype && loaded.prototype.compareWithLastLayer) {
    loaded.prototype.compareWithLastLayer = async () => {};
  }
  return loaded;
};
`;

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
  const preload = join(scratch, 'without-stack-lookup.cjs');
  await writeFile(preload, WITHOUT_STACK_LOOKUP);

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
