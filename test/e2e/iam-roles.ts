import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { WORKERS_PATH } from '../../lib/core/contracts/release';
import { makeRole, type RoleOptions } from '../iam-role';
import { SPEED } from './local-speed';

const ACCOUNT = '111122223333';

/**
 * Makes a role in the local cloud of this process's environment, and waits until services may assume it: that takes 5
 * seconds of the cloud's time.
 * @returns its ARN
 */
export async function aRole(options: RoleOptions): Promise<string> {
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_SECRET_ACCESS_KEY } = process.env;
  const root = { accessKeyId: ACCOUNT, secretAccessKey: AWS_SECRET_ACCESS_KEY! };
  const place = { endpoint: AWS_ENDPOINT_URL!, accountId: ACCOUNT, region: AWS_REGION!, root };
  const arn = await makeRole(place, options);
  await new Promise((resolve) => setTimeout(resolve, 5_000 / SPEED + 20));
  return arn;
}

/** @returns an STS client with the session of a role that deploy roles trust, as those of workers */
export async function stsOfAWorker(name: string): Promise<STSClient> {
  const RoleArn = await aRole({ name: `Seedbed-${name}`, path: WORKERS_PATH, actions: ['sts:AssumeRole'] });
  const { Credentials } = await new STSClient().send(new AssumeRoleCommand({ RoleArn, RoleSessionName: name }));
  return new STSClient({
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken,
    },
  });
}
