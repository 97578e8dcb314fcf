import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml } from '../../../config/parse-yaml';
import { tellCompose, unreadProgram } from '../../../core/build/compose-words';
import type { Workspace } from '../../workspace';

const NAMES = ['serverless-compose.yml', 'serverless-compose.yaml', 'serverless-compose.json'];
/** What such a file says is known only to who runs it. */
const PROGRAMS = ['serverless-compose.js', 'serverless-compose.ts'];

/** @returns what the repository's compose file says of a service and Seedbed does not read, as warnings */
export async function readCompose({ root, service }: Pick<Workspace, 'root' | 'service'>): Promise<readonly string[]> {
  for (const name of NAMES) {
    if (!(await isFile(join(root, name)))) continue;
    const text = await readFile(join(root, name), 'utf8');
    try {
      return tellCompose(name, parseYaml({ name, text }), service);
    } catch (error) {
      // It is for another program to read, and no reason to stop.
      return [`${name} is not read: ${(error as Error).message}`];
    }
  }
  for (const name of PROGRAMS) if (await isFile(join(root, name))) return [unreadProgram(name)];
  return [];
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
