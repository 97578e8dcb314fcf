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
