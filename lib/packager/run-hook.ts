import type { SeedYml } from '../config/seed-yml';
import type { BuildTask } from '../core/contracts/state';
import { requireCommand } from './run-command';
import type { Workspace } from './workspace';

/** The keys of seed.yml that hold commands. */
export type Hook = 'before_compile' | 'before_build' | Exclude<BuildTask, 'package'>;

const MINUTE = 60_000;

/**
 * Runs the commands of a hook of seed.yml as Seed does: each in a shell of its own, in the repository's root. All of
 * them together may take as long as `hook_timeout` says.
 *
 * @throws ReleaseError `HookFailed` with the command and its last lines; later commands do not run
 */
export async function runHook(workspace: Workspace, hook: Hook, seed: SeedYml): Promise<void> {
  const { clock } = workspace;
  const until = clock.now() + seed.hook_timeout * MINUTE;
  for (const [index, line] of seed[hook].entries()) {
    workspace.log(`${hook}: ${line}`);
    const command = {
      program: 'bash',
      args: ['-c', line],
      cwd: workspace.root,
      env: workspace.env,
      timeout: { milliseconds: Math.max(until - clock.now(), 1), says: timedOut(seed.hook_timeout), clock },
    };
    await requireCommand(command, workspace.log, {
      code: 'HookFailed',
      message: `command ${index + 1} of ${hook} in seed.yml failed`,
    });
  }
}

const timedOut = (minutes: number): string =>
  `was stopped, because the hook took longer than ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}; make it ` +
  'faster, or set hook_timeout in ' +
  'seed.yml (at most 50)';
