import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { makeRole, type RoleOptions } from '../iam-role';

const ACCOUNT = '111122223333';

/** Makes a role in the local cloud of this process's environment. @returns its ARN */
export const aRole = (options: RoleOptions): Promise<string> =>
  makeRole({ endpoint: process.env.AWS_ENDPOINT_URL!, accountId: ACCOUNT, region: process.env.AWS_REGION! }, options);

/** @returns an STS client with the session of a role that deploy roles trust, as those of workers */
export async function stsOfAWorker(name: string): Promise<STSClient> {
  const RoleArn = await aRole({ name: `Seedbed-${name}`, actions: ['sts:AssumeRole'] });
  const { Credentials } = await new STSClient().send(new AssumeRoleCommand({ RoleArn, RoleSessionName: name }));
  return new STSClient({
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken,
    },
  });
}
