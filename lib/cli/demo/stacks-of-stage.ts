import { CloudFormationClient, paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { stackTags } from '../../core/deploy/stack-tags';
import type { LocalCloud } from '../../local/local-cloud';

/** @returns the names of the stacks that a local cloud has of a stage, whatever the platform knows of them. */
export async function stacksOfStage(
  { endpoint, region, root }: Pick<LocalCloud, 'endpoint' | 'region' | 'root'>,
  stage: { readonly app: string; readonly stage: string },
): Promise<readonly string[]> {
  const client = new CloudFormationClient({ endpoint, region, credentials: root });
  const { 'seedbed:service': _, ...wanted } = stackTags({ ...stage, service: '' });
  const found: string[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
    for (const { StackName = '', StackStatus, Tags = [] } of Stacks) {
      const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
      const isOurs = Object.entries(wanted).every(([key, value]) => tags[key] === value);
      if (isOurs && StackStatus !== 'DELETE_COMPLETE') found.push(StackName);
    }
  }
  client.destroy();
  return found.sort();
}
