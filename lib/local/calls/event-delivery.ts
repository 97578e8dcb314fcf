import { AwsError } from './aws-error';
import type { Caller } from './caller';
import type { EmulatorClient } from './emulator-client';

/** An event of an AWS service, such as `aws.codecommit`. */
interface ServiceEvent {
  readonly source: `aws.${string}`;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Puts a service's event on the default bus of the account and region in which it happened. */
export type EmitEvent = (where: Pick<Caller, 'accountId' | 'region'>, event: ServiceEvent) => Promise<void>;

/**
 * Delivers through the emulator's own EventBridge, so that rules, input transformers and all kinds of targets work as
 * they do for any event. PutEvents refuses `aws.*` sources; the launcher lets those of the gateway pass.
 */
export function eventDelivery(emulator: EmulatorClient): EmitEvent {
  return async ({ accountId, region }, event) => {
    const entry = {
      Source: event.source,
      DetailType: event.detailType,
      Resources: event.resources,
      Detail: JSON.stringify(event.detail),
    };
    const answer = await emulator.json<{ FailedEntryCount: number; Entries: { ErrorMessage?: string }[] }>(
      { accessKey: accountId, region },
      'events',
      'AWSEvents.PutEvents',
      { Entries: [entry] },
    );
    if (answer.FailedEntryCount > 0)
      throw new AwsError(
        'InternalFailure',
        `event ${event.detailType} was refused: ${answer.Entries[0]?.ErrorMessage}`,
        500,
      );
  };
}
