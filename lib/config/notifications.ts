import * as z from 'zod';
import { NOTIFIABLE, type WebhookNotification } from '../core/notices/webhook-notification';
import { type ConfigProblem, keyText } from '../core/text/place';

/** A webhook as the platform's owner writes it. Its URL is a secret: who has it may write to the channel. */
export const NotificationInput = z.strictObject({
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
  webhook: z
    .string()
    .regex(/^[\w/+=.@-]{1,512}$/)
    .describe(
      'Name of the secret in AWS Secrets Manager that holds the webhook as JSON: {"url", "secret"}; with a ' +
        'secret, messages are signed.',
    ),
  format: z
    .enum(['json', 'slack'])
    .default('json')
    .describe('json: the detail of the event; slack: a message for an incoming webhook of Slack or the like.'),
  on: z
    .array(z.enum(NOTIFIABLE))
    .min(1)
    .default(['succeeded', 'failed', 'aborted'])
    .describe('The statuses of a release for which the webhook is called.'),
  apps: z.array(z.string().min(1)).min(1).optional().describe('Names or globs of apps; all apps unless given.'),
  stages: z.array(z.string().min(1)).min(1).optional().describe('Names or globs of stages; all stages unless given.'),
});

/** Lambda allows 4 KB of variables, by which the worker is told of them. */
const MOST_BYTES = 2_500;

/** What messages tell people to write. */
export const EXPECTED_NOTIFICATIONS: Readonly<Record<string, string>> = {
  notifications: 'write a list of webhooks, such as "- { webhook: seedbed/slack, format: slack }"',
  webhook: 'write the name of a secret in AWS Secrets Manager, such as seedbed/slack',
  format: 'write json or slack',
  on: `write a list of statuses: ${NOTIFIABLE.join(', ')}`,
  'notifications.apps': 'write a list of names or globs of apps, such as "[shop]"',
  'notifications.stages': 'write a list of names or globs of stages, such as "[prod]"',
};

/** @returns the problems that they have together. */
export function notificationProblems(notifications: readonly WebhookNotification[]): readonly ConfigProblem[] {
  const twice = notifications.flatMap(({ webhook, format }, index): ConfigProblem[] => {
    const first = notifications.findIndex((one) => one.webhook === webhook && one.format === format);
    if (first === index) return [];
    const place = ['notifications', index, 'webhook'];
    const message =
      `"${keyText(place)}" is "${webhook}" with format ${format}, as "${keyText(['notifications', first])}" is; ` +
      'put both into one entry';
    return [{ place, message }];
  });
  const tooLong = Buffer.byteLength(JSON.stringify(notifications)) > MOST_BYTES;
  if (!tooLong) return twice;
  const message = '"notifications" is too long; write fewer webhooks, and subscribe the others to the topic "Releases"';
  return [...twice, { place: ['notifications'], message }];
}
