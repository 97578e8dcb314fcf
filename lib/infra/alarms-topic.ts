import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { AlarmSettings } from '../config/alarms';

/**
 * The topic that alarms tell: the owner's, or one of the platform's. That has a key of its own, since CloudWatch cannot
 * publish to a topic whose key is AWS's (`alias/aws/sns`), whose policy nobody can change:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export function alarmsTopic(scope: Construct, { email, topic: given }: AlarmSettings): ITopic {
  if (given !== undefined) return Topic.fromTopicArn(scope, 'Topic', given);
  const stack = Stack.of(scope);
  const alarms = stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: `${stack.stackName}-*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': stack.account }, ArnLike: { 'aws:SourceArn': alarms } },
  });
  const key = new Key(scope, 'Key', {
    // By it the key is known as the platform's: a key has no other name.
    alias: `${stack.stackName}-alarms`,
    description: 'Seedbed: alarms on their way to those whom they tell',
    enableKeyRotation: true,
    // Messages are encrypted for seconds only: nothing is lost with it.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.grant(cloudWatch, 'kms:Decrypt', 'kms:GenerateDataKey*');
  const topic = new Topic(scope, 'Topic', { displayName: 'Seedbed alarms', masterKey: key, enforceSSL: true });
  topic.grantPublish(cloudWatch);
  if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
  return topic;
}
