import * as z from 'zod';
import { alarmsOfStack, lastRun, type WatchedAlarm } from '../../aws/callers/cloudwatch-health';
import { sqsGivenUpCalls } from '../../aws/callers/sqs-given-up-calls';
import { cloudWatchClient } from '../../aws/clients/cloudwatch';
import { patientLambdaClient } from '../../aws/clients/lambda';
import { sqsClient } from '../../aws/clients/sqs';
import { callFunction } from '../../aws/target/lambda-user-hooks';
import { CALLED_WORKERS, type CalledWorkerKey, calledWorkerOutputs } from '../../core/contracts/called-workers';
import type { HookAnswer } from '../../core/shift/judge-hook';
import type { CodeStorages } from '../../ports/code-storages';
import type { GivenUpCalls } from '../../ports/given-up-calls';
import { type AwsEnvironment, clientOptions, connectPlatform, readOutputs, STACK } from './connect-platform';

/** A worker that is called asynchronously, as its owner reaches it. */
export interface AdminWorker {
  readonly key: CalledWorkerKey;
  readonly givenUp: GivenUpCalls;
  /** @returns when it ran last (ISO 8601), to five minutes; undefined if it did not in the last three hours */
  lastRun(): Promise<string | undefined>;
  /** Calls it with what it was called with before, and waits for its answer. */
  call(payload: unknown): Promise<HookAnswer>;
}

/** The platform as its owner reaches it, without the door: with the rights of the caller's own credentials. */
export interface PlatformAdmin {
  readonly workers: readonly AdminWorker[];
  /** @returns all alarms of the platform's stack, by name */
  alarms(): Promise<readonly WatchedAlarm[]>;
  /** How much of Lambda's code storage the targets use, which the door tells. */
  readonly codeStorages: Pick<CodeStorages, 'list'>;
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
  const [sqs, lambda, cloudWatch] = [sqsClient(options), patientLambdaClient(options), cloudWatchClient(options)];
  return {
    alarms: () => alarmsOfStack(cloudWatch, STACK),
    codeStorages: { list: async () => (await connectPlatform(environment)).codeStorages.list() },
    workers: CALLED_WORKERS.map((key) => {
      const { functionName, queueUrl } = calledWorkerOutputs(key);
      return {
        key,
        givenUp: sqsGivenUpCalls(sqs, outputs[queueUrl]!),
        lastRun: () => lastRun(cloudWatch, outputs[functionName]!, Date.now()),
        call: (payload) => callFunction(lambda, { name: outputs[functionName]! }, payload),
      };
    }),
  };
}
