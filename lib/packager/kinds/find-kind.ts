import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { join as joinPath } from 'node:path/posix';
import type { SeedYml } from '../../config/seed-yml';
import { ReleaseError } from '../../core/contracts/errors';
import { toServicePath } from '../../core/contracts/service-path';
import { kindInDirectory } from '../../core/plan/find-services';
import { KIND_FILES, LOOKED_FOR } from '../../core/plan/kind-files';
import { hasSamTransform } from '../../core/plan/sam-transform';
import { refuseLinkOutside } from '../stay-within';
import { serviceDirectory, type Workspace } from '../workspace';
import { functionsOf } from './code-only/code-only';
import type { Kind } from './kind';
import { KINDS } from './kinds';

/**
 * @param seed what seed.yml says of kinds
 * @returns what the service of a workspace is made with
 * @throws ReleaseError `NoServiceFound` if nothing in its directory says so, `ConfigInvalid` if two things do,
 *   `PackageFailed` if one is a link out of the repository
 */
export async function findKind(
  workspace: Pick<Workspace, 'root' | 'service'>,
  { kinds = {}, ...seed }: Pick<SeedYml, 'kinds' | 'code_only'>,
): Promise<Kind> {
  const { root, service } = workspace;
  if (functionsOf(seed, service)) return KINDS['code-only'];
  await refuseLinkOutside(root, service);
  const names = await readdir(serviceDirectory(workspace)).catch((): string[] => []);
  const samTemplates = new Set<string>();
  for (const name of KIND_FILES.sam.files.filter((one) => names.includes(one))) {
    await refuseLinkOutside(root, joinPath(service, name));
    const text = await readFile(join(serviceDirectory(workspace), name), 'utf8').catch(() => '');
    if (hasSamTransform(text)) samTemplates.add(name);
  }
  const named = Object.entries(kinds).find(([directory]) => toServicePath(directory) === service)?.[1];
  const kind = kindInDirectory(service, { names, samTemplates, named });
  if (kind !== undefined) return KINDS[kind];
  throw new ReleaseError(
    'NoServiceFound',
    `no service found in directory "${service}": it has no ${LOOKED_FOR}; add one, or correct the path in seed.yml, ` +
      'key "services"',
  );
}
