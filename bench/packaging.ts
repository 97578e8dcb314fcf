import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { bundlePackager } from '../buildspec/bundle';
import { s3Artifacts } from '../lib/aws/builds/s3-artifacts';
import { readStackOutputs } from '../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../lib/aws/clients/cloudformation';
import { s3Client } from '../lib/aws/clients/s3';
import { git } from '../lib/cli/platform/git';
import { BUILD_REQUEST_VARIABLE, type BuildRequest } from '../lib/core/contracts/build-request';
import { deployedPackageKey, manifestKey } from '../lib/core/contracts/keys';
import { Manifest } from '../lib/core/contracts/manifest';
import { CHECKOUT } from '../lib/local/emulator/checkout';
import { machineEnvironment } from '../lib/local/processes/environments';
import { aService } from '../test/e2e/a-service';
import { type BenchApp, FUNCTIONS, SERVICE } from './bench-app';
import { median } from './figures';
import type { Table } from './markdown-table';

const run = promisify(execFile);
const RUNS = 5;
const STAGE = 'dev';
/** As in a build: nothing asks, tells or reports home. */
const QUIET = { CI: 'true', SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' };
const FRAMEWORK = 'osls package --stage "$STAGE" --region "$AWS_REGION" --package "$OUT"';

/** A service in a repository, and what a person would type to package it. */
interface PackagingCase {
  readonly name: string;
  readonly service: string;
  readonly byHand: string;
  /** Writes the repository's files. */
  write(repository: string): Promise<void>;
}

const CASES: readonly PackagingCase[] = [
  {
    name: `${FUNCTIONS.length} functions of one line, nothing to install`,
    service: SERVICE,
    byHand: FRAMEWORK,
    async write(repository) {
      const functions = Object.fromEntries(FUNCTIONS.map((id) => [id, 'version 0']));
      for (const [path, text] of Object.entries(aService({ path: SERVICE, name: SERVICE, functions }))) {
        await mkdir(dirname(join(repository, path)), { recursive: true });
        await writeFile(join(repository, path), text!);
      }
    },
  },
  {
    name: 'orders of examples/shop: npm ci, esbuild, 4 functions',
    service: 'services/orders',
    byHand: `npm ci --no-audit --no-fund --prefer-offline && npm run build && ${FRAMEWORK}`,
    write: (repository) =>
      cp(join(CHECKOUT, 'examples', 'shop'), repository, {
        recursive: true,
        filter: (path) => !/\/(node_modules|dist|\.serverless)$/.test(path),
      }),
  },
];

/** What one command took, its children too, in seconds. */
interface Took {
  readonly elapsed: number;
  readonly processor: number;
}

/**
 * Compares what a build runs with what a person would type: in turn, so that both see the same machine. By hand means
 * in a clone that is there, into which nothing is installed yet.
 */
export async function benchPackaging({ cloud }: BenchApp): Promise<readonly Table[]> {
  const directory = await mkdtemp(join(tmpdir(), 'seedbed-bench-'));
  const outputs = await readStackOutputs(cloudFormationClient(), 'Seedbed');
  const programs = join(CHECKOUT, 'node_modules', '.bin');
  const machine = machineEnvironment();
  const env = { ...machine, TMPDIR: directory, ...cloud.environment, ...QUIET, PATH: `${machine.PATH}:${programs}` };
  try {
    bundlePackager(join(directory, 'packager'));
    const rows: (readonly string[])[] = [];
    for (const [index, one] of CASES.entries()) {
      const repository = join(directory, `repository-${index}`);
      const commit = await repositoryOf(one, repository);
      const [ours, theirs]: [Took[], Took[]] = [[], []];
      for (let count = 0; count <= RUNS; count += 1) {
        const request: BuildRequest = {
          ...{
            releaseId: idOf(index, count),
            app: 'bench',
            stage: STAGE,
            service: one.service,
            commit,
          },
          cloneUrl: `file://${repository}`,
          region: cloud.region,
          artifactBucket: outputs!.ArtifactBucket!,
          // As of a service that is deployed: the first build left it.
          ...(count > 0 && { deployedPackage: deployedPackageKey(BENCH, one.service, idOf(index, 0)) }),
        };
        const inBuild = { ...env, [BUILD_REQUEST_VARIABLE]: JSON.stringify(request) };
        const clone = join(directory, `clone-${index}-${count}`);
        await git(['clone', '--quiet', repository, clone], { cwd: directory });
        const alone = { ...env, STAGE, OUT: join(directory, 'package') };
        const build = await timed('node packager.js', { cwd: join(directory, 'packager'), env: inBuild });
        const byHand = await timed(one.byHand, { cwd: join(clone, one.service), env: alone });
        if (count === 0) {
          // The first one fills caches.
          await leaveDeployed(one.service, idOf(index, 0), outputs!.ArtifactBucket!);
          continue;
        }
        ours.push(build);
        theirs.push(byHand);
      }
      rows.push(
        ...['elapsed', 'processor'].map((of) => [`${one.name}, ${of}`, ...compared(ours, theirs, of as keyof Took)]),
      );
    }
    return [
      {
        title: 'Packaging: what a build runs, and the same by hand',
        columns: ['service', 'by hand', 'build', 'more', 'ratio (target: 1.1 ×)'],
        rows,
        notes: [
          `Medians of ${RUNS} runs in turn; the ratio is the median of the pairs'. What a build does besides: start, checkout, checks, hashes of all bundles, a look at which are stored, template and manifest.`,
        ],
      },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const BENCH = { app: 'bench', stage: STAGE };

const idOf = (index: number, count: number): string => `${index}${count}`.padStart(26, '0');

/** Leaves a package as the recorder does once it is deployed. */
async function leaveDeployed(service: string, releaseId: string, bucket: string): Promise<void> {
  const artifacts = s3Artifacts(s3Client(), bucket);
  const manifest = await artifacts.readJson(manifestKey(BENCH, service, releaseId), Manifest);
  await artifacts.writeJson(deployedPackageKey(BENCH, service, releaseId), { manifest, functions: {}, outputs: {} });
}

/** Makes the repository of a case. @returns its commit */
async function repositoryOf({ write }: PackagingCase, repository: string): Promise<string> {
  await mkdir(repository);
  await write(repository);
  const inIt = async (...args: string[]) => (await git(args, { cwd: repository })).toString('utf8').trim();
  await inIt('init', '--quiet');
  await inIt('add', '--all');
  await inIt('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '--message', 'all');
  return inIt('rev-parse', 'HEAD');
}

function compared(ours: readonly Took[], theirs: readonly Took[], of: keyof Took): readonly string[] {
  const [build, byHand] = [median(ours.map((took) => took[of])), median(theirs.map((took) => took[of]))];
  const ratio = median(ours.map((took, index) => took[of] / theirs[index]![of]));
  return [seconds(byHand), seconds(build), seconds(build - byHand), `${ratio.toFixed(2)} ×`];
}

const seconds = (value: number): string => `${value.toFixed(2)} s`;

/** Runs a script in bash, whose `time` knows what its children took. */
async function timed(
  script: string,
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Took> {
  const log = join(tmpdir(), `seedbed-bench-${process.pid}.log`);
  const measured = `TIMEFORMAT='%R %U %S'; time { ${script}; } >"$TOOK_LOG" 2>&1`;
  try {
    const { stderr } = await run('bash', ['-c', measured], { cwd, env: { ...env, TOOK_LOG: log } }).catch(async () => {
      throw new Error(`${script} failed:\n${await readFile(log, 'utf8')}`);
    });
    const [elapsed = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
    return { elapsed, processor: user + system };
  } finally {
    await rm(log, { force: true });
  }
}
