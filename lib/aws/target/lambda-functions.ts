import {
  CodeSigningConfigNotFoundException,
  CodeStorageExceededException,
  CodeVerificationFailedException,
  CreateAliasCommand,
  type FunctionConfiguration,
  GetAliasCommand,
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  InvalidCodeSignatureException,
  InvalidParameterValueException,
  type LambdaClient,
  PreconditionFailedException,
  PublishVersionCommand,
  ResourceNotFoundException,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  type UpdateFunctionCodeCommandInput,
} from '@aws-sdk/client-lambda';
import { DEFAULT_ARCHITECTURE } from '../../core/contracts/architecture';
import type { CodeOutcome, FunctionReading, Functions } from '../../ports/functions';
import { SYSTEM_CLOCK } from '../system-clock';
import { configurationDigest } from './function-configuration';
import { throttledIfBusy } from './lambda-busy';
import { plainInvokers } from './lambda-invokers';
import type { PacedCalls } from './paced-calls';
import { rateBudget } from './rate-budget';

/**
 * GetFunction has its own rate of 100 a second:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const READS_PER_SECOND = 80;

/**
 * The port Functions over Lambda (https://docs.aws.amazon.com/lambda/latest/api/). Code is taken from `artifactBucket`,
 * which must be in the client's Region.
 * @param control how control calls are made, out of the pool of 15 a second that an account has in a Region: as they
 * come, if it is left out
 */
export function lambdaFunctions(
  client: LambdaClient,
  artifactBucket: string,
  control: PacedCalls = (call) => call(),
): Functions {
  const reading = rateBudget(READS_PER_SECOND, SYSTEM_CLOCK);

  return {
    read: (name, qualifier) =>
      throttledIfBusy(name, async () => {
        try {
          const { Configuration: found } = await reading(() =>
            client.send(new GetFunctionCommand({ FunctionName: name, Qualifier: qualifier })),
          );
          return {
            version: found!.Version!,
            codeSha256: found!.CodeSha256!,
            revisionId: found!.RevisionId!,
            configuration: configurationDigest(found!),
            ...readinessOf(found!),
            role: found!.Role!,
            deadLetterTarget: found!.DeadLetterConfig?.TargetArn || undefined,
            made: {
              isImage: found!.PackageType === 'Image',
              runtime: found!.Runtime,
              handler: found!.Handler,
              architecture: found!.Architectures?.[0] ?? DEFAULT_ARCHITECTURE,
            },
          };
        } catch (error) {
          if (error instanceof ResourceNotFoundException) return undefined;
          throw error;
        }
      }),

    alias: (name, alias) =>
      throttledIfBusy(name, async () => {
        try {
          const found = await control(() => client.send(new GetAliasCommand({ FunctionName: name, Name: alias })));
          return { version: found.FunctionVersion!, weights: found.RoutingConfig?.AdditionalVersionWeights ?? {} };
        } catch (error) {
          if (error instanceof ResourceNotFoundException) return undefined;
          throw error;
        }
      }),

    plainInvokers: (name) => throttledIfBusy(name, () => plainInvokers(client, name)),

    updateCode: ({ name, bundle, image, revisionId, publish }) =>
      codeOutcome(name, 'refused', async () => {
        const kept = keptSettings(await reading(() => client.send(new GetFunctionCommand({ FunctionName: name }))));
        return control(() =>
          client.send(
            new UpdateFunctionCodeCommand({
              ...kept,
              FunctionName: name,
              ...(image === undefined ? { S3Bucket: artifactBucket, S3Key: bundle } : { ImageUri: image }),
              RevisionId: revisionId,
              Publish: publish === 'version',
            }),
          ),
        );
      }),

    publish: (name, codeSha256) =>
      // The hash is the only parameter that Lambda can reject here: $LATEST has different code by now.
      codeOutcome(name, 'changed-since-read', () =>
        control(() => client.send(new PublishVersionCommand({ FunctionName: name, CodeSha256: codeSha256 }))),
      ),

    moveAlias: (name, { alias, version }) =>
      throttledIfBusy(name, async () => {
        // An empty map takes away a weight that an interrupted shift may have left.
        const wanted = {
          FunctionName: name,
          Name: alias,
          FunctionVersion: version,
          RoutingConfig: { AdditionalVersionWeights: {} },
        };
        const attempt = (command: () => Promise<unknown>): Promise<'moved' | 'missing'> =>
          control(command).then(
            () => 'moved' as const,
            (error) => {
              if (error instanceof ResourceNotFoundException) return 'missing';
              throw error;
            },
          );
        const moved = await attempt(() => client.send(new UpdateAliasCommand(wanted)));
        return moved === 'moved' ? moved : attempt(() => client.send(new CreateAliasCommand(wanted)));
      }),
  };
}

/**
 * What an update of the code takes for its default if it is left out, while the function has something else
 * (https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html): the architecture; whether Lambda copies
 * the code or refers to the bucket, of which `ResolvedS3Object` tells
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-self-managed-storage.html); the key that encrypts it.
 * `test/aws/target/left-out-parameters.test.ts` has all parameters of all calls.
 */
function keptSettings({
  Configuration,
  Code,
}: GetFunctionCommandOutput): Pick<
  UpdateFunctionCodeCommandInput,
  'Architectures' | 'S3ObjectStorageMode' | 'SourceKMSKeyArn'
> {
  return {
    Architectures: Configuration?.Architectures,
    S3ObjectStorageMode: Code?.ResolvedS3Object === undefined ? undefined : 'REFERENCE',
    SourceKMSKeyArn: Code?.SourceKMSKeyArn,
  };
}

/**
 * `State` tells of a creation, also of a version's, and `LastUpdateStatus` of an update:
 * https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html. Lambda makes a function that is Inactive ready
 * again when it is invoked.
 */
function readinessOf(found: FunctionConfiguration): Pick<FunctionReading, 'readiness' | 'failure'> {
  const { State: state, LastUpdateStatus: lastUpdate } = found;
  if (state === 'Failed') return { readiness: 'failed', failure: found.StateReason || undefined };
  if (lastUpdate === 'Failed') return { readiness: 'failed', failure: found.LastUpdateStatusReason || undefined };
  return { readiness: state === 'Pending' || lastUpdate === 'InProgress' ? 'pending' : 'ready' };
}

/**
 * Why Lambda refuses code that is there and readable: no space is left, or it is not signed as the function demands.
 */
const REFUSALS = [
  CodeStorageExceededException,
  CodeVerificationFailedException,
  CodeSigningConfigNotFoundException,
  InvalidCodeSignatureException,
];

/** @param invalid what it means if Lambda rejects a parameter */
async function codeOutcome(
  name: string,
  invalid: 'refused' | 'changed-since-read',
  call: () => Promise<{ readonly Version?: string; readonly CodeSha256?: string }>,
): Promise<CodeOutcome> {
  return throttledIfBusy(name, async () => {
    try {
      const { Version, CodeSha256 } = await call();
      return { outcome: 'done', version: Version!, codeSha256: CodeSha256! };
    } catch (error) {
      if (error instanceof PreconditionFailedException) return { outcome: 'changed-since-read' };
      if (error instanceof ResourceNotFoundException) return { outcome: 'missing' };
      const isInvalid = error instanceof InvalidParameterValueException;
      if (isInvalid && invalid === 'changed-since-read') return { outcome: invalid };
      if (isInvalid || REFUSALS.some((one) => error instanceof one)) {
        return { outcome: 'refused', reason: (error as Error).message };
      }
      throw error;
    }
  });
}
