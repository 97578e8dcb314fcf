import type { Command } from 'commander';
import { realWorld, type World } from '../../platform/world';
import { registerHealth } from './health';
import { registerRedrive } from './redrive';

/** Adds `seedbed admin` and its commands, for the owner of the platform. */
export function registerAdmin(program: Command, world: World = realWorld()): void {
  const admin = program.command('admin').description('look after the platform itself, as its owner');
  registerHealth(admin, world);
  registerRedrive(admin, world);
}
