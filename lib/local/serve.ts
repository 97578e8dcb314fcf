import { rm, writeFile } from 'node:fs/promises';
import { ReleaseError } from '../core/errors';
import { instanceDirectory, instanceFile } from './instance';
import { startLocalCloud } from './local-cloud';
import type { ServeMessage } from './start-instance';

/** The process of a local cloud in the background: `serve.ts NAME PORT REGION`. Ends on SIGTERM, or with the emulator. */
async function serve(name: string, port: string, region: string): Promise<void> {
  const stateDir = instanceDirectory(name);
  const cloud = await startLocalCloud({ name, port: Number(port), region, stateDir, log: (log) => tell({ log }) });
  const { endpoint, accountId, scratchDir, pids } = cloud;
  const startedAt = new Date().toISOString();
  const state = { name, endpoint, region, accountId, stateDir, scratchDir, pids, startedAt };
  await writeFile(instanceFile(stateDir), JSON.stringify(state, null, 2));

  const end = (status: number) => {
    void cloud
      .stop()
      .then(() => rm(instanceFile(stateDir), { force: true }))
      .finally(() => process.exit(status));
  };
  process.on('SIGTERM', () => end(0));
  process.on('SIGINT', () => end(0));
  void cloud.ended.then(() => {
    console.error('the emulator has ended: stopping');
    end(1);
  });
  tell({ up: true });
}

/** The starter goes away once we are up. */
const tell = (message: ServeMessage): void => {
  if (process.connected) process.send?.(message, () => undefined);
};

const [name = 'default', port = '0', region = 'us-east-1'] = process.argv.slice(2);
serve(name, port, region).catch((error: Error) => {
  console.error(error);
  const code = error instanceof ReleaseError ? error.code : 'LocalCloudFailed';
  if (!process.connected) process.exit(1);
  process.send?.({ error: error.message, code } satisfies ServeMessage, () => process.exit(1));
});
