import type { Command } from 'commander';
import { askApp, type NewAppOptions } from '../ask/ask-app';
import { printJson, printLines } from '../platform/platform-options';
import { UsageError } from '../platform/run-command';
import { readIfThere, seedbedYmlPath, writeWhole } from '../platform/seedbed-yml-file';
import { realWorld, type World } from '../platform/world';
import { newAppOptions, warnOf } from './app';
import { EMPTY_SEEDBED_YML, warningsOf, withNewApp } from './edit-seedbed-yml';
import { describeProjectFiles, writeProjectFiles } from './project-files';

/** `seedbed init`, as commander parses it. */
interface InitOptions extends NewAppOptions {
  readonly app?: string;
  readonly config?: string;
  readonly yes?: true;
  readonly json?: true;
}

const HELP = `
Writes the platform's seedbed.yml with its first app. On a terminal you are asked for whatever you leave out. A file
that exists already is overwritten only if you say so (--yes).

With it comes the rest of the platform's project: cdk.json, bin/platform.ts, README.md, .gitignore. Of these,
a file that exists already is never changed.

Exit code: 0 the files are written, 1 seedbed.yml would not be valid, 2 a wrong call, or seedbed.yml exists already
(the rest of the project is written all the same).

Example:
  $ seedbed init
  $ seedbed init --app shop --github acme/shop --stage dev:main prod:production preview --pull-requests preview
`;

/** Adds `seedbed init`: the first seedbed.yml, and the project around it. */
export function registerInit(program: Command, world: World = realWorld()): void {
  newAppOptions(program.command('init').description('write the first seedbed.yml, and the project around it'))
    .option('--app <app>', 'name of the app')
    .option('--config <file>', 'the file, by default seedbed.yml')
    .option('--yes', 'overwrite a file that exists already')
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
  const app = await askApp(options.app, options, world, '--app');
  const text = withNewApp(EMPTY_SEEDBED_YML, app);
  // seedbed.yml comes last: as long as it is missing, init can be called again.
  const project = await writeProject();
  await writeWhole(file, text);
  const warnings = warningsOf(text, app.app);
  if (options.json) return void printJson(world, { file, ...app, project, warnings });
  const { repository } = app;
  const access =
    repository.provider === 'github'
      ? ['give it access to GitHub (install.md) and check that with:', `  $ npx seedbed app doctor ${app.app}`]
      : [];
  const isPushed = Object.values(app.stages).some((branches) => branches.length > 0);
  printLines(world, [
    ...describeProjectFiles(project),
    `wrote ${file}. Next:`,
    '  $ npx cdk bootstrap   (once in an account and region)',
    '  $ npx cdk deploy --all',
    ...access,
    isPushed ? `then push to ${repository.name}, or release by hand with:` : 'no branch deploys; release by hand with:',
    `  $ npx seedbed deploy --app ${app.app} --stage ${Object.keys(app.stages)[0]}`,
  ]);
  warnOf(warnings, world);
}

async function mayWrite(file: string, { yes }: InitOptions, { ask }: World): Promise<void> {
  if (yes || (await readIfThere(file)) === undefined) return;
  const answer = await ask?.(`${file} exists already; overwrite it? (yes/no)`, 'no');
  if (answer === 'yes' || answer === 'y') return;
  throw new UsageError(`${file} exists already and was not changed; add an app with: npx seedbed app add`);
}
