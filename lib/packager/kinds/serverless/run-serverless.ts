import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ImageToBuild } from '../../../core/build/image-build';
import { ReleaseError } from '../../../core/contracts/errors';
import { asTemplate, type Template } from '../../../core/template/template';
import { parseJson } from '../../../core/text/parse-json';
import { requireCommand } from '../../run-command';
import { serviceDirectory, type Workspace } from '../../workspace';
import type { BuildOptions } from '../kind';
import { adviseFramework } from './advise-framework';
import { type Framework, findFramework } from './find-framework';
import { FRAMEWORK_RECORD, frameworkPreload } from './framework-preload';
import { asServerlessState, type ServerlessState } from './serverless-state';
import type { ServiceConfig } from './service-config';

/** What the framework read, as it was before variables were resolved; nothing of a framework that leaves none. */
const FrameworkRecord = z.object({
  texts: z.array(z.object({ place: z.array(z.string()), text: z.string() })).default([]),
  written: z.object({ region: z.string().optional(), stage: z.string().optional() }).default({}),
  /** The events that each plug-in listens to. */
  hooks: z.record(z.string(), z.array(z.string())).default({}),
  /** Images with a path, as the framework would build them. */
  images: z.array(ImageToBuild).default([]),
  /** Absolute paths in the repository: files, also those looked for in vain, and listed directories with `/*`. */
  reads: z.array(z.string()).default([]),
  /** What may have read files unseen; absent if it was not watched. */
  unseen: z.array(z.string()).optional(),
});
type FrameworkRecord = z.infer<typeof FrameworkRecord>;

/** What the framework's own package command left. */
export interface FrameworkOutput {
  readonly framework: Framework;
  readonly template: Template;
  readonly state: ServerlessState;
  /** Directory of the zips. */
  readonly directory: string;
  readonly record: FrameworkRecord;
  /** What a person should know of the choice of the framework. */
  readonly warnings: readonly string[];
}

const TEMPLATE_FILE = 'cloudformation-template-update-stack.json';
const STATE_FILE = 'serverless-state.json';

/**
 * Runs the framework's package command on a service.
 *
 * @param config the service's configuration as it is written
 * @param scratch directory to put the output and what it needs into; what is there is removed
 * @param watch whether to note what may read files unseen
 * @throws ReleaseError `PackageFailed` with the command and its last lines, `FrameworkUnsupported` or `InstallFailed`
 */
export async function runServerless(
  workspace: Workspace,
  config: ServiceConfig,
  { scratch, watch }: Pick<BuildOptions, 'scratch' | 'watch'>,
): Promise<FrameworkOutput> {
  const { framework, warnings } = await findFramework(workspace, config);
  const output = join(scratch, 'package');
  for (const left of [output, join(scratch, FRAMEWORK_RECORD)]) await rm(left, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const preload = join(scratch, 'framework-preload.cjs');
  await writeFile(preload, frameworkPreload(workspace.root, watch));

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
    advise: (lines) => adviseFramework(lines, { framework, config, workspace }),
  });

  return {
    framework,
    directory: output,
    template: asTemplate(await readOutput(workspace, join(output, TEMPLATE_FILE))),
    state: asServerlessState(await readOutput(workspace, join(output, STATE_FILE))),
    record: await readRecord(join(scratch, FRAMEWORK_RECORD)),
    warnings,
  };
}

/** The programs of a configuration run in the same process: what they have made of it is not relied upon. */
async function readRecord(file: string): Promise<FrameworkRecord> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const { data } = FrameworkRecord.safeParse(parseJson(text));
  return data ?? FrameworkRecord.parse({});
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
