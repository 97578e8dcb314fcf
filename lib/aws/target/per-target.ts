import type { STSClient } from '@aws-sdk/client-sts';
import { type Caller, HOUSEKEEPING } from '../../core/contracts/call-reservations';
import type { Target } from '../../core/contracts/release';
import type { CallBudget } from '../../ports/call-budget';
import type { Fence } from '../../ports/fence';
import type { PaceOptions } from './paced-calls';
import { type TemporaryCredentials, targetCredentials } from './target-credentials';

/** How a worker enters targets. */
export interface TargetAccess {
  /** Where bundles and templates are. */
  readonly artifactBucket: string;
  /** Name of the worker in the CloudTrail of the targets' accounts. */
  readonly session: string;
  /** Of a worker that makes control calls of Lambda: where it reserves them. */
  readonly budget?: CallBudget;
  /** How it makes them. */
  readonly pace?: PaceOptions;
  /** Of a worker that changes targets: what keeps it from doing so when its release may not any more. */
  readonly fence?: Fence;
}

/** What a client of a target is made with. */
export interface TargetClientOptions {
  readonly region: string;
  readonly credentials: () => Promise<TemporaryCredentials>;
}

/**
 * @param make makes the clients of a target, with the power of its deploy role
 * @returns the ports into a target. What `make` makes is made once for each target, so clients and credentials live as
 * long as the worker; the ports are made of it for each caller
 */
export function perTarget<Ports>(
  sts: STSClient,
  { session }: Pick<TargetAccess, 'session'>,
  make: (options: TargetClientOptions, target: Target) => (caller: Caller) => Ports,
): (target: Target, caller?: Caller) => Ports {
  const kept = new Map<string, (caller: Caller) => Ports>();
  return (target, caller = HOUSEKEEPING) => {
    const key = `${target.region} ${target.deployRoleArn} ${target.externalId}`;
    let portsOf = kept.get(key);
    if (!portsOf) {
      const options = { region: target.region, credentials: targetCredentials(sts, target, session) };
      portsOf = make(options, target);
      kept.set(key, portsOf);
    }
    return portsOf(caller);
  };
}
