import { createHash } from 'node:crypto';
import { ReleaseError } from '../../core/contracts/errors';
import type { StackManifest } from '../../core/contracts/manifest';
import { templateHash } from '../../core/template/normalise-template';
import { asTemplate, type Template } from '../../core/template/template';
import type { Artifacts } from '../../ports/artifacts';

/**
 * The framework's own template, as packaged. It lies where builds of the stage write, so it has to be the one that the
 * manifest names by its hash; of an old package, which has no hash of the bytes, one of the same content.
 *
 * @throws ReleaseError `TemplateInvalid` if it is not there, not JSON, no template, or not the manifest's
 */
export async function readTemplate(
  artifacts: Pick<Artifacts, 'readBytes'>,
  { template, templateSha256, templateHash: ofContent, service }: StackManifest,
): Promise<Template> {
  const bytes = await artifacts.readBytes(template);
  const invalid = (what: string, cause?: unknown) =>
    new ReleaseError('TemplateInvalid', `the template of service "${service}" (${template}) ${what}; release again`, {
      cause,
    });
  if (!bytes) throw invalid('is not in the artifact repository');
  if (templateSha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== templateSha256)
    throw invalid('is not the one that its manifest names: it was written over since it was packaged');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw invalid('is not JSON', cause);
  }
  const parsed = asTemplate(value);
  if (templateSha256 === undefined && templateHash(parsed) !== ofContent) {
    throw invalid('is not the one that its manifest names: it was written over, or packaged by an older Seedbed');
  }
  return parsed;
}
