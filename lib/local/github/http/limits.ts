/** GitHub's limits; tests make them smaller. */
export interface Limits {
  /** Entries and bytes of a tree beyond which it is truncated. */
  treeEntries: number;
  treeBytes: number;
  /** Bytes of a webhook's payload beyond which it is not sent. */
  payloadBytes: number;
  /** Calls an hour. */
  callsPerHour: number;
  /** Milliseconds after which a webhook counts as not answered. */
  webhookTimeoutMs: number;
}

/** As documented for the REST API and for webhooks. */
export const LIMITS: Readonly<Limits> = {
  treeEntries: 100_000,
  treeBytes: 7 * 1024 * 1024,
  payloadBytes: 25 * 1024 * 1024,
  callsPerHour: 5000,
  webhookTimeoutMs: 10_000,
};
