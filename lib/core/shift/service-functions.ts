import { resourcesOfType, type Template } from '../template/template';

/** A function of a service, by the key that it has in the framework's configuration. */
export interface ServiceFunction {
  readonly key: string;
  /** Absent if the template does not have it. */
  readonly logicalId?: string;
  /** What is written at its `deploymentSettings`. */
  readonly deploymentSettings: unknown;
}

/** The logical id that the framework gives a function or layer with this key. */
const logicalIdOf = (key: string, suffix: 'LambdaFunction' | 'LambdaLayer'): string => {
  const normal = key.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  return `${normal.charAt(0).toUpperCase()}${normal.slice(1)}${suffix}`;
};

/**
 * @param functions `functions` of the resolved configuration
 * @param template what the framework made of it
 * @returns the functions of the configuration, in its order
 */
export function serviceFunctions(functions: unknown, template: Template): readonly ServiceFunction[] {
  const resources = resourcesOfType(template, 'AWS::Lambda::Function');
  const ids = new Set(resources.map(([id]) => id));
  return Object.entries((functions ?? {}) as Readonly<Record<string, unknown>>).map(([key, value]) => {
    const { name, deploymentSettings } = (value ?? {}) as { readonly name?: unknown; deploymentSettings?: unknown };
    const usual = logicalIdOf(key, 'LambdaFunction');
    // A plug-in may name resources differently; then the physical name decides. Other frameworks use logical ids as
    // keys.
    const logicalId = ids.has(usual)
      ? usual
      : ids.has(key)
        ? key
        : resources.find(([, { Properties }]) => name !== undefined && Properties?.FunctionName === name)?.[0];
    return { key, deploymentSettings, ...(logicalId === undefined ? {} : { logicalId }) };
  });
}

/**
 * @param layers `layers` of the resolved configuration
 * @param template what the framework made of it
 * @returns the layers of the configuration, in its order
 */
export function serviceLayers(
  layers: unknown,
  template: Template,
): readonly Pick<ServiceFunction, 'key' | 'logicalId'>[] {
  const resources = resourcesOfType(template, 'AWS::Lambda::LayerVersion');
  const ids = new Set(resources.map(([id]) => id));
  return Object.entries((layers ?? {}) as Readonly<Record<string, unknown>>).map(([key, value]) => {
    const { name = key } = (value ?? {}) as { readonly name?: unknown };
    const usual = logicalIdOf(key, 'LambdaLayer');
    return {
      key,
      logicalId: ids.has(usual) ? usual : resources.find(([, { Properties }]) => Properties?.LayerName === name)?.[0],
    };
  });
}
