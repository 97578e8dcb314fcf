import type { STSClient } from '@aws-sdk/client-sts';
import { targetCredentials } from './target-credentials';

/**
 * The role of a stage's builds in the stage's account. It trusts one role of the platform's account by its exact ARN,
 * and so asks for no external id. A session of one role opened by another's lasts an hour at most, as builds do:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 *
 * @param arn of the role
 * @param session name of the session, as CloudTrail of the stage's account shows it
 */
export const buildRole = (sts: STSClient, arn: string, session: string) => ({
  name: arn.slice(arn.lastIndexOf('/') + 1),
  credentials: targetCredentials(sts, { deployRoleArn: arn }, session),
});
