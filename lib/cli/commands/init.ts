import type { Command } from 'commander';
import { askApp, type NewAppOptions } from '../ask/ask-app';
import { printJson, printLines } from '../platform/platform-options';
import { UsageError } from '../platform/run-command';
import { realWorld, type World } from '../platform/world';
import { newAppOptions } from './app';
import { EMPTY_SEEDBED_YML, withNewApp } from './edit-seedbed-yml';
import { describeProjectFiles, writeProjectFiles } from './project-files';
import { readIfThere, seedbedYmlPath, writeWhole } from './seedbed-yml-file';

/** `seedbed init`, as commander parses it. */
interface InitOptions extends NewAppOptions {
  readonly app?: string;
  readonly config?: string;
  readonly yes?: true;
  readonly json?: true;
}

const HELP = `
Writes the platform's seedbed.yml with its first app. What is not given is asked for at a terminal. A file that is there is
never overwritten without being asked for (--yes).

With it comes the rest of the platform's project: cdk.json, bin/platform.ts, README.md, .gitignore. Of these,
a file that exists already is never changed.

Exit code: 0 it is written, 1 it would not be valid, 2 the command was called wrongly, or the file is there.

Example:
  $ seedbed init
  $ seedbed init --app shop --github acme/shop --stage dev:main prod:production --pull-requests dev
`;

/** Adds `seedbed init`: the first seedbed.yml, and the project around it. */
export function registerInit(program: Command, world: World = realWorld()): void {
  newAppOptions(program.command('init').description('write the first seedbed.yml, and the project around it'))
    .option('--app <app>', 'name of the app')
    .option('--config <file>', 'the file, by default seedbed.yml')
    .option('--yes', 'overwrite a file that is there')
    .option('--json', 'print as JSON')
    .addHelpText('after', HELP)
    .action((options: InitOptions) => init(options, world));
}

async function init(options: InitOptions, world: World): Promise<void> {
  const file = seedbedYmlPath(world.directory, options.config);
  const writeProject = () => writeProjectFiles(world.directory, file);
  await mayWrite(file, options, world).catch(async (error) => {
    // Who comes with a seedbed.yml gets the rest of the project all the same.
    if (error instanceof UsageError)
      printLines({ ...world, out: world.err }, describeProjectFiles(await writeProject()));
    throw error;
  });
  const app = await askApp(options.app, options, world);
  await writeWhole(file, withNewApp(EMPTY_SEEDBED_YML, app));
  const project = await writeProject();
  if (options.json) return void printJson(world, { file, ...app, project });
  const { repository } = app;
  const access =
    repository.provider === 'github'
      ? ['let it reach GitHub, as docs/install.md says, and check that with:', `  $ npx seedbed app doctor ${app.app}`]
      : [];
  printLines(world, [
    ...describeProjectFiles(project),
    `${file} is written. Next:`,
    '  $ npx cdk bootstrap   (once in an account and region)',
    '  $ npx cdk deploy --all',
    ...access,
    `then push to ${repository.name}, or release by hand with:`,
    `  $ npx seedbed deploy --app ${app.app} --stage ${Object.keys(app.stages)[0]}`,
  ]);
}

async function mayWrite(file: string, { yes }: InitOptions, { ask }: World): Promise<void> {
  if (yes || (await readIfThere(file)) === undefined) return;
  const answer = await ask?.(`${file} is there already; overwrite it? (yes/no)`, 'no');
  if (answer === 'yes' || answer === 'y') return;
  throw new UsageError(`${file} is there already and stays as it is; add an app with: seedbed app add`);
}
