import { access } from 'node:fs/promises';
import { basename, isAbsolute, join, relative } from 'node:path';
import { ReleaseError } from '../core/contracts/errors';
import type { FrameworkOutput } from './run-serverless';
import { refuseLinkOutside } from './stay-within';

/** A place in the template that points at a file of the package, and the file. */
export interface BundleFile {
  readonly kind: 'function' | 'layer' | 'asset';
  readonly logicalId: string;
  /** Path of the S3 key below the resource's `Properties`. */
  readonly property: readonly string[];
  /** Absolute path of the file. */
  readonly file: string;
}

const KINDS: Readonly<Record<string, { readonly kind: BundleFile['kind']; readonly property: string }>> = {
  'AWS::Lambda::Function': { kind: 'function', property: 'Code.S3Key' },
  'AWS::Lambda::LayerVersion': { kind: 'layer', property: 'Content.S3Key' },
};

/**
 * Finds every file of the package that the template points at.
 *
 * @param serviceDirectory where paths of prebuilt artifacts in the framework's configuration start
 * @param repository root of the repository, which no link of it may leave
 * @throws ReleaseError `PackageFailed` if a file is missing or a link leaves the package or the repository,
 *   `FrameworkUnsupported` for a pointer of unknown form
 */
export async function findBundleFiles(
  output: FrameworkOutput,
  serviceDirectory: string,
  repository: string = serviceDirectory,
): Promise<readonly BundleFile[]> {
  const prefix = `${output.state.package.artifactDirectoryName}/`;
  const prebuilt = prebuiltArtifacts(output.state, serviceDirectory);
  const places = { directory: output.directory, repository, prebuilt };
  const found: BundleFile[] = [];
  for (const [logicalId, { Type, Properties }] of Object.entries(output.template.Resources)) {
    for (const { property, text } of stringsIn(Properties)) {
      if (!text.includes(prefix.slice(0, -1))) continue;
      if (!text.startsWith(prefix)) throw unknownPointer(logicalId, Type, property);
      const known = KINDS[Type];
      const kind = known?.property === property.join('.') ? known.kind : 'asset';
      const name = text.slice(prefix.length);
      found.push({ kind, logicalId, property, file: await locate(name, logicalId, places) });
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

/** Artifacts that a plug-in or the user built are uploaded under their own base name from where they are. */
function prebuiltArtifacts(state: FrameworkOutput['state'], serviceDirectory: string): ReadonlyMap<string, string> {
  const { functions, layers } = state.service;
  const artifacts = [...entries(functions), ...entries(layers)]
    .map((holder) => at(at(holder, 'package'), 'artifact'))
    .concat(state.prebuilt)
    .filter((artifact) => typeof artifact === 'string');
  return new Map(
    artifacts.map((path) => [basename(path), isAbsolute(path) ? path : join(serviceDirectory, path)] as const),
  );
}

/** Where files of a package lie. */
interface Places {
  /** What the framework packaged. */
  readonly directory: string;
  readonly repository: string;
  /** By base name. */
  readonly prebuilt: ReadonlyMap<string, string>;
}

async function locate(name: string, logicalId: string, { directory, repository, prebuilt }: Places): Promise<string> {
  const own = join(directory, name);
  for (const file of [own, prebuilt.get(name)]) {
    const isThere =
      file !== undefined &&
      (await access(file).then(
        () => true,
        () => false,
      ));
    if (!isThere) continue;
    // An artifact that is named by a path outside the repository is meant to be there; a link is not what it seems.
    const root = file === own ? directory : repository;
    if (file === own || file.startsWith(`${root}/`)) await refuseLinkOutside(root, relative(root, file));
    return file;
  }
  throw new ReleaseError(
    'PackageFailed',
    `resource ${logicalId} of the packaged template points at ${name}, but packaging left no such file`,
  );
}

function* stringsIn(
  value: unknown,
  property: readonly string[] = [],
): Generator<{ property: readonly string[]; text: string }> {
  if (typeof value === 'string') yield { property, text: value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* stringsIn(inner, [...property, key]);
}

const entries = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
