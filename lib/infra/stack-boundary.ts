import { Effect, ManagedPolicy, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { BOUNDARY_NAME } from '../core/contracts/release';
import { ABOVE_ACCOUNTS, codeNever, denied, OF_DEPLOYMENTS, OTHER_NAMES, ownKeysNever, STACK_CHANGES } from './never';
import { type PlatformNames, platformsOwn } from './platforms-own';

/**
 * What roles never do that stacks of services make: get at what is the platform's, change IAM, or have a stack do it
 * for them. Without it, whoever may deploy a stack could have it make an administrator and be that. Stacks in the
 * platform's own account make no role without it; elsewhere the owner names it, or another, in seedbed.yml.
 */
export class StackBoundary extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: PlatformNames) {
    super(scope, id);
    const own = platformsOwn(this, props);
    this.policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: BOUNDARY_NAME,
      description: 'What roles of deployed stacks never do in this account, whatever their policies say',
      document: new PolicyDocument({
        statements: [
          new PolicyStatement({ effect: Effect.ALLOW, actions: ['*'], resources: ['*'] }),
          denied([...IAM_CHANGES, ...ABOVE_ACCOUNTS, ...OTHER_NAMES, ...OF_DEPLOYMENTS, ...STACK_CHANGES], ['*']),
          denied(['*'], [...own.read, ...own.identities, ...own.others]),
          ownKeysNever(props.platformStackName),
          ...codeNever(this, ['/apis', '/apis/*']),
        ],
      }),
    });
  }
}

/** All verbs of IAM but those that read, and `Pass`: a role may hand other roles of its app to services. */
const IAM_CHANGES = [
  ...['Add', 'Attach', 'Change', 'Create', 'Deactivate', 'Delete', 'Detach', 'Enable', 'Put', 'Remove', 'Reset'],
  ...['Resync', 'Set', 'Tag', 'Untag', 'Update', 'Upload'],
].map((verb) => `iam:${verb}*`);
