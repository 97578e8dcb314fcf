import type { STSClient } from '@aws-sdk/client-sts';
import type { TargetPorts, TargetPortsOf } from '../ports/target-ports';
import { cloudFormationClient } from './clients/cloudformation';
import { lambdaClient } from './clients/lambda';
import { cloudFormationStacks } from './cloudformation-stacks';
import { lambdaFunctions } from './lambda-functions';
import { retryingConflicts } from './retrying-conflicts';
import { targetCredentials } from './target-credentials';

/**
 * Ports into targets with the power of their deploy roles. Clients, credentials and rate budgets are kept by target.
 *
 * @param options `artifactBucket`: where bundles and templates are; `session`: name of the worker in the target's CloudTrail
 */
export function awsTargetPorts(
  sts: STSClient,
  { artifactBucket, session }: { readonly artifactBucket: string; readonly session: string },
): TargetPortsOf {
  const kept = new Map<string, TargetPorts>();
  return (target) => {
    const key = `${target.region} ${target.deployRoleArn} ${target.externalId}`;
    let ports = kept.get(key);
    if (!ports) {
      const options = { region: target.region, credentials: targetCredentials(sts, target, session) };
      ports = {
        functions: lambdaFunctions(retryingConflicts(lambdaClient(options)), artifactBucket),
        stacks: cloudFormationStacks(cloudFormationClient(options), { bucket: artifactBucket, region: target.region }),
      };
      kept.set(key, ports);
    }
    return ports;
  };
}
