import * as z from 'zod';
import { sqsGivenUpCalls } from '../../aws/callers/sqs-given-up-calls';
import { patientLambdaClient } from '../../aws/clients/lambda';
import { sqsClient } from '../../aws/clients/sqs';
import { callFunction } from '../../aws/target/lambda-user-hooks';
import { CALLED_WORKERS, type CalledWorkerKey, calledWorkerOutputs } from '../../core/contracts/called-workers';
import type { HookAnswer } from '../../core/shift/judge-hook';
import type { GivenUpCalls } from '../../ports/given-up-calls';
import { type AwsEnvironment, clientOptions, readOutputs } from './connect-platform';

/** A worker that is called asynchronously, as its owner reaches it. */
export interface AdminWorker {
  readonly key: CalledWorkerKey;
  readonly givenUp: GivenUpCalls;
  /** Calls it with what it was called with before, and waits for its answer. */
  call(payload: unknown): Promise<HookAnswer>;
}

/** The platform as its owner reaches it, without the door: with the rights of the caller's own credentials. */
export interface PlatformAdmin {
  readonly workers: readonly AdminWorker[];
}

const OUTPUTS = z.object(
  Object.fromEntries(
    CALLED_WORKERS.flatMap((key) => Object.values(calledWorkerOutputs(key))).map((name) => [name, z.string()]),
  ),
);

/**
 * Connects to the platform of an account and region.
 * @throws ReleaseError PlatformNotFound, also if it is older than the command
 */
export async function connectAdmin(environment: AwsEnvironment): Promise<PlatformAdmin> {
  const outputs = await readOutputs(OUTPUTS, environment);
  const options = clientOptions(environment);
  const [sqs, lambda] = [sqsClient(options), patientLambdaClient(options)];
  return {
    workers: CALLED_WORKERS.map((key) => {
      const { functionName, queueUrl } = calledWorkerOutputs(key);
      return {
        key,
        givenUp: sqsGivenUpCalls(sqs, outputs[queueUrl]!),
        call: (payload) => callFunction(lambda, { name: outputs[functionName]! }, payload),
      };
    }),
  };
}
