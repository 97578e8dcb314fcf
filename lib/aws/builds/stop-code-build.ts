import { type CodeBuildClient, StopBuildCommand } from '@aws-sdk/client-codebuild';
import type { Builds } from '../../ports/builds';

/** @returns the part of the port Builds that needs to know no project: an id names its own. */
export const stopCodeBuild = (client: CodeBuildClient): Pick<Builds, 'stop'> => ({
  async stop(buildId) {
    await client.send(new StopBuildCommand({ id: buildId }));
  },
});
