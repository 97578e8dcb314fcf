import { type ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import type { ImageRegistry } from '../../ports/image-registry';

/**
 * The port ImageRegistry over the Elastic Container Registry.
 * @param repository URI of the app's repository, in the client's Region
 */
export const ecrImageRegistry = (client: Pick<ECRClient, 'send'>, repository: string): ImageRegistry => ({
  repository,
  authorization: async () => {
    const { authorizationData = [] } = await client.send(new GetAuthorizationTokenCommand({}));
    return authorizationData[0]!.authorizationToken!;
  },
});
