import type { Command } from 'commander';
import { type Instance, nameOption, readInstance } from '../../../local/instance';
import { ToldFailure } from '../../platform/run-command';
import { describePace } from './pace-options';

const EXAMPLE = `
Exit code 0 if it is up and answers, else 1. To use it from a shell:
  $ eval "$(seedbed local status --env)"
  $ aws s3 ls

Example:
  $ seedbed local status --json
`;

/** `seedbed local status`, as commander parses it. */
interface StatusOptions {
  readonly name: string;
  readonly json?: true;
  readonly env?: true;
}

/** Adds `seedbed local status`: where a local cloud is and whether it answers. */
export function registerLocalStatus(local: Command): void {
  local
    .command('status')
    .description('show where a local cloud is and whether it answers')
    .option('--name <name>', 'name of the local cloud', 'default')
    .option('--json', 'print as JSON')
    .option('--env', 'print as shell commands that point AWS tools at it')
    .addHelpText('after', EXAMPLE)
    .action(async ({ name, json, env }: StatusOptions) => {
      const instance = await readInstance(name);
      const lines = () => {
        if (json) return [JSON.stringify(instance ?? { name, up: false }, null, 2)];
        if (!instance)
          return env
            ? []
            : [`the local cloud "${name}" is not up; start it with: npx seedbed local up${nameOption(name)}`];
        if (env) return Object.entries(instance.environment).map(([key, value]) => `export ${key}=${value}`);
        return [`the local cloud "${name}" is up since ${instance.startedAt}`, ...describeInstance(instance)];
      };
      for (const line of lines()) process.stdout.write(`${line}\n`);
      if (!instance?.answers) throw new ToldFailure();
    });
}

/** @returns the facts of an instance, a line each. */
export const describeInstance = ({
  endpoint,
  accountId,
  region,
  speed,
  pace,
  pids,
  answers,
  stateDir,
}: Instance): readonly string[] => [
  `  endpoint   ${endpoint}${answers ? '' : ' (does not answer)'}`,
  `  account    ${accountId}`,
  `  region     ${region}`,
  ...(speed === 1 ? [] : [`  speed      ${speed} times (gradual shifts and alarms)`]),
  ...(pace ? [`  pace       ${describePace(pace)} (latencies, and how long changes take)`] : []),
  `  processes  gateway ${pids.gateway}, emulator ${pids.emulator}`,
  `  logs       ${stateDir}`,
];
