import type { Command } from 'commander';
import { registerLocalDemo } from './local-demo';
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
  registerLocalDemo(local);
}
