import { transformTemplate } from '../core/template/alias-transform';
import { resourcesOfType, type Template } from '../core/template/template';
import type { Log } from './run-command';

/** So many warnings are told with the release; the build's log has all of them. */
const MOST_TOLD = 10;

/**
 * Checks the template as it will be deployed, so that the build already reports what otherwise the deploy would find:
 * that it becomes too large, or that something in it may keep invoking a function instead of its alias.
 *
 * @returns what is to be told with the release
 * @throws ReleaseError `TemplateTooLarge`
 */
export function checkTemplate(
  template: Template,
  { alias, log }: { readonly alias: string; readonly log: Log },
): readonly string[] {
  // Assumes a later release: how many versions a first one needs is not known here, so the deploy checks that.
  const liveVersions = Object.fromEntries(resourcesOfType(template, 'AWS::Lambda::Function').map(([id]) => [id, '1']));
  const { notAliased, warnings } = transformTemplate(template, { alias, liveVersions });
  for (const { logicalId, reason } of notAliased) log(`function ${logicalId} gets no alias: ${reason}`);
  const lines = warnings.map(({ path, message }) => `${path}: ${message}`);
  for (const line of lines) log(`warning: ${line}`);
  const more = lines.length - MOST_TOLD;
  return more <= 0 ? lines : [...lines.slice(0, MOST_TOLD), `${more} more of this kind: see the log of the build`];
}
