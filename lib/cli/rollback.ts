import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { StartRollbackOutput } from '../core/payloads';
import { ROOT, toServicePath } from '../core/service-path';
import { connectPlatform } from './connect-platform';
import { paintFor } from './paint';
import { releaseReport } from './release-report';
import { renderPreview } from './render-preview';
import { checkName, EXIT, ToldFailure, UsageError } from './run-command';
import { describeExecution, watchRelease } from './watch-release';
import { whileUp } from './while-up';

/** `seedbed rollback`, as commander parses it. */
interface RollbackOptions {
  readonly app: string;
  readonly stage: string;
  readonly service?: string;
  readonly to?: string;
  readonly dryRun?: true;
  readonly json?: true;
  /** `true`: the default one. */
  readonly local?: true | string;
}

const EXAMPLE = `
Where only the code of functions differs, their aliases move back to the versions that served then, in seconds. Otherwise
the package of then is deployed again. Nothing is built. A release that runs is stopped first; one that waits is superseded.

Without --to: if the newest release succeeded, back to the good one before it; if it failed or still runs, back to what was
there before it. The platform is the one of your AWS environment (region, credentials, AWS_ENDPOINT_URL).

Exit code: 0 the stage is what it was, 1 it could not be rolled back, 2 the command was called wrongly.

Example:
  $ seedbed rollback --app shop --stage prod --dry-run
  $ seedbed rollback --app shop --stage prod
`;

/** Adds `seedbed rollback`: a stage returns to what an earlier release left. */
export function registerRollback(program: Command): void {
  program
    .command('rollback')
    .description('return a stage to what an earlier release left')
    .requiredOption('--app <app>', 'the app')
    .requiredOption('--stage <stage>', 'its stage')
    .option('--service <path>', 'only this service, by its directory; "." is the root')
    .option('--to <release>', 'release to return to: its id, or at least six characters of its beginning or end')
    .option('--dry-run', 'tell what would be done, and do nothing')
    .option('--json', 'print as JSON; progress goes to standard error')
    .option('--local [name]', 'on the local cloud, or the one with this name')
    .addHelpText('after', EXAMPLE)
    .action(async (options: RollbackOptions) => {
      const service = checked(options);
      const run = (environment: NodeJS.ProcessEnv) => rollback(options, { service, environment });
      if (!options.local) return run(process.env);
      return whileUp(localName(options), (instance) => run(instance.environment));
    });
}

function checked({ app, stage, service, local }: RollbackOptions): string | undefined {
  checkName('--app', app);
  checkName('--stage', stage);
  if (local) checkName('--local', localName({ local }));
  if (service === undefined) return undefined;
  const path = toServicePath(service);
  if (path !== undefined) return path;
  throw new UsageError(
    `--service: "${service}" is no directory of a repository; write its path from the root, "${ROOT}"`,
  );
}

const localName = ({ local }: Pick<RollbackOptions, 'local'>): string =>
  typeof local === 'string' ? local : 'default';

interface Where {
  readonly service: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

async function rollback(options: RollbackOptions, { service, environment }: Where): Promise<void> {
  const { app, stage, to, dryRun, json } = options;
  const out = json ? process.stderr : process.stdout;
  const platform = await connectPlatform(environment);
  const answer = await platform.rollbacks.start({
    ...{ app, stage, service, to, dryRun: dryRun === true },
    ...{ requestId: randomUUID(), by: userInfo().username },
  });
  if (dryRun) return showPreview(answer, options);

  const view = await watchRelease(
    platform,
    { app, stage, id: answer.started!.releaseId },
    { out, whenInterrupted: (record) => [...pointAt(options), describeExecution(record)] },
  );
  if (json) print({ ...releaseReport(view.record, view.services), rollback: answer.preview });
  if (view.record.status !== 'succeeded') throw new ToldFailure(EXIT.failed);
}

const pointAt = (options: RollbackOptions): string[] =>
  options.local ? [`  $ eval "$(npx seedbed local status --name ${localName(options)} --env)"`] : [];

function showPreview({ preview }: StartRollbackOutput, { app, stage, json }: RollbackOptions): void {
  if (json) print(preview);
  else {
    const lines = renderPreview(preview, { app, stage }, paintFor(process.stdout));
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  if (preview.services.some(({ problems }) => problems.length > 0)) throw new ToldFailure(EXIT.failed);
}

const print = (value: unknown): unknown => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
