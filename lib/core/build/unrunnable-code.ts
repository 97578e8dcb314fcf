import { type Resource, resourcesOfType, type Template } from '../template/template';
import { isJsonObject } from '../text/canonical-json';
import { findHandlerFile, type HandlerFile } from './handler-file';

/** A bundle and the paths of its entries; none of a file that is no zip. */
export interface BundleContent {
  readonly kind: 'function' | 'layer' | 'asset';
  readonly logicalId: string;
  readonly paths: ReadonlySet<string>;
}

/** A function whose bundle does not hold what its handler names. */
export interface UnrunnableFunction {
  readonly logicalId: string;
  readonly handler: string;
  readonly runtime: string;
  readonly found: Exclude<HandlerFile, { readonly kind: 'found' }>;
  /** What may bring the file all the same: something that is not in the package. Absent if nothing can. */
  readonly mayComeFrom?: 'a layer' | 'an exec wrapper' | 'a file system';
}

/**
 * Finds functions that Lambda could not start. A layer of the package is looked into; a layer of others, a program that
 * wraps the runtime (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html) and a file system that is
 * mounted may bring the file. Not looked at is what is unknown before CloudFormation, and code that is no bundle.
 */
export function unrunnableFunctions(
  template: Template,
  bundles: readonly BundleContent[],
): readonly UnrunnableFunction[] {
  const ofFunctions = new Map(
    bundles.filter(({ kind }) => kind === 'function').map(({ logicalId, paths }) => [logicalId, paths]),
  );
  const ofLayers = new Map(
    bundles.filter(({ kind }) => kind === 'layer').map(({ logicalId, paths }) => [logicalId, paths]),
  );
  return resourcesOfType(template, 'AWS::Lambda::Function').flatMap(([logicalId, resource]) => {
    const paths = ofFunctions.get(logicalId);
    const { Handler: handler, Runtime: runtime } = resource.Properties ?? {};
    if (paths === undefined || typeof handler !== 'string' || typeof runtime !== 'string') return [];
    const found = findHandlerFile({ runtime, handler }, paths);
    if (found.kind === 'found') return [];
    const wrapper = isWrapped(resource);
    // The wrapper gets the handler, and may take it for whatever it likes: a program of the bundle, say.
    if (wrapper && paths.has(handler.replace(/^\.\//, ''))) return [];
    const layers = layersOf(resource, ofLayers);
    if (found.kind === 'missing' && layers.own.some((layer) => holds(layer, { runtime, handler }))) return [];
    // Nobody writes /opt but for what a layer has, and layers are where runtimes of one's own usually come from.
    const isOfLayer = handler.startsWith('/opt/') || runtime.startsWith('provided');
    if (found.kind === 'missing' && layers.hasOthers && isOfLayer) return [];
    const mayComeFrom = wrapper
      ? 'an exec wrapper'
      : found.kind === 'malformed'
        ? undefined
        : layers.hasOthers
          ? 'a layer'
          : isFilled(resource.Properties?.FileSystemConfigs)
            ? 'a file system'
            : undefined;
    return [{ logicalId, handler, runtime, found, ...(mayComeFrom && { mayComeFrom }) }];
  });
}

/** @returns whether a program wraps its runtime, or may: an environment that only CloudFormation knows may name one */
function isWrapped({ Properties }: Resource): boolean {
  const environment = Properties?.Environment;
  if (environment === undefined) return false;
  const variables = isJsonObject(environment) ? environment.Variables : undefined;
  if (!isJsonObject(variables)) return isJsonObject(environment) ? !('Variables' in environment) : true;
  return Object.keys(variables).some((name) => name === 'AWS_LAMBDA_EXEC_WRAPPER' || name.startsWith('Fn::'));
}

interface Layers {
  /** Contents of those that are in the package. */
  readonly own: readonly ReadonlySet<string>[];
  readonly hasOthers: boolean;
}

function layersOf({ Properties }: Resource, ofLayers: ReadonlyMap<string, ReadonlySet<string>>): Layers {
  const listed = Properties?.Layers;
  if (!Array.isArray(listed)) return { own: [], hasOthers: listed !== undefined };
  const own = listed.map((layer) => ofLayers.get(String(isJsonObject(layer) ? layer.Ref : '')));
  return { own: own.filter((paths) => paths !== undefined), hasOthers: own.includes(undefined) };
}

/** A layer's files are found through several paths (`nodejs/node_modules`, `python`, `ruby/lib`): any will do here. */
function holds(layer: ReadonlySet<string>, { runtime, handler }: { runtime: string; handler: string }): boolean {
  const below = [...layer].flatMap((path) => [
    path,
    ...[...path.matchAll(/\//g)].map(({ index }) => path.slice(index + 1)),
  ]);
  const inLayer = handler.replace(/^\/opt\//, '');
  return findHandlerFile({ runtime, handler: inLayer }, new Set(below)).kind === 'found';
}

const isFilled = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);
