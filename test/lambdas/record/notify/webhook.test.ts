import { createHmac } from 'node:crypto';
import { webhook } from '../../../../lambdas/record/notify/webhook';
import type { ReleaseRecord } from '../../../../lib/core/contracts/state';
import { NO_NOTICE } from '../../../../lib/core/notices/notice';
import type { WebhookNotification } from '../../../../lib/core/notices/webhook-notification';
import { ReleaseEvent } from '../../../../lib/core/record/release-event';
import { aRelease } from '../../../builders';

const SECRET = 'a secret of sixteen or more';
const URL = 'https://hooks.example.com/services/T0/B0/very-secret';
const NOW = Date.parse('2026-01-02T03:04:05.000Z');
const aNotification = (more: Partial<WebhookNotification> = {}): WebhookNotification => ({
  webhook: 'seedbed/hook',
  format: 'json',
  on: ['succeeded', 'failed'],
  ...more,
});
const aRecord = (more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  release: aRelease(),
  status: 'succeeded',
  finishedAt: '2026-01-02T03:04:46.678Z',
  ...more,
});

/** @returns a webhook with a receiver that keeps what it gets */
function aWebhook(
  notification: WebhookNotification,
  options: { secret?: string | undefined; answer?: () => Promise<Response> } = {},
) {
  const { secret = JSON.stringify({ url: URL, secret: SECRET }), answer = async () => new Response('ok') } = options;
  const received: { url: string; body: string; headers: Headers; init: RequestInit }[] = [];
  const fetching: typeof fetch = async (url, init) => {
    received.push({ url: String(url), body: String(init!.body), headers: new Headers(init!.headers), init: init! });
    return answer();
  };
  const secrets = { read: async (name: string) => (name === 'seedbed/hook' && secret !== '' ? secret : undefined) };
  const destination = webhook({ secrets, fetch: fetching, now: () => NOW }, notification);
  const tell = (record = aRecord(), told: Record<string, string> = {}) =>
    destination.tell({
      view: { record, services: [] },
      stage: { latest: [record], states: [], hasConsole: true },
      notice: { ...NO_NOTICE, told },
    });
  return { destination, received, tell };
}

describe('a webhook', () => {
  it('gets the event, signed with the time', async () => {
    const { received, tell } = aWebhook(aNotification());
    expect(await tell()).toBe('succeeded');
    const [{ url, body, headers, init }] = received as [(typeof received)[number]];
    expect(url).toBe(URL);
    expect(init).toMatchObject({ method: 'POST', redirect: 'manual' });
    expect(ReleaseEvent.parse(JSON.parse(body))).toMatchObject({ app: 'shop', status: 'succeeded' });
    const timestamp = headers.get('x-seedbed-timestamp')!;
    expect(timestamp).toBe(String(NOW / 1000));
    const expected = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
    expect(headers.get('x-seedbed-signature-256')).toBe(`sha256=${expected}`);
    expect(headers.get('x-seedbed-delivery')).toBe(`${aRelease().id}/succeeded`);
  });

  it('is not signed without a secret to sign with, as those of Slack', async () => {
    const { received, tell } = aWebhook(aNotification({ format: 'slack' }), { secret: JSON.stringify({ url: URL }) });
    await tell();
    expect(received[0]!.headers.has('x-seedbed-signature-256')).toBe(false);
    expect(JSON.parse(received[0]!.body)).toMatchObject({ text: expect.stringContaining('shop → dev: succeeded') });
  });

  it.each([
    ['another status', aNotification({ on: ['failed'] })],
    ['another app', aNotification({ apps: ['blog'] })],
    ['another stage', aNotification({ stages: ['prod', 'pr-*'] })],
  ])('is left alone when it asked for %s', async (_, notification) => {
    const { received, tell } = aWebhook(notification);
    expect(await tell()).toBeUndefined();
    expect(received).toEqual([]);
  });

  it('is called for stages by their names and globs', async () => {
    const { received, tell } = aWebhook(aNotification({ apps: ['sh*'], stages: ['prod', 'pr-*'] }));
    await tell(aRecord({ release: aRelease({ stage: 'pr-7' }) }));
    expect(received).toHaveLength(1);
  });

  it('is told of a status once', async () => {
    const { destination, received, tell } = aWebhook(aNotification());
    await tell(aRecord(), { [destination.name]: 'succeeded' });
    expect(received).toEqual([]);
  });

  it.each([
    ['answers with an error', async () => new Response('no', { status: 500 }), 'it answered 500'],
    ['sends us elsewhere', async () => new Response(null, { status: 302 }), 'it answered 302'],
    ['is away', async () => Promise.reject(new TypeError(`fetch failed ${URL}`)), 'it cannot be reached'],
    ['is slow', async () => Promise.reject(new DOMException('x', 'TimeoutError')), 'no answer within 5 seconds'],
  ])('that %s is told again later, and its URL is not shown', async (_, answer, message) => {
    const { tell } = aWebhook(aNotification(), { answer });
    const error: Error = await tell().then(
      () => new Error('no error'),
      (problem) => problem,
    );
    expect(error.message).toBe(message);
  });

  it.each([
    ['is missing', '', 'there is no secret "seedbed/hook" in AWS Secrets Manager'],
    ['is no JSON', URL, 'secret "seedbed/hook" does not hold a webhook with an https URL'],
    [
      'has a URL without TLS',
      JSON.stringify({ url: URL.replace('https', 'http') }),
      'does not hold a webhook with an https URL',
    ],
    ['has a key that is too short', JSON.stringify({ url: URL, secret: 'short' }), 'at least 16 characters'],
  ])('whose secret %s says what to store, and nothing of what is there', async (_, secret, message) => {
    const { tell, received } = aWebhook(aNotification(), { secret });
    await expect(tell()).rejects.toMatchObject({ code: 'SecretMissing', message: expect.stringContaining(message) });
    await expect(tell()).rejects.not.toMatchObject({ message: expect.stringContaining('very-secret') });
    expect(received).toEqual([]);
  });

  it('may be on this machine without TLS', async () => {
    const { tell, received } = aWebhook(aNotification(), {
      secret: JSON.stringify({ url: 'http://127.0.0.1:9/hook' }),
    });
    await tell();
    expect(received).toHaveLength(1);
  });
});
