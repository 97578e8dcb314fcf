import { access, readFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { ReleaseError } from '../../../core/contracts/errors';
import { esbuildArguments } from '../../../core/sam/esbuild-arguments';
import type { LocalCode } from '../../../core/sam/local-code';
import { parseJson } from '../../../core/text/parse-json';
import { installInDirectory } from '../../install-dependencies';
import type { Workspace } from '../../workspace';
import { type CodeSurroundings, runTool } from './run-tool';

/**
 * Bundles a function with the esbuild of its project.
 *
 * @returns absolute paths of the files that went into the bundle, without those of packages
 * @throws ReleaseError `PackageFailed`, `ConfigInvalid` for a property that esbuild has no option for
 */
export async function buildWithEsbuild(
  code: LocalCode,
  { workspace, file, source, out }: CodeSurroundings & { readonly source: string },
): Promise<readonly string[]> {
  const { args, problems } = esbuildArguments(code);
  if (problems.length > 0) {
    const said = problems.map((problem) => `${file}: Resources.${code.logicalId}.Metadata.BuildProperties: ${problem}`);
    throw new ReleaseError('ConfigInvalid', said.join('\n'));
  }
  await installInDirectory(workspace, source);
  const program = await findEsbuild(source, workspace);
  if (program === undefined) {
    throw new ReleaseError(
      'PackageFailed',
      `${file}: ${code.logicalId} has "BuildMethod: esbuild", and esbuild is not installed; add it to the devDependencies ` +
        'of its package.json: npm install --save-dev esbuild',
    );
  }
  const metafile = `${out}.meta.json`;
  const more = [`--outdir=${out}`, `--metafile=${metafile}`, '--log-level=warning'];
  await runTool(
    { program, args: [...args, ...more], shownAs: `esbuild ${args.join(' ')}`, cwd: source, env: workspace.env },
    code,
    workspace,
  );
  const meta = parseJson(await readFile(metafile, 'utf8').catch(() => '{}')) as
    | { readonly inputs?: object }
    | undefined;
  return Object.keys(meta?.inputs ?? {})
    .map((path) => resolve(source, path))
    .filter((path) => !path.includes('/node_modules/'));
}

/** Of the nearest node_modules, up to the repository's root, or on the PATH. */
async function findEsbuild(source: string, { root, env }: Workspace): Promise<string | undefined> {
  const places: string[] = [];
  for (let directory = source; ; directory = dirname(directory)) {
    places.push(join(directory, 'node_modules', '.bin'));
    if (directory === root || directory === dirname(directory)) break;
  }
  for (const place of [...places, ...(env.PATH ?? '').split(delimiter).filter(Boolean)]) {
    const program = join(place, 'esbuild');
    const isThere = await access(program).then(
      () => true,
      () => false,
    );
    if (isThere) return program;
  }
  return undefined;
}
