import { existsSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import { REGION } from '../../../core/contracts/region';
import { PROJECT } from '../../../local/emulator/checkout';
import {
  type Instance,
  instanceDirectory,
  nameOption,
  readInstance,
  stopInstance,
  withoutPace,
} from '../../../local/instance';
import { findOrStartInstance, type StartInstanceOptions } from '../../../local/start-instance';
import { deployPlatform } from '../../platform/deploy-platform';
import { checkName, EXIT, ToldFailure, UsageError } from '../../platform/run-command';
import { describeInstance } from './local-status';
import { type PaceOptions, readPace } from './pace-options';
import { collect, type QuotaOptions, readQuotas } from './quota-options';
import { SPEED_HELP, speedOf } from './speed';

/** `seedbed local up`, as commander parses it. */
interface UpOptions extends QuotaOptions, PaceOptions {
  readonly name: string;
  readonly port?: string;
  readonly region?: string;
  readonly speed?: string;
  readonly config?: string;
  readonly platform: boolean;
  readonly verbose?: true;
}

const EMPTY_CONFIG =
  '# What deploys where on this local cloud; see docs/configuration.md. No app is connected yet.\napps: {}\n';
const EXAMPLE = `
The cloud stays up until "seedbed local down". If it is up already, the platform is deployed to it again.

Example:
  $ seedbed local up --port 4600
`;

/** Adds `seedbed local up`: starts a local cloud in the background and deploys the platform to it. */
export function registerLocalUp(local: Command): void {
  local
    .command('up')
    .description('start a local cloud in the background and deploy the platform to it')
    .option('--name <name>', 'name of the local cloud; several may be up side by side', 'default')
    .option('--port <port>', 'loopback port of its endpoint (default: any free one)')
    .option('--region <region>', 'region that it stands for (default: us-east-1)')
    .option('--speed <factor>', `${SPEED_HELP} (default: 1, as on AWS)`)
    .option('--account <kind>', 'whose quotas it has: established or new (default: established)')
    .option(
      '--quota <name=figure>',
      'a quota other than AWS gives, docs/quotas.md has their names; may be repeated',
      collect,
      [],
    )
    .option('--pace <pace>', 'let calls and changes take as long as on AWS: aws, or none (default: none)')
    .option(
      '--latency <name=ms>',
      "one of that pace's times, docs/quotas.md has their names; may be repeated",
      collect,
      [],
    )
    .option('--config <file>', 'the seedbed.yml to deploy (default: .seedbed/local/<name>/seedbed.yml)')
    .option('--no-platform', 'start the cloud only')
    .option('--verbose', 'show what the CDK prints')
    .addHelpText('after', EXAMPLE)
    .action((options: UpOptions) => up(options, (line) => process.stdout.write(`${line}\n`)));
}

async function up(options: UpOptions, say: (line: string) => void): Promise<void> {
  const { name } = options;
  checkName('--name', name);
  const port = portOf(options.port);
  const speed = options.speed === undefined ? undefined : speedOf(options.speed);
  const region = options.region === undefined ? undefined : regionOf(options.region);
  const quotas = readQuotas(options);
  const wantedPace = readPace(options);
  const configPath = resolve(options.config ?? join(instanceDirectory(name), 'seedbed.yml'));
  if (options.config !== undefined && !existsSync(configPath))
    throw new UsageError(
      `--config: there is no file ${options.config}; write it, or leave the option out for an empty one`,
    );
  if (options.config !== undefined && statSync(configPath).isDirectory())
    throw new UsageError(`--config: ${options.config} is a directory; name a file, such as a seedbed.yml in it`);
  if (options.platform && !existsSync(join(PROJECT, 'cdk.json')))
    throw new UsageError(
      `there is no cdk.json in ${PROJECT}, and so no app to deploy; call it in the platform's project, ` +
        'or make one with: npx seedbed init',
    );
  let ours = false;
  const interrupt = () => {
    const stopped = ours ? stopInstance(name) : Promise.resolve(false);
    void stopped.finally(() => process.exit(EXIT.interrupted));
  };
  process.once('SIGINT', interrupt);
  try {
    const begun = performance.now();
    const seconds = () => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
    const wanted = { port, region, speed, quotas };
    const { instance, started } = await findOrStartInstance(name, { ...wanted, log: say }, (existing) =>
      checkIsAsWanted(existing, wanted),
    );
    ours = started;
    say(started ? `the local cloud "${name}" is up (${seconds()})` : `the local cloud "${name}" is up already`);
    const pace = wantedPace === undefined ? instance.pace : wantedPace;
    for (const line of describeInstance({ ...instance, pace })) say(line);
    await withoutPace(
      instance,
      async () => {
        if (!options.platform) return;
        await ensureConfig(configPath, options.config !== undefined);
        say(`deploying the platform with the CDK: ${configPath}`);
        await deployPlatform({
          cloud: instance,
          configPath,
          log: options.verbose ? say : undefined,
          onWait: (owner) => say(`waiting for process ${owner}, which deploys to the local cloud "${name}" already`),
        });
        say(`the platform is deployed (${seconds()} in all)`);
      },
      pace,
    );
  } catch (error) {
    if (ours && (await readInstance(name))) {
      process.stderr.write(`seedbed: ${(error as Error).message}\n`);
      say(
        `the local cloud "${name}" is still up: fix this and run the command again, or stop it with: ${downOf(name)}`,
      );
      throw new ToldFailure();
    }
    throw error;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

/** What a local cloud is to be like; undefined where it does not matter. */
type Wanted = Pick<StartInstanceOptions, 'port' | 'region' | 'speed' | 'quotas'>;

/** @throws UsageError if the local cloud that is up is not like that */
export function checkIsAsWanted(
  { name, endpoint, region, speed, quotas }: Pick<Instance, 'name' | 'endpoint' | 'region' | 'speed' | 'quotas'>,
  wanted: Wanted,
): void {
  const refuse = (how: string) => {
    throw new UsageError(`the local cloud "${name}" is up ${how}: stop it first with: ${downOf(name)}`);
  };
  if (wanted.port && new URL(endpoint).port !== String(wanted.port)) refuse(`at ${endpoint}`);
  if (wanted.region && region !== wanted.region) refuse(`in region ${region}`);
  if (wanted.speed && speed !== wanted.speed) refuse(`at speed ${speed}`);
  if (wanted.quotas && !isDeepStrictEqual(quotas, wanted.quotas)) refuse('with other quotas');
}

const downOf = (name: string): string => `npx seedbed local down${nameOption(name)}`;

async function ensureConfig(path: string, given: boolean): Promise<void> {
  if (given) return; // the CDK app says what is wrong with it
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, EMPTY_CONFIG, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

function regionOf(text: string): string {
  if (REGION.test(text)) return text;
  throw new UsageError(`--region: "${text}" is not a region; give the name of one of AWS, such as eu-central-1`);
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageError(`--port: "${text}" is not a port; give a number from 1 to 65535`);
}
