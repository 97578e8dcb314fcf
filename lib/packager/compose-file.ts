import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml } from '../config/parse-yaml';
import { tellCompose } from '../core/build/compose-words';
import type { Workspace } from './workspace';

const NAMES = ['serverless-compose.yml', 'serverless-compose.yaml', 'serverless-compose.json'];

/** @returns what the repository's compose file says of a service and Seedbed does not read, as warnings */
export async function readCompose({ root, service }: Pick<Workspace, 'root' | 'service'>): Promise<readonly string[]> {
  for (const name of NAMES) {
    const text = await readFile(join(root, name), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    try {
      return tellCompose(name, parseYaml({ name, text }), service);
    } catch (error) {
      // It is for another program to read, and no reason to stop.
      return [`${name} is not read: ${(error as Error).message}`];
    }
  }
  return [];
}
