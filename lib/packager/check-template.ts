import { transformTemplate } from '../core/template/alias-transform';
import { resourcesOfType, type Template } from '../core/template/template';
import type { Log } from './run-command';

/**
 * Checks the template as it will be deployed, so that the build already reports what otherwise the deploy would find:
 * that it becomes too large, or that something in it may keep invoking a function instead of its alias.
 *
 * @throws ReleaseError `TemplateTooLarge`
 */
export function checkTemplate(template: Template, { alias, log }: { readonly alias: string; readonly log: Log }): void {
  // Assumes a later release: how many versions a first one needs is not known here, so the deploy checks that.
  const liveVersions = Object.fromEntries(resourcesOfType(template, 'AWS::Lambda::Function').map(([id]) => [id, '1']));
  const { notAliased, warnings } = transformTemplate(template, { alias, liveVersions });
  for (const { logicalId, reason } of notAliased) log(`function ${logicalId} gets no alias: ${reason}`);
  for (const { path, message } of warnings) log(`warning: ${path}: ${message}`);
}
