import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deployPlatform } from '../lib/cli/platform/deploy-platform';
import type { CallCount } from '../lib/local/gateway/call-log';
import type { RateSecond } from '../lib/local/gateway/rate-limits';
import { type LocalCloud, startLocalCloud } from '../lib/local/local-cloud';
import { awsPace } from '../lib/local/pace/pace';
import { AMOUNT_NAMES } from '../lib/local/quotas/account-quotas';
import type { Files } from '../test/e2e/a-service';
import { type AnApp, anApp, type Seen } from '../test/e2e/an-app';
import { stopSchedules } from '../test/e2e/stop-schedules';
import { makeRole } from '../test/iam-role';
import { aLargeService } from './large-service';

/** How much faster calls get their tokens while something is set up. */
const HURRY = 1000;
/** Builds of one machine at once: as many as a release may have. */
const BUILDS = 60;
/** So long no call of Lambda's pool comes before a measurement begins. */
const CALM_MS = 3000;

/** A push at AWS's pace, to the end of its release. */
export interface PacedPush extends Seen {
  /** When `git push` began, in epoch milliseconds. */
  readonly pushed: number;
  /** AWS calls from there to the end, by operation and caller. */
  readonly calls: readonly CallCount[];
  /** Calls of Lambda's pool by second, without gaps, from the first to the last. */
  readonly seconds: readonly Pick<RateSecond, 'taken' | 'refused'>[];
  /** The machine's load as it began and as it ended. */
  readonly load: readonly [number, number];
}

/** An app of the benchmarks at AWS's pace. */
export interface PacedApp {
  readonly app: AnApp;
  /** Pushes at no pace, as fast as the machine can. @throws Error if the release does not succeed */
  setUp(files: Files): Promise<void>;
  /**
   * Pushes at AWS's pace; the release may fail.
   * @param builds how many of its builds are to end together; without it none waits for another
   */
  push(files: Files, builds?: number): Promise<PacedPush>;
}

/** A local cloud with the platform, for the benchmarks at AWS's pace. */
export interface PacedCloud {
  readonly cloud: LocalCloud;
  /** A role for functions that the platform does not know. */
  readonly role: string;
  /** @returns an app with this name; it is one of those that were asked for at the start */
  app(name: string): Promise<PacedApp>;
  /** Does something at AWS's pace, once all calls before it are over. */
  atPace<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** Goes as fast as it is told, and never back. */
class ChangingClock {
  #factor = HURRY;
  #at = performance.now();
  #passed = 0;

  now = (): number => this.#passed + (performance.now() - this.#at) * this.#factor;

  go(factor: number): void {
    this.#passed = this.now();
    this.#at = performance.now();
    this.#factor = factor;
  }
}

/** Starts a local cloud, deploys the platform, and lets its workers run once. */
export async function pacedCloud(names: readonly string[], log: (line: string) => void): Promise<PacedCloud> {
  log('starting a local cloud');
  const clock = new ChangingClock();
  const gate = new BuildGate();
  const codeBuild = AMOUNT_NAMES.filter((name) => name.startsWith('codebuild-') && !name.includes('waiting'));
  const cloud = await startLocalCloud({
    name: 'pace',
    speed: 60, // what is set up is soon ready; the pace is in real time
    rateClock: clock.now,
    buildMayEnd: gate.pass,
    quotas: { figures: Object.fromEntries(codeBuild.map((name) => [name, BUILDS])) },
  });
  try {
    const configPath = join(cloud.scratchDir, 'seedbed.yml');
    const apps = [...names, WARM].map((name) => [
      appName(name),
      { repository: { codecommit: appName(name) }, stages: { dev: { branches: ['main'] } } },
    ]);
    await writeFile(configPath, JSON.stringify({ apps: Object.fromEntries(apps) }));
    log('deploying the platform');
    await deployPlatform({ cloud, configPath });
    await stopSchedules(cloud);
    Object.assign(process.env, cloud.environment);
    const role = await makeRole(cloud, { name: 'bench', services: ['lambda'] });
    const atPace: PacedCloud['atPace'] = async (work) => {
      await calm(cloud);
      clock.go(1);
      await cloud.setPace(awsPace());
      try {
        return await work();
      } finally {
        await cloud.setPace(undefined);
        clock.go(HURRY);
      }
    };
    const opened: AnApp[] = [];
    const open = async (name: string) => {
      const app = await anApp(appName(name));
      opened.push(app);
      return pacedApp(app, { cloud, clock, gate, atPace });
    };
    log('letting the workers run once');
    const warm = await open(WARM);
    await warm.setUp(aLargeService({ path: '.', name: 'warm', functions: 1, text: 'version 0' }));
    await warm.setUp(aLargeService({ path: '.', name: 'warm', functions: 1, text: 'version 1' }));
    return {
      cloud,
      role,
      app: open,
      atPace,
      async stop() {
        for (const app of opened) await app.remove();
        await cloud.stop();
      },
    };
  } catch (error) {
    await cloud.stop();
    throw error;
  }
}

const WARM = 'warm';
const appName = (name: string) => `bench-${name}` as const;

interface Surroundings extends Pick<PacedCloud, 'cloud' | 'atPace'> {
  readonly clock: ChangingClock;
  readonly gate: BuildGate;
}

function pacedApp(app: AnApp, { cloud, clock, gate, atPace }: Surroundings): PacedApp {
  return {
    app,
    async setUp(files) {
      gate.close(0);
      await app.deploy(files);
    },
    push: (files, builds = 0) => {
      gate.close(builds);
      return atPace(async () => {
        await fetch(`${cloud.endpoint}/_seedbed/calls`, { method: 'POST' });
        const [begin, before] = [clock.now(), loadavg()[0]!];
        const pushed = Date.now();
        const seen = await app.ended(await app.releaseOf(await app.push(files)));
        const calls = await cloud.calls();
        return { ...seen, pushed, calls, seconds: lambdaSeconds(cloud, begin), load: [before, loadavg()[0]!] };
      });
    },
  };
}

const ofLambda = (cloud: LocalCloud): readonly RateSecond[] =>
  cloud.rates().filter(({ quota }) => quota === 'lambda-calls');

/** @returns the calls of Lambda's pool since then, second by second. */
function lambdaSeconds(cloud: LocalCloud, since: number): PacedPush['seconds'] {
  const seconds = ofLambda(cloud).filter(({ at }) => at >= Math.floor(since / 1000) * 1000);
  const [first, last] = [seconds[0]?.at ?? 0, seconds.at(-1)?.at ?? -1000];
  const count = (last - first) / 1000 + 1;
  return Array.from({ length: count }, (_, index) => {
    const found = seconds.filter(({ at }) => at === first + index * 1000);
    return {
      taken: found.reduce((sum, { taken }) => sum + taken, 0),
      refused: found.reduce((sum, { refused }) => sum + refused, 0),
    };
  });
}

/** Waits until nobody calls Lambda any more, such as the worker that deletes old versions after a release. */
async function calm(cloud: LocalCloud): Promise<void> {
  let quietSince = performance.now();
  for (let last = 0; performance.now() - quietSince < CALM_MS; await pause(100)) {
    const newest = ofLambda(cloud).at(-1)?.at ?? 0;
    if (newest !== last) quietSince = performance.now();
    last = newest;
  }
}

/**
 * Lets builds of one release end together, as on AWS, where each has a machine of its own: here a few run at a time,
 * and the last would end long after the first.
 */
class BuildGate {
  #missing = 0;
  #opened = Promise.resolve();
  #open: () => void = () => undefined;

  /** Lets builds wait until so many of them have come; with 0 every build passes. */
  close(builds: number): void {
    this.#missing = builds;
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    if (builds === 0) this.#open();
  }

  readonly pass = (): Promise<void> => {
    this.#missing -= 1;
    if (this.#missing <= 0) this.#open();
    return this.#opened;
  };
}
