import type { Octokit } from '@octokit/core';
import type { Repository } from '../core/contracts/release';
import type { WebhookReading } from '../core/trigger/github-webhook';
import { ownerAndRepo } from './credentials';

const LAST = 30;

interface Delivery {
  readonly status_code: number;
  readonly delivered_at: string;
  readonly repository_id: number | null;
}
interface Config {
  readonly url?: string;
  readonly content_type?: string;
  readonly secret?: string;
  readonly insecure_ssl?: string | number;
}

/** @returns the webhook of an App, as it concerns one of its repositories */
export async function readAppWebhook(
  request: Octokit['request'],
  { repositoryId, events }: { readonly repositoryId: number; readonly events: readonly string[] },
): Promise<WebhookReading> {
  const [config, deliveries] = await Promise.all([
    request('GET /app/hook/config'),
    request('GET /app/hook/deliveries', { per_page: LAST }),
  ]);
  const ours = deliveries.data.filter(({ repository_id }) => repository_id === repositoryId);
  return { ...readConfig(config.data), active: true, events, deliveries: ours.map(readDelivery) };
}

/** @returns the webhook of a repository that leads to `url`, or undefined if there is none */
export async function readRepositoryWebhook(
  { request }: Octokit,
  repository: Repository,
  leadsToUs: (url: string) => boolean,
): Promise<WebhookReading | undefined> {
  const names = ownerAndRepo(repository);
  const { data: hooks } = await request('GET /repos/{owner}/{repo}/hooks', { ...names, per_page: 100 });
  const hook = hooks.find(({ config }) => leadsToUs(config.url ?? ''));
  if (!hook) return undefined;
  const { data: deliveries } = await request('GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries', {
    ...names,
    hook_id: hook.id,
    per_page: LAST,
  });
  const { active, events, config } = hook;
  return { ...readConfig(config), active, events, deliveries: deliveries.map(readDelivery) };
}

const readConfig = ({ url = '', content_type, secret, insecure_ssl }: Config) => ({
  url,
  contentType: content_type ?? 'form',
  hasSecret: secret !== undefined && secret !== '',
  checksCertificates: String(insecure_ssl ?? '0') === '0',
});

const readDelivery = ({ status_code, delivered_at }: Delivery) => ({ statusCode: status_code, at: delivered_at });
