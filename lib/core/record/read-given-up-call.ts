import * as z from 'zod';

/** A message of a queue of calls that were given up, as it lies there. */
export interface KeptMessage {
  readonly id: string;
  /** When it was put there (ISO 8601). */
  readonly sentAt: string;
  readonly body: string;
  /** Its message attributes. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a message says: which call was given up, or why that cannot be told. */
export type GivenUpCall =
  | { readonly kind: 'call'; readonly payload: unknown; readonly why: string }
  | { readonly kind: 'unreadable'; readonly why: string };

/**
 * What Lambda writes to a destination on failure. A call that was never run (`EventAgeExceeded`) has no response:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
const LambdaRecord = z
  .looseObject({
    requestContext: z.looseObject({ condition: z.string().optional() }),
    responsePayload: z.unknown().optional(),
  })
  .refine((record) => Object.hasOwn(record, 'requestPayload'), { path: ['requestPayload'], error: 'is missing' });

/** What a function answers that threw: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
const Thrown = z.looseObject({ errorType: z.string().optional(), errorMessage: z.string() });

/**
 * Reads a message that Lambda or EventBridge wrote. Of EventBridge's the whole body is the event, and attributes say
 * why it was given up: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function readGivenUpCall({ body, attributes }: Pick<KeptMessage, 'body' | 'attributes'>): GivenUpCall {
  let written: unknown;
  try {
    written = JSON.parse(body);
  } catch {
    return { kind: 'unreadable', why: 'its body is not JSON' };
  }
  const { RULE_ARN, ERROR_CODE, ERROR_MESSAGE } = attributes;
  if (RULE_ARN !== undefined) {
    const why = [ERROR_CODE, ERROR_MESSAGE].filter((text) => text !== undefined).join(': ');
    return { kind: 'call', payload: written, why: why || 'EventBridge does not say why' };
  }
  const record = LambdaRecord.safeParse(written);
  if (!record.success)
    return { kind: 'unreadable', why: 'neither Lambda nor EventBridge wrote it: it does not say what was called' };
  const thrown = Thrown.safeParse(record.data.responsePayload);
  const why = thrown.success
    ? [thrown.data.errorType, thrown.data.errorMessage].filter((text) => text !== undefined).join(': ')
    : record.data.requestContext.condition;
  return { kind: 'call', payload: record.data.requestPayload, why: why ?? 'Lambda does not say why' };
}
