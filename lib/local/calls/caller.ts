import { AwsError } from './aws-error';
import type { AwsCall } from './aws-request';
import type { EmulatorClient } from './emulator-client';

/** Who makes a call. */
export interface Caller {
  readonly accountId: string;
  readonly region: string;
  /** Access key, with which the gateway may call the emulator on the caller's behalf. */
  readonly accessKey: string;
  /** ARN of the identity: a role session for workers and builds, the account's root for plain test credentials. */
  readonly arn: string;
}

/**
 * Resolves the identity behind a call with the emulator's STS. As in MiniStack, an access key of 12 digits is an
 * account, and one that is no session's belongs to the default account.
 * @throws AwsError `UnrecognizedClientException` if there is no such session, or it has expired
 */
export async function identifyCaller(
  call: Pick<AwsCall, 'accessKey' | 'region'>,
  local: { readonly emulator: EmulatorClient | undefined; readonly account: string; readonly region: string },
): Promise<Caller> {
  const region = call.region ?? local.region;
  const accessKey = call.accessKey ?? local.account;
  const root = (accountId: string): Caller => ({ accountId, region, accessKey, arn: `arn:aws:iam::${accountId}:root` });
  if (/^\d{12}$/.test(accessKey)) return root(accessKey);
  if (!local.emulator || !accessKey.startsWith('ASIA')) return root(local.account);
  const { status, body } = await local.emulator.send({ accessKey, region }, 'sts', {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  });
  if (status >= 400)
    throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(body.toString('utf8'))?.[1];
  const accountId = arn?.split(':')[4];
  return arn && accountId ? { accountId, region, accessKey, arn } : root(local.account);
}
