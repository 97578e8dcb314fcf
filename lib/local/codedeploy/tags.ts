import { AwsError } from '../calls/aws-error';
import type { Operation } from '../gateway/gateway';
import type { Home } from './home';

interface Tag {
  readonly Key: string;
  readonly Value?: string;
}

/** Sets the tags that a resource is created with. */
export function setTags(home: Home, arn: string, tags: readonly Tag[]): void {
  home.tags.set(arn, new Map(tags.map(({ Key, Value = '' }) => [Key, Value])));
}

/** Forgets the tags of a deleted resource. */
export const removeTags = (home: Home, arn: string): void => void home.tags.delete(arn);

/** Reading tags, which only applications and groups have. */
export const tagOperations = (homeOf: (caller: Parameters<Operation>[1]) => Home): Record<string, Operation> => ({
  ListTagsForResource: async ({ ResourceArn }, caller) => {
    const tags = homeOf(caller).tags.get(checkArn(homeOf(caller), ResourceArn));
    return { Tags: [...(tags ?? [])].map(([Key, Value]) => ({ Key, Value })) };
  },
});

function checkArn(home: Home, arn: string | undefined): string {
  if (!arn) throw new AwsError('ResourceArnRequiredException', 'The ARN of a resource is missing');
  const [, kind = '', name = ''] = /^arn:aws:codedeploy:[^:]+:\d+:(application|deploymentgroup):(.+)$/.exec(arn) ?? [];
  if (kind === '') throw new AwsError('InvalidArnException', `The ARN is invalid: ${arn}`);
  const [application = '', group] = name.split('/');
  const known = home.applications.get(application);
  if (kind === 'application' && !known)
    throw new AwsError('ApplicationDoesNotExistException', `No application found for name: ${application}`);
  if (kind === 'deploymentgroup' && !known?.groups.has(group ?? ''))
    throw new AwsError('DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${group}`);
  return arn;
}
