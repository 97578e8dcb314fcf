import { realpathSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ecrImageRegistry } from '../lib/aws/builds/ecr-image-registry';
import { s3Artifacts } from '../lib/aws/builds/s3-artifacts';
import { ecrClient } from '../lib/aws/clients/ecr';
import { s3Client } from '../lib/aws/clients/s3';
import { ssmClient } from '../lib/aws/clients/ssm';
import { stsClient } from '../lib/aws/clients/sts';
import { ssmCloneCredentials } from '../lib/aws/parameters/ssm-clone-credentials';
import { ssmEnvironments } from '../lib/aws/parameters/ssm-environments';
import { SYSTEM_CLOCK } from '../lib/aws/system-clock';
import { buildRole } from '../lib/aws/target/build-role';
import { BUILD_REQUEST_VARIABLE, BuildRequest } from '../lib/core/contracts/build-request';
import { BUILD_ROLE_VARIABLE, IMAGE_REPOSITORY_VARIABLE } from '../lib/core/contracts/stage-build';
import { runBuild } from '../lib/packager/run-build';

/** What CodeBuild runs: packages the service that the build request names, and exits 1 if that fails. */
async function main(): Promise<void> {
  const request = readRequest();
  const ssm = ssmClient();
  const roleArn = process.env[BUILD_ROLE_VARIABLE];
  const imageRepository = process.env[IMAGE_REPOSITORY_VARIABLE];
  const succeeded = await runBuild(request, {
    // S3 answers once the whole of a bundle is there.
    artifacts: s3Artifacts(s3Client({ answerWithin: 0 }), request.artifactBucket),
    cloneCredentials: ssmCloneCredentials(ssm),
    environments: ssmEnvironments(ssm),
    ...(imageRepository && { images: ecrImageRegistry(ecrClient(), imageRepository) }),
    ...(roleArn && { role: buildRole(stsClient(), roleArn, `release-${request.releaseId}`) }),
    // The one place that can be written to wherever a build runs: on Lambda neither home nor source can. It goes when
    // the build goes, and has the same name in every build, since some tools write names of directories into what they
    // make.
    directory: join(realpathSync(tmpdir()), 'seedbed-build'),
    cacheDirectory: join(homedir(), '.cache', 'seedbed'),
    env: process.env,
    clock: SYSTEM_CLOCK,
    log: (line) => process.stdout.write(`${line}\n`),
  });
  process.exitCode = succeeded ? 0 : 1;
}

function readRequest(): BuildRequest {
  const text = process.env[BUILD_REQUEST_VARIABLE];
  if (!text) throw new Error(`environment variable not set: ${BUILD_REQUEST_VARIABLE}`);
  return BuildRequest.parse(JSON.parse(text));
}

main().catch((error: unknown) => {
  // Without a valid request there is nowhere to store an error; only the build's log has it.
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
