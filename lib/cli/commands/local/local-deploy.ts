import { randomUUID } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { parseSeedYml, SEED_YML } from '../../../config/seed-yml';
import { ReleaseError } from '../../../core/contracts/errors';
import { LOOKED_FOR } from '../../../core/plan/kind-files';
import { readServices } from '../../../core/plan/read-services';
import { type Instance, instanceDirectory, withoutPace } from '../../../local/instance';
import { localApiUrls } from '../../demo/service-api';
import { connectPlatform } from '../../platform/connect-platform';
import { deployPlatform } from '../../platform/deploy-platform';
import { checkName, EXIT, ToldFailure, UsageError } from '../../platform/run-command';
import { whileUp } from '../../platform/while-up';
import type { ReleaseView } from '../../show/follow-release';
import { releaseReport } from '../../show/release-report';
import { waitingLine } from '../../show/waiting-line';
import { describeExecution, watchRelease } from '../../show/watch-release';
import { connectDirectory } from './connect-directory';
import { pushSnapshot } from './directory-snapshot';
import { listSnapshotFiles, type SnapshotFile } from './snapshot-files';

/** `seedbed local deploy`, as commander parses it. */
interface DeployOptions {
  readonly stage: string;
  readonly force?: true;
  readonly json?: true;
  readonly name: string;
}

/** Pushes to it deploy to no stage: the release is started by hand, so that it can be forced and followed. */
const BRANCH = 'snapshots';
const EXAMPLE = `
DIR is a service or a monorepo of services, in a git repository or not. Its files as they are now (in a git repository
all but the ignored ones) are committed to a repository on the local cloud and released: what changed since the last
time is deployed.

Exit code: 0 the release succeeded, 1 it failed, 2 the command was called wrongly.

Example:
  $ seedbed local up
  $ seedbed local deploy ../my-app --stage dev
`;

/** Adds `seedbed local deploy DIR`: a directory goes through the whole platform. */
export function registerLocalDeploy(local: Command): void {
  local
    .command('deploy')
    .description('release the files of a directory to the local cloud')
    .argument('<dir>', 'a service, or a repository of services')
    .option('--stage <stage>', 'stage to deploy to', 'dev')
    .option('--force', 'deploy everything in full, whatever changed')
    .option('--json', 'print the result as JSON; progress goes to standard error')
    .option('--name <name>', 'name of the local cloud', 'default')
    .addHelpText('after', EXAMPLE)
    .action(async (dir: string, options: DeployOptions) => {
      const view = await deploy(dir, options);
      if (options.json) {
        process.stdout.write(`${JSON.stringify(releaseReport(view.record, view.services), null, 2)}\n`);
      }
      if (view.record.status !== 'succeeded') throw new ToldFailure(EXIT.failed);
    });
}

async function deploy(dir: string, options: DeployOptions): Promise<ReleaseView> {
  // One directory is one app, whatever links lead to it.
  const directory = await realpath(dir).catch(() => resolve(dir));
  checkName('--stage', options.stage);
  checkName('--name', options.name);
  const files = await filesOf(directory, dir);
  await checkServices(directory, files);
  return whileUp(options.name, (instance) => release({ directory, files }, instance, options));
}

async function release(
  { directory, files }: { readonly directory: string; readonly files: readonly SnapshotFile[] },
  instance: Instance,
  { stage, force, json }: DeployOptions,
): Promise<ReleaseView> {
  const out = json ? process.stderr : process.stdout;
  const app = await connect(instance, { directory, stage, out });
  const platform = await connectPlatform(instance.environment);
  const url = await platform.repositories.ensure(app);
  const commit = await pushSnapshot(directory, files, { url, branch: BRANCH, message: `Snapshot of ${directory}\n` });
  const { releaseId } = await platform.workers.startRelease({
    app,
    stage,
    commit,
    branch: BRANCH,
    force: force === true,
    requestId: randomUUID(),
  });
  const status = `  $ eval "$(npx seedbed local status --name ${instance.name} --env)"`;
  const view = await watchRelease(
    platform,
    { app, stage, id: releaseId },
    { out, whenInterrupted: (record) => [status, describeExecution(record)] },
  );
  if (!json) {
    for (const { path, outputs } of view.services) {
      for (const api of localApiUrls(outputs, instance.endpoint)) out.write(`${path}  ${api}\n`);
    }
  }
  return view;
}

async function filesOf(directory: string, given: string): Promise<readonly SnapshotFile[]> {
  const stats = await stat(directory).catch(() => undefined);
  if (!stats)
    throw new UsageError(`there is no directory ${given}; give the directory of a service or of a repository`);
  if (!stats.isDirectory())
    throw new UsageError(`${given} is a file; give the directory of a service or of a repository`);
  return listSnapshotFiles(directory);
}

/** Says at once what the plan would only find later. */
async function checkServices(directory: string, files: readonly SnapshotFile[]): Promise<void> {
  const seedYml = files.some(({ path }) => path === SEED_YML)
    ? parseSeedYml(await readFile(join(directory, SEED_YML), 'utf8'))
    : undefined;
  try {
    await readServices(
      files.map(({ path }) => path),
      seedYml ?? {},
      (path) => readFile(join(directory, path), 'utf8'),
    );
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.code !== 'NoServiceFound') throw error;
    if (seedYml?.services) throw new UsageError(`${directory}: ${error.message}`);
    const count = `${files.length} file${files.length === 1 ? '' : 's'}`;
    throw new UsageError(
      `no service found in ${directory}: looked for ${LOOKED_FOR} in it and below, in ${count} ` +
        '(ignored and generated ones left out); give the directory of a service, or of a repository that has one',
    );
  }
}

interface ConnectOptions {
  readonly directory: string;
  readonly stage: string;
  readonly out: NodeJS.WriteStream;
}

function connect(instance: Instance, { directory, stage, out }: ConnectOptions): Promise<string> {
  return connectDirectory(instanceDirectory(instance.name), { directory, stage }, async (configPath) => {
    const waiting = waitingLine(out, 'connecting the directory: deploying the platform');
    try {
      const onWait = (owner: number) => waiting.note(`waiting for process ${owner}, which deploys to it already`);
      await withoutPace(instance, () => deployPlatform({ cloud: instance, configPath, log: waiting.note, onWait }));
      waiting.done();
    } catch (error) {
      waiting.close();
      throw error;
    }
  });
}
