import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Ends a process and all that it has started, at once. They share the build's process group, so that whoever ends the
 * build ends them too; so they are found by their parents.
 */
export async function endProcessTree(root: number): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']).catch(() => ({ stdout: '' }));
  const children = new Map<number, number[]>();
  for (const line of stdout.trim().split('\n')) {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  // Parents first: one that sees its child die might start another.
  for (const pid of tree) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
