import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../core/canonical-json';
import type { PackagedTemplate } from './run-serverless';

/** Stands in until lib/core/template has `templateHash`. */
export function packagedTemplateHash(template: PackagedTemplate): string {
  const text = canonicalJson(template as unknown as Json)
    .replaceAll(/\d{13}-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '')
    .replaceAll(/ApiGatewayDeployment\d+/g, 'ApiGatewayDeployment')
    .replaceAll(/LambdaVersion[A-Za-z0-9]{30,}/g, 'LambdaVersion')
    .replaceAll(/"CodeSha256":"[^"]*"/g, '');
  return createHash('sha256').update(text).digest('hex');
}
