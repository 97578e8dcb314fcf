import { SOURCE_ENV } from '../../lib/config/environment';

/** Variables that each worker of `record` reads. */
export const RECORD_ENV = ['STATE_TABLE', 'ARTIFACT_BUCKET'] as const;
export const RECORD_FAILURE_ENV = RECORD_ENV;
export const FINISH_ENV = [
  'STATE_TABLE',
  'ARTIFACT_BUCKET',
  'RELEASE_STATE_MACHINE',
  'SERVICE_RELEASE_STATE_MACHINE',
] as const;
export const SWEEP_ENV = FINISH_ENV;
/** `WEBHOOKS`: JSON, a list of WebhookNotification. */
export const NOTIFY_ENV = [...SOURCE_ENV, 'STATE_TABLE', 'RELEASES_TOPIC', 'WEBHOOKS'] as const;
