import { functionIdOf } from './framework-versions';
import { literalOf } from './function-names';
import { resourcesOfType, type Template } from './template';

/**
 * @param alias name of the alias
 * @returns logical id of the alias by that of its function, for each function that has it in this template
 */
export function findAliases(template: Template, alias: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [id, resource] of resourcesOfType(template, 'AWS::Lambda::Alias')) {
    const functionId = functionIdOf(template, resource.Properties?.FunctionName);
    if (functionId !== undefined && literalOf(resource.Properties?.Name) === alias) found.set(functionId, id);
  }
  return found;
}

/**
 * @param current the template that a stack has
 * @param next the framework's own template that takes its place
 * @returns names of the aliases that a function loses with it, of those that stand for the function as a whole: the
 *   platform names their resources after it, as serverless-plugin-canary-deployments did
 */
export function formerAliases(current: Template | undefined, functionId: string, next: Template): readonly string[] {
  if (current === undefined) return [];
  return resourcesOfType(current, 'AWS::Lambda::Alias').flatMap(([id, { Properties }]) => {
    const name = literalOf(Properties?.Name);
    const isOurs =
      id.startsWith(`${functionId}Alias`) && functionIdOf(current, Properties?.FunctionName) === functionId;
    return isOurs && name !== undefined && next.Resources[id] === undefined ? [name] : [];
  });
}
