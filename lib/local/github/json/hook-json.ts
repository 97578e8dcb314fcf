import type { Delivery, Hook, HookConfig } from '../webhooks/hooks';
import { time } from './repository-json';

/** @returns where a hook delivers, without its secret. */
export const configJson = ({ secret, ...config }: HookConfig) => ({
  ...config,
  ...(secret ? { secret: '********' } : {}),
});

/** @param url the hook's, in the API */
export const hookJson = (hook: Hook, url: string, last: Delivery | undefined) => ({
  type: 'Repository',
  id: hook.id,
  name: 'web',
  active: hook.active,
  events: hook.events,
  config: configJson(hook.config),
  created_at: time(hook.created),
  updated_at: time(hook.updated),
  url,
  ping_url: `${url}/pings`,
  test_url: `${url}/test`,
  deliveries_url: `${url}/deliveries`,
  last_response: last
    ? { code: last.statusCode || null, status: last.statusCode ? 'active' : 'failed', message: last.status }
    : { code: null, status: 'unused', message: null },
});

/** @returns a delivery as the API lists it. */
export const deliveryJson = (delivery: Delivery) => ({
  id: delivery.id,
  guid: delivery.guid,
  delivered_at: new Date(delivery.delivered).toISOString(),
  redelivery: delivery.redelivery,
  duration: delivery.duration,
  status: delivery.status,
  status_code: delivery.statusCode,
  event: delivery.event,
  action: delivery.action,
  installation_id: delivery.installationId,
  repository_id: delivery.repositoryId,
  throttled_at: null,
});
