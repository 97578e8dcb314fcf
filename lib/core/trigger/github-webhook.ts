import type { AppConfig } from '../contracts/app-config';
import { type Finding, fail, ok, warn } from '../contracts/diagnosis';
import { eventsOf } from './github-needs';

/** A webhook as GitHub shows it. */
export interface WebhookReading {
  readonly url: string;
  readonly contentType: string;
  readonly hasSecret: boolean;
  readonly checksCertificates: boolean;
  readonly active: boolean;
  readonly events: readonly string[];
  /** The newest deliveries, newest first: the status with which they were answered, 0 for no answer. */
  readonly deliveries: readonly { readonly statusCode: number; readonly at: string }[];
}

/** @returns what is wrong with the webhook, and how its last deliveries were answered */
export function diagnoseWebhook(
  config: Pick<AppConfig, 'pullRequests'>,
  hook: WebhookReading,
  secret: string,
): readonly Finding[] {
  const missing = eventsOf(config).filter((event) => !hook.events.includes(event) && !hook.events.includes('*'));
  const problems = [
    ...(hook.active ? [] : [fail('webhook', 'it is switched off', 'make it active in its settings')]),
    ...missing.map((event) => fail('webhook', `it does not send event "${event}"`, 'choose it in its settings')),
    ...(hook.contentType === 'json'
      ? []
      : [fail('webhook', `it sends "${hook.contentType}"`, 'choose content type application/json')]),
    ...(hook.hasSecret
      ? []
      : [fail('webhook', 'it has no secret', `set one of "webhookSecrets" of secret "${secret}" in its settings`)]),
    ...(hook.checksCertificates ? [] : [warn('webhook', 'it does not check certificates', 'enable SSL verification')]),
  ];
  const delivered = problems.some(({ level }) => level === 'fail') ? [] : [lastDelivery(hook, secret)];
  return [...problems, ...delivered];
}

function lastDelivery({ deliveries, url }: WebhookReading, secret: string): Finding {
  const [last] = deliveries;
  if (!last) return warn('webhook', 'nothing has been delivered yet', 'push something, and look again');
  const { statusCode, at } = last;
  if (statusCode >= 200 && statusCode < 300) return ok('webhook', `${url}; last delivery: ${at}`);
  if (statusCode === 401 || statusCode === 403) {
    return fail(
      'webhook',
      `the delivery of ${at} was refused with ${statusCode}: its signature was made with a secret that the ` +
        'platform does not know',
      `make the secret in the webhook's settings one of "webhookSecrets" of secret "${secret}"`,
    );
  }
  if (statusCode === 0) {
    return fail(
      'webhook',
      `the delivery of ${at} got no answer`,
      'compare its URL with the output GitHubWebhookUrl of the stack',
    );
  }
  const fix =
    statusCode === 404
      ? 'compare its URL with the output GitHubWebhookUrl of the stack'
      : 'look at the log of the worker "webhook", then have GitHub deliver it again';
  return fail('webhook', `the delivery of ${at} was answered ${statusCode}`, fix);
}
