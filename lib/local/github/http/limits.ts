import { AMOUNTS } from '../../quotas/amounts';

/** GitHub's limits; tests make them smaller. */
export interface Limits {
  /** A tree with more entries or bytes than these is truncated. */
  treeEntries: number;
  treeBytes: number;
  /** A webhook whose payload has more bytes than this is not sent. */
  payloadBytes: number;
  /** Calls an hour. */
  callsPerHour: number;
  /** Requests of one caller that create content. */
  contentPerMinute: number;
  contentPerHour: number;
  /** Milliseconds after which a webhook counts as unanswered. */
  webhookTimeoutMs: number;
}

/** As documented for the REST API and for webhooks. */
export const LIMITS: Readonly<Limits> = {
  treeEntries: 100_000,
  treeBytes: 7 * 1024 * 1024,
  payloadBytes: 25 * 1024 * 1024,
  callsPerHour: 5000,
  contentPerMinute: AMOUNTS['github-content-a-minute'].figure,
  contentPerHour: AMOUNTS['github-content-an-hour'].figure,
  webhookTimeoutMs: 10_000,
};
