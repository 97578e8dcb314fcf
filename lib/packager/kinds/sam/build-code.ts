import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { ReleaseError } from '../../../core/contracts/errors';
import type { LocalCode } from '../../../core/sam/local-code';
import { parseJson } from '../../../core/text/parse-json';
import { installInDirectory } from '../../install-dependencies';
import { refuseLinkOutside } from '../../stay-within';
import type { Workspace } from '../../workspace';
import { buildWithEsbuild } from './esbuild';
import { installPython } from './python-packages';
import { type CodeSurroundings, runTool } from './run-tool';

/** Code that is ready to be zipped, or is a zip already. */
export interface BuiltCode {
  /** Absolute path of a directory, or of a zip or jar. */
  readonly path: string;
  readonly isFile: boolean;
  /** Absolute paths of files outside of its own directory that it was made of, as far as they are known. */
  readonly reads: readonly string[];
}

/** Never part of what is built: https://github.com/aws/aws-lambda-builders, `EXCLUDED_FILES` of its workflows. */
const LEFT_OUT = new Set(['.aws-sam', '.git', '.gitignore', '__pycache__', '.venv', '.serverless']);

/**
 * Builds the code of a function or a layer as `sam build` does, for the ways that need no program but npm, pip, make
 * or the project's own esbuild.
 *
 * @throws ReleaseError `PackageFailed` or `InstallFailed` with the command and its last lines; `FrameworkUnsupported`
 *   if only `sam` itself can build it
 */
export async function buildCode(code: LocalCode, surroundings: CodeSurroundings): Promise<BuiltCode> {
  const { workspace, file, directory, out } = surroundings;
  const source = join(directory, code.path);
  await refuseLinkOutside(workspace.root, relative(workspace.root, source));
  const found = await stat(source).catch(() => undefined);
  if (found === undefined) throw noCode(code, surroundings);
  if (code.isBuilt && found.isFile() && /\.(zip|jar)$/i.test(source)) return { path: source, isFile: true, reads: [] };
  if (found.isFile()) {
    await cp(source, join(out, basename(source)));
    return { path: out, isFile: false, reads: [] };
  }
  if (code.isBuilt) return { path: source, isFile: false, reads: [] };
  const method = code.method ?? code.runtime ?? '';
  // A layer's runtime finds its packages in a folder of its own.
  const within = (folder: string) => (code.kind === 'layer' ? join(out, folder) : out);
  if (method === 'esbuild')
    return { path: out, isFile: false, reads: await buildWithEsbuild(code, { ...surroundings, source }) };
  if (method === 'makefile') await runMake(code, { ...surroundings, source });
  else if (method.startsWith('nodejs')) await packNode(source, within('nodejs'), { code, workspace });
  else if (method.startsWith('python')) {
    await copySource(source, within('python'));
    await installPython(within('python'), { code, workspace });
  } else throw needsSam(code, method, file);
  return { path: out, isFile: false, reads: [] };
}

const noCode = ({ logicalId, path, kind }: LocalCode, { file }: Pick<CodeSurroundings, 'file'>): ReleaseError =>
  new ReleaseError(
    'PackageFailed',
    `${file}: the ${kind === 'function' ? '"CodeUri"' : '"ContentUri"'} of ${logicalId} is ${path}, which is not there; ` +
      "correct its path, which starts at the template's directory (a build has only what is committed, or what " +
      '"before_build" of seed.yml makes)',
  );

const needsSam = ({ logicalId }: LocalCode, method: string, file: string): ReleaseError =>
  new ReleaseError(
    'FrameworkUnsupported',
    `${file}: ${logicalId} is built for ${method === '' ? 'a runtime that is not written out' : `"${method}"`}, which ` +
      'only the SAM CLI can do, and there is no "sam" on the PATH of the build; use a build image that has it, install ' +
      'it in "before_build" of seed.yml (pip install aws-sam-cli), or give the resource "Metadata: BuildMethod: makefile"',
  );

async function copySource(source: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await cp(source, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => path === source || !LEFT_OUT.has(basename(path)),
  });
}

/** What npm would publish of the directory, and what that needs when it runs. */
async function packNode(
  source: string,
  to: string,
  { code, workspace }: { readonly code: LocalCode; readonly workspace: Workspace },
): Promise<void> {
  await mkdir(to, { recursive: true });
  const packageJson = await readFile(join(source, 'package.json'), 'utf8').catch(() => undefined);
  if (packageJson === undefined) return copySource(source, to);
  const run = (program: string, args: readonly string[], cwd: string) =>
    runTool({ program, args, cwd, env: workspace.env }, code, workspace);
  const packed = `${to}.tgz`;
  await mkdir(packed, { recursive: true });
  await run('npm', ['pack', '--quiet', '--pack-destination', packed], source);
  const [archive] = await readdir(packed);
  await run('tar', ['-xzf', join(packed, archive ?? ''), '--strip-components=1', '-C', to], source);
  await rm(packed, { recursive: true });
  const lock = await firstThere(source, ['npm-shrinkwrap.json', 'package-lock.json']);
  const helpers = [lock, '.npmrc'].filter((name) => name !== undefined);
  for (const name of helpers) await cp(join(source, name), join(to, name)).catch(() => undefined);
  const quick = ['--omit=dev', '--no-audit', '--no-fund', '--prefer-offline'];
  const hasAny =
    Object.keys((parseJson(packageJson) as { dependencies?: object } | undefined)?.dependencies ?? {}).length > 0;
  if (hasAny) await run('npm', lock ? ['ci', ...quick] : ['install', '--no-package-lock', ...quick], to);
  for (const name of helpers) await rm(join(to, name), { force: true });
}

async function firstThere(directory: string, names: readonly string[]): Promise<string | undefined> {
  const there = await readdir(directory);
  return names.find((name) => there.includes(name));
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html */
async function runMake(
  code: LocalCode,
  { workspace, source, out, directory }: CodeSurroundings & { readonly source: string },
): Promise<void> {
  const work = `${out}.make`;
  await installInDirectory(workspace, source);
  await copySource(source, work);
  const { working_directory: wanted } = code.properties as { readonly working_directory?: unknown };
  const cwd = typeof wanted === 'string' ? join(directory, wanted) : work;
  const args = ['--makefile', join(work, 'Makefile'), `build-${code.logicalId}`];
  await runTool(
    {
      program: 'make',
      args,
      shownAs: `make build-${code.logicalId}`,
      cwd,
      env: { ...workspace.env, ARTIFACTS_DIR: out },
    },
    code,
    workspace,
  );
  await rm(work, { recursive: true, force: true });
}
