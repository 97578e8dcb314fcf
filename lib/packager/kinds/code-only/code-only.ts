import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { join as joinPath } from 'node:path/posix';
import { SEED_YML, type SeedYml } from '../../../config/seed-yml';
import { unrunnableFunctions } from '../../../core/build/unrunnable-code';
import { describeFunctions } from '../../../core/code-only/describe-functions';
import { inStage } from '../../../core/code-only/function-pattern';
import { type NamedFunction, nameFunctions } from '../../../core/code-only/name-functions';
import type { WrittenFunction } from '../../../core/code-only/written-functions';
import { ReleaseError } from '../../../core/contracts/errors';
import { toServicePath } from '../../../core/contracts/service-path';
import { outsideFiles } from '../../../core/plan/outside-files';
import { requireCommand } from '../../run-command';
import { refuseLinkOutside } from '../../stay-within';
import { serviceDirectory, type Workspace } from '../../workspace';
import type { BuildOptions, BuiltService, BundleFile, Kind, PackagedBundle } from '../kind';
import { readShifts } from '../read-shifts';
import { zipDirectory } from '../zip-directory';

const NO_CONFIG = '0'.repeat(64);
/** Milliseconds that one command may take. */
const LONGEST_BUILD = 30 * 60_000;

/** Functions that something else makes: only their code is built. */
export const codeOnly: Kind = {
  name: 'code-only',
  read: async (workspace, seed) => {
    const functions = functionsOf(seed, workspace.service) ?? [];
    return { file: SEED_YML, build: (options) => build(workspace, functions, options) };
  },
};

/** @returns what seed.yml says of a service's functions; undefined if it is no service of this kind */
export const functionsOf = (
  { code_only: services = {} }: Pick<SeedYml, 'code_only'>,
  service: string,
): readonly WrittenFunction[] | undefined =>
  Object.entries(services).find(([path]) => toServicePath(path) === service)?.[1];

async function build(
  workspace: Workspace,
  written: readonly WrittenFunction[],
  { scratch, shared }: BuildOptions,
): Promise<BuiltService> {
  const { service, stage } = workspace;
  await runBuilds(workspace, written);
  const places = new Map<string, readonly string[]>();
  for (const { directory, zip } of written) {
    const path = (directory ?? zip)!;
    if (path.includes('*')) places.set(path, await namesBeside(workspace, path));
  }
  const functions = nameFunctions(written, { service, stage, placesOf: (path) => places.get(path)! });
  const files: BundleFile[] = [];
  for (const [index, one] of functions.entries()) {
    const file = one.isZip
      ? await zipAt(workspace, one)
      : await zipped(workspace, one, join(scratch, 'code-only', `${index}.zip`));
    files.push({ kind: 'function', logicalId: one.name, property: ['Code', 'S3Key'], file });
  }
  const template = describeFunctions(functions);
  const { alias, shift } = await readShifts(workspace, {
    file: SEED_YML,
    functions: Object.fromEntries(functions.map(({ name }) => [name, {}])),
    shared,
    template,
  });
  return {
    tool: { name: 'seed.yml', version: '1' },
    stack: { settings: { tags: {}, parameters: {} }, template, files },
    configHash: NO_CONFIG,
    incremental: { enabled: true, disabledFor: [] },
    alias,
    shift,
    outsideFiles: outsideFiles(
      functions.map(({ path, isZip }) => `${joinPath(service, path)}${isZip ? '' : '/'}`),
      service,
    ),
    warnings: [],
    check: async (bundles) => {
      refuseUnrunnable(functions, bundles);
      return [];
    },
  };
}

/** @returns absolute path of a zip that is there */
async function zipAt({ root, service }: Workspace, { path, place }: NamedFunction): Promise<string> {
  const file = joinPath(service, path);
  await refuseLinkOutside(root, file);
  const found = await stat(join(root, file)).catch(() => undefined);
  if (found?.isFile()) return join(root, file);
  throw new ReleaseError('PackageFailed', `${place}: there is no zip "${file}"; commit it, or make it with "build"`);
}

/** @returns absolute path of a zip of a directory */
async function zipped({ root, service }: Workspace, { path, place }: NamedFunction, to: string): Promise<string> {
  const directory = joinPath(service, path);
  await refuseLinkOutside(root, directory);
  const names = await readdir(join(root, directory)).catch((): string[] => []);
  if (names.length === 0) {
    throw new ReleaseError(
      'PackageFailed',
      `${place}: directory "${directory}" is empty or not there; correct its path, or make it with "build"`,
    );
  }
  await zipDirectory(join(root, directory), to, [root]);
  return to;
}

/** Each command once, in the order in which it is written first. */
async function runBuilds(workspace: Workspace, written: readonly WrittenFunction[]): Promise<void> {
  const { clock, env, log, service, stage } = workspace;
  for (const line of new Set(written.flatMap(({ build }) => build ?? []))) {
    log(`build of "${service}": ${line}`);
    const timeout = { milliseconds: LONGEST_BUILD, says: 'was stopped after half an hour', clock };
    const command = {
      program: 'bash',
      args: ['-c', line],
      cwd: serviceDirectory(workspace),
      env,
      timeout,
      shownAs: line,
    };
    const names = written.filter(({ build }) => build === line).map(({ name }) => inStage(name, stage));
    const message = `seed.yml: "code_only.${service}": the build of ${names.join(', ')} failed`;
    await requireCommand(command, log, { code: 'PackageFailed', message });
  }
}

/** @returns the paths beside a pattern's last part, of directories or files: those that it may stand for */
async function namesBeside(workspace: Workspace, pattern: string): Promise<readonly string[]> {
  const parent = joinPath(pattern, '..');
  await refuseLinkOutside(workspace.root, joinPath(workspace.service, parent));
  const found = await readdir(join(serviceDirectory(workspace), parent), { withFileTypes: true }).catch(() => []);
  const isZip = pattern.endsWith('.zip');
  return found
    .filter((entry) => (isZip ? !entry.isDirectory() : !entry.isFile()))
    .map(({ name }) => relative('.', join(parent, name)).split(sep).join('/'))
    .sort();
}

/** @throws ReleaseError `PackageFailed` with all functions whose code lacks the file of their handler */
function refuseUnrunnable(functions: readonly NamedFunction[], bundles: readonly PackagedBundle[]): void {
  const contents = bundles.map(({ kind, logicalId, bundle: { paths } }) => ({ kind, logicalId, paths }));
  const problems = unrunnableFunctions(describeFunctions(functions), contents).map(({ logicalId, handler, found }) => {
    const { place } = functions.find(({ name }) => name === logicalId)!;
    const why = found.kind === 'malformed' ? found.why : `its code has no ${found.expected[0]}`;
    return `${place}: function "${logicalId}" could not start: its handler is "${handler}", and ${why}; correct one of them`;
  });
  if (problems.length > 0) throw new ReleaseError('PackageFailed', problems.join('\n'));
}
