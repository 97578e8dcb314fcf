import child_process, { ChildProcess } from 'node:child_process';
import { Server, Socket } from 'node:net';

/**
 * Unit tests start no process, listen on no port and connect to nothing: so they are fast, and right on any machine.
 * What does is named `*.process.test.ts`, or is in test/local, test/infra or test/e2e.
 */
function refuse(what: string): () => never {
  return () => {
    throw new Error(`a unit test must not ${what}; name its file *.process.test.ts if it has to`);
  };
}

// Everything asynchronous goes through these three, whatever it is called by.
Object.assign(ChildProcess.prototype, { spawn: refuse('start a process') });
Server.prototype.listen = refuse('listen on a port');
Socket.prototype.connect = refuse('connect to anything');
for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const) {
  Object.assign(child_process, { [name]: refuse('start a process') });
}
