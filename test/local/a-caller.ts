import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { makeRole } from '../iam-role';
import type { ACloud } from './a-cloud';

/** A statement of a policy that allows. */
export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}
let count = 0;

/** @returns what a client needs to call as a new role with these rights, and the role's ARN */
export async function aCaller(
  { cloud, client }: ACloud,
  statements: readonly Statement[],
  accountId = cloud.accountId,
) {
  count += 1;
  const arn = await makeRole({ ...cloud, accountId }, { name: `caller-${count}`, statements });
  const root = { ...cloud.root, accessKeyId: accountId };
  const sts = new STSClient({ ...client, credentials: root });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'test' }));
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  return { arn, client: { ...client, credentials } };
}

/** @returns the ARN of a resource in the local cloud's account */
export const inAccount = ({ cloud }: ACloud, service: string, rest: string): string =>
  `arn:aws:${service}:${cloud.region}:${cloud.accountId}:${rest}`;
