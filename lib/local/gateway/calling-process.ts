import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Socket } from 'node:net';

/**
 * Finds the process at the other end of a connection over loopback, with Linux's /proc.
 * @param guard the emulator's guard: only a process that the emulator started, and no other program of this machine, nor
 *   the emulator itself, is ever named
 * @returns its process id; undefined if it is not one of the emulator's workers, or has ended
 */
export async function callingProcess(socket: Socket, guard: number): Promise<number | undefined> {
  const inode = await inodeOf(socket);
  if (inode === undefined) return undefined;
  const parents = await readParents();
  for (const pid of parents.keys())
    if (isBelow(parents.get(pid), guard, parents) && (await holds(pid, inode))) return pid;
  return undefined;
}

/** @returns the inode of the other end of a connection: there, our port is the remote one. */
async function inodeOf({ remotePort, localPort }: Socket): Promise<string | undefined> {
  // A client that speaks IPv6 has its end in the other table.
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1)) {
      const [, local = '', remote = '', , , , , , , inode] = line.trim().split(/\s+/);
      if (portOf(local) === remotePort && portOf(remote) === localPort) return inode;
    }
  }
  return undefined;
}

const portOf = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16);

/** @returns the parent of every process. */
async function readParents(): Promise<ReadonlyMap<number, number>> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(
    pids.map(async (pid): Promise<[number, number]> => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // After the program's name, which may hold anything: state, then the parent.
      return [pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])];
    }),
  );
  return new Map(parents);
}

function isBelow(pid: number | undefined, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  const parent = pid === undefined ? undefined : parents.get(pid);
  return parent !== undefined && parent > 0 && (parent === ancestor || isBelow(parent, ancestor, parents));
}

async function holds(pid: number, inode: string): Promise<boolean> {
  const directory = `/proc/${pid}/fd`;
  const open = await readdir(directory).catch(() => []);
  const links = await Promise.all(open.map((name) => readlink(`${directory}/${name}`).catch(() => '')));
  return links.includes(`socket:[${inode}]`);
}
