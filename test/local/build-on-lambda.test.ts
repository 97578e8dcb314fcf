import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  CreateProjectCommand,
  StartBuildCommand,
} from '@aws-sdk/client-codebuild';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { bundlePackager } from '../../buildspec/bundle';
import { BUILD_REQUEST_VARIABLE, type BuildRequest } from '../../lib/core/contracts/build-request';
import { buildErrorKey, manifestKey } from '../../lib/core/contracts/keys';
import { ON_LAMBDA } from '../../lib/infra/build-projects';
import { aDirectory, aRepository } from '../packager/scratch';
import { type ACloud, aCloud, aZip, eventually, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

const RELEASE = '01HZZZZZZZZZZZZZZZZZZZZZZZ';
const SERVICE = {
  'serverless.yml': [
    'service: api',
    'provider: { name: aws, runtime: nodejs22.x }',
    'functions: { hello: { handler: hello.handler } }',
  ].join('\n'),
  'hello.js': 'exports.handler = async () => 1;',
};

/** In the double a build on Lambda has no home, and fails if it writes to its source directory. */
describe('the packager in a build on Lambda', () => {
  let at: ACloud;
  beforeAll(async () => {
    at = await aCloud('on-lambda');
  });
  afterAll(() => at.cloud.stop());

  it('packages a service where only the directory for temporary files can be written to', async () => {
    const [client, s3] = [new CodeBuildClient(at.client), new S3Client(at.client)];
    for (const Bucket of ['packager', 'artifacts']) await s3.send(new CreateBucketCommand({ Bucket }));
    const directory = aDirectory();
    bundlePackager(directory);
    const Body = aZip({ 'packager.js': readFileSync(join(directory, 'packager.js'), 'utf8') });
    await s3.send(new PutObjectCommand({ Bucket: 'packager', Key: 'source.zip', Body }));
    await client.send(
      new CreateProjectCommand({
        name: 'packager',
        source: { type: 'S3', location: 'packager/source.zip', buildspec: JSON.stringify(ON_LAMBDA) },
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: {
          type: 'LINUX_LAMBDA_CONTAINER',
          image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22',
          computeType: 'BUILD_LAMBDA_4GB',
        },
        serviceRole: ROLE,
      }),
    );
    const { directory: repository, commit } = aRepository(SERVICE);
    const request: BuildRequest = {
      releaseId: RELEASE,
      app: 'shop',
      stage: 'dev',
      service: '.',
      commit,
      cloneUrl: `file://${repository}`,
      region: 'us-east-1',
      artifactBucket: 'artifacts',
    };
    const environmentVariablesOverride = [{ name: BUILD_REQUEST_VARIABLE, value: JSON.stringify(request) }];
    const started = await client.send(new StartBuildCommand({ projectName: 'packager', environmentVariablesOverride }));
    const build = await eventually(async () => {
      const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [started.build!.id!] }));
      return builds?.[0]?.buildComplete ? builds[0] : undefined;
    });
    const stored = async (Key: string) => {
      const found = await s3.send(new GetObjectCommand({ Bucket: 'artifacts', Key })).catch(() => undefined);
      return found?.Body?.transformToString();
    };
    expect(await stored(buildErrorKey(request, '.', RELEASE))).toBeUndefined();
    expect(build.phases?.flatMap(({ contexts = [] }) => contexts.map(({ message }) => message))).toEqual([]);
    expect(build.buildStatus).toBe('SUCCEEDED');
    expect(await stored(manifestKey(request, '.', RELEASE))).toContain('HelloLambdaFunction');
  });
});
