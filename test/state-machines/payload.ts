import type { Json } from '../../lib/core/text/canonical-json';
import { StateError, TOO_LARGE } from './state-error';

/**
 * Bytes that the input, the result and the output of a state may have, and the variables that one state sets together:
 * 256 KiB. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const LARGEST_PAYLOAD = 262_144;

/**
 * @param what it is, for the message
 * @returns the value as it is when it has been JSON: nothing becomes null
 * @throws StateError if it is larger than Step Functions takes
 */
export function asPayload(what: string, value: unknown): Json {
  const text = JSON.stringify(value) ?? 'null';
  const size = Buffer.byteLength(text);
  if (size > LARGEST_PAYLOAD) throw new StateError(TOO_LARGE, `${what} has ${size} bytes, of ${LARGEST_PAYLOAD}`);
  return JSON.parse(text);
}
