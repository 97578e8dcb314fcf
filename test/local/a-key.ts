import { rootClient } from '../../lib/local/calls/root-client';
import type { ACloud } from './a-cloud';

/** Makes a key of KMS whose policy leaves the account to decide, as AWS's default does. @returns its ARN */
export async function aKey({ cloud }: ACloud): Promise<string> {
  const client = rootClient(cloud);
  const Statement = [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${cloud.accountId}:root` }, Action: 'kms:*', Resource: '*' },
  ];
  const answer = await client.send({ accessKey: cloud.accountId, region: cloud.region }, 'kms', {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.CreateKey' },
    body: JSON.stringify({ Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  });
  client.close();
  return JSON.parse(answer.body.toString('utf8')).KeyMetadata.Arn;
}
