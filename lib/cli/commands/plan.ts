import type { Command } from 'commander';
import { ReleaseError } from '../../core/contracts/errors';
import type { ServicePath } from '../../core/contracts/release';
import { ROOT, toServicePath } from '../../core/contracts/service-path';
import type { PlannedService, ServiceState } from '../../core/contracts/state';
import { isPlannedHeld } from '../../core/plan/holds';
import { isGoneFromCommit } from '../../core/plan/not-in-commit';
import { namedOutside, type OutsideFiles } from '../../core/plan/outside-files';
import { planServices } from '../../core/plan/plan';
import { readServiceConfig } from '../../packager/kinds/serverless/service-config';
import { PLATFORM_HELP, platformOptions } from '../platform/platform-options';
import { UsageError } from '../platform/run-command';
import { realWorld, type World } from '../platform/world';
import { type Paint, paintFor } from '../show/paint';
import { table } from '../show/table';
import { type PlanStageOptions, planStage, type StagePlan } from './plan-stage';

interface PlanOptions extends PlanStageOptions {
  readonly services?: string;
  readonly changed?: string;
  readonly single?: true;
}

/** What `--json` prints. */
interface PlanReport {
  readonly deploy: readonly PlannedService[];
  readonly skip: readonly PlannedService[];
}

const EXAMPLE = `
Tells what a release of a commit, a branch (by default the one that deploys to the stage) or a tag would do now, and
why. Nothing is started. With --services and --changed no platform is asked: it tells which of those services such a
change would deploy. Configurations that lie in the current directory are looked into: what one names outside of its
service's directory (\${file(../x.yml)}, patterns, artifacts) concerns the service.

A service deploys if a changed file is in its directory, belongs to no service at all, belongs to a service in a
directory above it, or is one that its last package was made of. A repository with a single service deploys it with
every change. Of a file that belongs to no service the key "changes" of seed.yml may say otherwise: the platform knows,
--services and --changed do not look at it.
${PLATFORM_HELP}
Exit code: 0, even if nothing would be deployed; 1 if there is no answer; 2 the command was called wrongly.

Example:
  $ seedbed plan --stage dev
  $ seedbed plan --app shop --stage prod --branch main
  $ seedbed plan --services services/orders,services/orders/mail,services/web --changed services/orders/list.ts
`;

/** Adds `seedbed plan`: what a release would deploy, in a stage, or for changed files that are named. */
export function registerPlan(program: Command, world: World = realWorld()): void {
  const command = program.command('plan').description('tell which services a release would deploy, and why');
  platformOptions(command)
    .option('--commit <hash>', 'this commit')
    .option('--branch <branch>', 'the head of this branch')
    .option('--tag <tag>', 'the commit of this tag')
    .option('--service <path...>', 'only these services, by their directories')
    .option('--force', 'as if everything had to be deployed')
    .option('--services <paths>', 'ask no platform: directories of all services, comma-separated; "." is the root')
    .option('--changed <files>', 'ask no platform: changed files, comma-separated; "" for none')
    .option('--single', 'ask no platform: the repository has a single service, by default in its root')
    .addHelpText('after', EXAMPLE)
    .action(async (options: PlanOptions, command: Command) => {
      const { writeOut, getOutHasColors } = command.configureOutput();
      const write = writeOut!;
      const paint = paintFor({ isTTY: getOutHasColors!() });
      const report = asksPlatform(options) ? await planStage(options, world) : await planOf(options);
      if (options.json) write(`${JSON.stringify(report, null, 2)}\n`);
      else for (const line of [...head(report, paint), ...describe(report, paint)]) write(`${line}\n`);
    });
}

const OFFLINE = ['services', 'changed', 'single'] as const;
const ONLINE = ['app', 'stage', 'commit', 'branch', 'tag', 'service', 'force', 'local'] as const;

function asksPlatform(options: PlanOptions): boolean {
  const offline = OFFLINE.find((key) => options[key] !== undefined);
  if (offline === undefined) return true;
  const online = ONLINE.find((key) => options[key] !== undefined);
  if (online === undefined) return false;
  throw new UsageError(`--${offline} asks no platform, --${online} does; leave one of the two out`);
}

function head(report: PlanReport | StagePlan, paint: Paint): readonly string[] {
  if (!('commit' in report)) return [];
  const { app, stage, commit, deploy, skip, phases } = report;
  const inPhases = phases > 1 ? `, in ${phases} phases` : '';
  const count = `${deploy.length} of ${deploy.length + skip.length} services${inPhases}`;
  return [`${paint.bold(`${app} → ${stage}`)}  commit ${commit.slice(0, 7)}: ${count}`];
}

async function planOf({ services, changed, single }: PlanOptions): Promise<PlanReport> {
  const paths = servicesOf(services, single);
  if (changed === undefined && !single)
    throw new UsageError('give the changed files: --changed FILE,FILE ("" for none)');
  const { phases, skip } = planServices({
    services: paths,
    states: await Promise.all(paths.map(deployedState)),
    // Of a single service it need not be said which files changed.
    changes: new Map(changed === undefined ? [] : [[BASE, list(changed).map(fileOf)]]),
    force: false,
    single,
    checkCodeChange: true,
  });
  return { deploy: phases.flat(), skip };
}

/** The commit that all services are taken to be deployed at; it has no name here. */
const BASE = '';
const deployedState = async (path: ServicePath): Promise<ServiceState> => ({
  path,
  status: 'deployed',
  releaseId: '00000000000000000000000000',
  commit: BASE,
  outsideFiles: [...(await outsideFilesOf(path))],
});

/** A directory that is not here, or has no configuration that can be read, names no files. */
async function outsideFilesOf(service: ServicePath): Promise<OutsideFiles> {
  const config = await readServiceConfig({ root: process.cwd(), service }).catch((error: unknown) => {
    if (error instanceof ReleaseError) return undefined;
    throw error;
  });
  return namedOutside(config?.value, service);
}

function servicesOf(text: string | undefined, single: true | undefined): ServicePath[] {
  if (text === undefined && single) return [ROOT];
  const paths = list(text ?? '').map((entry) => {
    const path = toServicePath(entry.trim());
    if (path !== undefined) return path;
    throw new UsageError(
      `--services: "${entry}" is not a directory of a repository; write its path from the root, without spaces`,
    );
  });
  const distinct = [...new Set(paths)];
  if (distinct.length === 0) throw new UsageError('give the directories of the services: --services PATH,PATH');
  if (single && distinct.length > 1) {
    throw new UsageError(
      `--single is for one service, but --services names ${distinct.length}; leave one of the two out`,
    );
  }
  return distinct;
}

function fileOf(text: string): string {
  const parts = text.split('/').filter((part) => part !== '.');
  if (!text.startsWith('/') && !parts.includes('..')) return parts.join('/');
  throw new UsageError(`--changed: "${text}" is not a file of a repository; write its path from the root`);
}

const list = (text: string): string[] => text.split(',').filter((entry) => entry.trim() !== '');

function describe({ deploy, skip }: PlanReport, paint: Paint): readonly string[] {
  const rows = (what: string, services: readonly PlannedService[]): string[][] =>
    services.flatMap(({ path, reasons }) =>
      reasons.map(({ message }, index) => (index === 0 ? [what, path, message] : ['', '', message])),
    );
  const [held, gone] = [skip.filter(isPlannedHeld), skip.filter(isGoneFromCommit)];
  const alone = skip.filter((service) => !held.includes(service) && !gone.includes(service));
  const colours = { deploy: paint.green, held: paint.yellow, gone: paint.yellow, skip: paint.dim } as const;
  return table([...rows('deploy', deploy), ...rows('held', held), ...rows('gone', gone), ...rows('skip', alone)]).map(
    (line) => line.replace(/^(deploy|held|gone|skip)/, (what) => colours[what as keyof typeof colours](what)),
  );
}
