import { access } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { ReleaseError } from '../../../core/contracts/errors';
import { serviceFunctions, serviceLayers } from '../../../core/shift/service-functions';
import { refuseLinkOutside } from '../../stay-within';
import type { BundleFile } from '../kind';
import type { FrameworkOutput } from './run-serverless';

const KINDS: Readonly<Record<string, { readonly kind: BundleFile['kind']; readonly property: string }>> = {
  'AWS::Lambda::Function': { kind: 'function', property: 'Code.S3Key' },
  'AWS::Lambda::LayerVersion': { kind: 'layer', property: 'Content.S3Key' },
};

/**
 * Finds every file of the package that the template points at. The framework names it by its base name alone, which
 * prebuilt artifacts of several functions and layers may share: what a function's or layer's own `package.artifact`
 * names counts, then the service's, and only then what the framework itself has packaged.
 *
 * @param serviceDirectory where paths of prebuilt artifacts in the framework's configuration start
 * @param repository root of the repository, which no link of it may leave
 * @throws ReleaseError `PackageFailed` if a file is missing, is packaged for two different things or cannot be told
 *   from another, or if a link leaves the package or the repository; `FrameworkUnsupported` for a pointer of unknown
 *   form
 */
export async function findBundleFiles(
  output: FrameworkOutput,
  serviceDirectory: string,
  repository: string = serviceDirectory,
): Promise<readonly BundleFile[]> {
  const prefix = `${output.state.package.artifactDirectoryName}/`;
  const places = { directory: output.directory, repository, artifacts: findArtifacts(output, serviceDirectory) };
  const found: BundleFile[] = [];
  const packagedFor = new Map<string, Packaged>();
  for (const [logicalId, { Type, Properties }] of Object.entries(output.template.Resources)) {
    for (const { property, text } of stringsIn(Properties)) {
      if (!text.includes(prefix.slice(0, -1))) continue;
      if (!text.startsWith(prefix)) throw unknownPointer(logicalId, Type, property);
      const known = KINDS[Type];
      const kind = known?.property === property.join('.') ? known.kind : 'asset';
      const name = text.slice(prefix.length);
      const file = await locate(name, logicalId, places);
      if (file === join(output.directory, name)) refuseOverwritten(packagedFor, { logicalId, kind, file });
      found.push({ kind, logicalId, property, file });
    }
  }
  return found;
}

const unknownPointer = (logicalId: string, type: string, property: readonly string[]): ReleaseError =>
  new ReleaseError(
    'FrameworkUnsupported',
    `resource ${logicalId} (${type}) points at a file of the package from ${property.join('.')} in a way that ` +
      'cannot be ' +
      'followed; nested stacks of plug-ins that split stacks are not supported yet',
  );

type Packaged = Pick<BundleFile, 'logicalId' | 'kind' | 'file'>;

/** The framework writes a layer and a function of one name to one file, so that the last one is the code of both. */
function refuseOverwritten(packagedFor: Map<string, Packaged>, one: Packaged): void {
  const other = packagedFor.get(one.file);
  packagedFor.set(one.file, one);
  if (other === undefined || (other.kind === one.kind && one.kind !== 'layer')) return;
  throw new ReleaseError(
    'PackageFailed',
    `${other.logicalId} and ${one.logicalId} of the packaged template are both packaged into ${basename(one.file)}, ` +
      'so that one has the code of the other; give one of them another name in the configuration, or a ' +
      '"package.artifact" of its own',
  );
}

/** Absolute paths of prebuilt artifacts, which are uploaded under their base name from where they are. */
interface PrebuiltArtifacts {
  /** By logical id: what a function or layer has of its own. */
  readonly own: ReadonlyMap<string, string>;
  /** Those, and what functions and layers have that are in the template by no name of theirs. */
  readonly all: readonly string[];
  /** Of the whole service, for functions without one of their own. */
  readonly ofService: readonly string[];
}

function findArtifacts({ state, template }: FrameworkOutput, serviceDirectory: string): PrebuiltArtifacts {
  const { functions, layers } = state.service;
  const own = new Map<string, string>();
  const all: string[] = [];
  const note = (logicalId: string | undefined, holder: unknown) => {
    const artifact = at(at(holder, 'package'), 'artifact');
    if (!isPath(artifact)) return;
    const file = resolve(serviceDirectory, artifact);
    all.push(file);
    if (logicalId !== undefined) own.set(logicalId, file);
  };
  for (const { key, logicalId } of serviceFunctions(functions, template)) note(logicalId, at(functions, key));
  for (const { key, logicalId } of serviceLayers(layers, template)) note(logicalId, at(layers, key));
  const ofService = [state.prebuilt, at(state.package, 'artifact')].filter(isPath);
  return { own, all, ofService: ofService.map((artifact) => resolve(serviceDirectory, artifact)) };
}

/** Where files of a package lie. */
interface Places {
  /** What the framework packaged. */
  readonly directory: string;
  readonly repository: string;
  readonly artifacts: PrebuiltArtifacts;
}

async function locate(name: string, logicalId: string, { directory, repository, artifacts }: Places): Promise<string> {
  const packaged = join(directory, name);
  for (const file of candidates(name, logicalId, artifacts, packaged)) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (!isThere) continue;
    // An artifact that is named by a path outside the repository is meant to be there; a link is not what it seems.
    const root = file === packaged ? directory : repository;
    if (file === packaged || file.startsWith(`${root}/`)) await refuseLinkOutside(root, relative(root, file));
    return file;
  }
  throw new ReleaseError(
    'PackageFailed',
    `resource ${logicalId} of the packaged template points at ${name}, but packaging left no such file`,
  );
}

/** What the framework has packaged is another place's artifact too, until it is moved into the package. */
function candidates(
  name: string,
  logicalId: string,
  { own, all, ofService }: PrebuiltArtifacts,
  packaged: string,
): readonly string[] {
  const isNamed = (file: string) => basename(file) === name;
  const artifact = own.get(logicalId);
  if (artifact !== undefined) return [artifact, packaged];
  // A resource that a plug-in has made has what is uploaded by that name, unless there are several such files.
  const others = [...new Set(all.filter(isNamed))];
  return [...ofService.filter(isNamed), packaged, ...(others.length === 1 ? others : [])];
}

function* stringsIn(
  value: unknown,
  property: readonly string[] = [],
): Generator<{ property: readonly string[]; text: string }> {
  if (typeof value === 'string') yield { property, text: value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* stringsIn(inner, [...property, key]);
}

const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

const isPath = (artifact: unknown): artifact is string => typeof artifact === 'string' && artifact !== '';
