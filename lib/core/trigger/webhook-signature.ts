import { createHmac, timingSafeEqual } from 'node:crypto';

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/**
 * @param header `X-Hub-Signature-256`
 * @param bytes the body as it came, byte for byte
 * @param secrets one, or while it is changed the new and the old one
 * @returns whether one of the secrets has signed these bytes. The time it takes does not reveal which one, or how
 *   close a forgery came.
 */
export function isSigned(header: string, bytes: Uint8Array, secrets: readonly string[]): boolean {
  const hex = SIGNATURE.exec(header)?.[1];
  if (hex === undefined) return false;
  const given = Buffer.from(hex, 'hex');
  const fits = secrets.map((secret) => timingSafeEqual(createHmac('sha256', secret).update(bytes).digest(), given));
  return fits.includes(true);
}
