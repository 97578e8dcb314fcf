import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

/**
 * @returns the ARN of who calls, which everybody may ask:
 *   https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const callerArn = async (client: STSClient): Promise<string> =>
  (await client.send(new GetCallerIdentityCommand({}))).Arn ?? '';
