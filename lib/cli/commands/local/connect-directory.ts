import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml } from '../../../config/parse-yaml';
import { SEEDBED_YML } from '../../../config/seedbed-yml';
import { whileLocked } from '../../../local/processes/while-locked';
import { readIfThere } from '../../platform/seedbed-yml-file';
import { appNameFor, DirectoryApps, withApp } from './local-apps';

/** A directory that is to be deployed to a stage. */
export interface ConnectRequest {
  /** Absolute path. */
  readonly directory: string;
  readonly stage: string;
}

/** How to deploy the platform, with its new configuration. */
export type Deploy = (configPath: string) => Promise<void>;

/**
 * Makes a directory an app of a local cloud: names it, adds it to the instance's seedbed.yml and, if app or stage are
 * new, deploys the platform.
 * @param instanceDirectory holds the instance's seedbed.yml
 * @returns the app's name, which is its repository's too
 */
export async function connectDirectory(
  instanceDirectory: string,
  { directory, stage }: ConnectRequest,
  deploy: Deploy,
): Promise<string> {
  const config = join(instanceDirectory, SEEDBED_YML);
  const apps = join(instanceDirectory, 'directories.json');
  return whileLocked(join(instanceDirectory, 'connecting.lock'), async () => {
    const known = DirectoryApps.parse(JSON.parse((await readIfThere(apps)) ?? '{}'));
    const before = (await readIfThere(config)) ?? '';
    const app = appNameFor(directory, known, appsOf(before));
    const after = withApp(before, { app, repository: app, stage });
    if (after !== before) {
      // Kept only once it is deployed: seedbed.yml holds what the platform knows.
      const next = `${config}.next`;
      try {
        await writeFile(next, after);
        await deploy(next);
        await rename(next, config);
      } finally {
        await rm(next, { force: true });
      }
    }
    await writeFile(apps, JSON.stringify({ ...known, [directory]: app }, null, 2));
    return app;
  });
}

function appsOf(text: string): string[] {
  const value = parseYaml({ name: SEEDBED_YML, text }) as { apps?: object | null } | undefined;
  return Object.keys(value?.apps ?? {});
}
