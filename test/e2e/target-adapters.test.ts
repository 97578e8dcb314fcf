import { createHash, randomBytes } from 'node:crypto';
import { CreateFunctionCommand, UpdateAliasCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import { chunks } from '../../lib/aws/clients/chunks';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { awsTargetPorts } from '../../lib/aws/target/aws-target-ports';
import { aRelease } from '../builders';
import { bucketsContract } from '../contracts/buckets-contract';
import { functionsContract } from '../contracts/functions-contract';
import { stacksContract } from '../contracts/stacks-contract';
import { contractTemplates } from '../contracts/stacks-templates';
import { aRole, stsOfAWorker } from './iam-roles';

/** The adapters into a target, as a worker has them, hold the same contracts as their twins in memory. */
const account = '111122223333';
const region = process.env.AWS_REGION ?? 'us-east-1';
const bucket = `target-adapters-${randomBytes(6).toString('hex')}`;
const roleArn = `arn:aws:iam::${account}:role/target-adapters`;
const target = { ...aRelease().target, account, region, deployRoleArn: roleArn, executionRoleArn: roleArn };
const ports = awsTargetPorts(stsClient(), { artifactBucket: bucket, session: 'target-adapters' })(target);

const s3 = s3Client();
const put = (Key: string, Body: Uint8Array | string) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));

async function putBundle(key: string, text: string) {
  const zip = zipSync({ 'index.js': strToU8(`exports.handler = async () => '${text}';`) });
  await put(key, zip);
  return { key, codeSha256: createHash('sha256').update(zip).digest('base64') };
}

beforeAll(async () => {
  await aRole({ name: 'target-adapters', services: ['cloudformation', 'lambda'] });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
});

describe('lambdaVersions', () => {
  it('deletes one version that no alias names, and keeps function, alias and the others', async () => {
    const { functions, versions } = ports;
    const name = `pruned-${randomBytes(6).toString('hex')}`;
    const bundles = [await putBundle('bundles/one.zip', 'one'), await putBundle('bundles/two.zip', 'two')];
    await lambdaClient().send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: roleArn,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { S3Bucket: bucket, S3Key: bundles[0]!.key },
      }),
    );
    for (const { key } of [bundles[1]!, bundles[0]!])
      await functions.updateCode({ name, bundle: key, publish: 'version' });
    await functions.moveAlias(name, { alias: 'live', version: '2' });
    expect(await versions.list(name)).toMatchObject([
      { version: '1', isDurable: false, size: expect.any(Number) },
      { version: '2' },
    ]);
    expect(await versions.aliases(name)).toEqual([{ version: '2', weights: {} }]);
    expect(await versions.delete(name, '2')).toBe('in-use');
    expect(await versions.delete(name, '1')).toBe('deleted');
    expect(await versions.list(name)).toMatchObject([{ version: '2' }]);
    expect(await versions.list(`${name}-not-there`)).toEqual([]);
    expect(await functions.read(name, 'live')).toMatchObject({ version: '2' });
    expect((await versions.storage()).limit).toBeGreaterThan(0);
  });
});

describe('lambdaFunctions', () =>
  functionsContract(async () => {
    const bundles = {
      first: await putBundle('bundles/first.zip', 'first'),
      second: await putBundle('bundles/second.zip', 'second'),
    };
    const name = `function-${randomBytes(6).toString('hex')}`;
    await lambdaClient().send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: roleArn,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { S3Bucket: bucket, S3Key: bundles.first.key },
      }),
    );
    while ((await ports.functions.read(name))?.readiness === 'pending') {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const weigh = async (alias: string, { version, weight }: { version: string; weight: number }) => {
      const RoutingConfig = { AdditionalVersionWeights: { [version]: weight } };
      await lambdaClient().send(new UpdateAliasCommand({ FunctionName: name, Name: alias, RoutingConfig }));
    };
    const configure = async () => {
      await lambdaClient().send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Timeout: 9 }));
    };
    return { functions: ports.functions, name, bundles, configure, weigh };
  }));

describe('cloudFormationStacks', () =>
  stacksContract(async () => {
    const name = `stack-${randomBytes(6).toString('hex')}`;
    const { key } = await putBundle('bundles/hello.zip', 'hello');
    const bodies = contractTemplates(name, { bucket, key, roleArn });
    for (const [which, body] of Object.entries(bodies)) await put(`packages/${name}/${which}`, JSON.stringify(body));
    return {
      stacks: ports.stacks,
      name,
      executionRoleArn: roleArn,
      bodies,
      templates: {
        first: `packages/${name}/first`,
        second: `packages/${name}/second`,
        renamed: `packages/${name}/renamed`,
        added: `packages/${name}/added`,
        broken: `packages/${name}/broken`,
        refused: `packages/${name}/refused`,
        importing: `packages/${name}/importing`,
      },
    };
  }));

describe('s3Buckets', () => {
  let buckets: ReturnType<ReturnType<typeof awsTargetPorts>>['buckets'];
  beforeAll(async () => {
    const sts = await stsOfAWorker('RemovalWorkersEmptyBuckets-adapters');
    ({ buckets } = awsTargetPorts(sts, { artifactBucket: bucket, session: 'target-adapters' })(target));
  });
  bucketsContract(async () => {
    const name = `objects-${randomBytes(6).toString('hex')}`;
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    await s3.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status: 'Enabled' } }));
    return {
      buckets,
      bucket: name,
      put: async (...keys) => {
        for (const some of chunks(keys, 50)) {
          await Promise.all(some.map((Key) => s3.send(new PutObjectCommand({ Bucket: name, Key, Body: Key }))));
        }
      },
      beginUpload: async (Key) => void (await s3.send(new CreateMultipartUploadCommand({ Bucket: name, Key }))),
    };
  });
});
