import { randomBytes } from 'node:crypto';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { s3Client } from '../../lib/aws/clients/s3';
import { artifactsContract } from '../contracts/artifacts-contract';

describe('s3Artifacts', () => {
  const client = s3Client();
  const Bucket = `artifacts-${randomBytes(6).toString('hex')}`;
  beforeAll(async () => {
    const region = await client.config.region();
    const elsewhere = region === 'us-east-1' ? undefined : { LocationConstraint: region as 'eu-west-1' };
    await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: elsewhere }));
  });
  afterAll(() => client.destroy());
  artifactsContract(() => s3Artifacts(client, Bucket));
});
