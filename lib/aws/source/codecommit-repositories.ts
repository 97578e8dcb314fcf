import {
  type CodeCommitClient,
  CreateRepositoryCommand,
  GetRepositoryCommand,
  RepositoryNameExistsException,
} from '@aws-sdk/client-codecommit';
import type { Repositories } from '../../ports/repositories';

/** The port Repositories over CodeCommit. */
export function codeCommitRepositories(client: CodeCommitClient): Repositories {
  return {
    async ensure(repositoryName) {
      try {
        const { repositoryMetadata } = await client.send(new CreateRepositoryCommand({ repositoryName }));
        return repositoryMetadata!.cloneUrlHttp!;
      } catch (error) {
        if (!(error instanceof RepositoryNameExistsException)) throw error;
        const { repositoryMetadata } = await client.send(new GetRepositoryCommand({ repositoryName }));
        return repositoryMetadata!.cloneUrlHttp!;
      }
    },
  };
}
