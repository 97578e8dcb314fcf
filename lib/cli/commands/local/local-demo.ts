import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { GITHUB_SECRET } from '../../../core/contracts/github-secret';
import { renderSeconds } from '../../../core/text/seconds';
import type { DeployTarget } from '../../../local/deploy-app';
import { CHECKOUT } from '../../../local/emulator/checkout';
import { githubApiUrl } from '../../../local/github/http/paths';
import { nameOption, readInstance, stopInstance } from '../../../local/instance';
import { startLocalCloud } from '../../../local/local-cloud';
import { startInstance } from '../../../local/start-instance';
import { connectGitHub } from '../../demo/connect-github';
import { DEMO_BRANCHES } from '../../demo/demo-act';
import { DEMO_ACTS } from '../../demo/demo-acts';
import { type DemoShop, prepareShop } from '../../demo/demo-shop';
import { playDemo } from '../../demo/play-demo';
import { playPullRequest } from '../../demo/play-pull-request';
import { stacksOfStage } from '../../demo/stacks-of-stage';
import { connectPlatform } from '../../platform/connect-platform';
import { deployPlatform } from '../../platform/deploy-platform';
import { checkName, EXIT, ToldFailure, UsageError } from '../../platform/run-command';
import { paintFor } from '../../show/paint';
import { type WaitingLine, waitingLine } from '../../show/waiting-line';
import { SPEED_HELP, speedOf } from './speed';

/** `seedbed local demo`, as commander parses it. */
interface DemoOptions {
  readonly keep?: true;
  readonly name: string;
  readonly speed: string;
}

const SHOP = { app: 'shop', repository: 'acme/shop' };
const configAt = (githubApiUrl: string): string => `# What deploys where on this local cloud.
github: { apiUrl: '${githubApiUrl}' }
apps:
  ${SHOP.app}:
    repository: { github: ${SHOP.repository} }
    stages:
      dev: { branches: [${DEMO_BRANCHES.dev}] }
      # No app may send more traffic to a new version sooner than this.
      prod: { branches: [${DEMO_BRANCHES.prod}], shift: { canary: { percent: 10, minutes: 1 } } }
      # No branch deploys to it: the stages of pull requests have its settings.
      preview: {}
    pullRequests: { template: preview, into: [${DEMO_BRANCHES.dev}], emptyBuckets: true }
`;
/** A step of half a second. */
const FASTEST = 120;
const DEFAULT_NAME = 'default';
const EXAMPLE = `
Pushes examples/shop to a double of GitHub, on a local cloud made for the purpose, in eight acts: the first push, one
handler changed, a shared library, an environment variable, a template that fails; to production, under load, a gradual
shift and a version that throws; and a pull request, from opened to closed. Exit code 1 if anything goes differently
than expected.

Example:
  $ npm start
  $ npm start -- --keep
`;

/** Adds `seedbed local demo`: the whole platform at work, from a real push to an API's answer. */
export function registerLocalDemo(local: Command): void {
  local
    .command('demo')
    .description('see the whole platform at work: eight acts of real pushes')
    .option('--keep', 'leave the local cloud up, and show how to push to it')
    .option('--name <name>', 'with --keep: name of the local cloud', DEFAULT_NAME)
    .option('--speed <factor>', `${SPEED_HELP}; at most ${FASTEST}, so that requests can be counted`, '30')
    .addHelpText('after', EXAMPLE)
    .action(demo);
}

/** A local cloud for the demo, in this process or in the background. */
interface DemoCloud extends DeployTarget {
  /** For files that go when it goes. */
  readonly directory: string;
  stop(): Promise<unknown>;
}

async function demo({ keep, name, ...options }: DemoOptions): Promise<void> {
  checkName('--name', name);
  if (!keep && name !== DEFAULT_NAME) throw new UsageError('--name is only for --keep: without it nothing stays up');
  const speed = speedOf(options.speed, FASTEST);
  const out = process.stdout;
  const begun = performance.now();
  if (keep && (await readInstance(name))) {
    throw new UsageError(
      `the local cloud "${name}" is up already; stop it first: npx seedbed local down${nameOption(name)}`,
    );
  }
  let cloud: DemoCloud | undefined;
  let interrupted = false;
  const interrupt = () => {
    if (interrupted || !cloud) process.exit(EXIT.interrupted); // guards end the processes
    interrupted = true;
    out.write('\nstopping the local cloud …\n');
    void cloud.stop().finally(() => process.exit(EXIT.interrupted));
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  let failed = true;
  try {
    cloud = await during('starting a local cloud', (line) =>
      keep ? startKept(name, speed, line) : startDemo(speed, line),
    );
    const shop = await during('deploying the platform with the CDK', (line) => setUp(cloud!, line));
    const { mismatches, urls } = await playDemo(
      DEMO_ACTS,
      { ...shop, ...SHOP, endpoint: cloud.endpoint, out },
      playPullRequest({ ...shop, ...SHOP }),
    );
    const paint = paintFor(out);
    const took = renderSeconds(performance.now() - begun);
    out.write('\n');
    for (const mismatch of mismatches) out.write(`${paint.red('not as expected')}  ${mismatch}\n`);
    if (mismatches.length > 0) throw new ToldFailure(EXIT.failed);
    out.write(`${paint.green('everything went as expected')}, in ${took}\n`);
    failed = false;
    await shop.shop.switchTo(DEMO_BRANCHES.dev);
    if (keep)
      out.write(
        howToGoOn({ url: shop.url, directory: shop.shop.directory, name, speed, urls, endpoint: cloud.endpoint }),
      );
  } catch (error) {
    throw interrupted ? new ToldFailure(EXIT.interrupted) : error;
  } finally {
    if (!keep || failed) await cloud?.stop();
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function startDemo(speed: number, log: WaitingLine['note']): Promise<DemoCloud> {
  const cloud = await startLocalCloud({ name: 'demo', speed, log });
  return { ...cloud, directory: cloud.scratchDir };
}

async function startKept(name: string, speed: number, log: WaitingLine['note']): Promise<DemoCloud> {
  const instance = await startInstance(name, { speed, log });
  return { ...instance, directory: instance.stateDir, stop: () => stopInstance(name) };
}

/** Deploys the platform, and makes the shop's working copy and repository at the same time. */
async function setUp(cloud: DemoCloud, log: WaitingLine['note']) {
  const configPath = join(cloud.directory, 'seedbed.yml');
  await writeFile(configPath, configAt(githubApiUrl(cloud.endpoint)));
  const [connectShop, github] = await Promise.all([
    prepareShop({
      example: join(CHECKOUT, 'examples', 'shop'),
      directory: join(cloud.directory, 'shop'),
      branch: DEMO_BRANCHES.dev,
    }),
    connectGitHub({ ...cloud, repository: SHOP.repository, secret: GITHUB_SECRET }),
    deployPlatform({ cloud, configPath, log }),
  ]);
  const platform = await connectPlatform(cloud.environment);
  const { developer, sendEventsTo } = github;
  await sendEventsTo(platform.gitHubWebhookUrl!);
  const shop: DemoShop = await connectShop(developer.gitUrl(SHOP.repository));
  return {
    platform,
    shop,
    url: developer.gitUrl(SHOP.repository),
    developer,
    stacksOf: (stage: string) => stacksOfStage(cloud, { ...SHOP, stage }),
  };
}

async function during<T>(text: string, work: (log: WaitingLine['note']) => Promise<T>): Promise<T> {
  const waiting = waitingLine(process.stdout, text);
  try {
    const result = await work(waiting.note);
    waiting.done();
    return result;
  } catch (error) {
    waiting.close();
    throw error;
  }
}

interface Kept {
  readonly endpoint: string;
  /** Of the repository, with a developer's token. */
  readonly url: string;
  /** The working copy. */
  readonly directory: string;
  readonly name: string;
  readonly speed: number;
  readonly urls: readonly string[];
}

const howToGoOn = ({ endpoint, url, directory, name, speed, urls }: Kept): string => `
The local cloud "${name}" stays up at ${endpoint}.
To push to it, change a text (HEADLINE in services/catalog/src/list.ts), then:
  $ cd ${directory}
  $ git commit --all --message "Change a text" && git push
Or clone it: git clone ${url}
A push to ${DEMO_BRANCHES.dev} deploys to dev, all at once.
A push to ${DEMO_BRANCHES.prod} deploys to prod, in steps of ${renderSeconds(60_000 / speed)}.
The last commit there is the one that throws: git switch ${DEMO_BRANCHES.prod} && git revert --no-edit HEAD

To watch, with the AWS CLI:
  $ eval "$(npx seedbed local status${nameOption(name)} --env)"
  $ aws stepfunctions list-executions --max-items 1 --state-machine-arn \\
      "$(aws cloudformation describe-stacks --stack-name Seedbed --output text \\
        --query 'Stacks[0].Outputs[?OutputKey==\`ReleaseStateMachine\`].OutputValue')"
${urls.map((url) => `  $ curl '${url}'\n`).join('')}
To release any other directory:
  $ npx seedbed local deploy DIR${nameOption(name)}

When you are done:
  $ npx seedbed local down${nameOption(name)}
`;
