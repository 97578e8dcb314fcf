import type { SeedYml } from '../config/seed-yml';
import { installScripts } from './install-scripts';
import { runCommand } from './run-command';
import type { Workspace } from './workspace';

/**
 * Tells, for `changes: files`, what may have read files of the repository before the service's kind builds it: nobody
 * saw which. Called when dependencies are installed and hooks have run.
 *
 * @returns a phrase for each; none if the build begins with nothing but what git and the installation have brought
 */
export async function unseenBefore(workspace: Workspace, seed: SeedYml): Promise<readonly string[]> {
  const hooks = (['before_compile', 'before_build'] as const).filter((hook) => seed[hook].length > 0);
  const [scripts, made] = await Promise.all([installScripts(workspace), madeBefore(workspace)]);
  return [...hooks.map((hook) => `commands of ${hook}`), ...scripts, ...made];
}

/** What of the work tree is not as the commit has it, but for installed packages. */
async function madeBefore({ root, env }: Workspace): Promise<readonly string[]> {
  const entries: string[] = [];
  const args = ['-c', 'core.quotePath=false', 'status', '--porcelain', '--ignored', '--ignore-submodules'];
  const { exitCode } = await runCommand({ program: 'git', args, cwd: root, env }, (line) => entries.push(line));
  if (exitCode !== 0) return ['a work tree that git does not know'];
  return entries
    .map((entry) => entry.slice(3))
    .filter((path) => !/(^|\/)node_modules\/$/.test(path))
    .slice(0, 1)
    .map((path) => `what made ${path}`);
}
