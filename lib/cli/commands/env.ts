import type { Command } from 'commander';
import { checkVariableName, checkVariableValue, type StageVariable } from '../../core/contracts/environment-variable';
import { environmentLayers, type StageOfApp } from '../../core/contracts/stage-environment';
import { useInstead } from '../../core/text/nearest';
import type { VariableToSet } from '../../ports/environments';
import { chooseStage } from '../ask/choose-stage';
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
import { EXIT, ToldFailure, UsageError } from '../platform/run-command';
import { realWorld, type World } from '../platform/world';
import { cleanText } from '../show/clean-text';
import { describeAgo } from '../show/describe-release';
import { paintFor } from '../show/paint';
import { headedTable } from '../show/table';

interface SetOptions extends PlatformOptions {
  readonly secret?: readonly string[];
}
interface ListOptions extends PlatformOptions {
  readonly values?: true;
}

const SET_HELP = `
The stage's builds get the variables: the framework and the hooks of seed.yml. The next release deploys every service in
full. The stage of a pull request or a branch gets the variables of the stage whose settings it has; its own override
them.

The value of a secret is read from standard input, or asked for on a terminal; it is never an argument, which other
programs could see. It is stored encrypted, no command shows it, and it is masked in the logs of builds.
${PLATFORM_HELP}
Exit code: 0 they are set, 1 they could not be set, 2 the command was called wrongly.

Example:
  $ seedbed env set --stage prod COLOUR=blue SIZE=small
  $ seedbed env set --stage prod --secret STRIPE_KEY < key.txt
`;
const LIST_HELP = `
${PLATFORM_HELP}
Exit code: 0, 1 if the platform could not be reached, 2 the command was called wrongly.

Example:
  $ seedbed env list --stage prod --values
`;
const RM_HELP = `
${PLATFORM_HELP}
Exit code: 0 they are removed, 1 the stage has no such variable, 2 the command was called wrongly.

Example:
  $ seedbed env rm --stage prod COLOUR
`;

/** Adds `seedbed env` and its commands. */
export function registerEnv(program: Command, world: World = realWorld()): void {
  const env = program.command('env').description('the environment that a stage gives its builds');
  platformOptions(
    env
      .command('set')
      .description('set variables and secrets')
      .argument('[NAME=VALUE...]', 'values that anybody may see'),
  )
    .option('--secret <name...>', 'a secret, whose value is read from standard input')
    .addHelpText('after', SET_HELP)
    .action(async (assignments: readonly string[], options: SetOptions) => {
      checkPlatformOptions(options);
      const variables = readAssignments(assignments);
      const secrets = options.secret ?? [];
      for (const name of secrets) checked(() => checkVariableName(name));
      if (variables.length + secrets.length === 0)
        throw new UsageError('name what to set: NAME=VALUE or --secret NAME');
      if (secrets.length > 1 && !world.ask)
        throw new UsageError('standard input holds only one secret; set them one at a time, or on a terminal');
      await world.open(options.local, (platform) => set(platform, { ...options, variables, secrets }, world));
    });
  platformOptions(env.command('list').description('names, kinds and ages; never the value of a secret'))
    .option('--values', 'show values too, except those of secrets')
    .addHelpText('after', LIST_HELP)
    .action(async (options: ListOptions) => {
      checkPlatformOptions(options);
      await world.open(options.local, (platform) => list(platform, options, world));
    });
  platformOptions(env.command('rm').description('remove variables and secrets').argument('<name...>', 'their names'))
    .addHelpText('after', RM_HELP)
    .action(async (names: readonly string[], options: PlatformOptions) => {
      checkPlatformOptions(options);
      await world.open(options.local, (platform) => remove(platform, { ...options, names }, world));
    });
}

/** @throws UsageError for anything but `NAME=VALUE` */
function readAssignments(assignments: readonly string[]): readonly VariableToSet[] {
  return assignments.map((text) => {
    const sign = text.indexOf('=');
    if (sign === -1) throw new UsageError(`"${text}" is not an assignment; write NAME=VALUE, or --secret ${text}`);
    const [name, value] = [text.slice(0, sign), text.slice(sign + 1)];
    checked(() => checkVariableName(name));
    checked(() => checkVariableValue(name, value));
    return { name, value, secret: false };
  });
}

/** What the core refuses is here an argument that is wrong. */
function checked(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const NEXT = 'the next release deploys every service in full';

async function set(
  platform: Platform,
  options: SetOptions & { readonly variables: readonly VariableToSet[]; readonly secrets: readonly string[] },
  world: World,
): Promise<void> {
  const stage = await stageOf(platform, options, world);
  const secrets: VariableToSet[] = [];
  for (const name of options.secrets) {
    const value = await world.secret(`value of ${name}`);
    checkVariableValue(name, value);
    secrets.push({ name, value, secret: true });
  }
  const all = [...options.variables, ...secrets];
  await platform.environments.set(stage, all);
  const names = all.map(({ name }) => name);
  if (options.json) return void printJson(world, { app: stage.app, stage: stage.stage, set: names });
  printLines(world, [`set ${names.join(', ')} in stage "${stage.stage}"; ${NEXT}`]);
}

async function list(platform: Platform, options: ListOptions, world: World): Promise<void> {
  const stage = await stageOf(platform, options, world);
  const layers = await Promise.all(
    environmentLayers(stage).map(async (layer) => {
      const variables = await platform.environments.list(layer, { secrets: false });
      return variables.map((variable) => ({ ...variable, from: layer.stage }));
    }),
  );
  const all = [...new Map(layers.flat().map((variable) => [variable.name, variable])).values()];
  all.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (options.json)
    return void printJson(
      world,
      all.map((variable) => reported(variable, options)),
    );
  if (all.length === 0)
    return void printLines(world, [`stage "${stage.stage}" of "${stage.app}" has no variables yet`]);
  const rows = all.map((variable) => [
    variable.name,
    variable.secret ? 'secret' : 'plain',
    variable.from,
    String(variable.version),
    describeAgo(variable.changedAt, world.now()),
    ...(options.values ? [variable.secret ? '' : oneLine(variable.value ?? '')] : []),
  ]);
  const head = ['NAME', 'KIND', 'OF STAGE', 'VERSION', 'CHANGED', ...(options.values ? ['VALUE'] : [])];
  printLines(world, headedTable(rows, { head, columns: world.out.columns, paintHead: paintFor(world.out).dim }));
}

const reported = ({ value, ...variable }: StageVariable, { values }: ListOptions): object =>
  values && !variable.secret ? { ...variable, value } : variable;

/** A value may hold anything, and must not move the cursor. */
const oneLine = (value: string): string =>
  cleanText(value).replace(/\s+/g, (space) => (space.includes('\n') ? ' ⏎ ' : space));

async function remove(
  platform: Platform,
  options: PlatformOptions & { readonly names: readonly string[] },
  world: World,
): Promise<void> {
  const stage = await stageOf(platform, options, world);
  const removed = await platform.environments.remove(stage, options.names);
  if (options.json) printJson(world, { app: stage.app, stage: stage.stage, removed });
  else if (removed.length > 0) {
    printLines(world, [`removed ${removed.join(', ')} from stage "${stage.stage}"; ${NEXT}`]);
  }
  const missing = options.names.filter((name) => !removed.includes(name));
  if (missing.length === 0) return;
  const known = (await platform.environments.list(stage, { secrets: false })).map(({ name }) => name);
  for (const name of missing) {
    const advice = known.length === 0 ? 'it has none' : useInstead(name, known);
    world.err.write(`seedbed: stage "${stage.stage}" has no variable "${name}" of its own; ${advice}\n`);
  }
  throw new ToldFailure(EXIT.failed);
}

async function stageOf(platform: Platform, options: PlatformOptions, world: World): Promise<StageOfApp> {
  const { config, stage, made } = await chooseStage(platform, options, choiceWorld(world));
  return { app: config.app, stage, template: made?.template };
}
