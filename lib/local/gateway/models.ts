import { AwsError } from '../calls/aws-error';
import type { EmulatorClient } from '../calls/emulator-client';

/** What of a call is compared with the service's model: its input, or the output that is to be the answer. */
export interface Modelled {
  /** As AWS's SDKs name the service's model, such as `codebuild`. */
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  /** Not there before the operation has been carried out. */
  readonly output?: unknown;
}

/**
 * Compares a call of a service that the gateway answers itself, or its answer, with AWS's model. The emulator does it,
 * as it does with what it answers itself.
 * @throws AwsError what the service says of an input that breaks the model; `InternalFailure` with the operation, the
 *   member and the rule if the output does
 */
export async function requireModel(emulator: EmulatorClient, modelled: Modelled): Promise<void> {
  const broken = await emulator.ask({ accessKey: '000000000000', region: 'us-east-1' }, 'model', modelled);
  if (broken.code) throw new AwsError(broken.code, broken.message ?? '', broken.status);
}
