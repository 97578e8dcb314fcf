import { Command } from 'commander';
import { EXIT, runCommand } from '../lib/cli/run-command';

/** How to add each command. A module is loaded when its command is called, or for the help that lists all: starting is quick. */
const COMMANDS: Readonly<Record<string, () => (program: Command) => void>> = {
  deploy: () => (require('../lib/cli/deploy') as typeof import('../lib/cli/deploy')).registerDeploy,
  plan: () => (require('../lib/cli/plan') as typeof import('../lib/cli/plan')).registerPlan,
  status: () => (require('../lib/cli/status') as typeof import('../lib/cli/status')).registerStatus,
  history: () => (require('../lib/cli/history') as typeof import('../lib/cli/history')).registerHistory,
  logs: () => (require('../lib/cli/logs') as typeof import('../lib/cli/logs')).registerLogs,
  cancel: () => (require('../lib/cli/cancel') as typeof import('../lib/cli/cancel')).registerCancel,
  rollback: () => (require('../lib/cli/rollback') as typeof import('../lib/cli/rollback')).registerRollback,
  env: () => (require('../lib/cli/env') as typeof import('../lib/cli/env')).registerEnv,
  app: () => (require('../lib/cli/app') as typeof import('../lib/cli/app')).registerApp,
  stage: () => (require('../lib/cli/stage') as typeof import('../lib/cli/stage')).registerStage,
  init: () => (require('../lib/cli/init') as typeof import('../lib/cli/init')).registerInit,
  completion: () => (require('../lib/cli/completion') as typeof import('../lib/cli/completion')).registerCompletion,
  package: () => (require('../lib/cli/package') as typeof import('../lib/cli/package')).registerPackage,
  template: () => (require('../lib/cli/template') as typeof import('../lib/cli/template')).registerTemplate,
  local: () => (require('../lib/cli/local') as typeof import('../lib/cli/local')).registerLocal,
};

async function main(args: readonly string[]): Promise<number> {
  const program = new Command('seedbed')
    .description('deploys serverless applications on every push: exactly what changed')
    .exitOverride()
    .showHelpAfterError('(see --help)');
  const called = args.find((arg) => !arg.startsWith('-')) ?? '';
  // What completes all commands has to know them.
  const isOne = Object.hasOwn(COMMANDS, called) && called !== 'completion';
  const names = isOne ? [called] : Object.keys(COMMANDS);
  for (const name of names) COMMANDS[name]!()(program);
  return runCommand(async () => {
    await program.parseAsync(args, { from: 'user' });
    return EXIT.succeeded;
  });
}

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
