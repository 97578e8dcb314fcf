import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Target } from '../core/release';

/** Credentials in the form that SDK clients take. */
export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Renewed this long before they expire: longer than any worker runs. */
const MARGIN = 5 * 60_000;

/**
 * Credentials of a target's deploy role. They are kept, for all clients and across the invocations of a warm worker,
 * so the session is named after the worker and not after the release that happened to be its first.
 *
 * @param session name of the role session, as CloudTrail of the target's account shows it
 * @returns a credential provider as SDK clients take it
 */
export function targetCredentials(
  sts: STSClient,
  { deployRoleArn, externalId }: Pick<Target, 'deployRoleArn' | 'externalId'>,
  session: string,
): () => Promise<TemporaryCredentials> {
  let kept: Promise<TemporaryCredentials> | undefined;

  const assume = async (): Promise<TemporaryCredentials> => {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: deployRoleArn, ExternalId: externalId, RoleSessionName: session }),
    );
    return {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
      expiration: Credentials!.Expiration!,
    };
  };

  const renew = (): Promise<TemporaryCredentials> => {
    const asked = assume();
    // A failure is not kept: the next call asks again.
    asked.catch(() => {
      if (kept === asked) kept = undefined;
    });
    kept = asked;
    return asked;
  };

  return async () => {
    const credentials = await (kept ?? renew());
    return credentials.expiration.getTime() - Date.now() > MARGIN ? credentials : renew();
  };
}
