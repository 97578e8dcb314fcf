import { ReleaseError } from '../../../lib/core/contracts/errors';
import { slackMessage } from '../../../lib/core/notices/slack-message';
import type { ReleaseView, StageView } from '../../../lib/core/notices/stage-view';
import {
  isWanted,
  SIGNATURE_HEADER,
  sign,
  TIMESTAMP_HEADER,
  type WebhookNotification,
  WebhookSecret,
} from '../../../lib/core/notices/webhook-notification';
import { releaseEvent } from '../../../lib/core/record/release-event';
import { parseJson } from '../../../lib/core/text/parse-json';
import type { Secrets } from '../../../lib/ports/secrets';
import type { Destination } from './destination';

export interface WebhookPorts {
  readonly secrets: Secrets;
  readonly fetch: typeof fetch;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

const ANSWER_WITHIN = 5_000;

/** A webhook of seedbed.yml. Its URL comes from the platform's owner, who may name any place. */
export const webhook = (ports: WebhookPorts, notification: WebhookNotification): Destination => ({
  name: `webhook:${notification.webhook}:${notification.format}`,
  async tell({ view, stage, notice }) {
    const { status } = view.record;
    if (!isWanted(notification, view.record) || notice.told[this.name] === status) return undefined;
    const { url, secret } = await readWebhook(ports.secrets, notification.webhook);
    const body = JSON.stringify(bodyOf(notification, view, stage));
    const timestamp = Math.floor(ports.now() / 1000);
    const signature: Record<string, string> =
      secret === undefined ? {} : { [SIGNATURE_HEADER]: sign(body, { timestamp, secret }) };
    await post(ports.fetch, url, {
      body,
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'seedbed',
        'X-Seedbed-Delivery': `${view.record.release.id}/${status}`,
        [TIMESTAMP_HEADER]: String(timestamp),
        ...signature,
      },
    });
    return status;
  },
});

const bodyOf = ({ format }: WebhookNotification, view: ReleaseView, stage: StageView): object =>
  format === 'slack' ? slackMessage(view, stage) : releaseEvent(view.record, view.services);

async function readWebhook(secrets: Secrets, name: string): Promise<WebhookSecret> {
  const text = await secrets.read(name);
  const advice =
    'store JSON there, {"url": "https://...", "secret": "..."}, the secret of at least 16 characters or none';
  if (text === undefined) {
    throw new ReleaseError('SecretMissing', `there is no secret "${name}" in AWS Secrets Manager; ${advice}`);
  }
  const parsed = WebhookSecret.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  // Nothing of the value is shown: the URL is as good as a password.
  throw new ReleaseError('SecretMissing', `secret "${name}" does not hold a webhook with an https URL; ${advice}`);
}

/** @throws Error, which does not show the URL, unless the answer is 2xx, quick and not a redirect */
async function post(send: typeof fetch, url: string, message: Pick<RequestInit, 'body' | 'headers'>): Promise<void> {
  const answer = await send(url, {
    ...message,
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  }).catch((error: Error) => {
    throw new Error(error.name === 'TimeoutError' ? 'no answer within 5 seconds' : 'it cannot be reached');
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
}
