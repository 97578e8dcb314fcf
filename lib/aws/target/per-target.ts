import type { STSClient } from '@aws-sdk/client-sts';
import type { Target } from '../../core/contracts/release';
import { type TemporaryCredentials, targetCredentials } from './target-credentials';

/** How a worker enters targets. */
export interface TargetAccess {
  /** Where bundles and templates are. */
  readonly artifactBucket: string;
  /** Name of the worker in the CloudTrail of the targets' accounts. */
  readonly session: string;
}

/** What a client of a target is made with. */
export interface TargetClientOptions {
  readonly region: string;
  readonly credentials: () => Promise<TemporaryCredentials>;
}

/**
 * @param make makes ports into a target with the power of its deploy role
 * @returns the ports into a target, made once for each target: clients, credentials and rate budgets live as long as
 * the worker
 */
export function perTarget<Ports>(
  sts: STSClient,
  { artifactBucket, session }: TargetAccess,
  make: (options: TargetClientOptions, artifactBucket: string, target: Target) => Ports,
): (target: Target) => Ports {
  const kept = new Map<string, Ports>();
  return (target) => {
    const key = `${target.region} ${target.deployRoleArn} ${target.externalId}`;
    const found = kept.get(key);
    if (found) return found;
    const options = { region: target.region, credentials: targetCredentials(sts, target, session) };
    const ports = make(options, artifactBucket, target);
    kept.set(key, ports);
    return ports;
  };
}
