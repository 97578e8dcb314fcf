import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseYaml } from '../../../config/parse-yaml';
import { ReleaseError } from '../../../core/contracts/errors';
import { mapBounded } from '../../../core/map-bounded';
import { type LocalCode, localCode, withCodeAt } from '../../../core/sam/local-code';
import { namedFiles, withFiles } from '../../../core/sam/local-files';
import { PACKAGED_DIRECTORY } from '../../../core/template/artifact-directory';
import { mapValues, type Template } from '../../../core/template/template';
import { canonicalJson, type Json } from '../../../core/text/canonical-json';
import { configLines } from '../../config-lines';
import { refuseLinkOutside } from '../../stay-within';
import type { Workspace } from '../../workspace';
import { zipDirectory } from '../zip-directory';
import { type BuiltCode, buildCode } from './build-code';
import type { SamProject } from './sam-project';

/** What was built of a template, and a template that points at it. */
export interface BuiltSources {
  readonly template: Template;
  /** By name below `PACKAGED_DIRECTORY`, absolute paths. */
  readonly files: ReadonlyMap<string, string>;
  /** Absolute paths of what was read outside of directories of code. */
  readonly reads: readonly string[];
}

/** What is built side by side: npm and pip wait more than they compute. */
const AT_ONCE = 2;

/**
 * Builds all code of a template, each only once, and puts the content of files that it names into it.
 *
 * @param scratch directory for what is built
 * @throws ReleaseError
 */
export async function buildSources(
  workspace: Workspace,
  project: Pick<SamProject, 'file' | 'directory' | 'template'> & { readonly values: Readonly<Record<string, string>> },
  scratch: string,
): Promise<BuiltSources> {
  const { root, log } = workspace;
  const { file, directory, values } = project;
  const { code, problems } = localCode(project.template, values);
  const named = namedFiles(project.template);
  const all = [...problems, ...named.problems];
  if (all.length > 0) {
    const lines = await configLines(root, file);
    throw new ReleaseError(
      'ConfigInvalid',
      all.map(({ place, message }) => `${file}${lines(place)}: ${message}`).join('\n'),
    );
  }
  const contents = new Map<string, Json>();
  const reads: string[] = [];
  for (const one of named.files) {
    const path = join(directory, one.path);
    reads.push(path);
    contents.set(one.path, await readContent(root, relative(root, path), { from: file, isText: one.isText }));
  }
  const out = join(scratch, 'sam');
  await rm(out, { recursive: true, force: true });
  const groups = new Map<string, LocalCode[]>();
  for (const one of code) groups.set(buildKey(one), [...(groups.get(buildKey(one)) ?? []), one]);
  const files = new Map<string, string>();
  const keys = new Map<string, string>();
  await mapBounded([...groups.values()], AT_ONCE, async (group) => {
    const first = group[0]!;
    log(`building ${group.map(({ logicalId }) => logicalId).join(', ')}${first.method ? ` with ${first.method}` : ''}`);
    const to = join(out, first.logicalId);
    await mkdir(to, { recursive: true });
    const built = await buildCode(first, { workspace, file, directory, out: to });
    reads.push(...built.reads, ...(first.path.startsWith('..') ? [`${join(directory, first.path)}/`] : []));
    const packed = await pack(built, `${to}.zip`, [root, out]);
    for (const { kind, logicalId } of group) {
      // SAM makes a layer's logical id of where it is: another content is another version of the layer.
      const name = kind === 'layer' ? `${logicalId}-${packed.contentHash.slice(0, 16)}` : logicalId;
      files.set(`${name}.zip`, packed.file);
      keys.set(logicalId, `${PACKAGED_DIRECTORY}/${name}.zip`);
    }
  });
  const placed = withFiles(project.template, (one) => contents.get(one.path) ?? null);
  const Resources = mapValues(placed.Resources, (resource, id) => {
    const key = keys.get(id);
    return key === undefined ? resource : withCodeAt(resource, key);
  });
  return { template: { ...placed, Resources }, files, reads };
}

/** Functions that share their code share what is built of it; make builds for each by name. */
const buildKey = ({
  kind,
  logicalId,
  path,
  runtime = '',
  architecture,
  method = '',
  properties,
  isBuilt,
}: LocalCode): string =>
  canonicalJson([
    kind,
    path,
    runtime,
    architecture,
    method,
    properties,
    isBuilt,
    method === 'makefile' ? logicalId : '',
  ]);

async function pack(
  { path, isFile }: BuiltCode,
  to: string,
  within: readonly string[],
): Promise<{ readonly file: string; readonly contentHash: string }> {
  if (!isFile) return zipDirectory(path, to, within);
  return {
    file: path,
    contentHash: createHash('sha256')
      .update(await readFile(path))
      .digest('hex'),
  };
}

async function readContent(
  root: string,
  path: string,
  { from, isText }: { readonly from: string; readonly isText: boolean },
): Promise<Json> {
  await refuseLinkOutside(root, path);
  const text = await readFile(join(root, path), 'utf8').catch((cause) => {
    throw new ReleaseError(
      'PackageFailed',
      `${from}: it names the file ${path}, which is not there; correct its path`,
      { cause },
    );
  });
  if (isText) return text;
  return (parseYaml({ name: path, text }) ?? null) as Json;
}
