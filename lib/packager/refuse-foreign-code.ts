import { type NativeFile, wrongNativeFiles } from '../core/build/native-code';
import { Architecture, DEFAULT_ARCHITECTURE } from '../core/contracts/architecture';
import { ReleaseError } from '../core/contracts/errors';
import { type Resource, resourcesOfType, type Template } from '../core/template/template';
import { nameSome } from '../core/text/name-some';

/** A bundle of a function or a layer, and the native libraries in it. */
interface NativeBundle {
  readonly kind: 'function' | 'layer' | 'asset';
  readonly logicalId: string;
  readonly bundle: { readonly native: readonly NativeFile[] };
}

/** Whose package it is, as a message says it. */
interface PackageOf {
  readonly app: string;
  readonly stage: string;
  readonly template?: string;
}

/**
 * Refuses what would deploy, and fail when it is called: libraries for another processor than a function has.
 *
 * @throws ReleaseError `PackageFailed` with the function, the library, and what to set
 */
export function refuseForeignCode(template: Template, bundles: readonly NativeBundle[], of: PackageOf): void {
  const functions = new Map(resourcesOfType(template, 'AWS::Lambda::Function'));
  const layers = new Map(resourcesOfType(template, 'AWS::Lambda::LayerVersion'));
  const all = new Set([...functions.values()].map((one) => architectureOf(one)));
  const problems = bundles.flatMap(({ kind, logicalId, bundle }) => {
    const resource = functions.get(logicalId) ?? layers.get(logicalId);
    if (kind === 'asset' || resource === undefined || bundle.native.length === 0) return [];
    const wanted = kind === 'function' ? [architectureOf(resource)] : architecturesOfLayer(resource, all);
    return wanted.flatMap((architecture) => describe({ logicalId, bundle }, architecture, of));
  });
  if (problems.length > 0) throw new ReleaseError('PackageFailed', problems.join('\n'));
}

/**
 * @returns the architecture that a service's builds need: that of its functions with native code, or else that of all
 *   its functions. If these differ, or only CloudFormation will know, it is what functions have that do not say.
 */
export function packageArchitecture(template: Template, bundles: readonly NativeBundle[]): Architecture {
  const native = new Set(bundles.filter(({ bundle }) => bundle.native.length > 0).map(({ logicalId }) => logicalId));
  const functions = resourcesOfType(template, 'AWS::Lambda::Function');
  const withNative = functions.filter(([logicalId]) => native.has(logicalId));
  const all = new Set((withNative.length > 0 ? withNative : functions).map(([, one]) => architectureOf(one)));
  return (all.size === 1 ? [...all][0] : undefined) ?? DEFAULT_ARCHITECTURE;
}

function describe(
  { logicalId, bundle }: Pick<NativeBundle, 'logicalId' | 'bundle'>,
  architecture: Architecture | undefined,
  { app, stage, template = stage }: PackageOf,
): readonly string[] {
  if (architecture === undefined) return [];
  const wrong = wrongNativeFiles(bundle.native, architecture);
  if (wrong.length === 0) return [];
  const others = [...new Set(wrong.map(({ runsOn }) => (runsOn === 'other' ? 'another processor' : runsOn)))];
  return [
    `${logicalId} runs on ${architecture}, but its bundle has native code for ${others.join(' and ')}: ` +
      `${nameSome(wrong.map(({ path }) => path))}. Build it on ${architecture} (set "architecture: ${architecture}" in ` +
      `"apps.${app}.stages.${template}.build" of seedbed.yml), install it for that processor, give the function the ` +
      'other "architecture" in serverless.yml, or leave it out of the package',
  ];
}

/** @returns what a function of a template runs on; undefined if only CloudFormation will know */
export function architectureOf({ Properties }: Resource): Architecture | undefined {
  const given = Properties?.Architectures;
  if (given === undefined) return DEFAULT_ARCHITECTURE;
  const [only, ...more] = Array.isArray(given) ? given : [];
  return more.length === 0 ? Architecture.safeParse(only).data : undefined;
}

/** A layer that says it is for both has to be right for each; one that says nothing, for the service's functions. */
function architecturesOfLayer(
  { Properties }: Resource,
  ofFunctions: ReadonlySet<Architecture | undefined>,
): readonly (Architecture | undefined)[] {
  const given = Properties?.CompatibleArchitectures;
  if (Array.isArray(given)) return given.map((one) => Architecture.safeParse(one).data);
  return ofFunctions.size === 1 ? [...ofFunctions] : [];
}
