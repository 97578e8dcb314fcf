import { rm, writeFile } from 'node:fs/promises';
import { ReleaseError } from '../core/contracts/errors';
import { surviveUnforeseen } from './calls/unforeseen';
import { instanceDirectory, instanceFile, isUpAlready } from './instance';
import { startLocalCloud } from './local-cloud';
import { QuotaSettings } from './quotas/account-quotas';
import type { ServeMessage } from './start-instance';

type Arguments = readonly [name: string, port: string, region: string, speed: string, quotas: string];

/**
 * The process of a local cloud in the background: `serve.ts NAME PORT REGION SPEED QUOTAS`, the last as JSON. Ends on
 * SIGTERM, or with the emulator.
 */
async function serve([name, port, region, speed, json]: Arguments): Promise<void> {
  const stateDir = instanceDirectory(name);
  const quotas = QuotaSettings.parse(JSON.parse(json));
  const cloud = await startLocalCloud({
    name,
    port: Number(port),
    region,
    speed: Number(speed),
    quotas,
    stateDir,
    log: (log) => tell({ log }),
  });
  surviveUnforeseen(); // not before: what goes wrong at the start is to end it
  const { endpoint, accountId, root, scratchDir, pids } = cloud;
  const startedAt = new Date().toISOString();
  const state = {
    name,
    endpoint,
    region,
    accountId,
    root,
    speed: cloud.speed,
    quotas,
    stateDir,
    scratchDir,
    pids,
    startedAt,
  };
  // Never over another's file: nothing would know of the other any more, and so nobody could stop it. For its owner
  // only: whoever reads it is root.
  await writeFile(instanceFile(stateDir), JSON.stringify(state, null, 2), { flag: 'wx', mode: 0o600 }).catch(
    async (error) => {
      await cloud.stop();
      throw error.code === 'EEXIST' ? isUpAlready(name) : error;
    },
  );

  const end = (status: number) => {
    void cloud
      .stop()
      .then(() => rm(instanceFile(stateDir), { force: true }))
      .finally(() => process.exit(status));
  };
  process.on('SIGTERM', () => end(0));
  process.on('SIGINT', () => end(0));
  const onEnd = () => {
    console.error('the emulator has ended: stopping');
    end(1);
  };
  cloud.ended.then(onEnd, onEnd);
  tell({ up: true });
}

/** The starter goes away once we are up. */
const tell = (message: ServeMessage): void => {
  if (process.connected) process.send?.(message, () => undefined);
};

const [name = 'default', port = '0', region = 'us-east-1', speed = '1', quotas = '{}'] = process.argv.slice(2);
serve([name, port, region, speed, quotas]).catch((error: Error) => {
  console.error(error);
  const code = error instanceof ReleaseError ? error.code : 'LocalCloudFailed';
  if (!process.connected) process.exit(1);
  process.send?.({ error: error.message, code } satisfies ServeMessage, () => process.exit(1));
});
