import type { Command } from 'commander';
import { IN_CHECKOUT } from '../../../local/emulator/checkout';
import { UsageError } from '../../platform/run-command';
import { registerLocalDeploy } from './local-deploy';
import { registerLocalDown } from './local-down';
import { registerLocalStatus } from './local-status';
import { registerLocalUp } from './local-up';

/** Adds `seedbed local` and its commands. */
export function registerLocal(program: Command): void {
  const local = program.command('local').description('the whole platform on this machine, without an AWS account');
  registerLocalUp(local);
  registerLocalDown(local);
  registerLocalStatus(local);
  registerLocalDeploy(local);
  // The demo plays with examples/shop: neither is in the npm package.
  if (IN_CHECKOUT) (require('./local-demo') as typeof import('./local-demo')).registerLocalDemo(local);
  else registerNoDemo(local);
}

/** Adds a `seedbed local demo` that says where the demo is. */
function registerNoDemo(local: Command): void {
  local
    .command('demo')
    .description("see the whole platform at work; in a clone of Seedbed's repository only")
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new UsageError(
        "the demo is not in the npm package: clone Seedbed's repository and run there: npm ci && npm start",
      );
    });
}
