import { SYSTEM_CLOCK } from '../../aws/system-clock';
import type { Clock } from '../../ports/clock';
import { type Ask, askOn } from './ask-on';
import type { PlatformAdmin } from './connect-admin';
import type { AwsEnvironment, Platform } from './connect-platform';

/** `--local`: `true` means the default one. */
export type LocalOption = true | string | undefined;

/** Connects to a platform and does some work with it. */
type Open<Connected> = <T>(local: LocalOption, work: (connected: Connected) => Promise<T>) => Promise<T>;

/** What commands touch besides their arguments; tests have their own. */
export interface World extends Clock {
  readonly open: Open<Platform>;
  /** With the rights of the platform's owner. */
  readonly openAdmin: Open<PlatformAdmin>;
  /** What was asked for. */
  readonly out: NodeJS.WriteStream;
  /** Progress and remarks. */
  readonly err: NodeJS.WriteStream;
  readonly directory: string;
  /** Undefined where there is no terminal to ask on. */
  readonly ask: Ask | undefined;
  /** Reads what nobody may see: typed without an echo on a terminal, or all of standard input. */
  readonly secret: (question: string) => Promise<string>;
}

/** Where to look, and whom to tell what was chosen because nobody named it. */
export interface ChoiceWorld {
  readonly directory: string;
  readonly tell: (line: string) => unknown;
}

/** @returns the name of the local cloud that is meant. */
export const localName = (local: LocalOption): string => (typeof local === 'string' ? local : 'default');

/** What to do if the word that `--local` took as its value is another argument of the command. */
export const NO_NAME = 'no name of a local cloud: write --local last, or --local default';

/** Modules of AWS are loaded only when a command calls AWS: help and wrong calls answer at once. */
const opening =
  <Connected>(load: () => (environment: AwsEnvironment) => Promise<Connected>): Open<Connected> =>
  async (local, work) => {
    const connect = load();
    if (!local) return work(await connect(process.env));
    const { whileUp } = require('./while-up') as typeof import('./while-up');
    const otherwise = local === true ? '' : `, or, if "${local}" is ${NO_NAME}`;
    return whileUp(localName(local), async ({ environment }) => work(await connect(environment)), otherwise);
  };

const openPlatform = opening(() => {
  const { connectPlatform } = require('./connect-platform') as typeof import('./connect-platform');
  return connectPlatform;
});
const openAdmin = opening(() => {
  const { connectAdmin } = require('./connect-admin') as typeof import('./connect-admin');
  return connectAdmin;
});

const isAtTerminal = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** @returns the world that commands are called from. */
export const realWorld = (): World => ({
  open: openPlatform,
  openAdmin,
  out: process.stdout,
  err: process.stderr,
  directory: process.cwd(),
  ...SYSTEM_CLOCK,
  ask: isAtTerminal() ? askOn(process.stdin, process.stderr) : undefined,
  secret: async (question) => {
    const { readSecret } = require('./read-secret') as typeof import('./read-secret');
    return readSecret(question, process.stdin, process.stderr);
  },
});
