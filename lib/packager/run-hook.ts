import { requireCommand } from './run-command';
import type { Workspace } from './workspace';

/**
 * Runs the commands of a hook of seed.yml as Seed does: each in a shell of its own, in the repository's root.
 *
 * @param hook key of seed.yml, for messages
 * @throws ReleaseError `HookFailed` with the command and its last lines; later commands do not run
 */
export async function runHook(workspace: Workspace, hook: string, commands: readonly string[]): Promise<void> {
  for (const [index, line] of commands.entries()) {
    workspace.log(`${hook}: ${line}`);
    const command = { program: 'bash', args: ['-c', line], cwd: workspace.root, env: workspace.env };
    await requireCommand(command, workspace.log, {
      code: 'HookFailed',
      message: `command ${index + 1} of ${hook} in seed.yml failed`,
    });
  }
}
