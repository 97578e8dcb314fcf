import child_process, { ChildProcess } from 'node:child_process';
import { Server, Socket } from 'node:net';

type Doors = Readonly<Record<string, unknown>>;

/** What everything asynchronous goes through, whatever it is called by, and the synchronous ways to start a process. */
const DOORS: readonly (readonly [holder: object, names: readonly string[], what: string])[] = [
  [ChildProcess.prototype, ['spawn'], 'start a process'],
  [child_process, ['spawnSync', 'execSync', 'execFileSync'], 'start a process'],
  [Server.prototype, ['listen'], 'listen on a port'],
  [Socket.prototype, ['connect'], 'connect to anything'],
];
/**
 * The doors as they were; Node's own modules are one for all test files of a jest process, so this is kept there too.
 */
const KEPT = Symbol.for('seedbed.outside');
const kept = process as unknown as { [KEPT]?: readonly Doors[] };

/**
 * From now on whoever starts a process, listens on a port or connects to anything gets an error: so unit tests are
 * fast, and right on any machine. What does is named `*.process.test.ts`, or is in test/local, test/infra or test/e2e.
 */
export function forbidOutside(): void {
  kept[KEPT] ??= DOORS.map(([holder, names]) =>
    Object.fromEntries(names.map((name) => [name, (holder as Doors)[name]])),
  );
  for (const [holder, names, what] of DOORS) {
    for (const name of names) Object.assign(holder, { [name]: refuse(what) });
  }
}

/** Opens the doors again. */
export function permitOutside(): void {
  kept[KEPT]?.forEach((doors, index) => void Object.assign(DOORS[index]![0], doors));
}

function refuse(what: string): () => never {
  return () => {
    throw new Error(`a unit test must not ${what}; name its file *.process.test.ts if it has to`);
  };
}
