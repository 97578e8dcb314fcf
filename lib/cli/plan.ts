import type { Command } from 'commander';
import { planServices } from '../core/plan';
import type { ServicePath } from '../core/release';
import { ROOT, toServicePath } from '../core/service-path';
import type { PlannedService, ServiceState } from '../core/state';
import { type Paint, paintFor } from './paint';
import { UsageError } from './run-command';
import { table } from './table';

interface PlanOptions {
  readonly services?: string;
  readonly changed?: string;
  readonly single?: true;
  readonly json?: true;
}

/** What `--json` prints. */
interface PlanReport {
  readonly deploy: readonly PlannedService[];
  readonly skip: readonly PlannedService[];
}

const EXAMPLE = `
A service deploys if a changed file is in its directory, belongs to no service at all, or belongs to a service in a
directory above it. A repository with a single service always deploys it.

Example:
  $ seedbed plan --services services/orders,services/orders/mail,services/web --changed services/orders/list.ts
`;

/** Adds `seedbed plan`: which services a release would deploy for which changed files. Asks no platform. */
export function registerPlan(program: Command): void {
  program
    .command('plan')
    .description('tell which services changed files deploy, and why')
    .option('--services <paths>', 'directories of all services, comma-separated; "." is the root')
    .option('--changed <files>', 'changed files, comma-separated; "" for none')
    .option('--single', 'the repository has a single service, by default in its root')
    .option('--json', 'print the plan as JSON')
    .addHelpText('after', EXAMPLE)
    .action((options: PlanOptions, command: Command) => {
      const report = planOf(options);
      const { writeOut, getOutHasColors } = command.configureOutput();
      const write = writeOut!;
      if (options.json) write(`${JSON.stringify(report, null, 2)}\n`);
      else for (const line of describe(report, paintFor({ isTTY: getOutHasColors!() }))) write(`${line}\n`);
    });
}

function planOf({ services, changed, single }: PlanOptions): PlanReport {
  const paths = servicesOf(services, single);
  if (changed === undefined && !single)
    throw new UsageError('give the changed files: --changed FILE,FILE ("" for none)');
  const { phases, skip } = planServices({
    services: paths,
    states: paths.map(deployedState),
    changes: new Map([[BASE, list(changed ?? '').map(fileOf)]]),
    force: false,
    single,
    checkCodeChange: true,
  });
  return { deploy: phases.flat(), skip };
}

/** The commit that all services are taken to be deployed at; it has no name here. */
const BASE = '';
const deployedState = (path: ServicePath): ServiceState => ({
  path,
  status: 'deployed',
  releaseId: '00000000000000000000000000',
  commit: BASE,
});

function servicesOf(text: string | undefined, single: true | undefined): ServicePath[] {
  if (text === undefined && single) return [ROOT];
  const paths = list(text ?? '').map((entry) => {
    const path = toServicePath(entry.trim());
    if (path !== undefined) return path;
    throw new UsageError(
      `--services: "${entry}" is no directory of a repository; write its path from the root, without spaces`,
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
  throw new UsageError(`--changed: "${text}" is no file of a repository; write its path from the root`);
}

const list = (text: string): string[] => text.split(',').filter((entry) => entry.trim() !== '');

function describe({ deploy, skip }: PlanReport, paint: Paint): readonly string[] {
  const rows = (what: string, services: readonly PlannedService[]): string[][] =>
    services.flatMap(({ path, reasons }) =>
      reasons.map(({ message }, index) => (index === 0 ? [what, path, message] : ['', '', message])),
    );
  return table([...rows('deploy', deploy), ...rows('skip', skip)]).map((line) =>
    line.replace(/^(deploy|skip)/, (what) => (what === 'deploy' ? paint.green(what) : paint.dim(what))),
  );
}
