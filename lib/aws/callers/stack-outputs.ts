import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { saysNoSuchStack } from '../target/cloudformation-messages';

/** @returns a stack's outputs by name, or undefined if there is no such stack. */
export async function readStackOutputs(
  client: CloudFormationClient,
  stackName: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Object.fromEntries((Stacks?.[0]?.Outputs ?? []).map((one) => [one.OutputKey!, one.OutputValue!]));
  } catch (error) {
    if (saysNoSuchStack(error)) return undefined;
    throw error;
  }
}
