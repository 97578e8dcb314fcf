import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundlePackager } from '../buildspec/bundle';
import { cloudFormationClient } from '../lib/aws/clients/cloudformation';
import { readStackOutputs } from '../lib/aws/stack-outputs';
import { BUILD_REQUEST_VARIABLE, type BuildRequest } from '../lib/core/build-request';
import { CHECKOUT } from '../lib/local/checkout';
import { machineEnvironment } from '../lib/local/environments';
import { type BenchApp, FUNCTIONS, SERVICE } from './bench-app';
import { median } from './figures';
import type { Table } from './markdown-table';

const run = promisify(execFile);
const RUNS = 5;

/** What one command took, its children too, in seconds. */
interface Took {
  readonly wall: number;
  readonly cpu: number;
}

/**
 * Compares what a build runs with the framework's own command on the same files: side by side in turn, so that both see
 * the same machine.
 */
export async function benchPackaging({ cloud, app }: BenchApp): Promise<readonly Table[]> {
  const directory = await mkdtemp(join(tmpdir(), 'seedbed-bench-'));
  try {
    bundlePackager(join(directory, 'packager'));
    const url = await app.git('remote', 'get-url', 'origin');
    const commit = await app.git('rev-parse', 'HEAD');
    const root = await app.git('rev-parse', '--show-toplevel');
    const outputs = await readStackOutputs(cloudFormationClient(), 'Seedbed');
    const env: NodeJS.ProcessEnv = {
      ...machineEnvironment(),
      ...cloud.environment,
      SLS_TELEMETRY_DISABLED: '1',
      SLS_NOTIFICATIONS_MODE: 'off',
    };
    const [seedbed, framework]: [Took[], Took[]] = [[], []];
    const osls = join(CHECKOUT, 'node_modules', 'osls', 'bin', 'serverless.js');
    const options = ['package', '--stage', app.stage, '--region', cloud.region];
    for (let count = 0; count <= RUNS; count += 1) {
      const request: BuildRequest = {
        ...{ releaseId: String(count).padStart(26, '0'), app: app.name, stage: app.stage, service: SERVICE },
        ...{ commit, cloneUrl: url, region: cloud.region, artifactBucket: outputs!.ArtifactBucket! },
      };
      const buildEnv = {
        ...env,
        PATH: `${env.PATH}:${join(CHECKOUT, 'node_modules', '.bin')}`,
        [BUILD_REQUEST_VARIABLE]: JSON.stringify(request),
      };
      const ours = await timed(['node', 'packager.js'], { cwd: join(directory, 'packager'), env: buildEnv });
      const theirs = await timed([process.execPath, osls, ...options, '--package', join(directory, 'package')], {
        ...{ cwd: join(root, SERVICE), env },
      });
      if (count === 0) continue; // the first one fills caches
      seedbed.push(ours);
      framework.push(theirs);
    }
    const ratio = (of: keyof Took) => median(seedbed.map((took, index) => took[of] / framework[index]![of]));
    const seconds = (values: readonly Took[], of: keyof Took) =>
      `${median(values.map((took) => took[of])).toFixed(2)} s`;
    return [
      {
        title: `Packaging a service of ${FUNCTIONS.length} functions, one of them changed`,
        columns: ['', 'elapsed', 'processor'],
        rows: [
          ["the framework's package command", seconds(framework, 'wall'), seconds(framework, 'cpu')],
          ['what a build runs', seconds(seedbed, 'wall'), seconds(seedbed, 'cpu')],
          ['ratio (target: 1.1)', `${ratio('wall').toFixed(2)} ×`, `${ratio('cpu').toFixed(2)} ×`],
        ],
        notes: [
          `Medians of ${RUNS} runs in turn; the ratio is the median of the pairs'. What a build runs besides the framework: start, checkout, search for the framework, hashes of all entries, look-up of all bundles, manifest.`,
        ],
      },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Runs a command in bash, whose `time` knows what its children took. */
async function timed(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Took> {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >"$TOOK_LOG" 2>&1';
  const log = join(tmpdir(), `seedbed-bench-${process.pid}.log`);
  try {
    const { stderr } = await run('bash', ['-c', script, 'bash', ...command], {
      ...{ cwd: options.cwd, env: { ...options.env, TOOK_LOG: log } },
    }).catch(async (error) => {
      throw new Error(`${command.join(' ')} failed:\n${await readFile(log, 'utf8').catch(() => error.message)}`);
    });
    const [wall = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
    return { wall, cpu: user + system };
  } finally {
    await rm(log, { force: true });
  }
}
