import { access, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dirname, join as joinPath, normalize } from 'node:path/posix';
import { type BundleContent, type UnrunnableFunction, unrunnableFunctions } from '../../../core/build/unrunnable-code';
import { ReleaseError } from '../../../core/contracts/errors';
import { serviceFunctions } from '../../../core/shift/service-functions';
import { nameSome } from '../../../core/text/name-some';
import { nearest } from '../../../core/text/nearest';
import { configLines } from '../../config-lines';
import type { LocalBundle } from '../../local-bundles';
import { runCommand } from '../../run-command';
import { serviceDirectory, type Workspace } from '../../workspace';
import type { FrameworkOutput } from './run-serverless';

/** Plug-ins that compile TypeScript. */
const COMPILERS = /esbuild|webpack|typescript|bundle|rollup|parcel|vite|swc|tsup|rspack/;
const TYPESCRIPT = ['.ts', '.tsx', '.mts', '.cts'];

/** What is looked at to say why a file is missing. */
interface Surroundings {
  readonly workspace: Workspace;
  readonly output: FrameworkOutput;
  /** The framework's configuration file, as messages name it. */
  readonly file: string;
  readonly scratch: string;
}

/**
 * Refuses what would deploy, and fail when it is called: a function whose handler is not in its bundle.
 *
 * @returns what is to be told with the release: functions whose handler only what is not in the package can bring
 * @throws ReleaseError `PackageFailed` with all such functions, the file of each, and what to do
 */
export async function refuseUnrunnableCode(
  bundles: readonly (Pick<BundleContent, 'kind' | 'logicalId'> & { readonly bundle: Pick<LocalBundle, 'paths'> })[],
  surroundings: Surroundings,
): Promise<readonly string[]> {
  const { output, workspace, file } = surroundings;
  const contents = bundles.map(
    ({ kind, logicalId, bundle }): BundleContent => ({ kind, logicalId, paths: bundle.paths }),
  );
  const found = unrunnableFunctions(output.template, contents);
  if (found.length === 0) return [];
  const keys = new Map(
    serviceFunctions(output.state.service.functions, output.template).map(({ key, logicalId }) => [logicalId, key]),
  );
  const lines = await configLines(workspace.root, file);
  const problems: string[] = [];
  for (const one of found.filter(({ mayComeFrom }) => mayComeFrom === undefined)) {
    const key = keys.get(one.logicalId);
    const place = key === undefined ? file : `${file}${lines(['functions', key, 'handler'])}`;
    const who = key === undefined ? one.logicalId : `function "${key}"`;
    const paths = contents.find(({ kind, logicalId }) => kind === 'function' && logicalId === one.logicalId)!.paths;
    problems.push(`${place}: ${who} could not start: ${await describe(one, paths, surroundings)}`);
  }
  if (problems.length > 0) throw new ReleaseError('PackageFailed', problems.join('\n'));
  return tell(found, (logicalId) => keys.get(logicalId) ?? logicalId);
}

/** One line for all functions with one handler: a wrapper in a layer is the handler of each. */
function tell(found: readonly UnrunnableFunction[], nameOf: (logicalId: string) => string): readonly string[] {
  const groups = new Map<string, UnrunnableFunction[]>();
  for (const one of found) {
    const group = `${one.handler} ${one.mayComeFrom}`;
    groups.set(group, [...(groups.get(group) ?? []), one]);
  }
  return [...groups.values()].map((group) => {
    const { handler, mayComeFrom } = group[0]!;
    const names = nameSome(group.map(({ logicalId }) => nameOf(logicalId)));
    return `the handler "${handler}" of ${names} is not in the bundle: unless ${mayComeFrom} brings it, Lambda cannot start it`;
  });
}

async function describe(
  { handler, runtime, found }: UnrunnableFunction,
  packaged: ReadonlySet<string>,
  surroundings: Surroundings,
): Promise<string> {
  if (found.kind === 'malformed') return `its handler is "${handler}": ${found.why}`;
  const [usual, ...others] = found.expected;
  const endings = others.map((path) => path.slice(path.lastIndexOf('.'))).filter((ending) => !usual!.endsWith(ending));
  const or = endings.length > 0 ? ` (or ${endings.join(', ')})` : '';
  const lacks = runtime.startsWith('provided')
    ? `runtime ${runtime} starts the program "bootstrap", and neither its bundle nor a layer has it`
    : `its handler is "${handler}", and its bundle has no ${usual}${or}`;
  return `${lacks}; ${await remedy(found.expected, packaged, surroundings)}`;
}

/** The likeliest reason is looked for first. */
async function remedy(
  expected: readonly string[],
  packaged: ReadonlySet<string>,
  { workspace, output, file, scratch }: Surroundings,
): Promise<string> {
  const usual = expected[0]!;
  const directory = serviceDirectory(workspace);
  const stem = usual.replace(/\.\w+$/, '');
  const typescript = await firstThere(
    directory,
    TYPESCRIPT.map((ending) => `${stem}${ending}`),
  );
  if (typescript !== undefined && usual.endsWith('.js')) return compileIt(typescript, output);
  const there = await firstThere(directory, expected);
  if (there !== undefined) {
    return `${joinPath(workspace.service, there)} is there, but "package.patterns" (or "exclude") of ${file} leave it out; add "${there}"`;
  }
  const rule = await ignoredBy(expected, workspace, scratch);
  if (rule !== undefined) {
    return `git ignores it (${rule}), so a build does not have it; make it in "before_build" of seed.yml, or commit it`;
  }
  const near = nearest(usual, [...packaged, ...(await siblings(directory, usual))]);
  return near === undefined
    ? `correct the handler, which starts at the service's directory, or add the file`
    : `did you mean ${near}?`;
}

function compileIt(source: string, { framework, state }: FrameworkOutput): string {
  const plugins = JSON.stringify(state.service.plugins ?? '');
  const isCompiled = COMPILERS.test(plugins);
  return isCompiled
    ? `${source} is there, but no plug-in has compiled it; see what the plug-in says above`
    : `${source} is TypeScript, which ${framework.name} ${framework.version} packages as it is (only Serverless 4 compiles it by itself): ` +
        'npm install --save-dev serverless-esbuild esbuild, and "plugins: [serverless-esbuild]"; or in "before_build" ' +
        'of seed.yml';
}

async function firstThere(directory: string, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isThere = await access(join(directory, path)).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

/** Files beside where one is expected: what was misspelt, or has other capitals. */
async function siblings(directory: string, path: string): Promise<readonly string[]> {
  const parent = dirname(path);
  const names = await readdir(join(directory, parent)).catch(() => []);
  return names.map((name) => normalize(joinPath(parent, name)));
}

/**
 * A checkout without its repository has rules as well, so they are asked for with an empty one.
 *
 * @returns where the rule stands, and the rule
 */
async function ignoredBy(
  paths: readonly string[],
  { root, service, env }: Workspace,
  scratch: string,
): Promise<string | undefined> {
  const repository = join(scratch, 'ignore.git');
  await mkdir(scratch, { recursive: true });
  const git = (...args: readonly string[]) => runCommand({ program: 'git', args, cwd: root, env }, () => undefined);
  await git('init', '--quiet', '--bare', repository);
  const inRoot = paths.map((path) => joinPath(service, path));
  const check = ['check-ignore', '--no-index', '--verbose', '--', ...inRoot];
  const { exitCode, lastLines } = await git('--git-dir', repository, '--work-tree', root, ...check);
  const [, from, line, rule] = /^(.*?):(\d+):(.*)\t/.exec(lastLines[0] ?? '') ?? [];
  return exitCode === 0 && from !== undefined ? `${from}, line ${line}: "${rule}"` : undefined;
}
