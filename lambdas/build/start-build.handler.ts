import { codeBuildClient } from '../../lib/aws/clients/codebuild';
import { codeCommitClient } from '../../lib/aws/clients/codecommit';
import { codeBuildBuilds } from '../../lib/aws/codebuild-builds';
import { codeCommitSource } from '../../lib/aws/codecommit-source';
import { readEnv } from '../../lib/config/environment';
import { START_BUILD_ENV } from './env';
import { startBuild } from './start-build';

const env = readEnv(START_BUILD_ENV);

export const handler = startBuild({
  source: codeCommitSource(codeCommitClient()),
  builds: codeBuildBuilds(codeBuildClient(), env.BUILD_PROJECT),
  artifactBucket: env.ARTIFACT_BUCKET,
});
