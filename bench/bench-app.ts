import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deployPlatform } from '../lib/cli/platform/deploy-platform';
import { reachDirectly } from '../lib/cli/platform/git';
import { type LocalCloud, startLocalCloud } from '../lib/local/local-cloud';
import { answering, aService, type Files } from '../test/e2e/a-service';
import { type AnApp, anApp, type Seen } from '../test/e2e/an-app';
import type { E2eApp } from '../test/e2e/e2e-apps';

/** Functions of the service that is measured; as many as a large service has. */
export const FUNCTIONS = Array.from({ length: 60 }, (_, index) => `f${index}`);
export const SERVICE = 'many';
const APP: E2eApp = 'budget';

/** Minutes for which a tenth of the traffic is on a new version in the stage `prod`; there they are seconds. */
export const CANARY_MINUTES = 10;
const SPEED = 60;
const BRANCHES = { dev: 'main', prod: 'production' } as const;
type BenchStage = keyof typeof BRANCHES;

/** Guards the shifts to `prod`. */
const ALARM = {
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Statistic: 'Sum',
    Threshold: 100,
    Period: 60,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  },
};

/** A push, to the end of its release. */
export interface MeasuredPush extends Seen {
  /** When `git push` began and when it returned, in epoch milliseconds. */
  readonly pushed: readonly [begin: number, end: number];
}

/**
 * The app of the benchmarks on a local cloud of its own: a service with many functions, packaged individually, and
 * another.
 */
export interface BenchApp {
  readonly cloud: LocalCloud;
  readonly app: AnApp;
  /** Commits new code of the first `count` functions and pushes it: to `dev`, where all moves at once, or to `prod`. */
  push(count: number, stage?: BenchStage): Promise<MeasuredPush>;
  stop(): Promise<void>;
}

/** Starts a local cloud, deploys the platform and the app, and lets every worker run once. */
export async function benchApp(log: (line: string) => void): Promise<BenchApp> {
  log('starting a local cloud');
  const cloud = await startLocalCloud({ name: 'bench', speed: SPEED });
  try {
    const configPath = join(cloud.scratchDir, 'seedbed.yml');
    const stages = {
      dev: { branches: [BRANCHES.dev] },
      prod: { branches: [BRANCHES.prod], shift: { canary: { percent: 10, minutes: CANARY_MINUTES } } },
    };
    await writeFile(configPath, JSON.stringify({ apps: { [APP]: { repository: { codecommit: APP }, stages } } }));
    log('deploying the platform');
    await deployPlatform({ cloud, configPath });
    Object.assign(process.env, cloud.environment);
    const app = await anApp(APP);
    const push = pushesTo(app);
    log(`deploying ${FUNCTIONS.length} functions`);
    const functions = Object.fromEntries(FUNCTIONS.map((id) => [id, 'version 0']));
    const other = aService({ path: 'other', name: 'other', functions: { one: 'version 0' } });
    const many = aService({
      path: SERVICE,
      name: SERVICE,
      functions,
      resources: { Fails: ALARM },
      shift: { stages: ['prod'], alarms: ['Fails'] },
    });
    await app.release({ ...many, ...other });
    await push(1);
    return {
      cloud,
      app,
      push,
      async stop() {
        await app.remove();
        await cloud.stop();
      },
    };
  } catch (error) {
    await cloud.stop();
    throw error;
  }
}

function pushesTo(app: AnApp): BenchApp['push'] {
  let version = 0;
  return async (count, stage = 'dev') => {
    version += 1;
    const changed = FUNCTIONS.slice(0, count).map((id) => [`${SERVICE}/${id}.js`, answering(`version ${version}`)]);
    const root = await app.git('rev-parse', '--show-toplevel');
    for (const [path, text] of Object.entries(Object.fromEntries(changed) as Files))
      await writeFile(join(root, path), text!);
    await app.git('add', '--all');
    await app.git('commit', '--quiet', '--allow-empty', '--message', `change ${count} functions`);
    const commit = await app.git('rev-parse', 'HEAD');
    const url = await app.git('remote', 'get-url', 'origin');
    const begin = Date.now();
    await app.git(...reachDirectly(url), 'push', '--quiet', 'origin', `HEAD:${BRANCHES[stage]}`);
    const end = Date.now();
    const seen = await app.ended(await app.releaseOf(commit, stage));
    if (seen.status !== 'succeeded') throw new Error(`a release failed: ${seen.error?.code}: ${seen.error?.message}`);
    return { ...seen, pushed: [begin, end] };
  };
}
