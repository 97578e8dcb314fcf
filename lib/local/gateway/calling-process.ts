import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Socket } from 'node:net';

/**
 * Finds the process at the other end of a connection over loopback, with Linux's /proc.
 * @param guard the emulator's guard: this only ever names a process that the emulator started, never the emulator
 *   itself or another program of this machine
 * @returns the process id; undefined if it is not a worker of the emulator, or has ended
 */
export async function callingProcess(socket: Socket, guard: number): Promise<number | undefined> {
  const inode = await inodeOf(socket);
  if (inode === undefined) return undefined;
  const parents = await readParents();
  for (const pid of parents.keys())
    if (isBelow(parents.get(pid), guard, parents) && (await holds(pid, inode))) return pid;
  return undefined;
}

/** @returns the inode of a connection's other end, whose remote port is ours. */
async function inodeOf({ remotePort, localPort }: Socket): Promise<string | undefined> {
  // The end of a client that speaks IPv6 is in the other table.
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
      // State and parent come after the program's name, which may contain anything.
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
