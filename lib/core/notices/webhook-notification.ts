import { createHmac } from 'node:crypto';
import picomatch from 'picomatch';
import * as z from 'zod';
import { RELEASE_STATUS, type ReleaseRecord } from '../contracts/state';

/** Statuses that a webhook may be told of. */
export const NOTIFIABLE = RELEASE_STATUS;

/** A webhook that is told about releases, as the workers get it. */
export const WebhookNotification = z.object({
  /** Name of the secret in AWS Secrets Manager that holds a WebhookSecret. */
  webhook: z.string(),
  format: z.enum(['json', 'slack']),
  on: z.array(z.enum(NOTIFIABLE)),
  /** Names or globs; absent means all. */
  apps: z.array(z.string()).optional(),
  stages: z.array(z.string()).optional(),
});
export type WebhookNotification = z.infer<typeof WebhookNotification>;

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The value of a webhook's secret, as JSON: its URL, which is as good as a password with Slack, and the key we sign
 * with.
 */
export const WebhookSecret = z.strictObject({
  url: z.url().refine((text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || (protocol === 'http:' && LOCAL.has(hostname));
  }, 'use https'),
  secret: z.string().min(16).optional(),
});
export type WebhookSecret = z.infer<typeof WebhookSecret>;

/** @returns whether a webhook should be told about a release in its present state. */
export function isWanted({ on, apps, stages }: WebhookNotification, { release, status }: ReleaseRecord): boolean {
  const among = (globs: readonly string[] | undefined, name: string): boolean =>
    globs === undefined || picomatch.isMatch(name, [...globs]);
  return on.includes(status) && among(apps, release.app) && among(stages, release.stage);
}

/** Headers that a receiver checks. */
export const SIGNATURE_HEADER = 'X-Seedbed-Signature-256';
export const TIMESTAMP_HEADER = 'X-Seedbed-Timestamp';

/**
 * @param timestamp seconds since 1970; part of what is signed, so that an old message cannot be sent again
 * @returns the proof that a body is ours and recent: HMAC-SHA256 over `<timestamp>.<body>`
 */
export const sign = (body: string, { timestamp, secret }: { readonly timestamp: number; readonly secret: string }) =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
