import { verify } from 'node:crypto';
import { GitHubError } from '../http/answer';

/** An app's own token may be valid for ten minutes; clocks may differ by one. */
const LONGEST_S = 600;
const DRIFT_S = 60;

const refused = (message: string) => new GitHubError(401, message);

/** @returns whether a token has the form of a JSON web token, as only apps show them. */
export const isJsonWebToken = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);

/** @returns the app id that a token claims; nothing has been verified yet. */
export function issuerOf(token: string): string {
  const issuer = part(token, 1).iss;
  return typeof issuer === 'number' ? String(issuer) : typeof issuer === 'string' ? issuer : '';
}

/**
 * Verifies an app's JSON web token as GitHub does: its signature (RS256, with the app's key) and its times.
 * @param now seconds since 1970
 * @throws GitHubError 401
 */
export function checkJsonWebToken(token: string, publicKey: string, now: number): void {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const signed = Buffer.from(`${header}.${payload}`);
  if (part(token, 0).alg !== 'RS256' || !verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url')))
    throw refused('A JSON web token could not be decoded');
  const { iat, exp } = part(token, 1);
  if (typeof iat !== 'number' || iat > now + DRIFT_S)
    throw refused("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  if (typeof exp !== 'number' || exp <= now)
    throw refused(
      "'Expiration time' claim ('exp') must be a numeric value representing " +
        'the future time at which the assertion expires',
    );
  if (exp > now + LONGEST_S + DRIFT_S) throw refused("'Expiration time' claim ('exp') is too far in the future");
}

function part(token: string, index: 0 | 1): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString('utf8'));
  } catch {
    throw refused('A JSON web token could not be decoded');
  }
}
