import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployPlatform } from '../../lib/cli/platform/deploy-platform';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../../lib/local/local-cloud';
import { stopSchedules } from './stop-schedules';

/**
 * Starts a local cloud with the platform for one file of tests that the others' releases would disturb, or it them.
 * From here on, this process's AWS environment is that cloud; stop it after the tests.
 * @param apps the key `apps` of seedbed.yml
 */
export async function ownCloud(apps: object, options: LocalCloudOptions): Promise<LocalCloud> {
  const cloud = await startLocalCloud(options);
  const configPath = join(cloud.scratchDir, 'seedbed.yml');
  writeFileSync(configPath, JSON.stringify({ apps }));
  await deployPlatform({ cloud, configPath, log: () => {} });
  await stopSchedules(cloud);
  Object.assign(process.env, cloud.environment);
  return cloud;
}
