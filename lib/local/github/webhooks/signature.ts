import { createHmac } from 'node:crypto';

/** @returns the headers that prove a webhook's body to who knows the secret; none without one. */
export function signatureHeaders(secret: string | undefined, body: string): Readonly<Record<string, string>> {
  if (!secret) return {};
  const hash = (algorithm: string) => createHmac(algorithm, secret).update(body).digest('hex');
  return { 'x-hub-signature': `sha1=${hash('sha1')}`, 'x-hub-signature-256': `sha256=${hash('sha256')}` };
}
