import type { Command } from 'commander';
import { chooseStage } from '../ask/choose-stage';
import type { Platform } from '../platform/connect-platform';
import {
  checkPlatformOptions,
  checkService,
  choiceWorld,
  PLATFORM_HELP,
  type PlatformOptions,
  platformOptions,
  printJson,
  printLines,
} from '../platform/platform-options';
import { UsageError } from '../platform/run-command';
import type { World } from '../platform/world';
import { cleanDeep } from '../show/clean-text';

/** `seedbed stage hold` and `resume`, as commander parses them. */
interface HoldOptions extends PlatformOptions {
  readonly service?: string;
  readonly why?: string;
}

const HOLD_HELP = `
Pushes leave the services as they are and say so, until a commit touches them: until one changes a file of the service,
of a package that it uses, or that its last package was made of. "seedbed stage resume" and "seedbed deploy" release
them, too. A rollback holds what has gone back in the same way. A release that runs was planned before, and goes on.
${PLATFORM_HELP}
Exit code: 0 the services are held, 1 they are not, 2 the command was called wrongly.

Example:
  $ seedbed stage hold --app shop --stage prod --service services/api --why 'waits for the new table'
`;
const RESUME_HELP = `
The next push releases what has changed since the services were deployed last, also what a rollback led away from.
Nothing is started by this.
${PLATFORM_HELP}
Exit code: 0 nothing is held any more, 1 that could not be done, 2 the command was called wrongly.

Example:
  $ seedbed stage resume --app shop --stage prod --service services/api
`;

/** Adds `seedbed stage hold` and `seedbed stage resume`: what pushes leave alone, and no longer. */
export function registerHolds(stage: Command, world: World): void {
  const service = ['--service <path>', 'only this service, by its directory; "." is the root'] as const;
  platformOptions(stage.command('hold').description('keep pushes from releasing the services of a stage'))
    .option(...service)
    .requiredOption('--why <text>', 'why, in a sentence: whoever is held up sees it')
    .addHelpText('after', HOLD_HELP)
    .action((options: HoldOptions) => run(hold, options, world));
  platformOptions(stage.command('resume').description('have pushes release services again that are held'))
    .option(...service)
    .addHelpText('after', RESUME_HELP)
    .action((options: HoldOptions) => run(resume, options, world));
}

type Act = (platform: Platform, options: HoldOptions, world: World) => Promise<void>;

async function run(act: Act, options: HoldOptions, world: World): Promise<void> {
  checkPlatformOptions(options);
  if (options.why?.trim() === '') throw new UsageError('--why: it is empty; say in a sentence why');
  const service = options.service === undefined ? undefined : checkService(options.service);
  await world.open(options.local, (platform) => act(platform, { ...options, service }, world));
}

async function hold(platform: Platform, options: HoldOptions, world: World): Promise<void> {
  const { config, stage } = await chooseStage(platform, options, choiceWorld(world));
  const input = { app: config.app, stage, service: options.service, why: options.why! };
  const answer = cleanDeep(await platform.workers.holdServices(input));
  if (options.json) return void printJson(world, answer);
  const { services, running } = answer;
  const goesOn = `release ${running} runs, was planned before, and goes on; "seedbed cancel" stops it`;
  printLines(world, [
    ...services.map(({ path }) => `held: ${path}`),
    ...(services.length === 0 ? ['nothing is held: nothing has been deployed there yet'] : []),
    ...(running === undefined ? [] : [goesOn]),
  ]);
}

async function resume(platform: Platform, options: HoldOptions, world: World): Promise<void> {
  const { config, stage } = await chooseStage(platform, options, choiceWorld(world));
  const answer = cleanDeep(await platform.workers.resumeServices({ app: config.app, stage, service: options.service }));
  if (options.json) return void printJson(world, answer);
  const lines = answer.services.map(({ path, held }) => `no longer held: ${path} (${held.why})`);
  const next = 'the next push releases what has changed of them; "seedbed deploy" does so now';
  printLines(world, lines.length === 0 ? ['nothing was held'] : [...lines, next]);
}
