import { ReleaseError } from '../../core/contracts/errors';
import type { Manifest } from '../../core/contracts/manifest';
import { asTemplate, type Template } from '../../core/template/template';
import type { Artifacts } from '../../ports/artifacts';

/**
 * @returns the framework's own template, as packaged
 * @throws ReleaseError `TemplateInvalid` if it is not there, not JSON or no template
 */
export async function readTemplate(artifacts: Artifacts, { template, service }: Manifest): Promise<Template> {
  const bytes = await artifacts.readBytes(template);
  const invalid = (what: string, cause?: unknown) =>
    new ReleaseError('TemplateInvalid', `the template of service "${service}" (${template}) ${what}; release again`, {
      cause,
    });
  if (!bytes) throw invalid('is not in the artifact repository');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw invalid('is not JSON', cause);
  }
  return asTemplate(value);
}
