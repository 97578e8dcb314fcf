import type { Command } from 'commander';
import type { AppConfig } from '../../core/contracts/app-config';
import type { Finding } from '../../core/contracts/diagnosis';
import { askApp, type NewAppOptions } from '../ask/ask-app';
import { chooseApp, chooseApps } from '../ask/choose-stage';
import type { Platform } from '../platform/connect-platform';
import {
  checkPlatformOptions,
  choiceWorld,
  PLATFORM_HELP,
  type PlatformOptions,
  platformOptions,
  printJson,
  printLines,
} from '../platform/platform-options';
import { checkName, EXIT, ToldFailure, UsageError } from '../platform/run-command';
import { readIfThere, seedbedYmlPath, writeWhole } from '../platform/seedbed-yml-file';
import { realWorld, type World } from '../platform/world';
import { cleanDeep } from '../show/clean-text';
import { type Paint, paintFor } from '../show/paint';
import { headedTable } from '../show/table';
import { EMPTY_SEEDBED_YML, warningsOf, withNewApp, withoutApp } from './edit-seedbed-yml';

/** The options with which an app is written down. */
export function newAppOptions(command: Command): Command {
  return command
    .option('--github <owner/name>', 'its repository at GitHub')
    .option('--codecommit <name>', 'its repository at CodeCommit')
    .option('--stage <stage:branches...>', 'a stage and the branches that deploy to it: dev:main, prod:release/*')
    .option('--pull-requests <stage>', 'give each pull request a stage of its own, with the settings of this one');
}

interface EditOptions extends NewAppOptions {
  readonly config?: string;
  readonly json?: true;
}

const ADD_HELP = `
On a terminal you are asked for whatever you leave out; elsewhere you have to give it. Comments in the file are kept.
The next "npx cdk deploy --all" connects the app.

Exit code: 0 the app is in the file, 1 the file would not be valid, 2 the command was called wrongly.

Example:
  $ seedbed app add shop --github acme/shop --stage dev:main prod:production preview --pull-requests preview
`;
const RM_HELP = `
Nothing that it has deployed is deleted: remove its stages first (seedbed stage rm). The next "npx cdk deploy --all"
disconnects the app.

Exit code: 0 the app is no longer in the file, 1 it was not there, 2 the command was called wrongly.

Example:
  $ seedbed app rm shop
`;
const DOCTOR_HELP = `
Checks the secret, access, the repository, permissions, the webhook, branches and rules, and how many builds may run.
${PLATFORM_HELP}
Exit code: 0 nothing is wrong, though there may be warnings; 1 something is wrong; 2 the command was called wrongly.

Example:
  $ seedbed app doctor shop
`;

/** Adds `seedbed app` and its commands. */
export function registerApp(program: Command, world: World = realWorld()): void {
  const app = program.command('app').description('the connected apps');
  platformOptions(app.command('list').description('the apps, their repositories and stages'), {
    app: false,
    stage: false,
  })
    .addHelpText('after', `${PLATFORM_HELP}\nExample:\n  $ seedbed app list\n`)
    .action(async (options: PlatformOptions) => {
      checkPlatformOptions(options);
      await world.open(options.local, (platform) => list(platform, options, world));
    });
  newAppOptions(app.command('add').description('add an app to seedbed.yml').argument('[name]'))
    .option('--config <file>', 'the file, by default seedbed.yml')
    .option('--json', 'print as JSON')
    .addHelpText('after', ADD_HELP)
    .action((name: string | undefined, options: EditOptions) => add(name, options, world));
  app
    .command('rm')
    .description('remove an app from seedbed.yml')
    .argument('<name>')
    .option('--config <file>', 'the file, by default seedbed.yml')
    .option('--json', 'print as JSON')
    .addHelpText('after', RM_HELP)
    .action((name: string, options: EditOptions) => remove(name, options, world));
  platformOptions(
    app
      .command('doctor')
      .description('find out what stops an app from being released, and how to fix it')
      .argument('[name]'),
    { app: false, stage: false },
  )
    .addHelpText('after', DOCTOR_HELP)
    .action(async (name: string | undefined, options: PlatformOptions) => {
      if (name !== undefined) checkName('NAME', name);
      checkPlatformOptions(options);
      await world.open(options.local, (platform) => examine(platform, { ...options, app: name }, world));
    });
}

async function list(platform: Platform, options: PlatformOptions, world: World): Promise<void> {
  const configs = await chooseApps(platform, options, choiceWorld(world));
  if (options.json) return void printJson(world, configs);
  if (configs.length === 0)
    return void printLines(world, ['no app is connected yet; add one to seedbed.yml with: npx seedbed app add']);
  const rows = configs.map((config) => [
    config.app,
    config.repository.provider,
    config.repository.name,
    describeStages(config),
  ]);
  const head = ['app', 'at', 'repository', 'stages'];
  printLines(world, headedTable(rows, { head, columns: world.out.columns, paintHead: paintFor(world.out).bold }));
}

function describeStages({ stages, pullRequests, branchStages }: AppConfig): string {
  const configured = Object.entries(stages).map(([stage, { branches, tags }]) => {
    const from = [...branches, ...tags.map((tag) => `tag ${tag}`)].join(', ');
    return from ? `${stage} (${from})` : stage;
  });
  const made = [
    ...(pullRequests ? [`pr-… (into ${pullRequests.into.join(', ')})`] : []),
    ...branchStages.map(({ branches }) => `one per branch (${branches.join(', ')})`),
  ];
  return [...configured, ...made].join(', ');
}

async function add(name: string | undefined, options: EditOptions, world: World): Promise<void> {
  const file = seedbedYmlPath(world.directory, options.config);
  const before = (await readIfThere(file)) ?? EMPTY_SEEDBED_YML;
  const added = await askApp(name, options, world);
  const text = withNewApp(before, added);
  await writeWhole(file, text);
  const warnings = warningsOf(text, added.app);
  if (options.json) return void printJson(world, { file, ...added, warnings });
  const of =
    added.repository.provider === 'github'
      ? ['then check its access to GitHub with:', `  $ npx seedbed app doctor ${added.app}`]
      : [];
  printLines(world, [`added "${added.app}" to ${file}; connect it with:`, '  $ npx cdk deploy --all', ...of]);
  warnOf(warnings, world);
}

/** Tells, apart from what was asked for, what is not as safe as it could be. */
export function warnOf(warnings: readonly string[], world: World): void {
  const lines = warnings.map((warning) => `warning: ${warning}`);
  printLines({ ...world, out: world.err }, lines);
}

async function remove(name: string, { config, json }: EditOptions, world: World): Promise<void> {
  checkName('NAME', name);
  const file = seedbedYmlPath(world.directory, config);
  const before = await readIfThere(file);
  if (before === undefined) throw new UsageError(`there is no file ${file}; name it with --config`);
  await writeWhole(file, withoutApp(before, name));
  if (json) return void printJson(world, { file, app: name });
  const advice =
    'Everything it has deployed stays. To remove its stages, run "seedbed stage rm" while it is still connected.';
  printLines(world, [`removed "${name}" from ${file}; disconnect it with:`, '  $ npx cdk deploy --all', advice]);
}

async function examine(platform: Platform, options: PlatformOptions, world: World): Promise<void> {
  const { app } = await chooseApp(platform, options, choiceWorld(world));
  const diagnosis = cleanDeep(await platform.workers.diagnose(app));
  if (options.json) printJson(world, diagnosis);
  else {
    const { repository, findings } = diagnosis;
    const paint = paintFor(world.out);
    printLines(world, [
      `${paint.bold(app)}  ${repository.provider} ${repository.name}`,
      ...findings.flatMap((one) => describeFinding(one, paint)),
    ]);
  }
  if (diagnosis.findings.some(({ level }) => level === 'fail')) throw new ToldFailure(EXIT.failed);
}

function describeFinding({ check, level, message, fix }: Finding, paint: Paint): string[] {
  const mark = { ok: paint.green('✔'), warn: paint.yellow('!'), fail: paint.red('✖') }[level];
  return [`${mark} ${check.padEnd(12)}${message}`, ...(fix ? [`${' '.repeat(14)}→ ${fix}`] : [])];
}
