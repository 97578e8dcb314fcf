import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml } from '../../config/parse-yaml';
import { SEEDBED_YML } from '../../config/seedbed-yml';
import type { Instance } from '../../local/instance';
import { deployPlatform } from '../platform/deploy-platform';
import { whileLocked } from '../platform/while-locked';
import { appNameFor, DirectoryApps, withApp } from './local-apps';
import { readIfThere } from './seedbed-yml-file';

/** A directory that is to be deployed to a stage. */
export interface ConnectRequest {
  /** Absolute path. */
  readonly directory: string;
  readonly stage: string;
}

/** How to deploy the platform, with its new configuration. */
export type Deploy = (configPath: string) => Promise<void>;

/**
 * Makes a directory an app of a local cloud: names it, adds it to the instance's seedbed.yml and deploys the platform, if
 * app or stage are new.
 * @param instanceDirectory holds the instance's seedbed.yml
 * @returns the app's name, which is its repository's too
 */
export async function connectDirectory(
  instanceDirectory: string,
  { directory, stage }: ConnectRequest,
  deploy: Deploy,
): Promise<string> {
  const [config, apps] = [SEEDBED_YML, 'directories.json'].map((name) => join(instanceDirectory, name)) as [
    string,
    string,
  ];
  return whileLocked(join(instanceDirectory, 'connecting.lock'), async () => {
    const known = DirectoryApps.parse(JSON.parse((await readIfThere(apps)) ?? '{}'));
    const before = (await readIfThere(config)) ?? '';
    const app = appNameFor(directory, known, appsOf(before));
    const after = withApp(before, { app, repository: app, stage });
    if (after !== before) {
      // Kept once it is deployed: what is in seedbed.yml is what the platform knows.
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

/** Deploys the platform of a local cloud again, as its seedbed.yml has it. */
export const redeploy =
  (instance: Instance, log?: (line: string) => void): Deploy =>
  (configPath) =>
    deployPlatform({ cloud: instance, configPath, log });

function appsOf(text: string): string[] {
  const value = parseYaml({ name: SEEDBED_YML, text }) as { apps?: object | null } | undefined;
  return Object.keys(value?.apps ?? {});
}
