import { transformTemplate } from './alias-transform';
import type { ForeignQualifier } from './foreign-qualifiers';
import { resourcesOfType, type Template } from './template';

/**
 * @param template the framework's own template
 * @returns what invokes functions by another alias than ours once the template is transformed; not what names a version
 * @throws ReleaseError `TemplateTooLarge`, as transforming it does
 */
export function foreignAliases(template: Template, alias: string): readonly ForeignQualifier[] {
  const liveVersions = Object.fromEntries(resourcesOfType(template, 'AWS::Lambda::Function').map(([id]) => [id, '1']));
  return transformTemplate(template, { alias, liveVersions }).foreign.filter(({ kind }) => kind === 'alias');
}
