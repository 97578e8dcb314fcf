import type { STSClient } from '@aws-sdk/client-sts';
import type { TargetPortsOf } from '../../ports/target-ports';
import { lambdaClient } from '../clients/lambda';
import { lambdaFunctions } from './lambda-functions';
import { lambdaVersions } from './lambda-versions';
import { perTarget, type TargetAccess, type TargetClientOptions } from './per-target';
import { retryingConflicts } from './retrying-conflicts';

/** @returns the functions of targets, for workers that touch no stack: they then load no CloudFormation client. */
export const awsTargetFunctions = (
  sts: STSClient,
  access: TargetAccess,
  callsPerSecond?: number,
): TargetPortsOf<'functions'> =>
  perTarget(sts, access, (options, artifactBucket) => ({
    functions: functionsOf(options, artifactBucket, callsPerSecond),
  }));

/** @returns the port Functions over the Lambda of one target. */
export const functionsOf = (options: TargetClientOptions, artifactBucket: string, callsPerSecond?: number) =>
  lambdaFunctions(retryingConflicts(lambdaClient(options)), artifactBucket, callsPerSecond);

/** @returns the port Versions over the Lambda of one target. A conflict means that a version is in use: it stays. */
export const versionsOf = (options: TargetClientOptions) => lambdaVersions(lambdaClient(options));
