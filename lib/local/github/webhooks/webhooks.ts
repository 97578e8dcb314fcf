import { createHmac, randomUUID } from 'node:crypto';
import { localUrl } from '../../calls/local-url';
import type { ReportUnforeseen } from '../../calls/unforeseen';
import type { Clock } from '../../processes/clock';
import { covers } from '../access/access';
import type { Apps, Installation } from '../access/apps';
import type { Faults } from '../http/faults';
import type { Limits } from '../http/limits';
import type { Repository } from '../repositories/repositories';
import type { Delivery, Hook, Hooks } from './hooks';

/** What a delivery is about. */
export interface WebhookEvent {
  readonly event: string;
  readonly guid: string;
  readonly repositoryId: number | null;
  readonly installationId: number | null;
  readonly action: string | null;
  /** The body, before it gets the form of the hook's content type. */
  readonly payload: string;
}

export interface WebhooksParts {
  readonly hooks: Hooks;
  readonly apps: Apps;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly clock: Clock;
  /** The local cloud's, where an API is found that on AWS has a host name of its own. */
  readonly endpoint: string;
  /** Told of errors that nobody foresaw. */
  readonly report: ReportUnforeseen;
}

/**
 * Delivers webhooks as GitHub does: at once, in no particular order, each once. A receiver that does not answer in time
 * has missed its webhook.
 */
export class Webhooks {
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(private readonly parts: WebhooksParts) {}

  /** Sends an event in a repository to every hook that subscribes to it; returns before they have answered. */
  emit(repository: Repository, event: string, payload: Readonly<Record<string, unknown>>): void {
    const { hooks, apps } = this.parts;
    for (const hook of hooks.of({ kind: 'repository', id: repository.id }))
      if (wants(hook, event)) this.send(hook, toEvent(event, payload, repository));
    for (const installation of apps.installations()) {
      const app = apps.app(installation.appId);
      if (!app || installation.suspended || !covers(installation, repository)) continue;
      for (const hook of hooks.of({ kind: 'integration', id: app.id }))
        if (wants(hook, event)) this.send(hook, toEvent(event, payload, repository, installation));
    }
  }

  /** Delivers an event to a hook; returns before that has answered. */
  send(hook: Hook, event: WebhookEvent, redelivery: 'redelivery' | 'first' = 'first'): void {
    if (Buffer.byteLength(event.payload) > this.parts.limits.payloadBytes) return;
    const sending = this.#deliver(hook, event, redelivery === 'redelivery')
      .catch((error) => this.parts.report(`the delivery of ${event.event} to hook ${hook.id}`, error))
      .finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  /** Resolves when everything that is under way has been answered or has timed out. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Aborts what is under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.settled();
  }

  async #deliver(hook: Hook, event: WebhookEvent, redelivery: boolean): Promise<void> {
    const { hooks, faults, clock } = this.parts;
    const { payload } = event;
    const body = hook.config.content_type === 'json' ? payload : new URLSearchParams({ payload }).toString();
    const headers = headersOf(hook, event, body);
    const dropped = faults.takeWebhook();
    await clock.sleep(faults.webhookDelayMs, this.#stopped.signal).catch(() => undefined);
    const started = clock.now();
    const outcome = dropped
      ? NOT_REACHED
      : await this.#post(localUrl(hook.config.url, this.parts.endpoint), headers, body);
    hooks.record(hook.id, {
      guid: event.guid,
      event: event.event,
      action: event.action,
      repositoryId: event.repositoryId,
      installationId: event.installationId,
      delivered: started,
      redelivery,
      duration: (clock.now() - started) / 1000,
      payload,
      ...outcome,
    });
  }

  async #post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Outcome> {
    const { clock, limits } = this.parts;
    const [answered, timeout] = [new AbortController(), new AbortController()];
    clock.sleep(limits.webhookTimeoutMs, answered.signal).then(
      () => timeout.abort(),
      () => undefined, // answered
    );
    const signal = AbortSignal.any([timeout.signal, this.#stopped.signal]);
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await answer.arrayBuffer(); // or the connection could not be used again
      const status = answer.ok ? 'OK' : `Invalid HTTP Response: ${answer.status}`;
      return { status, statusCode: answer.status };
    } catch {
      return timeout.signal.aborted ? { ...NOT_REACHED, status: 'timed out' } : NOT_REACHED;
    } finally {
      answered.abort();
    }
  }
}

type Outcome = Pick<Delivery, 'status' | 'statusCode'>;

const NOT_REACHED: Outcome = { status: 'failed to connect to host', statusCode: 0 };

const wants = ({ active, events }: Hook, event: string): boolean =>
  active && (event === 'ping' || events.includes('*') || events.includes(event));

/** @returns a new event; one for an app says for which installation it is. */
export function toEvent(
  event: string,
  payload: Readonly<Record<string, unknown>>,
  repository?: Repository,
  installation?: Installation,
): WebhookEvent {
  const of = installation ? { installation: { id: installation.id } } : {};
  return {
    event,
    guid: randomUUID(),
    repositoryId: repository?.id ?? null,
    installationId: installation?.id ?? null,
    action: typeof payload.action === 'string' ? payload.action : null,
    payload: JSON.stringify({ ...payload, ...of }),
  };
}

const headersOf = ({ id, target, config }: Hook, { event, guid }: WebhookEvent, body: string) => ({
  accept: '*/*',
  'content-type': config.content_type === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
  'user-agent': 'GitHub-Hookshot/5eedbed',
  'x-github-delivery': guid,
  'x-github-event': event,
  'x-github-hook-id': String(id),
  'x-github-hook-installation-target-id': String(target.id),
  'x-github-hook-installation-target-type': target.kind,
  ...signatureHeaders(config.secret, body),
});

/** @returns the headers by which a receiver that knows the secret verifies a webhook's body; none without a secret. */
export function signatureHeaders(secret: string | undefined, body: string): Readonly<Record<string, string>> {
  if (!secret) return {};
  const hash = (algorithm: string) => createHmac(algorithm, secret).update(body).digest('hex');
  return { 'x-hub-signature': `sha1=${hash('sha1')}`, 'x-hub-signature-256': `sha256=${hash('sha256')}` };
}
