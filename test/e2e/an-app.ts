import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readStackOutputs } from '../../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { dynamoReleases } from '../../lib/aws/state/dynamo-releases';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { connectPlatform, type Platform } from '../../lib/cli/platform/connect-platform';
import { findReleaseOf } from '../../lib/cli/platform/find-release';
import { git, reachDirectly } from '../../lib/cli/platform/git';
import { hasEnded } from '../../lib/cli/show/follow-release';
import type { ReleaseKey } from '../../lib/core/contracts/release';
import type { ReleaseRecord, ServiceRecord } from '../../lib/core/contracts/state';
import type { Files } from './a-service';
import type { E2eApp } from './e2e-apps';

/** Longest time that a test may take on a busy machine, in milliseconds. */
export const PATIENCE = 600_000;

/** A release at its end, as the state table has it. */
export interface Seen extends ReleaseRecord {
  /** What it did with each service that it planned to deploy, by path. */
  readonly services: Readonly<Record<string, ServiceRecord>>;
}

/** How to push. */
interface PushOptions {
  readonly branch?: string;
  /** Further arguments of `git commit`. */
  readonly commit?: readonly string[];
  /** Further arguments of `git push`. */
  readonly push?: readonly string[];
}

/** An app of the platform: a working copy of its repository, and the releases of its stages. */
export interface AnApp {
  readonly name: E2eApp;
  readonly stage: string;
  readonly platform: Platform;
  /** Runs git in the working copy. @returns what it printed */
  git(...args: string[]): Promise<string>;
  /** Makes a symbolic link, which the next push has. @param target what is written in it */
  link(path: string, target: string): Promise<void>;
  /** Writes the files, commits (also nothing) and pushes. @returns the commit */
  push(files?: Files, options?: PushOptions): Promise<string>;
  /** Waits for the release that the push of a commit started. @returns the release when it has begun to wait or run */
  releaseOf(commit: string, stage?: string): Promise<ReleaseKey>;
  /** Waits until a release has ended. */
  ended(release: ReleaseKey): Promise<Seen>;
  /** Pushes and waits for the release's end. */
  release(files?: Files, options?: PushOptions): Promise<Seen>;
  /** As `release`. @throws Error with what the platform recorded, if the release does not succeed */
  deploy(files?: Files, options?: PushOptions): Promise<Seen>;
  /** Removes the working copy. */
  remove(): Promise<void>;
}

const SETTINGS = {
  'user.name': 'Ada',
  'user.email': 'ada@example.com',
  'commit.gpgsign': 'false',
  'core.hooksPath': '/dev/null',
  'core.autocrlf': 'false',
};
/** Milliseconds between two looks for a release that is about to begin. */
const POLL = 100;
/**
 * Milliseconds between two looks at one that runs for many seconds. Six files look at once, and each look keeps test,
 * gateway and emulator busy.
 */
const PATIENT_POLL = 500;

/** Tests ask how things stand all the time: they look into the table, past the door. */
async function readingDirectly(platform: Platform): Promise<Platform> {
  const outputs = await readStackOutputs(cloudFormationClient(), 'Seedbed');
  const [table, client] = [outputs!.StateTable!, dynamoDbClient()];
  return { ...platform, releases: dynamoReleases(client, table), serviceStates: dynamoServiceStates(client, table) };
}

/**
 * Makes the repository of an app and a working copy of it; nothing is pushed yet.
 * @param options `ensure`: makes the repository and returns its URL; one at CodeCommit unless given
 */
export async function anApp(
  name: E2eApp,
  stage = 'dev',
  { ensure }: { readonly ensure?: (platform: Platform) => Promise<string> } = {},
): Promise<AnApp> {
  const platform = await readingDirectly(await connectPlatform(process.env));
  const directory = await mkdtemp(join(tmpdir(), `e2e-${name}-`));
  const run = async (...args: string[]) => (await git(args, { cwd: directory })).toString('utf8').trim();
  await run('init', '--quiet', '--initial-branch=main');
  for (const [key, value] of Object.entries(SETTINGS)) await run('config', key, value);
  const url = await (ensure ? ensure(platform) : platform.repositories.ensure(name));
  await run('remote', 'add', 'origin', url);

  const app: AnApp = {
    name,
    stage,
    platform,
    git: run,
    async link(path, target) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await symlink(target, join(directory, path));
    },
    async push(files = {}, { branch = 'main', commit = [], push = [] } = {}) {
      for (const [path, text] of Object.entries(files)) await put(join(directory, path), text);
      await run('add', '--all');
      const changed = Object.keys(files).join(', ') || 'nothing';
      await run('commit', '--quiet', '--allow-empty', '--message', `change ${changed}`, ...commit);
      await run(...reachDirectly(url), 'push', '--quiet', ...push, 'origin', `HEAD:${branch}`);
      return run('rev-parse', 'HEAD');
    },
    releaseOf: (commit, of = stage) =>
      findReleaseOf(
        platform.releases,
        { app: name, stage: of, commit },
        { interval: POLL, patience: PATIENCE / 5, triggers: ['push', 'pull-request'] },
      ),
    async ended(key) {
      for (;;) {
        const record = await platform.releases.find(key);
        if (!record) throw new Error(`there is no release ${key.id}`);
        if (hasEnded(record)) {
          const services = await platform.serviceStates.records(key);
          return { ...record, services: Object.fromEntries(services.map((one) => [one.path, one])) };
        }
        await sleep(PATIENT_POLL);
      }
    },
    release: async (files, options) => app.ended(await app.releaseOf(await app.push(files, options))),
    async deploy(files, options) {
      const seen = await app.release(files, options);
      if (seen.status === 'succeeded') return seen;
      throw new Error(`the release ${seen.status}: ${JSON.stringify(seen.error)}`);
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
  return app;
}

async function put(file: string, text: string | null): Promise<void> {
  if (text === null) return rm(file, { recursive: true });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
