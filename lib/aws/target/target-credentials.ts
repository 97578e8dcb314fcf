import { AssumeRoleCommand, type STSClient, STSServiceException } from '@aws-sdk/client-sts';
import { ReleaseError } from '../../core/contracts/errors';
import type { Target } from '../../core/contracts/release';

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
 * Credentials of a target's deploy role. They are kept for all clients and across the invocations of a warm worker, so
 * the session is named after the worker and not after the release that happened to come first.
 *
 * @param session name of the role session, as CloudTrail of the target's account shows it
 * @param more `policy`: narrows the sessions to what this policy allows as well; `now`: epoch milliseconds
 * @returns a credential provider as SDK clients take it; it throws ReleaseError `TargetAccessDenied` if the role is
 * missing or does not trust the platform
 */
export function targetCredentials(
  sts: STSClient,
  { deployRoleArn, externalId }: Pick<Target, 'deployRoleArn'> & Partial<Pick<Target, 'externalId'>>,
  session: string,
  { policy, now = Date.now }: { readonly policy?: string; readonly now?: () => number } = {},
): () => Promise<TemporaryCredentials> {
  let kept: Promise<TemporaryCredentials> | undefined;

  const assume = async (): Promise<TemporaryCredentials> => {
    const { Credentials } = await sts
      .send(
        new AssumeRoleCommand({
          RoleArn: deployRoleArn,
          ExternalId: externalId,
          RoleSessionName: session,
          ...(policy !== undefined && { Policy: policy }),
        }),
      )
      .catch((error: unknown) => {
        // STS has no class for it, and gives the same answer whether the role is missing or does not trust us.
        if (!(error instanceof STSServiceException) || error.name !== 'AccessDenied') throw error;
        throw new ReleaseError(
          'TargetAccessDenied',
          `role ${deployRoleArn} of the target cannot be assumed; deploy the target's stack to its account and ` +
            "Region, with this platform's account and the same external id, or correct the target in seedbed.yml",
          { cause: error },
        );
      });
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
    return credentials.expiration.getTime() - now() > MARGIN ? credentials : renew();
  };
}
