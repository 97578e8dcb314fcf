import type { Env, SOURCE_ENV } from '../../config/environment';
import type { RepositoryNotices } from '../../ports/repository-notices';
import type { Secrets } from '../../ports/secrets';
import type { Topic } from '../../ports/topic';
import { lazyPort } from '../clients/lazy-port';

// What the worker `notify` needs only if an app is at GitHub, or a webhook or the topic is to be told.

/** @returns what GitHub shows of releases. */
export const noticesOnDemand = (env: Env<typeof SOURCE_ENV>): RepositoryNotices =>
  lazyPort(async () => {
    const [{ gitHub }, { gitHubNotices }] = await Promise.all([
      import('../source/github'),
      import('../../github/github-notices'),
    ]);
    return gitHubNotices(gitHub(env));
  });

/** @returns the secrets of webhooks. */
export const secretsOnDemand = (): Secrets =>
  lazyPort(async () => {
    const [{ secretsManagerClient }, { secretsManagerSecrets }] = await Promise.all([
      import('../clients/secrets-manager'),
      import('../source/secrets-manager-secrets'),
    ]);
    return secretsManagerSecrets(secretsManagerClient());
  });

/** @returns the topic of releases. */
export const topicOnDemand = (topicArn: string): Topic =>
  lazyPort(async () => {
    const [{ snsClient }, { snsTopic }] = await Promise.all([import('../clients/sns'), import('./sns-topic')]);
    return snsTopic(snsClient(), topicArn);
  });
