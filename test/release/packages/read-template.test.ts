import { createHash } from 'node:crypto';
import type { Manifest } from '../../../lib/core/contracts/manifest';
import { templateHash } from '../../../lib/core/template/normalise-template';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { readTemplate } from '../../../lib/release/packages/read-template';
import { aManifest } from '../../builders';

const TEMPLATE = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
const KEY = 'packages/shop/dev/orders/x/template.json';

function read(stored: string | undefined, more: Partial<Manifest>) {
  const artifacts = memoryArtifacts();
  if (stored !== undefined) artifacts.objects.set(KEY, Buffer.from(stored));
  return readTemplate(artifacts, aManifest({}, { template: KEY, ...more }));
}
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const invalid = (words: string) => ({
  code: 'TemplateInvalid',
  message: expect.stringMatching(new RegExp(`^the template of service "orders" \\(${KEY}\\) .*${words}`)),
});

it('reads the template whose bytes the manifest names', async () => {
  const text = JSON.stringify(TEMPLATE);
  expect(await read(text, { templateSha256: sha256(text) })).toEqual(TEMPLATE);
});

it('of an old package, which names no bytes, the template of its content', async () => {
  expect(await read(JSON.stringify(TEMPLATE, null, 2), { templateHash: templateHash(TEMPLATE) })).toEqual(TEMPLATE);
});

it.each<[string, string | undefined, Partial<Manifest>, string]>([
  ['is gone', undefined, {}, 'is not in the artifact repository'],
  ['is not JSON', '{', { templateSha256: sha256('{') }, 'is not JSON'],
  ['has other bytes', JSON.stringify(TEMPLATE), { templateSha256: sha256('x') }, 'is not the one'],
  ['has other content', JSON.stringify(TEMPLATE), { templateHash: sha256('x') }, 'is not the one'],
])('refuses one that %s', async (_, stored, more, words) => {
  await expect(read(stored, more)).rejects.toMatchObject(invalid(words));
});
