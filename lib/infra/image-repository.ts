import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Repository, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { AppConfig } from '../core/contracts/app-config';

/** What Lambda does to run an image, and whoever gives it one of another account. */
export const READ_IMAGES = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** What pushes an image: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
export const PUSH_IMAGES = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

/**
 * Makes the repository of the images that builds of an app push: scanned as they come, no tag given twice. An image
 * stays for ever, as bundles do, since functions that have it run as long as it is there
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-images.html), and a rollback may want it; so does the
 * repository of an app that goes. Lambda takes images from there for functions of the accounts that the app's stages
 * live in (https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions).
 */
export function imageRepository(scope: Construct, { app, stages }: AppConfig): Repository {
  const repository = new Repository(scope, `Images-${app}`, {
    imageScanOnPush: true,
    imageTagMutability: TagMutability.IMMUTABLE,
    removalPolicy: RemovalPolicy.RETAIN,
    // Every build names what it pushes; what has no name was left by a push that broke off.
    lifecycleRules: [{ tagStatus: TagStatus.UNTAGGED, maxImageAge: Duration.days(30) }],
  });
  const { account: own, partition, region } = Stack.of(scope);
  const targets = Object.values(stages).map(({ target }) => target);
  const accounts = [...new Set(targets.map(({ account }) => account))];
  repository.addToResourcePolicy(
    new PolicyStatement({
      sid: 'LambdaRunsThem',
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('lambda.amazonaws.com')],
      actions: READ_IMAGES,
      conditions: {
        StringLike: {
          'aws:sourceArn': accounts.map((account) => `arn:${partition}:lambda:${region}:${account}:function:*`),
        },
      },
    }),
  );
  const foreign = targets.filter(({ account }) => account !== own);
  if (foreign.length > 0)
    repository.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TargetsGiveThemToLambda',
        effect: Effect.ALLOW,
        principals: [...new Set(foreign.map(({ account }) => account))].map((account) => new AccountPrincipal(account)),
        actions: READ_IMAGES,
        conditions: {
          ArnEquals: {
            'aws:PrincipalArn': [...new Set(foreign.flatMap((one) => [one.deployRoleArn, one.executionRoleArn]))],
          },
        },
      }),
    );
  return repository;
}
